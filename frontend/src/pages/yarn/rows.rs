//! What a list of applications means: which are shown, in which order, and what of them is known at all.

use std::cmp::Ordering;

use std::sync::Arc;

use howdah_shared::systems::yarn::Application;
use serde::Deserialize;

use crate::list::{Keyed, List};
use crate::ui::mark::Kind;
use crate::ui::table::Sort;

/// An application with what is looked for in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Application")]
pub(super) struct Row {
    /// The id.
    pub(super) id: String,
    /// The application.
    pub(super) application: Application,
    /// Every text of it, in lower case.
    haystack: String,
}

impl From<Application> for Row {
    fn from(application: Application) -> Row {
        let id = application.id.clone().unwrap_or_default();
        let a = &application;
        let texts = [&a.name, &a.user, &a.queue, &a.application_type];
        let mut haystack = id.to_lowercase();
        for text in texts.into_iter().flatten() {
            haystack.push('\n');
            haystack.push_str(&text.to_lowercase());
        }
        Row { id, application, haystack }
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.id
    }
}

impl Row {
    /// Where the application stands, in one word of YARN's: its state, or once it has finished how.
    pub(super) fn standing(&self) -> &str {
        let state = self.application.state.as_deref().unwrap_or("UNKNOWN");
        match (state, self.application.final_status.as_deref()) {
            ("FINISHED", Some(end @ ("SUCCEEDED" | "FAILED" | "KILLED"))) => end,
            _ => state,
        }
    }

    /// Whether the service hides the application's figures from its user: then their zeros are no facts.
    fn hidden(&self) -> bool {
        self.application.started_time.unwrap_or(0) <= 0
    }

    fn figure(&self, value: Option<i64>) -> Option<i64> {
        value.filter(|value| *value > 0 || (*value == 0 && !self.hidden()))
    }

    /// When it started.
    pub(super) fn started(&self) -> Option<i64> {
        self.application.started_time.filter(|at| *at > 0)
    }

    /// How long it has taken, in ms: until now, where it has not ended. The service says it too, but the row is not
    /// sent again for what moves by itself.
    pub(super) fn elapsed(&self, now: i64) -> Option<i64> {
        match self.started().filter(|_| !self.has_ended()) {
            Some(started) => Some((now - started).max(0)),
            None => self.figure(self.application.elapsed_time),
        }
    }

    /// Whether it is over.
    pub(super) fn has_ended(&self) -> bool {
        self.application.finished_time.is_some_and(|at| at > 0)
    }

    /// Memory held, in MiB.
    pub(super) fn memory(&self) -> Option<i64> {
        self.figure(self.application.allocated_mb)
    }

    /// Cores held.
    pub(super) fn cores(&self) -> Option<i64> {
        self.figure(self.application.allocated_v_cores)
    }

    /// Containers held.
    pub(super) fn containers(&self) -> Option<i64> {
        self.figure(self.application.running_containers)
    }

    /// 0 to 100.
    pub(super) fn progress(&self) -> Option<f64> {
        self.application.progress.filter(|progress| progress.is_finite()).map(|progress| progress.clamp(0.0, 100.0))
    }
}

/// The shape of a standing.
pub(super) fn kind(standing: &str) -> Kind {
    match standing {
        "NEW" | "NEW_SAVING" | "SUBMITTED" | "ACCEPTED" => Kind::Waiting,
        "RUNNING" | "FINISHING" | "KILLING" => Kind::Moving,
        "SUCCEEDED" | "FINISHED" => Kind::Good,
        "KILLED" => Kind::Ended,
        "FAILED" => Kind::Broken,
        _ => Kind::Unknown,
    }
}

/// The order in which standings are offered; those that nobody knew come last.
const STANDINGS: &[&str] = &[
    "NEW",
    "NEW_SAVING",
    "SUBMITTED",
    "ACCEPTED",
    "RUNNING",
    "FINISHING",
    "KILLING",
    "SUCCEEDED",
    "FINISHED",
    "FAILED",
    "KILLED",
];

