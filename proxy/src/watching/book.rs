//! What a poller knows: the picture, and its pictures and patches as they were written last, for all who want them.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use howdah_shared::delta::Kept;
use howdah_shared::watch::{Picture, Version, lines};

use super::packing::Shared;
use super::rows::{self, Form, Row, Shape, WHOLE};

/// The member in which the console is sent the rows of a tree.
const TREE: &str = "rows";
/// So many changed rows are no patch where they are most of the list.
const MANY: usize = 500;
/// A patch of more bytes may be longer for the console than the picture, which it fetches compressed.
const LONG: usize = 256 * 1024;
/// So many times shorter the picture is then, about.
const COMPRESSION: usize = 8;

/// A picture with what was written of it.
pub(super) struct Book {
    shape: Shape,
    picture: Picture<Row>,
    /// Whether the service has replied.
    begun: bool,
    /// Whether there is more than the active rows that were asked for first.
    complete: bool,
    /// The picture's JSON, once somebody wanted it.
    wholes: HashMap<Form, Shared>,
    /// The JSON of patches to this version, by the version that they lead from; `None` where the whole is told instead.
    patches: HashMap<(u64, Form), Option<Shared>>,
}

impl Book {
    /// An empty one.
    pub(super) fn new(shape: Shape, epoch: u64) -> Book {
        let (wholes, patches) = (HashMap::new(), HashMap::new());
        Book { shape, picture: Picture::new(epoch), begun: false, complete: false, wholes, patches }
    }

    /// The version that it stands at; `None` before the first reply.
    pub(super) fn version(&self) -> Option<Version> {
        self.begun.then(|| self.picture.version())
    }

    /// Whether this is the version of what it holds, as a read without watching was given it.
    pub(super) fn is(&self, known: Version) -> bool {
        known.epoch != self.picture.version().epoch && known == rows::content(self.picture.rows())
    }

    /// Whether something in it is on its way.
    pub(super) fn is_moving(&self) -> bool {
        self.picture.rows().any(|(_, row)| row.moving)
    }

    /// Whether all rows are in it.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// Takes in the active rows, before all others are known.
    pub(super) fn begin(&mut self, rows: BTreeMap<String, Row>) -> bool {
        let changed = self.picture.replace(rows, Row::is_same);
        self.turned(changed)
    }

    /// Takes in the whole list.
    pub(super) fn replace(&mut self, rows: BTreeMap<String, Row>) -> bool {
        self.complete = true;
        self.begin(rows)
    }

    /// Takes in some rows as they are now, and takes out others.
    pub(super) fn update(&mut self, rows: BTreeMap<String, Row>, gone: Vec<String>) -> bool {
        let changed = self.picture.take(rows, gone, Row::is_same);
        self.turned(changed)
    }

    /// The keys of the active rows.
    pub(super) fn active(&self) -> impl Iterator<Item = &str> {
        self.picture.rows().filter(|(_, row)| row.active).map(|(key, _)| key)
    }

    /// How many rows there are, as the service counts its own.
    pub(super) fn counts(&self) -> Kept {
        let active = self.active().count();
        Kept { active, ended: self.picture.rows().len() - active }
    }

    /// Takes out so many of the rows that have ended: those that ended first, which services forget first. In which order
    /// they did is known by when they were seen to have, and only of those seen at once by the service's clock, which
    /// may have been set back. What was just `listed` was not forgotten.
    pub(super) fn forget(&mut self, count: usize, listed: &HashSet<String>) -> bool {
        if count == 0 {
            return false;
        }
        let ended = self.picture.numbered().filter(|(_, key, row)| !row.active && !listed.contains(*key));
        let mut ended: Vec<(u64, i64, &str)> =
            ended.filter_map(|(number, key, row)| Some((number, row.ended?, key))).collect();
        ended.sort_unstable();
        let gone = ended.into_iter().take(count).map(|(.., key)| key.to_owned()).collect();
        self.update(BTreeMap::new(), gone)
    }

