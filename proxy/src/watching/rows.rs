//! The rows of a reply, each as the text that it came as.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use howdah_shared::console::Instant as Millis;
use howdah_shared::delta::Delta;
use howdah_shared::members::{each_member, find, items, named};
use howdah_shared::operation::{Moving, Pages, Rows, Tree};
use howdah_shared::watch::{Version, columns, tree};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::splitting::{Split, Splitter};
use crate::gateway::polling::Reader;

/// How long a row may lag behind in what moves by itself.
const VOLATILE_LASTS: Duration = Duration::from_secs(60);

/// The key of a reply that is no list.
pub(super) const WHOLE: &str = "";

/// A row of a list, or a whole reply that is none.
#[derive(Debug)]
pub(super) struct Row {
    /// Its JSON, in one line.
    pub(super) text: Box<str>,
    /// What the console is sent of it; `None` where it is sent all.
    shown: Option<Box<str>>,
    /// Of all but what moves by itself.
    hash: u64,
    taken: Instant,
    /// Whether it may still change, where a row tells that.
    pub(super) active: bool,
    /// Whether it is on its way, where a row tells that.
    pub(super) moving: bool,
    /// When it ended, by the service's clock; `None` where that is not told.
    pub(super) ended: Option<Millis>,
}

/// Who a row is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// Scripts and portals: all of it.
    Whole,
    /// The console: the values that it reads, each row in a line of its own.
    Shown,
}

impl Row {
    /// A row of a tree, of which there is nothing but what the console reads.
    fn branch(text: String, now: Instant) -> Row {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let (hash, text) = (hasher.finish(), text.into_boxed_str());
        Row { text, shown: None, hash, taken: now, active: false, moving: false, ended: None }
    }

    /// Its JSON.
    pub(super) fn written(&self, form: Form) -> &str {
        self.shown.as_deref().filter(|_| form == Form::Shown).unwrap_or(&self.text)
    }

    /// How many bytes it takes to hold it and to write it in each form.
    pub(super) fn weight(&self) -> usize {
        2 * self.text.len() + self.shown.as_deref().map_or(self.text.len(), |shown| 2 * shown.len())
    }

    /// Whether a newer reading of the same row is no news.
    pub(super) fn is_same(held: &Row, newer: &Row) -> bool {
        let lags = newer.taken.saturating_duration_since(held.taken) >= VOLATILE_LASTS;
        held.hash == newer.hash && (!lags || held.text == newer.text)
    }
}

/// How the rows of a reply are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Where they are; without it the reply is no list.
    pub(super) rows: Option<Rows>,
    /// Where the rows of a tree are.
    pub(super) tree: Option<Tree>,
    /// How a row tells whether it may still change.
    pub(super) delta: Option<Delta>,
    /// How a row tells that it is on its way.
    pub(super) moving: Option<Moving>,
    /// How the service tells that there are more rows than it gives.
    pub(super) pages: Option<Pages>,
}

/// The rows of a reply, and where they go on that it has not, if it says so.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) rows: BTreeMap<String, Row>,
    pub(super) next: Option<String>,
}

/// Reads a reply while it comes; a row without a key cannot be told from others and is passed over. Where the reply is
/// no list, it is itself a row, under the empty key; the rows of a tree stand beside it.
pub(super) struct RowReader {
    shape: Shape,
    now: Instant,
    splitter: Splitter,
    rows: BTreeMap<String, Row>,
    broken: Option<serde_json::Error>,
}

impl RowReader {
    /// One that begins now.
    pub(super) fn new(shape: Shape, now: Instant) -> RowReader {
        let splitter = Splitter::new(shape.rows.map(|rows| rows.list));
        RowReader { shape, now, splitter, rows: BTreeMap::new(), broken: None }
    }
}

impl Reader for RowReader {
    type Read = Page;

    fn push(&mut self, piece: &[u8]) {
        let RowReader { shape, now, splitter, rows, broken } = self;
        splitter.push(piece, &mut |split| match split {
            Split::Anew => rows.clear(),
            Split::Item(item) => {
                let list = shape.rows.unwrap_or_default();
                match serde_json::from_str(&String::from_utf8_lossy(item)) {
                    Ok(text) => rows.extend(keyed(text, list, *shape, *now)),
                    Err(error) => *broken = Some(error),
                }
            }
        });
    }