/// How many stand where.
pub(super) fn standings(rows: &[Arc<Row>]) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for row in rows {
        let standing = row.standing();
        match counts.iter_mut().find(|(other, _)| other == standing) {
            Some((_, count)) => *count += 1,
            None => counts.push((standing.to_owned(), 1)),
        }
    }
    let place = |standing: &str| STANDINGS.iter().position(|other| *other == standing).unwrap_or(STANDINGS.len());
    counts.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    counts
}

/// The standings of the address's form, separated by commas.
pub(super) fn chosen(text: &str) -> Vec<&str> {
    text.split(',').filter(|word| !word.is_empty()).collect()
}

/// The address's form with one standing more or less.
pub(super) fn toggled(text: &str, standing: &str) -> String {
    let mut words = chosen(text);
    match words.iter().position(|word| *word == standing) {
        Some(at) => drop(words.remove(at)),
        None => words.push(standing),
    }
    words.join(",")
}

/// The rows in an order; those that are level in it, the newest first.
pub(super) fn sorted(rows: &List<Row>, sort: &Sort, now: i64) -> List<Row> {
    // Ids are handed out in the order in which applications come, which is close to most orders that are asked for.
    let mut rows: Vec<Arc<Row>> = rows.iter().rev().cloned().collect();
    rows.sort_by(|a, b| compare(a, b, sort, now).then_with(|| number(&b.id).cmp(&number(&a.id))));
    rows.into_iter().collect()
}

/// The rows that hold every word and have one of the standings.
pub(super) fn filtered(rows: &List<Row>, text: &str, standings: &str) -> List<Row> {
    if text.trim().is_empty() && standings.is_empty() {
        return rows.clone();
    }
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let standings = chosen(standings);
    let fits = |row: &&Arc<Row>| {
        (standings.is_empty() || standings.contains(&row.standing()))
            && words.iter().all(|word| row.haystack.contains(word))
    };
    rows.iter().filter(fits).cloned().collect()
}

fn compare(a: &Row, b: &Row, sort: &Sort, now: i64) -> Ordering {
    let text = |of: fn(&Application) -> &Option<String>| {
        known_first(of(&a.application).as_ref(), of(&b.application).as_ref(), sort.down, Ord::cmp)
    };
    let figure = |of: fn(&Row) -> Option<i64>| known_first(of(a), of(b), sort.down, Ord::cmp);
    match sort.column.as_str() {
        "name" => text(|a| &a.name),
        "user" => text(|a| &a.user),
        "queue" => text(|a| &a.queue),
        "type" => text(|a| &a.application_type),
        "state" => known_first(Some(a.standing()), Some(b.standing()), sort.down, |a, b| a.cmp(b)),
        "progress" => known_first(a.progress(), b.progress(), sort.down, f64::total_cmp),
        "started" => figure(Row::started),
        "elapsed" => known_first(a.elapsed(now), b.elapsed(now), sort.down, Ord::cmp),
        "memory" => figure(Row::memory),
        "cores" => figure(Row::cores),
        "containers" => figure(Row::containers),
        _ => known_first(Some(number(&a.id)), Some(number(&b.id)), sort.down, Ord::cmp),
    }
}

