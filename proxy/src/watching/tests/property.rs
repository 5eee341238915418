//! Whatever a ResourceManager, the ways to it and to its watchers do: what a watcher holds is the poller's picture, and
//! the picture is what the ResourceManager lists.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use futures_util::FutureExt;
use howdah_shared::watch::{Held, Patch, Taken, Version};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

use super::super::changes::Course;
use super::super::poller::Poller;
use super::super::watcher::{News, Watcher};
use super::super::{Place, Watching};
use super::changes::{held, named, poller};
use super::manager::{Event, Manager};
use super::subject;

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// To the ResourceManager.
    There(Event),
    /// The poller looks, while this happens there, one thing before each asking.
    Look(Vec<Event>),
    /// The watcher's door looks what is new and sends it.
    Send,
    /// A message arrives.
    Arrive,
    /// The fetched picture leaves the proxy.
    Answer,
    /// The fetched picture arrives.
    Fetched,
    /// The connection to the watcher is lost with all that was on its way, and made again.
    Reconnect,
    /// The proxy begins anew.
    Restart,
}

enum Message {
    Reset(Version),
    Patch(Patch<Value>),
}

type Rows = BTreeMap<String, Value>;

fn key(row: &Value) -> Cow<'_, str> {
    row["id"].as_str().unwrap().into()
}

struct World {
    manager: Manager,
    poller: Arc<Poller>,
    course: Course,
    watcher: Watcher,
    under_way: VecDeque<Message>,
    held: Held<Value>,
    fetching: bool,
    answer: Option<(Version, Vec<Value>)>,
    /// Every picture there was.
    pictures: HashMap<Version, Rows>,
}

fn watcher(poller: &Arc<Poller>, known: Option<Version>) -> Watcher {
    let place = Place { watching: Arc::<Watching>::default(), principal: "ann".to_owned(), subject: subject("") };
    let mut watcher = Watcher::new(poller.clone(), place);
    watcher.shows();
    known.into_iter().for_each(|known| watcher.resume(known));
    watcher
}

