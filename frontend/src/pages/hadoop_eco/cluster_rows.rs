//! What a cluster of the list says, and what it is found and sorted by.

use howdah_shared::console::{Cluster, RequestState};

use crate::components::listing::{Listed, Rank};
use crate::components::request_state::{self, span};
use crate::i18n::*;
use crate::list::Keyed;
use crate::routes::Place;
use crate::ui::mark::Kind;
use crate::ui::time;

/// Where a cluster stands that was never run from here.
const NEVER: &str = "never";
/// Where one stands that cannot be.
const NO_KEY: &str = "no-key";

/// A cluster with what is looked for in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The cluster.
    pub(super) cluster: Cluster,
    /// The address of its page.
    pub(super) href: String,
    haystack: String,
}

impl Row {
    /// A cluster of a connection.
    pub(super) fn new(connection: &str, cluster: Cluster) -> Row {
        let href = Place::Cluster(connection.to_owned(), cluster.id.clone()).href();
        Row::at(href, cluster)
    }

    fn at(href: String, cluster: Cluster) -> Row {
        let haystack = format!("{}\n{}", cluster.name.to_lowercase(), cluster.id.to_lowercase());
        Row { cluster, href, haystack }
    }

    /// How long its last run has taken, in ms, until `now` where it goes on; `None` where that is not known.
    pub(super) fn elapsed(&self, now: i64) -> Option<i64> {
        let (from, to) = self.cluster.last.as_ref().and_then(span)?;
        Some((to.unwrap_or(now) - from).max(0))
    }

    /// Whether its last run goes on.
    pub(super) fn is_open(&self) -> bool {
        self.cluster.last.as_ref().is_some_and(|last| last.state.is_open())
    }

    /// When it was run last.
    pub(super) fn when(&self) -> Option<i64> {
        self.cluster.last.as_ref().map(|last| last.created)
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.cluster.id
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    /// The state of the last run.
    fn standing(&self) -> &str {
        match &self.cluster.last {
            Some(last) => last.state.as_str(),
            None if self.cluster.has_key => NEVER,
            None => NO_KEY,
        }
    }

    fn rank(&self, column: &str, now: i64) -> Option<Rank<'_>> {
        let figure = |figure: Option<i64>| figure.map(Rank::Figure);
        match column {
            "id" => Some(Rank::Text(&self.cluster.id)),
            "state" => figure(i64::try_from(Row::place(self.standing())).ok()),
            "elapsed" => figure(self.elapsed(now)),
            "usual" => figure(self.cluster.usual.and_then(|usual| i64::try_from(usual).ok())),
            "when" => figure(self.when()),
            _ => Some(Rank::Text(&self.cluster.name)),
        }
    }

    fn plain(&self, column: &str, now: i64) -> String {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        match column {
            "id" => self.cluster.id.clone(),
            "state" => self.standing().to_owned(),
            "elapsed" => number(self.elapsed(now)),
            "usual" => number(self.cluster.usual.and_then(|usual| i64::try_from(usual).ok())),
            "when" => self.when().map(time::iso).unwrap_or_default(),
            _ => self.cluster.name.clone(),
        }
    }

    fn level(&self) -> impl Ord {
        (self.cluster.name.as_str(), self.cluster.id.as_str())
    }

    fn place(standing: &str) -> usize {
        let known = RequestState::ALL.iter().map(|state| state.as_str()).chain([NEVER, NO_KEY]);
        known.take_while(|other| *other != standing).count()
    }

    fn kind(standing: &str) -> Option<Kind> {
        match (standing, standing.parse()) {
            (_, Ok(state)) => Some(request_state::kind(state)),
            (NO_KEY, _) => Some(Kind::Broken),
            (NEVER, _) => None,
            _ => Some(Kind::Unknown),
        }
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        match (standing, standing.parse()) {
            (_, Ok(state)) => request_state::word(i18n, state),
            (NO_KEY, _) => t_string!(i18n, clusters.no_key).to_string(),
            (NEVER, _) => t_string!(i18n, clusters.never).to_string(),
            (other, _) => other.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::components::listing::{Fits, Search, Sorter, standings};
    use crate::list::List;
    use crate::ui::table::Sort;

    const NOW: i64 = 1_700_000_000_000;

    fn row(id: &str, name: &str, last: Option<(&str, i64, Option<i64>)>, usual: Option<u64>, has_key: bool) -> Row {
        let last: Option<Value> = last.map(|(state, created, ended)| {
            json!({ "id": "01J", "connection": "a", "operation": "StartRework", "target": {}, "principal": "p",
                    "state": state, "created": created, "ended": ended })
        });
        let cluster = json!({ "system": "hadoop-eco-v2", "id": id, "name": name, "hasKey": has_key, "last": last, "lastAccepted": null,
                              "usual": usual, "unknown": 0 });
        Row::at(String::new(), serde_json::from_value(cluster).unwrap())
    }

    fn rows() -> Vec<Arc<Row>> {
        let rows = [
            row("a1", "sales", Some(("succeeded", NOW - 9_000, Some(NOW - 4_000))), Some(7_000), true),
            row("b2", "야간 정산", Some(("running", NOW - 8_000, None)), None, true),
            row("c3", "Ads", Some(("unknown", NOW - 7_000, None)), Some(3_000), true),
            row("d4", "new", None, None, true),
            row("e5", "old", None, None, false),
        ];
        rows.into_iter().map(Arc::new).collect()
    }

    fn ids(text: &str, states: &str, sort: &str) -> String {
        let list: List<Row> = rows().into_iter().collect();
        let sorted = Sorter::default().sort(&list, &Sort::read(sort), NOW);
        let found = Search::default().find(&sorted, text, &Fits::standing(states));
        found.iter().map(|row| &row.key()[..1]).collect()
    }

    #[test]
    fn clusters_are_found_by_name_and_id() {
        assert_eq!(ids("정산", "", "name"), "b");
        assert_eq!(ids("ADS", "", "name"), "c");
        assert_eq!(ids("d4", "", "name"), "d");
        assert_eq!(ids("", "running,no-key", "id"), "be");
    }

    #[test]
    fn what_is_not_known_comes_last_both_ways() {
        assert_eq!(ids("", "", "elapsed"), "abcde");
        assert_eq!(ids("", "", "-elapsed"), "bacde");
        assert_eq!(ids("", "", "usual"), "cadeb");
        assert_eq!(ids("", "", "-usual"), "acdeb");
        assert_eq!(ids("", "", "-when"), "cbade");
    }

    #[test]
    fn states_stand_in_the_order_of_a_life() {
        assert_eq!(ids("", "", "state"), "cbade");
        let counts = standings(&rows());
        let words: Vec<&str> = counts.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(words, ["unknown", "running", "succeeded", "never", "no-key"]);
        assert_eq!(Row::kind("succeeded"), Some(Kind::Good));
        assert_eq!((Row::kind("never"), Row::kind("no-key")), (None, Some(Kind::Broken)));
        assert_eq!(Row::kind("something"), Some(Kind::Unknown));
    }
}
