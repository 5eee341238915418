//! The clusters of the simulated service, with their settings and their runs.

use std::io;

use secrecy::SecretString;

use super::super::made_up;
use super::door::{Changes, Group};
use super::lifecycle::{self, Ending, Occupied, Policy, Standing};
use super::sentinels::Sentinel;

/// How a cluster's verbose replies are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As the reference's example has it.
    Reference,
    /// In other ways that a reader must survive.
    Odd,
}

/// A group of equal machines.
#[derive(Clone, Debug)]
pub(super) struct InstanceGroup {
    pub(super) flavor: &'static str,
    pub(super) nodes: u64,
    /// Block storage of each, in GB.
    pub(super) volume: u64,
}

/// What a run can change; the service keeps it for the next.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) masters: InstanceGroup,
    pub(super) workers: InstanceGroup,
    pub(super) tasks: Option<InstanceGroup>,
    pub(super) block_size: u64,
    pub(super) replication: u64,
    pub(super) deploy_mode: Option<String>,
    pub(super) exec_opts: String,
    pub(super) exec_params: String,
    pub(super) security_groups: Vec<String>,
}

/// What no run can change.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) kind: &'static str,
    pub(super) policy: Policy,
    pub(super) ending: Ending,
    /// How long it takes, in seconds of life.
    pub(super) takes: f64,
    pub(super) file_url: Option<&'static str>,
    pub(super) hive_query: Option<&'static str>,
    pub(super) config_text: &'static str,
    pub(super) user_script: &'static str,
    pub(super) components: &'static [&'static str],
    pub(super) owner: &'static str,
}

/// One run of a cluster's task.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) id: String,
    /// When it was started, in seconds of life since the simulator's start.
    pub(super) started: f64,
    pub(super) result: &'static str,
    pub(super) settings: Settings,
}

/// A cluster of the simulated service.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) id: String,
    pub(super) name: String,
    /// Its Open API key, once issued.
    pub(super) key: Option<SecretString>,
    pub(super) version: &'static str,
    pub(super) style: Style,
    pub(super) sentinel: Option<Sentinel>,
    pub(super) settings: Settings,
    pub(super) task: Task,
    pub(super) runs: Vec<Run>,
}

impl Cluster {
    /// Where a run of this cluster is.
    pub(super) fn standing(&self, run: &Run, now: f64) -> Standing {
        lifecycle::standing(now - run.started, self.task.takes, self.task.policy, run.result)
    }

    /// Whether the cluster can be run again.
    pub(super) fn occupied(&self, now: f64) -> Occupied {
        self.runs.last().map_or(Occupied::No, |run| self.standing(run, now).cluster)
    }

    /// Takes over the changed settings and starts a run; gives its id.
    ///
    /// # Errors
    /// If no random bytes can be had.
    pub(super) fn start(&mut self, changes: Changes, now: f64) -> io::Result<String> {
        let id = made_up::request_id()?;
        self.settings.change(changes);
        self.runs.push(self.run(id.clone(), now, self.runs.len()));
        Ok(id)
    }

    fn run(&self, id: String, started: f64, number: usize) -> Run {
        Run { id, started, result: self.task.ending.result(number), settings: self.settings.clone() }
    }

    /// Adds a run from before the simulator's start, so many seconds of life ago.
    pub(super) fn past(mut self, ago: f64) -> Cluster {
        let number = self.runs.len();
        let id = made_up::request_id_of(&format!("{} {number}", self.id));
        self.runs.push(self.run(id, -ago, number));
        self
    }
}

impl Settings {
    fn change(&mut self, changes: Changes) {
        for (group, nodes, volume) in changes.groups {
            let group = match group {
                Group::Master => &mut self.masters,
                Group::Worker => &mut self.workers,
                Group::Task => self.tasks.get_or_insert(InstanceGroup { flavor: "m2a.xlarge", nodes: 1, volume: 100 }),
            };
            group.nodes = nodes.unwrap_or(group.nodes);
            group.volume = volume.unwrap_or(group.volume);
        }
        self.block_size = changes.block_size.unwrap_or(self.block_size);
        self.replication = changes.replication.unwrap_or(self.replication);
        // Hive has no deploy mode: it stays null.
        if self.deploy_mode.is_some() && changes.deploy_mode.is_some() {
            self.deploy_mode = changes.deploy_mode;
        }
        self.exec_opts = changes.exec_opts.unwrap_or_else(|| std::mem::take(&mut self.exec_opts));
        self.exec_params = changes.exec_params.unwrap_or_else(|| std::mem::take(&mut self.exec_params));
        self.security_groups = changes.security_groups.unwrap_or_else(|| std::mem::take(&mut self.security_groups));
    }
}