impl World {
    fn new() -> World {
        let poller = Arc::new(poller());
        World {
            manager: Manager::new(),
            course: Course::default(),
            watcher: watcher(&poller, None),
            poller,
            under_way: VecDeque::new(),
            held: Held::default(),
            fetching: false,
            answer: None,
            pictures: HashMap::new(),
        }
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::There(event) => self.manager.happen(event).await,
            Step::Look(meanwhile) => self.look(meanwhile).await,
            Step::Send => self.send(),
            Step::Arrive => match self.under_way.pop_front() {
                Some(Message::Reset(version)) => self.fetching |= self.held.reset(version) == Taken::Fetch,
                Some(Message::Patch(patch)) => {
                    self.fetching |= self.held.patch(patch, key, |_, row| row) == Taken::Fetch
                }
                None => {}
            },
            Step::Answer if self.fetching && self.answer.is_none() => {
                let version = self.poller.book().version();
                self.answer = version.map(|version| (version, held(&self.poller).into_values().collect()));
            }
            Step::Answer => {}
            Step::Fetched => {
                if let Some((version, rows)) = self.answer.take() {
                    self.fetching = self.held.fetched(version, rows, key, |_, row| row) == Taken::Fetch;
                }
            }
            Step::Reconnect => self.reconnect(),
            Step::Restart => {
                (self.poller, self.course) = (Arc::new(poller()), Course::default());
                self.manager.lock().newly_ended.clear();
                self.reconnect();
            }
        }
        if let Some(version) = self.held.version() {
            let now: Vec<Value> = self.pictures[&version].values().cloned().collect();
            assert_eq!(self.held.rows(), now, "what is held at {version}");
        }
    }

    fn reconnect(&mut self) {
        self.under_way.clear();
        (self.answer, self.fetching) = (None, false);
        let known = self.held.version();
        self.watcher = watcher(&self.poller, known);
        // The tab begins with what it has; what it awaited it is told of again.
        let old = std::mem::take(&mut self.held);
        if let Some(version) = known {
            self.held.fetched(version, old.rows().to_vec(), key, |_, row| row);
        }
    }

    fn send(&mut self) {
        match self.watcher.news().now_or_never().flatten() {
            Some(News::Whole) => self.under_way.extend(self.watcher.told().map(Message::Reset)),
            Some(News::Patch(_, patch)) => {
                let Patch { from, to, changed, gone } = serde_json::from_slice(patch.plain()).unwrap();
                let named = |row: Box<RawValue>| named(row.get().as_bytes());
                let changed = changed.into_iter().map(named).collect();
                self.under_way.push_back(Message::Patch(Patch { from, to, changed, gone }));
            }
            Some(News::Fresh(_) | News::Problem(_)) | None => {}
        }
    }

    async fn look(&mut self, meanwhile: Vec<Event>) {
        let undisturbed = meanwhile.is_empty();
        // What ends while the poller looks may be seen by the next look alone.
        let newly_ended = self.manager.lock().newly_ended.clone();
        let jumped = self.manager.lock().jumped;
        self.manager.lock().meanwhile.extend(meanwhile);
        let looked = self.poller.look(&self.manager, &mut self.course).await;
        let (asked, list) = {
            let mut manager = self.manager.lock();
            manager.meanwhile.clear();
            (manager.take_asked(), manager.list())
        };
        let Some(version) = self.poller.book().version() else { return };
        let picture = held(&self.poller);
        let before = self.pictures.insert(version, picture.clone());
        assert!(before.is_none_or(|before| before == picture), "two pictures of {version}");
        if looked.is_err() {
            return;
        }
        {
            let mut manager = self.manager.lock();
            manager.newly_ended.drain(..newly_ended.len());
            // A clock that was set while it looked is seen to have been by the next look.
            manager.jumped &= !jumped;
        }
        if !undisturbed {
            return;
        }
        if asked.last().is_some_and(String::is_empty) {
            assert_eq!(picture, list, "after everything was asked for");
        }
        let active = |rows: &Rows| -> Rows {
            let active = rows.iter().filter(|(_, row)| row["finishedTime"] == 0);
            active.map(|(id, row)| (id.clone(), row.clone())).collect()
        };
        assert_eq!(active(&picture), active(&list), "the active ones");
        // Where the order of ends cannot be told, one of them may have been taken for another that was forgotten.
        let told = !self.manager.lock().unordered;
        for id in newly_ended.into_iter().filter(|_| told) {
            assert_eq!(picture.get(&id).filter(|_| list.contains_key(&id)), list.get(&id), "{id} has ended");
        }
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => Just(Event::Comes),
        6 => (0..20_usize).prop_map(Event::Changes),
        6 => (0..20_usize).prop_map(Event::Ends),
        6 => Just(Event::Shows),
        3 => (1..20_000_u64).prop_map(Event::Passes),
        1 => (600_000..700_000_u64).prop_map(Event::Passes),
        1 => (-4_000_000..4_000_000_i64).prop_map(Event::Jumps),
        1 => any::<bool>().prop_map(Event::Restarts),
        1 => Just(Event::Breaks),
        2 => Just(Event::Heals),
    ]
}

/// Time does not pass while the poller waits for an answer: it is the test that lets it.
fn event_meanwhile() -> impl Strategy<Value = Event> {
    event().prop_filter("no time passes", |event| !matches!(event, Event::Passes(_)))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => event().prop_map(Step::There),
        6 => Just(Step::Look(Vec::new())),
        2 => prop::collection::vec(event_meanwhile(), 1..5).prop_map(Step::Look),
        8 => Just(Step::Send),
        8 => Just(Step::Arrive),
        4 => Just(Step::Answer),
        4 => Just(Step::Fetched),
        1 => Just(Step::Reconnect),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #[test]
    fn what_is_held_is_what_the_service_lists(steps in prop::collection::vec(step(), 0..200)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut world = World::new();
            for step in steps {
                world.take(step).await;
            }
            // Once nothing more happens, a few messages later all is known.
            world.take(Step::There(Event::Heals)).await;
            world.take(Step::Look(Vec::new())).await;
            for _ in 0..4 {
                for _ in 0..3 {
                    world.take(Step::Send).await;
                }
                while !world.under_way.is_empty() {
                    world.take(Step::Arrive).await;
                }
                world.take(Step::Answer).await;
                world.take(Step::Fetched).await;
            }
            assert_eq!(world.held.version(), world.poller.book().version());
        });
    }
}
