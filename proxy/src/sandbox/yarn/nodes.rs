//! The nodes of the simulated cluster: some in each state, and on the usable ones the containers of what runs.
//!
//! What nodes tell that run, and those of an own name for health, was seen on real servers; what an unusable node
//! tells is as the sources have it: the scheduler knows nothing of it, so nothing is used and nothing is available.

use serde_json::{Map, Value, json};

use super::super::made_up::{fraction, scatter};
use super::applications::{Application, State};
use super::dialect::Dialect;
use super::replies::{float, object, resource};

/// Memory, in MiB, and cores of each node.
pub(super) const MEMORY: u64 = 65_536;
pub(super) const CORES: u64 = 32;

/// Every state that a node can be in.
pub(super) const STATES: &[&str] =
    &["NEW", "RUNNING", "UNHEALTHY", "DECOMMISSIONED", "LOST", "REBOOTED", "DECOMMISSIONING", "SHUTDOWN"];

/// All nodes.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    count: usize,
    /// The numbers of those on which containers run.
    usable: Vec<usize>,
}

/// What runs on a node, or in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) containers: u64,
    pub(super) memory: u64,
    pub(super) cores: u64,
}

/// The state of a node. Each is found among the first twenty, and most run.
fn state(node: usize) -> &'static str {
    match (node, scatter(node as u64, 21) % 100) {
        (3, _) | (20.., 0) => "UNHEALTHY",
        (5, _) | (20.., 1) => "LOST",
        (7, _) | (20.., 2) => "DECOMMISSIONING",
        (9, _) | (20.., 3) => "DECOMMISSIONED",
        (11, _) => "SHUTDOWN",
        (13, _) => "REBOOTED",
        (15, _) => "NEW",
        _ => "RUNNING",
    }
}

/// The state as a version tells it: the old ones have fewer.
fn told(node: usize, dialect: Dialect) -> &'static str {
    match (dialect, state(node)) {
        (Dialect::V2, "DECOMMISSIONING") => "RUNNING",
        (Dialect::V2, "SHUTDOWN") => "LOST",
        (_, state) => state,
    }
}

fn host(node: usize) -> String {
    format!("node-{node}.sandbox.invalid")
}

/// The id of a node.
pub(super) fn id(node: usize) -> String {
    format!("{}:45454", host(node))
}

/// Where a node's own pages are.
pub(super) fn web(node: usize) -> String {
    format!("{}:8042", host(node))
}

impl Nodes {
    /// So many.
    pub(super) fn new(count: usize) -> Nodes {
        let usable = (0..count).filter(|node| matches!(state(*node), "RUNNING" | "DECOMMISSIONING"));
        Nodes { count, usable: usable.collect() }
    }

    /// Memory and cores of all that are usable.
    pub(super) fn capacity(&self) -> (u64, u64) {
        let usable = self.usable.len() as u64;
        (usable * MEMORY, usable * CORES)
    }

    /// How many are told of as being in a state.
    pub(super) fn in_state(&self, state: &str, dialect: Dialect) -> usize {
        (0..self.count).filter(|node| told(*node, dialect) == state).count()
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The node of an application's master.
    pub(super) fn master(&self, app: &Application) -> usize {
        self.usable[self.start(app)]
    }

    fn start(&self, app: &Application) -> usize {
        (scatter(app.seed, 11) % self.usable.len() as u64) as usize
    }

    /// What runs where, by number of the node.
    pub(super) fn loads<'a>(&self, apps: impl Iterator<Item = &'a Application>, now: f64) -> Vec<Load> {
        let mut loads = vec![Load::default(); self.count];
        for app in apps.filter(|app| matches!(app.state(now), State::Running(_))) {
            let mut at = self.start(app);
            for _ in 0..app.containers {
                let fits = |at: &usize| {
                    let load = &loads[self.usable[*at]];
                    load.memory + app.memory <= MEMORY && load.cores + app.cores <= CORES
                };
                let next = (at..self.usable.len()).chain(0..at).find(fits);
                // Where nothing is left, a node holds more than it has.
                let load = &mut loads[self.usable[next.unwrap_or(at)]];
                load.containers += 1;
                load.memory += app.memory;
                load.cores += app.cores;
                at = (next.unwrap_or(at) + 1) % self.usable.len();
            }
        }
        loads
    }

    /// The numbers of those in one of the states.
    pub(super) fn listed(&self, states: Option<&[&str]>, dialect: Dialect) -> impl Iterator<Item = usize> {
        (0..self.count).filter(move |node| states.is_none_or(|states| states.contains(&told(*node, dialect))))
    }

    /// The number of the node of that id.
    pub(super) fn find(&self, wanted: &str) -> Option<usize> {
        let number = wanted.strip_prefix("node-")?.split('.').next()?.parse().ok()?;
        (number < self.count && id(number) == wanted).then_some(number)
    }
}

