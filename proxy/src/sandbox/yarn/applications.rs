//! The applications of the simulated cluster. Those that come by themselves are computed from their number: when each
//! comes, how long it waits and runs, how it ends. Those that are submitted live and die in the same way.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::super::made_up::{fraction, scatter};
use super::queues::Tree;

/// How long an application runs on average, in seconds of life.
const AVERAGE_RUN: f64 = 900.0;
/// How long it takes to be in a queue, in seconds of life.
const SUBMITTED: f64 = 0.1;
/// How long it takes to kill one, in seconds of life.
const KILLING: f64 = 3.0;
/// The memory of a container of those that come by themselves, in MiB.
pub(super) const MEMORY_OF_CONTAINER: u64 = 2048;

const USERS: &[&str] = &["etl", "analyst", "ml", "reporting", "ops", "guest"];
const KINDS: &[&str] = &["SPARK", "SPARK", "MAPREDUCE", "TEZ", "Apache Flink", "YARN"];

/// When applications come, and how many are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    /// How many applications the ResourceManager keeps.
    pub(super) keep: u64,
    /// Seconds of life from one to the next.
    interval: f64,
    /// The longest that one runs, so that none is forgotten while it runs.
    longest: f64,
}

/// How an application ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Succeeded,
    /// It ran to its end and said that it had failed.
    SaidFailed,
    Failed,
    Killed,
}

/// An application's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id {
    /// When the ResourceManager that gave it was started, in ms since the epoch.
    pub(super) cluster: i64,
    pub(super) number: u64,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "application_{}_{:04}", self.cluster, self.number)
    }
}

impl FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Id, String> {
        let prefix = "The valid ApplicationId should start with prefix application";
        let rest = text.strip_prefix("application_");
        let rest = rest.ok_or_else(|| format!("Invalid ApplicationId prefix: {text}. {prefix}"))?;
        let parts =
            rest.split_once('_').and_then(|(cluster, number)| Some((cluster.parse().ok()?, number.parse().ok()?)));
        let (cluster, number) = parts.ok_or_else(|| format!("Invalid ApplicationId: {text}"))?;
        Ok(Id { cluster, number })
    }
}

/// An application, whenever.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) id: Id,
    /// What its chances hang on, where it came by itself; otherwise its number.
    pub(super) seed: u64,
    pub(super) submitted: f64,
    /// How long it waits, in seconds of life.
    pub(super) waits: f64,
    /// How long it runs; 0 for one that never does.
    pub(super) runs: f64,
    pub(super) outcome: Outcome,
    pub(super) user: String,
    /// The queue's path, or what was asked for where there is no such queue.
    pub(super) queue: Arc<str>,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) tags: String,
    pub(super) priority: u64,
    pub(super) containers: u64,
    /// Memory and cores of each container.
    pub(super) memory: u64,
    pub(super) cores: u64,
    /// Who else may see it, and who else may change it.
    pub(super) viewers: Vec<String>,
    pub(super) modifiers: Vec<String>,
    pub(super) unmanaged: bool,
    /// What is said of its end, where it is not the usual.
    pub(super) says: Option<Arc<str>>,
    pub(super) killed: Option<Killed>,
    /// Whether it is told of, once it has ended, with a state that no version of the service has.
    pub(super) odd: bool,
}

/// That an application was killed.
#[derive(Clone, Debug)]
pub(super) struct Killed {
    at: f64,
    /// What is said of it.
    pub(super) says: String,
}

/// An application, now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Submitted,
    Accepted,
    /// With its progress, 0 to 100.
    Running(f64),
    Ended(Outcome),
}

impl State {
    /// `state` and `finalStatus`.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            State::Submitted => ("SUBMITTED", "UNDEFINED"),
            State::Accepted => ("ACCEPTED", "UNDEFINED"),
            State::Running(_) => ("RUNNING", "UNDEFINED"),
            State::Ended(Outcome::Succeeded) => ("FINISHED", "SUCCEEDED"),
            State::Ended(Outcome::SaidFailed) => ("FINISHED", "FAILED"),
            State::Ended(Outcome::Failed) => ("FAILED", "FAILED"),
            State::Ended(Outcome::Killed) => ("KILLED", "KILLED"),
        }
    }
}

impl Schedule {
    /// A schedule that keeps so many applications, of which about a thirtieth are active, or twelve where that is more.
    pub(super) fn keeping(applications: usize) -> Schedule {
        let keep = applications as f64;
        let active = (keep * 0.03).max(12.0).min(keep).max(1.0);
        let interval = AVERAGE_RUN / active;
        Schedule { keep: applications as u64, interval, longest: (keep * interval * 0.8).min(2400.0) }
    }

    /// When the ResourceManager was started.
    pub(super) fn birth(&self) -> f64 {
        self.submitted(0) - 60.0
    }

    /// When the application of that number comes.
    pub(super) fn submitted(&self, number: u64) -> f64 {
        (number as f64 - self.keep as f64 - fraction(number, 1)) * self.interval
    }