    fn finish(self) -> serde_json::Result<Page> {
        let RowReader { shape, now, splitter, mut rows, broken } = self;
        if let Some(broken) = broken {
            return Err(broken);
        }
        let left = splitter.left();
        let left = String::from_utf8_lossy(&left);
        let next = shape.pages.map(|pages| next(&left, pages)).transpose()?.flatten();
        match shape.rows {
            // One item may be written as itself.
            Some(list) => {
                let items = find(&left, list.list)?.map(items).unwrap_or_default();
                rows.extend(items.into_iter().filter_map(|text| keyed(text, list, shape, now)));
            }
            None => rows = whole(&left, shape, now)?,
        }
        Ok(Page { rows, next })
    }
}

/// Reads a reply that has come.
///
/// # Errors
/// When it is not JSON.
pub(super) fn read(reply: &str, shape: Shape, now: Instant) -> serde_json::Result<Page> {
    let mut reader = RowReader::new(shape, now);
    reader.push(reply.as_bytes());
    reader.finish()
}

/// Where the rows go on that a reply has not all of, if it says so.
fn next(reply: &str, pages: Pages) -> serde_json::Result<Option<String>> {
    Ok(find(reply, pages.next)?.and_then(|value| named(value.get())))
}

/// A reply that is no list, and the rows of its tree.
fn whole(reply: &str, shape: Shape, now: Instant) -> serde_json::Result<BTreeMap<String, Row>> {
    let (_, mut row) = row(serde_json::from_str(reply)?, Rows::default(), shape, now);
    if let Some(moving) = shape.moving {
        row.moving = find(reply, moving.member)?.is_some_and(|value| is_moving(moving, value.get()));
    }
    let mut read = BTreeMap::from([(WHOLE.to_owned(), row)]);
    if let Some(tree) = shape.tree {
        tree::each(reply, &tree, &mut |path, text| drop(read.insert(path, Row::branch(text, now))))?;
    }
    Ok(read)
}

/// The version of rows by what they are, whenever and by whomever they were read.
pub(super) fn content<'a>(rows: impl Iterator<Item = (&'a str, &'a Row)>) -> Version {
    let mut hasher = DefaultHasher::new();
    for (key, row) in rows {
        (key, row.hash).hash(&mut hasher);
    }
    Version { epoch: hasher.finish(), number: 0 }
}

/// A row by its key, if it has one.
fn keyed(text: &RawValue, rows: Rows, shape: Shape, now: Instant) -> Option<(String, Row)> {
    let (key, row) = row(text, rows, shape, now);
    Some((key?, row))
}

/// The key, if it has one, and the row.
fn row(text: &RawValue, rows: Rows, shape: Shape, now: Instant) -> (Option<String>, Row) {
    let mut hasher = DefaultHasher::new();
    let (mut found, mut active, mut ended, mut moving) = (None, false, None, false);
    let mut shown = vec![None; rows.shown.len()];
    let members = each_member(text, |name, value| {
        if !rows.volatile.contains(&name) {
            (name, value.get()).hash(&mut hasher);
        }
        if name == rows.key {
            found = named(value.get());
        }
        if let Some(place) = rows.shown.iter().position(|shown| *shown == name) {
            shown[place] = Some(value.get());
        }
        if let Some(sign) = shape.moving.filter(|sign| sign.member == name) {
            moving = is_moving(sign, value.get());
        }
        if let Some(delta) = shape.delta {
            if name == delta.state {
                active = named(value.get()).is_some_and(|state| delta.active.contains(&state.as_str()));
            } else if name == delta.ended {
                ended = named(value.get()).and_then(|ended| ended.parse().ok()).filter(|ended| *ended > 0);
            }
        }
    });
    if members.is_none() {
        text.get().hash(&mut hasher);
    }
    let shown = (!shown.is_empty()).then(|| in_one_line(&columns::write(shown)));
    (found, Row { text: in_one_line(text.get()), shown, hash: hasher.finish(), taken: now, active, moving, ended })
}

/// Line ends stand only between the parts of JSON, where a blank is as good. Most services write none.
fn in_one_line(text: &str) -> Box<str> {
    match memchr::memchr2(b'\n', b'\r', text.as_bytes()) {
        Some(_) => text.replace(['\n', '\r'], " ").into(),
        None => text.into(),
    }
}

