//! What a poller knows: the picture, and its pictures and patches as they were written last, for all who want them.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use howdah_shared::operation::Rows;
use howdah_shared::watch::{Picture, Version};

use super::packing::Shared;
use super::rows::Row;

/// A picture with what was written of it.
pub(super) struct Book {
    rows: Option<Rows>,
    picture: Picture<Row>,
    /// Whether the service has replied.
    begun: bool,
    /// The picture's JSON, once somebody wanted it.
    whole: Option<Shared>,
    /// The JSON of patches to this version, by the version that they lead from.
    patches: HashMap<u64, Shared>,
}

impl Book {
    /// An empty one.
    pub(super) fn new(rows: Option<Rows>, epoch: u64) -> Book {
        Book { rows, picture: Picture::new(epoch), begun: false, whole: None, patches: HashMap::new() }
    }

    /// The version that it stands at; `None` before the first reply.
    pub(super) fn version(&self) -> Option<Version> {
        self.begun.then(|| self.picture.version())
    }

    /// Takes in the whole list.
    pub(super) fn replace(&mut self, rows: BTreeMap<String, Row>) -> bool {
        let changed = self.picture.replace(rows, Row::is_same);
        self.turned(changed)
    }

    fn turned(&mut self, changed: bool) -> bool {
        self.begun = true;
        if changed {
            self.whole = None;
            self.patches.clear();
        }
        changed
    }

    /// The picture as its service would have replied with it.
    pub(super) fn whole(&mut self) -> Shared {
        let Book { rows, picture, whole, .. } = self;
        whole.get_or_insert_with(|| Shared::new(Bytes::from(write_whole(*rows, picture)))).clone()
    }

    /// What leads from a version to this one; `None` where that cannot be told.
    pub(super) fn patch(&mut self, from: Version) -> Option<Shared> {
        if from.epoch != self.picture.version().epoch {
            return None;
        }
        if let Some(written) = self.patches.get(&from.number) {
            return Some(written.clone());
        }
        let written = Shared::new(write_patch(&self.picture, from)?.into());
        self.patches.insert(from.number, written.clone());
        Some(written)
    }
}

/// How many bytes a row takes, about.
pub(super) fn weight(key: &str, row: &Row) -> usize {
    2 * key.len() + row.text.len() + 96
}

fn write_whole(rows: Option<Rows>, picture: &Picture<Row>) -> String {
    let texts: Vec<&str> = picture.rows().map(|(_, row)| row.text.as_ref()).collect();
    let Some(rows) = rows else { return texts.concat() };
    let mut out = String::with_capacity(texts.iter().map(|text| text.len() + 1).sum::<usize>() + 64);
    for name in rows.list.split('.') {
        out.extend(["{\"", name, "\":"]);
    }
    out.push('[');
    join(&mut out, texts);
    out.push(']');
    out.extend(rows.list.split('.').map(|_| '}'));
    out
}

/// [`howdah_shared::watch::Patch`] with the rows as they came.
fn write_patch(picture: &Picture<Row>, from: Version) -> Option<String> {
    let patch = picture.since(from)?;
    let gone = serde_json::to_string(&patch.gone).ok()?;
    let mut out = format!("{{\"from\":\"{}\",\"to\":\"{}\",\"gone\":{gone},\"changed\":[", patch.from, patch.to);
    join(&mut out, patch.changed.iter().map(|row| row.text.as_ref()));
    out.push_str("]}");
    Some(out)
}

fn join<'a>(out: &mut String, texts: impl IntoIterator<Item = &'a str>) {
    for (at, text) in texts.into_iter().enumerate() {
        out.extend([if at > 0 { "," } else { "" }, text]);
    }
}