    /// The application that comes as that number, under the next id.
    pub(super) fn application(&self, number: u64, id: Id, tree: &Tree) -> Application {
        let pick = |salt, count: usize| (scatter(number, salt) % count as u64) as usize;
        // Among those that are kept there is one.
        let odd = number % self.keep.max(40) == 17;
        let outcome = match scatter(number, 2) % 100 {
            _ if odd => Outcome::Succeeded,
            0..78 => Outcome::Succeeded,
            78..82 => Outcome::SaidFailed,
            82..90 => Outcome::Failed,
            _ => Outcome::Killed,
        };
        let kind = KINDS[pick(5, KINDS.len())];
        Application {
            id,
            seed: number,
            submitted: self.submitted(number),
            waits: (5.0 + 55.0 * fraction(number, 6)).min(self.longest * 0.1),
            runs: self.run(number),
            outcome,
            user: USERS[pick(7, USERS.len())].to_owned(),
            queue: tree.busy(scatter(number, 3)).path.clone(),
            kind: kind.to_owned(),
            name: name(number, kind),
            tags: if number.is_multiple_of(3) { format!("nightly,batch-{}", number % 7) } else { String::new() },
            priority: number % 4,
            containers: 1 + scatter(number, 8) % 20,
            memory: MEMORY_OF_CONTAINER,
            cores: 1,
            viewers: Vec::new(),
            modifiers: Vec::new(),
            unmanaged: false,
            says: None,
            killed: None,
            odd,
        }
    }

    /// How long one runs: many short ones, few long ones, a quarter hour on average.
    pub(super) fn run(&self, number: u64) -> f64 {
        (AVERAGE_RUN * -(1.0 - fraction(number, 4)).ln()).clamp(self.longest * 0.03, self.longest * 0.9)
    }
}

impl Application {
    /// What it is doing at an instant, in seconds of life.
    pub(super) fn state(&self, now: f64) -> State {
        let now = match &self.killed {
            Some(killed) if now >= killed.at + KILLING => return State::Ended(Outcome::Killed),
            // Until it is dead it is told of as what it was.
            Some(killed) => killed.at,
            None => now,
        };
        let age = now - self.submitted;
        if age < SUBMITTED.min(self.waits) {
            State::Submitted
        } else if age < self.waits {
            State::Accepted
        } else if age < self.waits + self.runs {
            State::Running(100.0 * (age - self.waits) / self.runs)
        } else {
            State::Ended(self.outcome)
        }
    }

    /// Whether it has come to its end.
    pub(super) fn has_ended(&self, now: f64) -> bool {
        matches!(self.state(now), State::Ended(_))
    }

    /// Whether it is about to be dead.
    fn is_dying(&self, now: f64) -> bool {
        self.killed.is_some() && !self.has_ended(now)
    }

    /// Its state as the calls for the state alone tell it, which know of dying.
    pub(super) fn state_word(&self, now: f64) -> &'static str {
        if self.is_dying(now) { "KILLING" } else { self.state(now).words().0 }
    }

    /// Begins to kill it.
    pub(super) fn kill(&mut self, now: f64, says: String) {
        if self.killed.is_none() {
            self.killed = Some(Killed { at: now, says });
        }
    }

    /// When it left the queue; `None` if it never does.
    pub(super) fn launched(&self) -> Option<f64> {
        let launched = self.submitted + self.waits;
        let killed_before = self.killed.as_ref().is_some_and(|killed| killed.at < launched);
        (self.runs > 0.0 && !killed_before).then_some(launched)
    }

    /// When it ends.
    pub(super) fn ends(&self) -> f64 {
        match &self.killed {
            Some(killed) => killed.at + KILLING,
            None => self.submitted + self.waits + self.runs,
        }
    }
}

/// Names as people give them; among any forty there is one of each kind that breaks something.
fn name(number: u64, kind: &str) -> String {
    match number % 40 {
        3 => "<img src=x onerror=alert(1)><b>bold</b>".to_owned(),
        7 => "\u{202e}txt.gpj report \u{202c}تقرير المبيعات".to_owned(),
        11 => "a-name-of-two-hundred-characters-".chars().cycle().take(200).collect(),
        13 => "일일 매출 집계 — 서울·부산 지점 (재실행)".to_owned(),
        19 => "=HYPERLINK(\"http://example.invalid\")\tand\nlines".to_owned(),
        23 => String::new(),
        _ => match kind {
            "SPARK" => format!("daily-aggregate-{}", number % 24),
            "MAPREDUCE" => format!("distcp: hdfs://raw/{:02} -> s3a://cold", number % 31 + 1),
            "TEZ" => format!("HIVE-{:08x}", scatter(number, 9) >> 32),
            "Apache Flink" => "clickstream-sessions".to_owned(),
            _ => "shell".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Id = Id { cluster: 7, number: 50 };

    #[test]
    fn an_application_lives_through_its_states() {
        let mut app = Schedule::keeping(40).application(50, ID, &Tree::of(0));
        let (launched, ends) = (app.launched().unwrap(), app.ends());
        for (instant, word) in [
            (app.submitted, "SUBMITTED"),
            (launched - 0.1, "ACCEPTED"),
            (launched + 0.1, "RUNNING"),
            (ends - 0.1, "RUNNING"),
        ] {
            assert_eq!(app.state(instant).words().0, word, "{instant}");
        }
        assert!(matches!(app.state(ends + 0.1), State::Ended(outcome) if outcome == app.outcome));
        app.kill(launched + 1.0, "enough".to_owned());
        app.kill(launched + 2.0, "more than enough".to_owned());
        assert!(app.is_dying(launched + 3.9) && app.state(launched + 3.9).words().0 == "RUNNING");
        assert!(!app.is_dying(launched + 4.0) && app.state(launched + 4.0) == State::Ended(Outcome::Killed));
        assert!(app.ends() == launched + 4.0 && app.launched().is_some());
    }

    #[test]
    fn ids_are_read_as_they_are_written() {
        assert_eq!(ID.to_string(), "application_7_0050");
        assert_eq!("application_7_0050".parse(), Ok(ID));
        assert_eq!("application_7_50".parse(), Ok(ID));
        for text in ["zzz", "application_7", "application_x_1", "application_7_-1", "job_7_1", ""] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }
}
