//! Lists of rows that are shared and compared by what they are, not by what is in them.

use std::ops::{Deref, Range};
use std::sync::Arc;

use howdah_shared::lenient;
use serde::de::DeserializeOwned;

/// A row that can be told from others.
pub(crate) trait Keyed {
    /// What it is called; unique in its list.
    fn key(&self) -> &str;
}

/// The JSON of a row, in the picture that it came with.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The picture, for all of its rows.
    pub(crate) picture: Arc<Vec<u8>>,
    /// Where the row stands in it.
    pub(crate) at: Range<usize>,
}

impl Text {
    /// Reads some of it, or all; what cannot be read is missing.
    pub(crate) fn read<T: DeserializeOwned + Default>(&self) -> T {
        lenient::reply(self.bytes()).unwrap_or_default()
    }

    /// As it was sent.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.picture.get(self.at.clone()).unwrap_or_default()
    }
}

/// A list of rows. Two are equal when they are the same list: comparing 100,000 rows would take longer than drawing
/// those that can be seen.
#[derive(Debug)]
pub(crate) struct List<R>(Arc<Vec<Arc<R>>>);

impl<R> List<R> {
    /// Its rows by their keys; of a list in the order of its keys, and of no other.
    pub(crate) fn row(&self, key: &str) -> Option<&Arc<R>>
    where
        R: Keyed,
    {
        let at = self.0.binary_search_by(|row| row.key().cmp(key)).ok()?;
        self.0.get(at)
    }

    /// The rows that another list does not have, or has otherwise; both in the order of their keys.
    pub(crate) fn without(&self, other: &List<R>) -> Vec<&Arc<R>>
    where
        R: Keyed,
    {
        let mut others = other.iter().peekable();
        let differs = |row: &&Arc<R>| {
            let before = |other: &&Arc<R>| !Arc::ptr_eq(other, row) && other.key() < row.key();
            while others.next_if(before).is_some() {}
            others.next_if(|other| Arc::ptr_eq(other, row)).is_none()
        };
        self.iter().filter(differs).collect()
    }
}

impl<R> FromIterator<Arc<R>> for List<R> {
    fn from_iter<I: IntoIterator<Item = Arc<R>>>(rows: I) -> Self {
        List(Arc::new(rows.into_iter().collect()))
    }
}

impl<R> Deref for List<R> {
    type Target = [Arc<R>];

    fn deref(&self) -> &[Arc<R>] {
        &self.0
    }
}

impl<R> Clone for List<R> {
    fn clone(&self) -> Self {
        List(self.0.clone())
    }
}

impl<R> PartialEq for List<R> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<R> Default for List<R> {
    fn default() -> Self {
        List(Arc::default())
    }
}