    /// How many bytes it would take, about, with these rows instead of those of their keys.
    pub(super) fn weight_with(&self, rows: &BTreeMap<String, Row>) -> usize {
        let held = self.picture.rows().filter(|(key, _)| !rows.contains_key(*key));
        held.chain(rows.iter().map(|(key, row)| (key.as_str(), row))).map(|(key, row)| row_weight(key, row)).sum()
    }

    fn turned(&mut self, changed: bool) -> bool {
        self.begun = true;
        if changed {
            self.wholes.clear();
            self.patches.clear();
        }
        changed
    }

    /// What has no rows is the same in both forms, and written once.
    fn form(&self, wanted: Form) -> Form {
        if self.shape.rows.is_none() && self.shape.tree.is_none() { Form::Whole } else { wanted }
    }

    /// How many bytes its rows have, as they are written.
    fn length(&self, form: Form) -> usize {
        let rows = self.picture.rows().filter(|(key, _)| is_of(self.shape, form, key));
        rows.map(|(_, row)| row.written(form).len()).sum()
    }

    /// The picture as its service would have replied with it, its rows in the form that is wanted.
    pub(super) fn whole(&mut self, form: Form) -> Shared {
        let form = self.form(form);
        let Book { shape, picture, wholes, .. } = self;
        wholes.entry(form).or_insert_with(|| Shared::new(Bytes::from(write_whole(*shape, picture, form)))).clone()
    }

    /// What leads from a version to this one; `None` where that cannot be told, or would be nearly as long as the whole,
    /// or for the console longer than the compressed one, of which it reads only what it shows.
    pub(super) fn patch(&mut self, from: Version, form: Form) -> Option<Shared> {
        let form = self.form(form);
        let now = self.picture.version();
        // One that never was is not remembered: whoever watches may name any.
        if from.epoch != now.epoch || from.number > now.number {
            return None;
        }
        if let Some(written) = self.patches.get(&(from.number, form)) {
            return written.clone();
        }
        let is_short =
            |text: &String| form == Form::Whole || text.len() <= LONG || text.len() <= self.length(form) / COMPRESSION;
        let written = write_patch(self.shape, &self.picture, from, form).filter(is_short);
        let written = written.map(|text| Shared::new(text.into()));
        self.patches.insert((from.number, form), written.clone());
        written
    }
}

/// How many bytes rows take, about.
pub(super) fn weight(rows: &BTreeMap<String, Row>) -> usize {
    rows.iter().map(|(key, row)| row_weight(key, row)).sum()
}

/// A row stands once by itself and once in each picture as it is written.
fn row_weight(key: &str, row: &Row) -> usize {
    2 * key.len() + row.weight() + 128
}

/// Those of a form: of a tree stand the rows, for the console, beside the reply, for all others.
fn is_of(shape: Shape, form: Form, key: &str) -> bool {
    shape.tree.is_none() || (key == WHOLE) == (form == Form::Whole)
}

fn write_whole(shape: Shape, picture: &Picture<Row>, form: Form) -> String {
    let texts = picture.rows().filter(|(key, _)| is_of(shape, form, key)).map(|(_, row)| row.written(form));
    let list = match (shape.rows, form) {
        (Some(rows), _) => rows.list,
        (None, Form::Shown) => TREE,
        (None, Form::Whole) => return texts.collect(),
    };
    let names = || list.split('.').filter(|name| !name.is_empty());
    let head: String = names().flat_map(|name| ["{\"", name, "\":"]).chain(["["]).collect();
    let tail = format!("]{}", "}".repeat(names().count()));
    if form == Form::Shown {
        return lines::write(&head, texts, &tail);
    }
    let mut out = head;
    join(&mut out, texts);
    out + &tail
}

