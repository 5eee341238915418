//! What an application of a list means, and what of it is known at all.

use std::cmp::Reverse;

use howdah_shared::systems::yarn::Application;
use serde::Deserialize;

use super::cells::standing_word;
use crate::components::listing::{Listed, Rank};
use crate::i18n::*;
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

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    /// One word of YARN's: its state, or once it has finished how.
    fn standing(&self) -> &str {
        let state = self.application.state.as_deref().unwrap_or("UNKNOWN");
        match (state, self.application.final_status.as_deref()) {
            ("FINISHED", Some(end @ ("SUCCEEDED" | "FAILED" | "KILLED"))) => end,
            _ => state,
        }
    }

    fn rank(&self, column: &str, now: i64) -> Option<Rank<'_>> {
        fn text(text: &Option<String>) -> Option<Rank<'_>> {
            text.as_deref().map(Rank::Text)
        }
        let figure = |figure: Option<i64>| figure.map(Rank::Figure);
        match column {
            "name" => text(&self.application.name),
            "user" => text(&self.application.user),
            "queue" => text(&self.application.queue),
            "type" => text(&self.application.application_type),
            "state" => Some(Rank::Text(self.standing())),
            "progress" => figure(self.progress().map(|percent| (percent * 1e6) as i64)),
            "started" => figure(self.started()),
            "elapsed" => figure(self.elapsed(now)),
            "memory" => figure(self.memory()),
            "cores" => figure(self.cores()),
            "containers" => figure(self.containers()),
            _ => Some(Rank::Number(self.number)),
        }
    }

    /// The newest first.
    fn level(&self) -> impl Ord {
        Reverse(self.number)
    }

    fn place(standing: &str) -> usize {
        STANDINGS.iter().position(|other| *other == standing).unwrap_or(STANDINGS.len())
    }

    fn kind(standing: &str) -> Option<Kind> {
        Some(match standing {
            "NEW" | "NEW_SAVING" | "SUBMITTED" | "ACCEPTED" => Kind::Waiting,
            "RUNNING" | "FINISHING" | "KILLING" => Kind::Moving,
            "SUCCEEDED" | "FINISHED" => Kind::Good,
            "KILLED" => Kind::Ended,
            "FAILED" => Kind::Broken,
            _ => Kind::Unknown,
        })
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        standing_word(i18n, standing)
    }
}

impl Row {
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

/// The two numbers of an id: the cluster's start and the application's place since.
fn number(id: &str) -> (u64, u64) {
    let mut parts = id.rsplit('_').map(|part| part.parse().unwrap_or(0));
    let place = parts.next().unwrap_or(0);
    (parts.next().unwrap_or(0), place)
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::components::listing::standings;

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
        assert_eq!(Row::kind("SOMETHING_NEW"), Some(Kind::Unknown));
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
