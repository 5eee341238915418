//! Whatever becomes of replies, patches, connections and processes, what a watcher holds is the picture of its version.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;

use super::*;

/// A row: its key and its value.
type Row = (u8, u8);

fn key(row: &Row) -> Cow<'_, str> {
    row.0.to_string().into()
}

fn rows(given: &[Row]) -> BTreeMap<String, Row> {
    given.iter().map(|row| (key(row).into_owned(), *row)).collect()
}

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    /// The service's list is this now.
    Full(Vec<Row>),
    /// These rows are so now, and those of these keys are gone.
    Part(Vec<Row>, Vec<u8>),
    /// The watcher's door looks what is new and sends it.
    Send,
    /// A message arrives.
    Arrive,
    /// The fetched picture leaves the proxy.
    Answer,
    /// The fetched picture arrives.
    Fetched,
    /// The connection is lost with all that was on its way, and made again.
    Reconnect,
    /// The proxy begins anew.
    Restart,
}

enum Message {
    Reset(Version),
    Patch(Patch<Row>),
}

#[derive(Default)]
struct World {
    epochs: u64,
    picture: Option<Picture<Row>>,
    /// What the door has told this watcher.
    told: Option<Version>,
    under_way: VecDeque<Message>,
    held: Held<Row>,
    fetching: bool,
    answer: Option<(Version, Vec<Row>)>,
    history: BTreeMap<(u64, u64), BTreeMap<String, Row>>,
}

impl World {
    fn picture(&mut self) -> &mut Picture<Row> {
        let epochs = &mut self.epochs;
        self.picture.get_or_insert_with(|| {
            *epochs += 1;
            Picture::new(*epochs)
        })
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Full(list) => drop(self.picture().replace(rows(&list), |a, b| a == b)),
            Event::Part(changed, gone) => {
                let gone = gone.iter().map(u8::to_string).collect();
                self.picture().take(rows(&changed), gone, |a, b| a == b);
            }
            Event::Send => self.send(),
            Event::Arrive => match self.under_way.pop_front() {
                Some(Message::Reset(version)) => self.fetching |= self.held.reset(version) == Taken::Fetch,
                Some(Message::Patch(patch)) => {
                    self.fetching |= self.held.patch(patch, key, |_, row| row) == Taken::Fetch
                }
                None => {}
            },
            Event::Answer if self.fetching && self.answer.is_none() => {
                let picture = self.picture();
                self.answer = Some((picture.version(), picture.rows().map(|(_, row)| *row).collect()));
            }
            Event::Answer => {}
            Event::Fetched => {
                if let Some((version, rows)) = self.answer.take() {
                    self.fetching = self.held.fetched(version, rows, key, |_, row| row) == Taken::Fetch;
                }
            }
            Event::Reconnect => {
                self.under_way.clear();
                self.answer = None;
                self.fetching = false;
                self.told = self.held.version();
                // The tab begins with what it has; what it awaited it is told of again.
                let old = std::mem::take(&mut self.held);
                if let Some(version) = old.version() {
                    self.held.fetched(version, old.rows().to_vec(), key, |_, row| row);
                }
            }
            Event::Restart => {
                self.picture = None;
                self.happen(Event::Reconnect);
            }
        }
        let picture = self.picture();
        let (version, now) =
            (picture.version(), picture.rows().map(|(key, row)| (key.to_owned(), *row)).collect::<BTreeMap<_, _>>());
        let before = self.history.insert((version.epoch, version.number), now.clone());
        assert!(before.is_none_or(|before| before == now), "two pictures of one version");
        if let Some(version) = self.held.version() {
            let now: Vec<Row> = self.history[&(version.epoch, version.number)].values().copied().collect();
            assert_eq!(self.held.rows(), now, "at {version}");
        }
    }

    fn send(&mut self) {
        let told = self.told;
        let picture = self.picture();
        let version = picture.version();
        if told == Some(version) {
            return;
        }
        let message = match told.and_then(|told| picture.since(told)) {
            Some(patch) => Message::Patch(Patch {
                from: patch.from,
                to: patch.to,
                changed: patch.changed.into_iter().map(|(_, row)| *row).collect(),
                gone: patch.gone,
            }),
            None => Message::Reset(version),
        };
        self.under_way.push_back(message);
        self.told = Some(version);
    }
}

fn list() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..8u8, 0..3u8), 0..8)
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => list().prop_map(Event::Full),
        4 => (list(), prop::collection::vec(0..8u8, 0..4)).prop_map(|(rows, gone)| Event::Part(rows, gone)),
        6 => Just(Event::Send),
        6 => Just(Event::Arrive),
        3 => Just(Event::Answer),
        3 => Just(Event::Fetched),
        1 => Just(Event::Reconnect),
        1 => Just(Event::Restart),
    ]
}

proptest! {
    #[test]
    fn what_is_held_is_the_picture_of_its_version(events in prop::collection::vec(event(), 0..80)) {
        let mut world = World::default();
        for event in events {
            world.happen(event);
        }
        // Once nothing more changes, a few messages later all is known.
        for _ in 0..3 {
            world.happen(Event::Send);
            while !world.under_way.is_empty() {
                world.happen(Event::Arrive);
            }
            world.happen(Event::Answer);
            world.happen(Event::Fetched);
        }
        let now = world.picture().version();
        prop_assert_eq!(world.held.version(), Some(now));
    }

    #[test]
    fn versions_are_read_as_they_are_written(epoch: u64, number: u64) {
        let version = Version { epoch, number };
        prop_assert_eq!(version.to_string().parse(), Ok(version));
    }
}

#[test]
fn what_is_gone_is_not_remembered_for_ever() {
    let mut picture = Picture::new(1);
    let same = |a: &u32, b: &u32| a == b;
    picture.replace((0..5000).map(|row| (row.to_string(), row)).collect(), same);
    let first = picture.version();
    for row in 0..5000_u32 {
        picture.take(BTreeMap::new(), vec![row.to_string()], same);
    }
    assert!(picture.since(first).is_none());
    let known = Version { number: 4000, ..first };
    assert_eq!(picture.since(known).map(|patch| patch.gone.len()), Some(1001));
}

#[test]
fn a_row_that_is_the_same_makes_no_version() {
    let mut picture = Picture::new(1);
    let list = || rows(&[(1, 1), (2, 2)]);
    assert!(picture.replace(list(), |a, b| a == b));
    assert!(!picture.replace(list(), |a, b| a == b));
    assert!(!picture.take(BTreeMap::new(), vec!["9".to_owned()], |a, b| a == b));
    assert_eq!(picture.version().number, 1);
}

#[test]
fn what_is_no_version_is_refused() {
    for text in ["", "1", ".", "1.", ".1", "x.1", "1.-1", "1.1.1"] {
        assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text}");
    }
}