/// What is not known comes last, whichever way the sort goes.
fn known_first<T>(a: Option<T>, b: Option<T>, down: bool, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if down => compare(&b, &a),
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// The two numbers of an id: the cluster's start and the application's place since.
fn number(id: &str) -> (u64, u64) {
    let mut parts = id.rsplit('_').map(|part| part.parse().unwrap_or(0));
    let place = parts.next().unwrap_or(0);
    (parts.next().unwrap_or(0), place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: u32, change: impl Fn(&mut Application)) -> Row {
        let mut application = Application {
            id: Some(format!("application_1700000000000_{id:04}")),
            state: Some("RUNNING".into()),
            started_time: Some(1_700_000_000_000 + i64::from(id)),
            ..Default::default()
        };
        change(&mut application);
        application.into()
    }

    const NOW: i64 = 1_700_000_000_000;

    fn ids(rows: &[Row], text: &str, states: &str, sort: &str) -> Vec<u64> {
        let rows = rows.iter().cloned().map(Arc::new).collect();
        let shown = filtered(&sorted(&rows, &Sort::read(sort), NOW), text, states);
        shown.iter().map(|row| number(&row.id).1).collect()
    }

    #[test]
    fn every_word_must_be_somewhere() {
        let rows = [
            row(1, |a| {
                a.name = Some("Nightly ETL".into());
                a.user = Some("alice".into());
            }),
            row(2, |a| a.name = Some("야간 집계".into())),
        ];
        assert_eq!(ids(&rows, "alice etl", "", "id"), [1]);
        assert_eq!(ids(&rows, "집계", "", "id"), [2]);
        assert_eq!(ids(&rows, "_0002", "", "id"), [2]);
        assert_eq!(ids(&rows, "bob", "", "id"), [0; 0]);
    }

    #[test]
    fn a_finished_application_stands_where_it_ended() {
        let end = |status: &str| {
            row(1, |a| {
                a.state = Some("FINISHED".into());
                a.final_status = Some(status.into());
            })
        };
        assert_eq!(end("SUCCEEDED").standing(), "SUCCEEDED");
        assert_eq!(end("FAILED").standing(), "FAILED");
        assert_eq!(end("ENDED").standing(), "FINISHED");
        assert_eq!(row(1, |a| a.state = None).standing(), "UNKNOWN");
        assert_eq!(kind("SOMETHING_NEW"), Kind::Unknown);
    }

    #[test]
    fn unknown_figures_come_last_both_ways() {
        let rows = [
            row(1, |a| a.allocated_mb = Some(-1)),
            row(2, |a| a.allocated_mb = Some(2048)),
            row(3, |a| a.allocated_mb = Some(0)),
        ];
        assert_eq!(ids(&rows, "", "", "memory"), [3, 2, 1]);
        assert_eq!(ids(&rows, "", "", "-memory"), [2, 3, 1]);
    }

    #[test]
    fn ids_sort_by_number() {
        let rows = [row(9, |_| ()), row(10_000, |_| ()), row(100, |_| ())];
        assert_eq!(ids(&rows, "", "", "id"), [9, 100, 10_000]);
        assert_eq!(ids(&rows, "", "", "-id"), [10_000, 100, 9]);
    }

    #[test]
    fn zeros_of_a_hidden_application_are_no_facts() {
        let hidden = row(1, |a| {
            a.started_time = Some(0);
            a.elapsed_time = Some(0);
            a.allocated_mb = Some(0);
            a.running_containers = Some(0);
        });
        assert_eq!(
            (hidden.started(), hidden.elapsed(NOW), hidden.memory(), hidden.containers()),
            (None, None, None, None)
        );
        let idle = row(1, |a| a.running_containers = Some(0));
        assert_eq!(idle.containers(), Some(0));
    }

    #[test]
    fn states_are_counted_in_the_order_of_a_life() {
        let state = |id, state: &str| row(id, |a| a.state = Some(state.into()));
        let rows = [state(1, "KILLED"), state(2, "RUNNING"), state(3, "ZOMBIE"), state(4, "RUNNING")].map(Arc::new);
        let counts = standings(&rows);
        let counts: Vec<(&str, usize)> = counts.iter().map(|(word, count)| (word.as_str(), *count)).collect();
        assert_eq!(counts, [("RUNNING", 2), ("KILLED", 1), ("ZOMBIE", 1)]);
    }

    #[test]
    fn states_are_toggled_in_the_address() {
        assert_eq!(toggled("", "RUNNING"), "RUNNING");
        assert_eq!(toggled("RUNNING,FAILED", "RUNNING"), "FAILED");
        let rows = [row(1, |_| ()), row(2, |a| a.state = Some("ACCEPTED".into()))];
        assert_eq!(ids(&rows, "", "ACCEPTED", "id"), [2]);
    }

    #[test]
    fn what_runs_has_taken_until_now_and_what_has_ended_has_not() {
        let running = row(1, |a| a.elapsed_time = Some(5));
        assert_eq!(running.elapsed(NOW + 61), Some(60));
        let ended = row(3, |a| {
            a.finished_time = Some(NOW + 8);
            a.elapsed_time = Some(7);
        });
        assert_eq!(ended.elapsed(NOW + 61), Some(7));
        let hidden = row(2, |a| a.started_time = Some(0));
        assert_eq!(ids(&[running, hidden, ended], "", "", "-elapsed"), [3, 1, 2]);
    }
}