/// A node as it is told of.
pub(super) fn node(node: usize, load: Load, now_ms: i64, dialect: Dialect) -> Value {
    let state = told(node, dialect);
    let known = matches!(state, "RUNNING" | "DECOMMISSIONING");
    let (memory, cores) = if known { (MEMORY as i64, CORES as i64) } else { (0, 0) };
    let available = (memory - load.memory as i64, cores - load.cores as i64);
    let silent = matches!(state, "LOST" | "DECOMMISSIONED" | "REBOOTED");
    // Health is told every ten minutes; what has gone tells of it no more.
    let since = (now_ms + (scatter(node as u64, 22) % 600_000) as i64) % 600_000;
    let seen = if known || state == "UNHEALTHY" { now_ms - since } else { 0 };
    let mut body = json!({
        "rack": format!("/rack-{}", node / 40),
        "state": state,
        "id": id(node),
        "nodeHostName": host(node),
        "nodeHTTPAddress": if silent { String::new() } else { web(node) },
        "lastHealthUpdate": seen,
        "version": dialect.version(),
        "healthReport": report(node, state),
        "numContainers": load.containers,
        "usedMemoryMB": load.memory,
        "availMemoryMB": available.0,
        "usedVirtualCores": load.cores,
        "availableVirtualCores": available.1,
    });
    if let Some(members) = body.as_object_mut() {
        if dialect == Dialect::V2 {
            // The reference has it; newer servers do not.
            let health = if state == "UNHEALTHY" { "Unhealthy" } else { "Healthy" };
            members.insert("healthStatus".to_owned(), json!(health));
        } else {
            newer(members, node, load, known.then_some(available));
        }
    }
    body
}

/// What only versions from 2.8 on tell.
fn newer(members: &mut Map<String, Value>, node: usize, load: Load, available: Option<(i64, i64)>) {
    let physical = load.memory * 3 / 4 + 1024;
    // An idle node says that it uses less than nothing.
    let cpu = if load.containers == 0 { -1.0 } else { fraction(node as u64, 23) as f32 };
    let more = json!({
        "memUtilization": float(physical as f32 * 100.0 / MEMORY as f32),
        "cpuUtilization": float(cpu * 50.0),
        "numRunningOpportContainers": 0,
        "usedMemoryOpportGB": 0,
        "usedVirtualCoresOpport": 0,
        "numQueuedContainers": 0,
        "allocationTags": {},
        "resourceUtilization": {
            "nodePhysicalMemoryMB": physical,
            "nodeVirtualMemoryMB": physical,
            "nodeCPUUsage": float(cpu),
            "aggregatedContainersPhysicalMemoryMB": load.memory * 3 / 4,
            "aggregatedContainersVirtualMemoryMB": load.memory * 2,
            "containersCPUUsage": float(cpu.max(0.0)),
        },
        "nodeAttributesInfo": {},
        "totalResource": resource(MEMORY, CORES),
    });
    members.extend(object(more));
    if let Some((memory, cores)) = available {
        members.insert("usedResource".to_owned(), resource(load.memory, load.cores));
        members.insert("availableResource".to_owned(), resource(memory, cores));
    } else {
        members.remove("resourceUtilization");
    }
}

fn report(node: usize, state: &str) -> String {
    match state {
        "UNHEALTHY" if node == 3 => {
            "1/1 local-dirs usable space is below configured utilization percentage/no more usable space \
             [ /data/local : used space above threshold of 90.0% ] <script>alert(\"health\")</script>\nERROR \u{202e}ksid"
                .to_owned()
        }
        "UNHEALTHY" => format!("ERROR: disk sd{} is read-only", char::from(b'a' + (node % 26) as u8)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::applications::Schedule;
    use super::super::population::Population;
    use super::super::queues::Tree;
    use super::*;

    #[test]
    fn there_is_one_in_each_state() {
        for count in [20, 600] {
            let nodes = Nodes::new(count);
            let counts: Vec<usize> = STATES.iter().map(|state| nodes.in_state(state, Dialect::V3_4)).collect();
            assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
            assert_eq!(counts.iter().sum::<usize>(), count);
            assert_eq!(nodes.in_state("SHUTDOWN", Dialect::V2), 0);
        }
        let nodes = Nodes::new(20);
        assert_eq!(nodes.find("node-7.sandbox.invalid:45454"), Some(7));
        for id in ["node-07.sandbox.invalid:45454", "node-20.sandbox.invalid:45454", "node-7.sandbox.invalid:1", "x"] {
            assert_eq!(nodes.find(id), None, "{id}");
        }
    }

    #[test]
    fn what_runs_is_on_nodes_that_have_room() {
        let (tree, nodes) = (Tree::of(0), Nodes::new(40));
        let mut population = Population::new(Schedule::keeping(500), 7);
        population.advance(0.0, &tree);
        let loads = nodes.loads(population.kept(), 0.0);
        let running = population.kept().filter(|app| matches!(app.state(0.0), State::Running(_)));
        assert_eq!(
            loads.iter().map(|load| load.containers).sum::<u64>(),
            running.map(|app| app.containers).sum::<u64>()
        );
        assert!(loads.iter().all(|load| load.memory <= MEMORY && load.cores <= CORES));
        assert_eq!(loads[3], Load::default());
    }
}
