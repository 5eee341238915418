//! From a request line to the row of a table, with counts of what was called.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use howdah_shared::door::Row;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// The routes of one simulator: each row of its system's table with the handler of that name.
pub(super) struct Routes<H: 'static> {
    table: &'static [Row],
    handlers: Vec<H>,
    calls: Mutex<BTreeMap<&'static str, u64>>,
}

/// Where a request goes.
#[derive(Debug, PartialEq)]
pub(super) enum Found<'a, H> {
    /// To this handler, with the decoded path parameters.
    Row(&'a H, Vec<String>),
    /// The path is known, but not with this method.
    OtherMethod,
    /// There is no such path.
    Nothing,
}

impl<H> Routes<H> {
    /// The routes of `table`, its handlers found by the rows' names.
    ///
    /// # Errors
    /// If a row has no handler.
    pub(super) fn of(table: &'static [Row], handler: fn(&str) -> Option<H>) -> io::Result<Routes<H>> {
        let missing = |row: &Row| io::Error::other(format!("the simulator has no handler for {}", row.spec.name));
        let handlers: io::Result<Vec<H>> =
            table.iter().map(|row| handler(row.spec.name).ok_or_else(|| missing(row))).collect();
        Ok(Routes { table, handlers: handlers?, calls: Mutex::default() })
    }

    /// The handler for a method and a path, which is counted as called.
    pub(super) fn find(&self, method: &str, path: &str) -> Found<'_, H> {
        let mut found = Found::Nothing;
        for (row, handler) in self.table.iter().zip(&self.handlers) {
            let Some(segments) = matches(row.spec.path, path) else { continue };
            if row.spec.method.as_str() == method {
                self.count(row.spec.name);
                return Found::Row(handler, segments);
            }
            found = Found::OtherMethod;
        }
        self.count("other");
        found
    }

    /// Counts a call under a name.
    pub(super) fn count(&self, name: &'static str) {
        *lock(&self.calls).entry(name).or_default() += 1;
    }

    /// How often each operation was called; every row is named.
    pub(super) fn calls(&self) -> Value {
        let counted = lock(&self.calls);
        let mut calls: BTreeMap<&str, u64> = self.table.iter().map(|row| (row.spec.name, 0)).collect();
        calls.extend(counted.iter().map(|(name, calls)| (*name, *calls)));
        json!(calls)
    }
}

/// Locks, also after a panic elsewhere: what is kept here is whole at any moment.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn matches(template: &str, path: &str) -> Option<Vec<String>> {
    let (mut holes, mut segments) = (template.split('/'), path.split('/'));
    let mut values = Vec::new();
    loop {
        match (holes.next(), segments.next()) {
            (None, None) => return Some(values),
            (Some(hole), Some(segment)) if hole.starts_with('{') => {
                values.push(percent_decode_str(segment).decode_utf8().ok()?.into_owned());
            }
            (Some(fixed), Some(segment)) if fixed == segment => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::hadoop_eco::v2::TABLE;

    use super::*;

    #[test]
    fn paths_find_their_rows() {
        let routes = Routes::of(TABLE, |name| Some(name.to_owned())).unwrap();
        let found = routes.find("GET", "/v2/hadoop-eco/clusters/a%20b/requests/c");
        assert_eq!(found, Found::Row(&"ShowRework".to_owned(), vec!["a b".to_owned(), "c".to_owned()]));
        assert_eq!(routes.find("DELETE", "/v2/hadoop-eco/clusters/a"), Found::OtherMethod);
        assert_eq!(routes.find("POST", "/v2/hadoop-eco/clusters/a/"), Found::Nothing);
        assert_eq!(routes.calls(), json!({"StartRework": 0, "ShowRework": 1, "other": 2}));
    }

    #[test]
    fn a_row_without_a_handler_is_refused() {
        let error = Routes::of(TABLE, |name| (name != "ShowRework").then_some(())).err().unwrap();
        assert!(error.to_string().contains("ShowRework"), "{error}");
    }
}
