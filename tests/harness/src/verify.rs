//! `cargo verify`: all tests, stage by stage.

use std::time::{Duration, Instant};

use crate::run::Progress;
use crate::stages::{BENCH, STAGES};

/// Why a stage did not pass.
pub(crate) enum Stop {
    /// This machine lacks what it needs.
    Missing(String),
    /// It found a fault.
    Failed(String),
}

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Stop::Failed(reason)
    }
}

/// A stage: its name, what it does, and how.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Progress) -> Result<(), Stop>,
}

struct Line {
    name: &'static str,
    outcome: Result<(), Stop>,
    took: Duration,
}

/// Runs the named stages, or all that find faults, in their order.
pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let all = || STAGES.iter().chain([&BENCH]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| *argument != "--").collect();
    if arguments.contains(&"--list") {
        for stage in all() {
            println!("{:10} {}", stage.name, stage.about);
        }
        return Ok(());
    }
    let keep_going = arguments.contains(&"--keep-going");
    let named: Vec<&str> = arguments.into_iter().filter(|argument| *argument != "--keep-going").collect();
    if let Some(unknown) = named.iter().find(|name| all().all(|stage| stage.name != **name)) {
        let known: Vec<&str> = all().map(|stage| stage.name).collect();
        return Err(format!("{unknown} is no stage; there are {}", known.join(", ")));
    }
    let all_required = std::env::var_os("HOWDAH_REQUIRE_ALL").is_some_and(|value| value == "1");
    let progress = Progress::new();
    let mut lines: Vec<Line> = Vec::new();
    let wanted = |stage: &&Stage| if named.is_empty() { stage.name != BENCH.name } else { named.contains(&stage.name) };
    for stage in all().filter(wanted) {
        progress.step(&format!("== {}: {}", stage.name, stage.about));
        let began = Instant::now();
        let outcome = match (stage.run)(&progress) {
            Err(Stop::Missing(what)) if all_required => Err(Stop::Failed(what)),
            outcome => outcome,
        };
        let failed = matches!(outcome, Err(Stop::Failed(_)));
        lines.push(Line { name: stage.name, outcome, took: began.elapsed() });
        if failed && !keep_going {
            break;
        }
    }
    summary(&lines)
}

/// Prints how each stage went; an error if any failed.
fn summary(lines: &[Line]) -> Result<(), String> {
    println!();
    for Line { name, outcome, took } in lines {
        let outcome = match outcome {
            Ok(()) => "passed".to_owned(),
            Err(Stop::Missing(what)) => format!("skipped: {what}"),
            Err(Stop::Failed(why)) => format!("FAILED: {why}"),
        };
        println!("{name:10} {:>5} s  {outcome}", took.as_secs());
    }
    println!("{:10} {:>5} s", "together", lines.iter().map(|line| line.took).sum::<Duration>().as_secs());
    match lines.iter().filter(|line| matches!(line.outcome, Err(Stop::Failed(_)))).count() {
        0 => Ok(()),
        failed => Err(format!("verify: {failed} of {} stages failed", lines.len())),
    }
}
