//! What an application of a list means, and what of it is known at all.

use std::sync::Arc;

use howdah_shared::systems::yarn::Application;
use serde::Deserialize;

use crate::list::Keyed;
use crate::ui::mark::Kind;

/// An application with what is looked for in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Application")]
pub(super) struct Row {
    /// The id.
    pub(super) id: String,
    /// The application.
    pub(super) application: Application,
    /// The numbers of the id.
    pub(super) number: (u64, u64),
    /// Every text of it, in lower case.
    pub(super) haystack: String,
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
        let number = number(&id);
        Row { id, number, application, haystack }
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

/// The two numbers of an id: the cluster's start and the application's place since.
fn number(id: &str) -> (u64, u64) {
    let mut parts = id.rsplit('_').map(|part| part.parse().unwrap_or(0));
    let place = parts.next().unwrap_or(0);
    (parts.next().unwrap_or(0), place)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::pages::yarn) fn row(id: u32, change: impl Fn(&mut Application)) -> Row {
        let mut application = Application {
            id: Some(format!("application_1700000000000_{id:04}")),
            state: Some("RUNNING".into()),
            started_time: Some(1_700_000_000_000 + i64::from(id)),
            ..Default::default()
        };
        change(&mut application);
        application.into()
    }

    pub(in crate::pages::yarn) const NOW: i64 = 1_700_000_000_000;

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
    }
}
