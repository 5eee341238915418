//! What becomes of a run, computed from the time that has passed since it was started.
//!
//! The references know two words: the status `Terminate` of a request that has ended, and the results `Success` and
//! `Failure`. The stages before that are the simulator's own, as a service's would be.

/// The stages before the task runs, and how many seconds of life each takes.
const STAGES: &[(&str, f64)] = &[("Pending", 45.0), ("Creating", 435.0), ("Installing", 420.0)];
/// How long a cluster takes to end, in seconds of life.
const TERMINATING: f64 = 60.0;
/// How long a cluster that was left running stands before somebody ends it by hand, in seconds of life.
const LEFT_RUNNING: f64 = 600.0;

/// When the cluster is ended after its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    Always,
    OnSuccess,
    Never,
}

impl Policy {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Policy::Always => "always",
            Policy::OnSuccess => "onSuccess",
            Policy::Never => "never",
        }
    }
}

/// How the runs of a cluster end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Succeeds,
    Fails,
    /// The first one fails, the next succeeds, and so on.
    FailsInTurn,
    /// With a word that no reference has.
    Oddly,
}

impl Ending {
    /// The result of the run of that number, counted from 0.
    pub(super) const fn result(self, number: usize) -> &'static str {
        match self {
            Ending::Succeeds => "Success",
            Ending::Fails => "Failure",
            Ending::FailsInTurn if number.is_multiple_of(2) => "Failure",
            Ending::FailsInTurn => "Success",
            Ending::Oddly => "PartiallySucceeded",
        }
    }
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// `requestStatus`.
    pub(super) status: &'static str,
    /// `requestResult`, once there is one.
    pub(super) result: Option<&'static str>,
    /// What that means for the cluster.
    pub(super) cluster: Occupied,
}

/// Whether a cluster can be run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occupied {
    /// It is terminated: yes.
    No,
    /// A run is under way.
    ByRun,
    /// The run has ended and its policy left the cluster running.
    LeftRunning,
}

/// Where a run is, so many seconds of life after its start: its task takes `task` seconds and ends with `result`.
pub(super) fn standing(since: f64, task: f64, policy: Policy, result: &'static str) -> Standing {
    let mut end = 0.0;
    for (status, takes) in STAGES {
        end += takes;
        if since < end {
            return Standing { status, result: None, cluster: Occupied::ByRun };
        }
    }
    end += task;
    if since < end {
        return Standing { status: "Running", result: None, cluster: Occupied::ByRun };
    }
    let left_running = match policy {
        Policy::Always => false,
        Policy::OnSuccess => result != "Success",
        Policy::Never => true,
    };
    if left_running && since < end + LEFT_RUNNING {
        // Its result, not its status, says that the run has ended.
        return Standing { status: "Running", result: Some(result), cluster: Occupied::LeftRunning };
    }
    if !left_running && since < end + TERMINATING {
        return Standing { status: "Terminating", result: None, cluster: Occupied::ByRun };
    }
    Standing { status: "Terminate", result: Some(result), cluster: Occupied::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_through_its_stages() {
        let at = |since| standing(since, 540.0, Policy::Always, "Success");
        let words: Vec<_> = [0.0, 45.0, 480.0, 900.0, 1440.0, 1500.0].map(|since| at(since).status).into();
        assert_eq!(words, ["Pending", "Creating", "Installing", "Running", "Terminating", "Terminate"]);
        assert_eq!(at(1499.0).result, None);
        assert_eq!(at(1500.0), Standing { status: "Terminate", result: Some("Success"), cluster: Occupied::No });
    }

    #[test]
    fn a_policy_decides_what_stays() {
        let at = |policy, result| standing(1500.0, 540.0, policy, result).cluster;
        assert_eq!(at(Policy::Never, "Success"), Occupied::LeftRunning);
        assert_eq!(at(Policy::OnSuccess, "Failure"), Occupied::LeftRunning);
        assert_eq!(at(Policy::OnSuccess, "Success"), Occupied::No);
        assert_eq!(standing(2040.0, 540.0, Policy::Never, "Success").cluster, Occupied::No);
    }
}
