//! What becomes of a cluster, computed from the time that has passed since it was started, scaled or terminated.
//!
//! Names fail on command, wherever in them the word stands: `stackfail` has no machines and ends in Error, `unreach`
//! waits for its machines for ever, `scalefail` comes back from every scaling as it was, and `undying` stays in Deleting.
//! Of a cluster with `lost-reply` in its name the start is done and its reply lost; of one with `hang` nothing is done,
//! and nothing answered.

use super::super::clock::Clock;
use super::super::made_up;
use super::behaviour::Dialect;
use super::world::{Cluster, Group};

/// What goes on at a cluster, and since when, in seconds of life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Phase {
    Starting(f64),
    Settled,
    /// And whether it becomes more anywhere, or less.
    Scaling {
        since: f64,
        more: bool,
        less: bool,
    },
    Ending(f64),
    Failed,
}

/// A status, how long it lasts in seconds of life, and what the service calls the step that it is.
type Stage = (&'static str, f64, &'static str);

const STACK: &str = "Create Heat stack";
const ADDRESSES: &str = "Assign IPs";
const REACHING: &str = "Wait for instance accessibility";
const CONFIGURING: &str = "Configure instances";
/// How long a cluster takes to end, in seconds of life.
const ENDING: f64 = 60.0;
/// How long a check of a cluster's health takes, in seconds of life.
const CHECKING: f64 = 15.0;

fn starting(dialect: Dialect) -> &'static [Stage] {
    match dialect {
        // Its start is answered when there are machines already.
        Dialect::Reference => {
            &[("Waiting", 90.0, ""), ("Preparing", 60.0, ""), ("Configuring", 120.0, ""), ("Starting", 60.0, "")]
        }
        Dialect::Today => &[
            ("Validating", 10.0, ""),
            ("InfraUpdating", 20.0, ""),
            ("Spawning", 90.0, STACK),
            ("Waiting", 60.0, ADDRESSES),
            ("Preparing", 60.0, REACHING),
            ("Configuring", 90.0, CONFIGURING),
            ("Starting", 60.0, ""),
        ],
    }
}

fn scaling(dialect: Dialect, more: bool, less: bool) -> Vec<Stage> {
    let mut stages: Vec<Stage> = vec![("Validating", 10.0, "")];
    match dialect {
        Dialect::Reference => {
            stages.push(("Scaling", 10.0, ""));
            if less {
                stages.extend([("Decommissioning", 30.0, ""), ("Deleting Instances", 30.0, "")]);
            }
            if more {
                stages.push(("Adding Instances", 90.0, ""));
            }
            stages.push(("Configuring", 60.0, ""));
        }
        Dialect::Today => {
            let last = if more { REACHING } else { CONFIGURING };
            stages.extend([
                ("Decommissioning", 10.0, ""),
                ("Scaling", 10.0, ""),
                ("Scaling: Spawning", 60.0, STACK),
                ("Scaling: Waiting", 30.0, ADDRESSES),
                ("Scaling: Preparing", 30.0, last),
            ]);
            if more {
                stages.push(("Configuring", 60.0, CONFIGURING));
            }
        }
    }
    stages
}

/// A step of what the service did to a cluster.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) total: i64,
    /// For how many machines it is done.
    pub(super) done: i64,
    pub(super) started: i64,
    /// When it ended, and whether well.
    pub(super) ended: Option<(i64, bool)>,
}

impl Cluster {
    fn stages(&self, dialect: Dialect) -> Vec<Stage> {
        match self.phase {
            Phase::Starting(_) => starting(dialect).to_vec(),
            Phase::Scaling { more, less, .. } => scaling(dialect, more, less),
            _ => Vec::new(),
        }
    }

    fn since(&self) -> f64 {
        match self.phase {
            Phase::Starting(since) | Phase::Scaling { since, .. } | Phase::Ending(since) => since,
            Phase::Settled | Phase::Failed => 0.0,
        }
    }

    /// Which of its stages it is in.
    fn stage(&self, dialect: Dialect, now: f64) -> (usize, &'static str) {
        let (stages, mut end) = (self.stages(dialect), self.since());
        for (at, (word, takes, _)) in stages.iter().enumerate() {
            end += takes;
            let stuck = *word == "Waiting" && self.is("unreach");
            if now < end || stuck {
                return (at, word);
            }
        }
        (stages.len(), "Active")
    }

