//! The picture of a reply, with what it takes to tell what has changed since any of its last versions.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet, VecDeque};

use super::{Patch, Version};

/// How many rows that are gone are remembered. A watcher that knows only versions from before begins anew.
const REMEMBERED: usize = 4096;

/// Rows by key, each with the version in which it last changed.
#[derive(Debug)]
pub struct Picture<R> {
    version: Version,
    rows: BTreeMap<String, (u64, R)>,
    /// What is gone, and with which version; in the order of the versions.
    gone: VecDeque<(u64, String)>,
    /// The oldest version from which can be told what changed.
    oldest: u64,
}

impl<R> Picture<R> {
    /// An empty picture of a new epoch.
    pub fn new(epoch: u64) -> Picture<R> {
        let version = Version { epoch, number: 0 };
        Picture { version, rows: BTreeMap::new(), gone: VecDeque::new(), oldest: 0 }
    }

    /// The version that it stands at.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The rows in the order of their keys.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&str, &R)> {
        self.rows.iter().map(|(key, (_, row))| (key.as_str(), row))
    }

    /// The rows with the number of the version in which each came or changed last.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, &str, &R)> {
        self.rows.iter().map(|(key, (number, row))| (*number, key.as_str(), row))
    }

    /// The row of that key.
    pub fn row(&self, key: &str) -> Option<&R> {
        self.rows.get(key).map(|(_, row)| row)
    }

    /// Takes in rows as they are now, and takes out those whose keys are gone; the others stay. A row that is the
    /// `same` as the one that is held is left as it was. Gives whether there is a new version.
    pub fn take(&mut self, rows: BTreeMap<String, R>, gone: Vec<String>, same: impl Fn(&R, &R) -> bool) -> bool {
        let next = self.version.number + 1;
        let mut changed = false;
        for (key, row) in rows {
            match self.rows.entry(key) {
                Entry::Occupied(held) if same(&held.get().1, &row) => continue,
                Entry::Occupied(mut held) => drop(held.insert((next, row))),
                Entry::Vacant(place) => drop(place.insert((next, row))),
            }
            changed = true;
        }
        for key in gone {
            if self.rows.remove(&key).is_some() {
                self.gone.push_back((next, key));
                changed = true;
            }
        }
        while self.gone.len() > REMEMBERED {
            // Whoever knew that version has been told of what was gone by then, and of nothing later.
            self.oldest = self.gone.pop_front().map_or(next, |(number, _)| number);
        }
        if changed {
            self.version.number = next;
        }
        changed
    }

    /// Takes in the whole list: what it does not hold is gone. Gives whether there is a new version.
    pub fn replace(&mut self, rows: BTreeMap<String, R>, same: impl Fn(&R, &R) -> bool) -> bool {
        let there: HashSet<&str> = rows.keys().map(String::as_str).collect();
        let gone = self.rows.keys().filter(|key| !there.contains(key.as_str())).cloned().collect();
        self.take(rows, gone, same)
    }

    /// What has changed since a version, each row with its key; `None` where that cannot be told, and the whole picture must be.
    pub fn since(&self, from: Version) -> Option<Patch<(&str, &R)>> {
        if from.epoch != self.version.epoch || !(self.oldest..=self.version.number).contains(&from.number) {
            return None;
        }
        let later = self.rows.iter().filter(|(_, (number, _))| *number > from.number);
        let gone = self.gone.iter().rev().take_while(|(number, _)| *number > from.number);
        // A row that came back is among the changed ones.
        let gone: HashSet<&String> = gone.map(|(_, key)| key).filter(|key| !self.rows.contains_key(*key)).collect();
        Some(Patch {
            from,
            to: self.version,
            changed: later.map(|(key, (_, row))| (key.as_str(), row)).collect(),
            gone: gone.into_iter().cloned().collect(),
        })
    }
}
