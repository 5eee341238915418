//! What an application's figures mean, and which of them are facts.

use super::rows::Row;
use crate::components::listing::Listed;
use crate::ui::mark::Kind;

/// The tags of an application; some old servers write `null` where there are none.
pub(super) fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty() && *tag != "null")
}

impl Row {
    /// Whether the service hides the application's figures from its user: then their zeros are no facts.
    pub(super) fn hidden(&self) -> bool {
        self.started_time.unwrap_or(0) <= 0
    }

    fn figure(&self, value: Option<i64>) -> Option<i64> {
        value.filter(|value| *value > 0 || (*value == 0 && !self.hidden()))
    }

    /// When it started.
    pub(super) fn started(&self) -> Option<i64> {
        self.started_time.filter(|at| *at > 0)
    }

    /// When its first container was started.
    pub(super) fn launched(&self) -> Option<i64> {
        self.application().launch_time.filter(|at| *at > 0)
    }

    /// When it ended.
    pub(super) fn finished(&self) -> Option<i64> {
        self.application().finished_time.filter(|at| *at > 0)
    }

    /// How long it has taken, in ms: until now, where it has not ended. The service says it too, but the row is not
    /// sent again for what moves by itself.
    pub(super) fn elapsed(&self, now: i64) -> Option<i64> {
        match self.started().filter(|_| !self.has_ended()) {
            Some(started) => Some((now - started).max(0)),
            None => self.figure(self.application().elapsed_time),
        }
    }

    /// Whether it is over.
    pub(super) fn has_ended(&self) -> bool {
        // What is hidden has no end, but it has a state.
        let ended = matches!(Row::kind(self.standing()), Some(Kind::Good | Kind::Ended | Kind::Broken));
        ended || self.finished().is_some()
    }

    /// What it holds, by the id of a column; `None` for other columns. Memory is in MiB.
    pub(super) fn held(&self, column: &str) -> Option<Option<i64>> {
        let a = self.application();
        let held = match column {
            "memory" => a.allocated_mb,
            "cores" => a.allocated_v_cores,
            "reserved_memory" => a.reserved_mb,
            "reserved_cores" => a.reserved_v_cores,
            "containers" => a.running_containers,
            _ => return None,
        };
        Some(self.figure(held))
    }

    /// A part of something, in percent.
    pub(super) fn part(&self, part: Option<f64>) -> Option<f64> {
        // Of what has ended the service goes on saying 0.
        part.filter(|part| part.is_finite() && !self.has_ended())
    }

    /// 0 to 100.
    pub(super) fn progress(&self) -> Option<f64> {
        self.application().progress.filter(|progress| progress.is_finite()).map(|progress| progress.clamp(0.0, 100.0))
    }

    /// Its tags.
    pub(super) fn tags(&self) -> impl Iterator<Item = &str> {
        tags(self.application().application_tags.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::{NOW, row};
    use super::*;

    #[test]
    fn zeros_of_a_hidden_application_are_no_facts() {
        let hidden = row(1, |a| {
            a.started_time = Some(0);
            a.elapsed_time = Some(0);
            a.allocated_mb = Some(0);
            a.running_containers = Some(0);
        });
        assert_eq!(
            (hidden.started(), hidden.elapsed(NOW), hidden.held("memory"), hidden.held("containers")),
            (None, None, Some(None), Some(None))
        );
        let idle = row(1, |a| a.running_containers = Some(0));
        assert_eq!(idle.held("containers"), Some(Some(0)));
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

    #[test]
    fn what_is_hidden_has_ended_where_its_state_says_so() {
        let hidden = |state: &str| {
            row(1, |a| {
                a.state = Some(state.into());
                a.started_time = Some(0);
                a.finished_time = Some(0);
            })
        };
        assert!(hidden("KILLED").has_ended());
        assert!(!hidden("RUNNING").has_ended());
    }

    #[test]
    fn tags_are_single_words_and_null_is_none() {
        assert_eq!(tags(" a,b ,,c").collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(tags("null").count(), 0);
    }
}
