//! The applications of the simulated cluster. Each is computed from its number and the time alone: when it came, how
//! long it waits and runs, how it ends.

use super::super::made_up::{fraction, scatter};

/// How long an application runs on average, in seconds of life.
const AVERAGE_RUN: f64 = 900.0;

/// The queues: full path, and whether only its own users and the administrators may see what is in it.
pub(super) const QUEUES: &[(&str, bool)] = &[
    ("root.default", false),
    ("root.eng.etl", false),
    ("root.eng.ml", false),
    ("root.analytics.adhoc", false),
    ("root.finance", true),
];

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

/// An application, whenever.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) number: u64,
    pub(super) submitted: f64,
    /// How long it waits, in seconds of life.
    waits: f64,
    /// How long it runs.
    runs: f64,
    pub(super) outcome: Outcome,
    pub(super) user: &'static str,
    pub(super) queue: &'static str,
    pub(super) restricted: bool,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) tags: String,
    pub(super) containers: u64,
    /// Whether it is told of, once it has ended, with a state that no version of the service has.
    pub(super) odd: bool,
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

    /// The numbers of the applications that are kept at an instant, in seconds of life. The first ever has number 1.
    pub(super) fn kept(&self, now: f64) -> std::ops::RangeInclusive<u64> {
        let mut newest = self.keep + (now / self.interval) as u64;
        if self.submitted(newest + 1) <= now {
            newest += 1;
        }
        newest - self.keep + 1..=newest
    }

    /// When the ResourceManager was started.
    pub(super) fn birth(&self) -> f64 {
        self.submitted(0) - 60.0
    }

    fn submitted(&self, number: u64) -> f64 {
        (number as f64 - self.keep as f64 - fraction(number, 1)) * self.interval
    }

    /// The application of that number.
    pub(super) fn application(&self, number: u64) -> Application {
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
        let (queue, restricted) = QUEUES[pick(3, QUEUES.len())];
        // Many short ones, few long ones, a quarter hour on average.
        let runs = (AVERAGE_RUN * -(1.0 - fraction(number, 4)).ln()).clamp(self.longest * 0.03, self.longest * 0.9);
        let kind = KINDS[pick(5, KINDS.len())];
        Application {
            number,
            submitted: self.submitted(number),
            waits: (5.0 + 55.0 * fraction(number, 6)).min(self.longest * 0.1),
            runs,
            outcome,
            user: USERS[pick(7, USERS.len())],
            queue,
            restricted,
            kind,
            name: name(number, kind),
            tags: if number.is_multiple_of(3) { format!("nightly,batch-{}", number % 7) } else { String::new() },
            containers: 1 + scatter(number, 8) % 20,
            odd,
        }
    }
}

impl Application {
    /// What it is doing at an instant, in seconds of life.
    pub(super) fn state(&self, now: f64) -> State {
        let age = now - self.submitted;
        if age < 1.0_f64.min(self.waits) {
            State::Submitted
        } else if age < self.waits {
            State::Accepted
        } else if age < self.waits + self.runs {
            State::Running(100.0 * (age - self.waits) / self.runs)
        } else {
            State::Ended(self.outcome)
        }
    }

    /// When it left the queue.
    pub(super) fn launched(&self) -> f64 {
        self.submitted + self.waits
    }

    /// When it ends.
    pub(super) fn ends(&self) -> f64 {
        self.submitted + self.waits + self.runs
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

    #[test]
    fn as_many_are_kept_as_wanted_and_none_is_forgotten_while_it_runs() {
        for keep in [0, 1, 2, 40, 500] {
            let schedule = Schedule::keeping(keep);
            for now in [0.0, 0.5, 1234.5, 1e5] {
                let kept = schedule.kept(now);
                let (first, last) = (*kept.start(), *kept.end());
                assert_eq!(kept.count(), keep, "{keep} at {now}");
                if keep > 0 {
                    assert!(schedule.application(last).submitted <= now);
                    assert!(schedule.application(last + 1).submitted > now);
                    let forgotten = schedule.application(first - 1);
                    assert!(matches!(forgotten.state(now), State::Ended(_)), "{keep} at {now}: {forgotten:?}");
                }
            }
        }
    }

    #[test]
    fn an_application_lives_through_its_states() {
        let app = Schedule::keeping(40).application(50);
        let at = |instant| app.state(instant).words().0;
        assert_eq!(at(app.submitted), "SUBMITTED");
        assert_eq!(at(app.launched() - 0.1), "ACCEPTED");
        assert_eq!(at(app.launched() + 0.1), "RUNNING");
        assert!(matches!(app.state(app.ends() + 0.1), State::Ended(outcome) if outcome == app.outcome));
    }
}