/// Whether what tells where something is says that it is on its way. What tells nothing is nowhere.
fn is_moving(sign: Moving, value: &str) -> bool {
    named(value).is_some_and(|word| !sign.settled.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::SYSTEMS;

    use super::*;

    const ROWS: Rows = Rows { list: "apps.app", key: "id", volatile: &["elapsed"], shown: &[] };

    fn list(rows: Rows) -> Shape {
        Shape { rows: Some(rows), ..Shape::default() }
    }

    fn keys(reply: &str) -> Vec<String> {
        read(reply, list(ROWS), Instant::now()).unwrap().rows.into_keys().collect()
    }

    #[test]
    fn rows_are_found_in_every_shape_of_a_list() {
        for empty in [r#"{"apps":null}"#, r#"{"apps":{}}"#, r#"{"apps":""}"#, r#"{"apps":{"app":[]}}"#, "{}", "[]", "7"]
        {
            assert_eq!(keys(empty), Vec::<String>::new(), "{empty}");
        }
        assert_eq!(keys(r#"{"apps":{"app":{"id":"a"}}}"#), ["a"]);
        assert_eq!(
            keys(r#"{"apps":{"app":[{"id":"a\n"},{"\u0069d":7},{"id":null},{"x":1},5,{"id":"a\n"}]}}"#),
            ["7", "a\n"]
        );
        assert!(read("<html>", list(ROWS), Instant::now()).is_err());
    }

    #[test]
    fn a_reply_may_be_the_list_itself() {
        let rows = read(r#"[{"id":"b"},{"id":"a"}]"#, list(Rows { list: "", ..ROWS }), Instant::now()).unwrap().rows;
        assert_eq!(rows.into_keys().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_moves_by_itself_is_news_once_a_minute() {
        let now = Instant::now();
        let of = |elapsed: u32, state: &str, after: u64| {
            let reply =
                format!("{{\"apps\":{{\"app\":[{{\"id\":\"a\",\r\n\"elapsed\":{elapsed},\"state\":\"{state}\"}}]}}}}");
            let mut rows = read(&reply, list(ROWS), now + Duration::from_secs(after)).unwrap().rows;
            rows.remove("a").unwrap()
        };
        assert!(Row::is_same(&of(1, "x", 0), &of(2, "x", 59)));
        assert!(!Row::is_same(&of(1, "x", 0), &of(2, "x", 60)));
        assert!(Row::is_same(&of(1, "x", 0), &of(1, "x", 60)));
        assert!(!Row::is_same(&of(1, "x", 0), &of(1, "y", 0)));
        assert!(!of(1, "x", 0).text.contains(['\n', '\r']));
    }

    #[test]
    fn the_console_is_sent_what_it_reads() {
        let reply = "[{\"x\":\"\\n\",\"id\":\"a\",\r\n\"\\u0022\" : 1,\"y\":[{\"id\":\n2}]},{\"id\":\"b\"}]";
        let written = |shown, form| {
            let page = read(reply, list(Rows { list: "", shown, ..ROWS }), Instant::now()).unwrap();
            page.rows.into_values().map(|row| row.written(form).to_owned()).collect::<Vec<_>>()
        };
        let whole = [r#"{"x":"\n","id":"a",  "\u0022" : 1,"y":[{"id": 2}]}"#, r#"{"id":"b"}"#];
        assert_eq!(written(&["id", "\"", "y"], Form::Shown), [r#"["a",1,[{"id": 2}]]"#, r#"["b",null,null]"#]);
        assert_eq!(written(&["id", "\"", "y"], Form::Whole), whole);
        assert_eq!(written(&[], Form::Shown), whole);
    }

    #[test]
    fn what_the_console_is_sent_begins_with_the_key() {
        let lists = SYSTEMS.iter().flat_map(|system| system.table).filter_map(|row| row.spec.tail.rows);
        let sent: Vec<Rows> = lists.filter(|rows| !rows.shown.is_empty()).collect();
        assert!(!sent.is_empty() && sent.iter().all(|rows| rows.shown[0] == rows.key), "{sent:?}");
    }

    #[test]
    fn rows_that_say_the_same_have_one_version() {
        let of = |reply: &str| {
            let rows = read(reply, list(ROWS), Instant::now()).unwrap().rows;
            content(rows.iter().map(|(key, row)| (key.as_str(), row)))
        };
        let version = of(r#"{"apps":{"app":[{"id":"a","x":1},{"id":"b"}]}}"#);
        assert_eq!(version, of(r#"{"apps":{"app":[{"id":"b"},{"id":"a","x":1,"elapsed":5}]},"more":1}"#));
        for other in [r#"[{"id":"a","x":1}]"#, r#"[{"id":"a","x":2},{"id":"b"}]"#, r#"[{"id":"a","x":1},{"id":"c"}]"#] {
            assert_ne!(version, of(&format!("{{\"apps\":{{\"app\":{other}}}}}")), "{other}");
        }
    }

    #[test]
    fn a_reply_that_is_no_list_is_one_row() {
        let rows = read("{\"a\": 1}", Shape::default(), Instant::now()).unwrap().rows;
        assert_eq!(rows[""].text.as_ref(), "{\"a\": 1}");
    }
}
