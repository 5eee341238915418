//! What a watcher holds of a picture that it fetches by one way, while word of its changes comes by another.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Patch, Version};
use crate::order;

/// Rows as a watcher knows them. While it fetches a picture it goes on showing those that it had.
#[derive(Debug)]
pub struct Held<R> {
    version: Option<Version>,
    /// In the order of their keys.
    rows: Vec<R>,
    /// A picture of this version or a later one is being fetched.
    awaited: Option<Version>,
    /// Patches that came before the picture.
    early: Vec<Patch<R>>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The rows are those of a later version now.
    Applied,
    /// There was nothing in it that was not known, or it waits for the picture.
    Nothing,
    /// What came does not follow on what is held: the picture must be fetched.
    Fetch,
}

impl<R> Default for Held<R> {
    fn default() -> Held<R> {
        Held { version: None, rows: Vec::new(), awaited: None, early: Vec::new() }
    }
}

impl<R> Held<R> {
    /// The version that the rows are of; `None` before the first picture.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// The rows in the order of their keys.
    pub fn rows(&self) -> &[R] {
        &self.rows
    }

    /// Word came that the picture of a version is to be fetched.
    pub fn reset(&mut self, version: Version) -> Taken {
        let known = self.version.is_some_and(|held| held.epoch == version.epoch && held.number >= version.number);
        if known && self.awaited.is_none() {
            return Taken::Nothing;
        }
        self.early.clear();
        self.awaited = Some(version);
        Taken::Fetch
    }

    /// A patch came; `key` tells a row's, and `keep` makes of one that is held and of what has come of it the one that is
    /// held from now on.
    pub fn patch(&mut self, patch: Patch<R>, key: impl Fn(&R) -> Cow<'_, str>, keep: impl Fn(&R, R) -> R) -> Taken {
        if self.awaited.is_some() {
            self.early.push(patch);
            return Taken::Nothing;
        }
        self.apply(patch, key, keep)
    }

    /// The picture came; with `key` and `keep` as for a patch.
    pub fn fetched(
        &mut self,
        version: Version,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> Cow<'_, str>,
        keep: impl Fn(&R, R) -> R,
    ) -> Taken {
        if let Some(awaited) = self.awaited
            && (awaited.epoch != version.epoch || awaited.number > version.number)
        {
            // On its way before word of a later one came; or it is the later one, and word of it is on its way.
            return Taken::Fetch;
        }
        order::sort(&mut rows, |a, b| key(a).cmp(&key(b)));
        let mut held = std::mem::take(&mut self.rows).into_iter().peekable();
        let kept = |row| {
            while held.next_if(|held| key(held) < key(&row)).is_some() {}
            match held.next_if(|held| key(held) == key(&row)) {
                Some(held) => keep(&held, row),
                None => row,
            }
        };
        self.rows = rows.into_iter().map(kept).collect();
        self.version = Some(version);
        self.awaited = None;
        for patch in std::mem::take(&mut self.early) {
            // Those of another epoch are of a picture that is no more; word of the new one comes after them.
            if patch.to.epoch == version.epoch && self.apply(patch, &key, &keep) == Taken::Fetch {
                return Taken::Fetch;
            }
        }
        Taken::Applied
    }

    fn apply(&mut self, patch: Patch<R>, key: impl Fn(&R) -> Cow<'_, str>, keep: impl Fn(&R, R) -> R) -> Taken {
        let Some(held) = self.version.filter(|held| held.epoch == patch.to.epoch && held.number >= patch.from.number)
        else {
            self.awaited = Some(patch.to);
            return Taken::Fetch;
        };
        if patch.to.number <= held.number {
            return Taken::Nothing;
        }
        let there = |row: &R| self.rows.binary_search_by(|held| key(held).cmp(&key(row)));
        let (mut changed, mut come) = (Vec::new(), Vec::new());
        for row in patch.changed {
            match there(&row) {
                Ok(at) => changed.push((at, row)),
                Err(_) => come.push(row),
            }
        }
        for (at, row) in changed {
            self.rows[at] = keep(&self.rows[at], row);
        }
        if !patch.gone.is_empty() {
            let gone: HashSet<&str> = patch.gone.iter().map(String::as_str).collect();
            self.rows.retain(|row| !gone.contains(&*key(row)));
        }
        if !come.is_empty() {
            self.rows.append(&mut come);
            // What is held is in order already: the sort leaves it so, and merges the others in.
            order::sort(&mut self.rows, |a, b| key(a).cmp(&key(b)));
        }
        self.version = Some(patch.to);
        Taken::Applied
    }
}
