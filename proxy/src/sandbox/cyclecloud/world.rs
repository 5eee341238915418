//! What there is at the simulated CycleCloud.

use serde_json::{Map, Value, json};

use super::super::clock::Clock;
use super::super::made_up;
use super::super::times::time;
use super::catalogue::{self, CLUSTERS, LARGE, MANY};
use super::errors::Refused;
use super::nodes::{Node, Way};

/// A node array with what has become of it.
pub(super) struct Array {
    pub(super) spec: &'static catalogue::Array,
    /// For each of its kinds when there was no capacity for it last, in seconds of life.
    pub(super) failures: Vec<Option<f64>>,
}

/// A cluster.
pub(super) struct Cluster {
    pub(super) name: String,
    pub(super) started: bool,
    pub(super) arrays: Vec<Array>,
    pub(super) nodes: Vec<Node>,
    pub(super) most: (i64, i64),
}

/// Something that was done with nodes.
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) cluster: String,
    pub(super) request: Option<String>,
    action: &'static str,
    at_ms: i64,
    pub(super) nodes: Vec<String>,
}

impl Operation {
    pub(super) fn told(&self) -> Value {
        json!({"action": self.action, "startTime": format!("{}Z", time(self.at_ms))})
    }
}

pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) clusters: Vec<Cluster>,
    pub(super) operations: Vec<Operation>,
    run: String,
    made: u64,
}

impl World {
    /// The world of the catalogue, with a cluster of so many nodes where there are to be any.
    pub(super) fn new(run: &str, clock: Clock, many: usize) -> World {
        let mut world = World { clock, clusters: Vec::new(), operations: Vec::new(), run: run.to_owned(), made: 0 };
        for cluster in CLUSTERS {
            let arrays = cluster.arrays.iter().map(|spec| (spec, spec.nodes));
            let made = (cluster.name, cluster.started, cluster.most);
            world.begin(made, cluster.heads, arrays.collect());
        }
        if many > 0 {
            world.begin((LARGE, true, (20_000, 80_000)), &["scheduler"], vec![(&MANY, many)]);
        }
        world
    }

    fn begin(
        &mut self,
        (name, started, most): (&str, bool, (i64, i64)),
        heads: &[&str],
        arrays: Vec<(&'static catalogue::Array, usize)>,
    ) {
        let mut cluster = Cluster { name: name.to_owned(), started, arrays: Vec::new(), nodes: Vec::new(), most };
        for head in heads {
            let mut node = self.node(&cluster.name, head, head, &catalogue::D4S);
            node.fixed = true;
            node.way = if started { Way::Up(f64::MIN) } else { Way::Off };
            // The scheduler is not to be ended by mistake.
            node.attributes.insert("KeepAlive".to_owned(), json!(*head == "scheduler"));
            cluster.nodes.push(node);
        }
        for (spec, nodes) in arrays {
            for number in 1..=nodes {
                let machine = spec.kinds[number % spec.kinds.len()].machine;
                let mut node = self.node(&cluster.name, spec.name, &format!("{}-{number}", spec.name), machine);
                node.spot = spec.spot;
                node.shutdown = spec.shutdown;
                node.group = machine.infiniband.then(|| format!("{}-pg0", spec.name));
                cluster.nodes.push(node);
            }
            let failures = spec.kinds.iter().map(|kind| kind.failed_ago.map(|ago| -ago)).collect();
            cluster.arrays.push(Array { spec, failures });
        }
        self.clusters.push(cluster);
    }

    /// A node that has worked for long.
    fn node(&mut self, cluster: &str, template: &str, name: &str, machine: &'static catalogue::Machine) -> Node {
        self.made += 1;
        Node {
            id: made_up::uuid_of(&format!("{cluster} {name} {}", self.made)),
            name: name.to_owned(),
            template: template.to_owned(),
            fixed: false,
            spot: false,
            machine,
            shutdown: "Terminate",
            group: None,
            number: self.made,
            way: Way::Up(f64::MIN),
            request: None,
            attributes: Map::new(),
        }
    }

    /// A node that is to be made now.
    pub(super) fn new_node(&mut self, name: &str, template: &str, machine: &'static catalogue::Machine) -> Node {
        let run = self.run.clone();
        let mut node = self.node(&run, template, name, machine);
        node.way = Way::Up(self.clock.life());
        node
    }

    /// Lets happen what has happened meanwhile.
    pub(super) fn settle(&mut self) {
        let now = self.clock.life();
        for cluster in &mut self.clusters {
            for array in &mut cluster.arrays {
                for (kind, failure) in array.spec.kinds.iter().zip(&mut array.failures) {
                    let failed = cluster
                        .nodes
                        .iter()
                        .filter(|node| node.template == array.spec.name && node.machine.name == kind.machine.name);
                    let last = failed
                        .filter_map(|node| node.no_capacity_at(now))
                        .fold(*failure, |last, at| Some(last.map_or(at, |last| last.max(at))));
                    *failure = last;
                }
            }
            cluster.nodes.retain(|node| !node.is_gone(now));
        }
    }

    pub(super) fn at(&self, name: &str) -> Result<usize, Refused> {
        self.clusters.iter().position(|cluster| cluster.name == name).ok_or_else(|| Refused::no_cluster(name))
    }

    /// Whether a request id may be used. It is one of all clusters and all actions.
    pub(super) fn check_request(&self, request: Option<&str>) -> Result<(), Refused> {
        match request {
            Some(id) if self.operations.iter().any(|one| one.request.as_deref() == Some(id)) => {
                Err(Refused::conflict(format!("A request with id {id} has been made before")))
            }
            _ => Ok(()),
        }
    }

    /// Writes down an operation and gives its id.
    pub(super) fn operate(
        &mut self,
        action: &'static str,
        cluster: &str,
        request: Option<String>,
        nodes: Vec<String>,
    ) -> String {
        let id = made_up::uuid_of(&format!("{} operation {}", self.run, self.operations.len()));
        let at_ms = self.clock.now_ms();
        let operation = Operation { id: id.clone(), cluster: cluster.to_owned(), request, action, at_ms, nodes };
        self.operations.push(operation);
        id
    }

    pub(super) fn operation(&self, id: &str) -> Result<&Operation, Refused> {
        let found = self.operations.iter().find(|one| one.id == id);
        found.ok_or_else(|| Refused::missing(format!("No operation found for id {id}")))
    }

    pub(super) fn requested(&self, request: &str) -> Option<&Operation> {
        self.operations.iter().find(|one| one.request.as_deref() == Some(request))
    }
}