/// [`howdah_shared::watch::Patch`] with the rows in a form.
fn write_patch(shape: Shape, picture: &Picture<Row>, from: Version, form: Form) -> Option<String> {
    let patch = picture.since(from)?;
    let changed: Vec<&Row> =
        patch.changed.into_iter().filter(|(key, _)| is_of(shape, form, key)).map(|(_, row)| row).collect();
    if changed.len() > MANY.max(picture.rows().len() / 2) {
        return None;
    }
    let gone = serde_json::to_string(&patch.gone).ok()?;
    let mut out = format!("{{\"from\":\"{}\",\"to\":\"{}\",\"gone\":{gone},\"changed\":[", patch.from, patch.to);
    join(&mut out, changed.iter().map(|row| row.written(form)));
    out.push_str("]}");
    Some(out)
}

fn join<'a>(out: &mut String, texts: impl IntoIterator<Item = &'a str>) {
    for (at, text) in texts.into_iter().enumerate() {
        out.extend([if at > 0 { "," } else { "" }, text]);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use howdah_shared::operation::{Rows, Tree};

    use super::*;

    fn shape() -> Shape {
        Shape { rows: Some(ROWS), ..Shape::default() }
    }

    fn list(count: usize) -> BTreeMap<String, Row> {
        let reply: Vec<String> = (0..count).map(|id| format!("{{\"id\":{id}}}")).collect();
        rows::read(&format!("[{}]", reply.join(",")), shape(), Instant::now()).unwrap().rows
    }

    const ROWS: Rows = Rows { list: "", key: "id", volatile: &[], shown: &[] };

    #[test]
    fn what_is_most_of_a_long_list_is_no_patch() {
        for (before, after, is_patch) in [(0, MANY, true), (0, MANY + 1, false), (2 * MANY, 4 * MANY, true)] {
            let mut book = Book::new(shape(), 1);
            book.begin(list(before));
            let from = book.version().unwrap();
            book.replace(list(after));
            assert_eq!(book.patch(from, Form::Shown).is_some(), is_patch, "{before} to {after}");
        }
    }

    #[test]
    fn of_a_tree_the_console_is_told_by_rows_and_others_whole() {
        let tree = Tree { top: "s", path: "path", name: "name", below: &[("q", "")], shown: &["used"], at_top: &[] };
        let shape = Shape { tree: Some(tree), ..Shape::default() };
        let reply = |used: u32, other: u32| {
            format!(r#"{{"s":{{"name":"r","q":[{{"name":"a","used":{used},"other":{other}}},{{"name":"b"}}]}}}}"#)
        };
        let mut book = Book::new(shape, 1);
        let take = |book: &mut Book, reply: &str| {
            let before = book.version();
            book.replace(rows::read(reply, shape, Instant::now()).unwrap().rows);
            let text = |shared: Shared| String::from_utf8(shared.plain().to_vec()).unwrap();
            let patch = before.and_then(|before| book.patch(before, Form::Shown)).map(text);
            (text(book.whole(Form::Whole)), text(book.whole(Form::Shown)), patch)
        };
        let (whole, shown, _) = take(&mut book, &reply(1, 2));
        assert_eq!(whole, reply(1, 2));
        let row = |path: &str, rest: &str| format!("{{\"howdahPath\":\"{path}\"{rest}}}");
        let rows = [row("r", ""), row("r.a", ",\"used\":1"), row("r.b", "")].join(",\n");
        assert_eq!(shown, format!("{{\"rows\":[\n{rows}\n]}}"));
        let changed = |patch: Option<String>| {
            let patch = patch.unwrap();
            patch[patch.find("\"changed\"").unwrap()..].to_owned()
        };
        let (whole, _, patch) = take(&mut book, &reply(3, 2));
        assert_eq!((whole, changed(patch)), (reply(3, 2), format!("\"changed\":[{}]}}", row("r.a", ",\"used\":3"))));
        let (whole, _, patch) = take(&mut book, &reply(3, 4));
        assert_eq!((whole, changed(patch)), (reply(3, 4), "\"changed\":[]}".to_owned()), "of no use to the console");
    }
}