    /// Its status.
    pub(super) fn status(&self, dialect: Dialect, now: f64) -> &'static str {
        match self.phase {
            Phase::Settled => "Active",
            Phase::Failed => "Error",
            Phase::Ending(_) => "Deleting",
            Phase::Starting(_) | Phase::Scaling { .. } => self.stage(dialect, now).1,
        }
    }

    /// How many nodes a group has now: as it is told, and how many machines there are.
    pub(super) fn shown(&self, group: &Group, dialect: Dialect, now: f64) -> (i64, i64) {
        let status = self.status(dialect, now);
        match (self.phase, group.target) {
            (Phase::Starting(_), _) => match status {
                "Validating" => (group.count, 0),
                "InfraUpdating" | "Spawning" => (0, 0),
                _ => (group.count, group.count),
            },
            (Phase::Scaling { .. }, Some(target)) => {
                let there = matches!(status, "Configuring" | "Scaling: Waiting" | "Scaling: Preparing");
                let machines = if there { target } else { group.machines };
                (if dialect == Dialect::Reference { target } else { machines }, machines)
            }
            _ => (group.count, group.machines),
        }
    }

    /// Whether a machine has its addresses.
    pub(super) fn addressed(&self, group: &Group, machine: i64, dialect: Dialect, now: f64) -> bool {
        let status = self.status(dialect, now);
        match self.phase {
            Phase::Starting(_) => matches!(status, "Preparing" | "Configuring" | "Starting"),
            Phase::Scaling { .. } if machine >= group.machines => status != "Scaling: Waiting",
            _ => true,
        }
    }

    /// What the service has done so far, and does.
    pub(super) fn steps(&self, dialect: Dialect, clock: Clock, now: f64) -> Vec<Step> {
        let mut steps = self.past.clone();
        let (at, _) = self.stage(dialect, now);
        let (kind, scaled) = match self.phase {
            Phase::Scaling { .. } => ("Engine: scale cluster", true),
            _ => ("Engine: create cluster", false),
        };
        let wanted = |group: &Group| group.target.unwrap_or(group.count);
        let all: i64 = self.groups.iter().map(wanted).sum();
        let more: i64 = self.groups.iter().map(|group| (wanted(group) - group.machines).max(0)).sum();
        let mut begins = self.since();
        for (number, (_, takes, name)) in self.stages(dialect).into_iter().enumerate().take(at + 1) {
            let total = match name {
                STACK => 1,
                CONFIGURING => all,
                _ if scaled => more,
                _ => all,
            };
            let ended = (number < at).then(|| (clock.wall_ms(begins + takes), true));
            // It begins a little after the status is set.
            let started = begins + takes / 4.0;
            let part = ((now - started) / (takes * 0.75)).clamp(0.0, 1.0);
            let done = if ended.is_some() { total } else { (total as f64 * part) as i64 };
            if !name.is_empty() && total > 0 && now >= started {
                let id = made_up::uuid_of(&format!("{} step {}", self.id, steps.len()));
                steps.push(Step { id, name, kind, total, done, started: clock.wall_ms(started), ended });
            }
            begins += takes;
        }
        steps
    }

    /// Makes of it what has become of it meanwhile; whether it is still there.
    pub(super) fn settle(&mut self, dialect: Dialect, clock: Clock) -> bool {
        let now = clock.life();
        let takes = |stages: &[Stage]| stages.iter().map(|(_, takes, _)| takes).sum::<f64>();
        let stages = self.stages(dialect);
        let fails = stages.iter().position(|(word, ..)| matches!(*word, "Spawning" | "Waiting"));
        match self.phase {
            Phase::Starting(since) if self.is("stackfail") => {
                let end = since + takes(&stages[..=fails.unwrap_or(0)]);
                if now >= end {
                    self.fail(dialect, clock, end);
                }
            }
            Phase::Starting(_) | Phase::Scaling { .. } if self.stage(dialect, now).1 == "Active" => {
                let end = self.since() + takes(&stages);
                self.past = self.steps(dialect, clock, now);
                let failed = matches!(self.phase, Phase::Scaling { .. }) && self.is("scalefail");
                for group in &mut self.groups {
                    let target = group.target.take().filter(|_| !failed);
                    group.count = target.unwrap_or(group.count);
                    group.machines = group.count;
                }
                self.description = match failed {
                    true => "Scaling cluster failed for the following reason(s): No valid host was found.".to_owned(),
                    false => String::new(),
                };
                self.groups.retain(|group| group.count > 0);
                self.phase = Phase::Settled;
                self.updated = clock.wall_ms(end);
                self.check = Some(end);
            }
            Phase::Ending(since) => return now < since + ENDING || self.is("undying"),
            _ => {}
        }
        true
    }

    fn fail(&mut self, dialect: Dialect, clock: Clock, end: f64) {
        let why = "Heat stack failed with status Resource CREATE failed: ResourceInError: resources.inst: Went to status \
                   ERROR due to \"Message: No valid host was found. , Code: 500\"";
        self.past = self.steps(dialect, clock, end - 0.001);
        if let Some(step) = self.past.last_mut() {
            step.ended = Some((clock.wall_ms(end), false));
        }
        for group in &mut self.groups {
            (group.count, group.machines) = (0, 0);
        }
        self.description = format!("Creating cluster failed for the following reason(s): {why}");
        self.phase = Phase::Failed;
        self.updated = clock.wall_ms(end);
    }

    /// How far the check of its health is, if there was one: whether it has ended.
    pub(super) fn checked(&self, now: f64) -> Option<bool> {
        self.check.map(|since| now >= since + CHECKING)
    }

    /// Whether nothing was done for it yet, and nothing may be.
    pub(super) fn untouched(&self, dialect: Dialect, now: f64) -> bool {
        let refused = self.phase == Phase::Failed && self.past.is_empty();
        refused || (matches!(self.phase, Phase::Starting(_)) && self.status(dialect, now) == "Validating")
    }

    /// Whether its name asks for something.
    pub(super) fn is(&self, word: &str) -> bool {
        self.name().contains(word)
    }
}
