//! What there is at a simulated Savanna of one dialect.

use serde_json::{Map, Value};

use super::super::clock::Clock;
use super::super::made_up;
use super::behaviour::Dialect;
use super::catalogue::{self, GLANCE, MEMORY, Plugin};
use super::errors::Refused;
use super::lifecycle::{Phase, Step};

/// An image in Glance, registered or not.
pub(super) struct Image {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) username: Option<String>,
    pub(super) description: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) updated: i64,
}

/// A template of a group of nodes.
pub(super) struct NodeGroupTemplate {
    pub(super) id: String,
    pub(super) created: i64,
    pub(super) updated: Option<i64>,
    /// All that a body may say of it.
    pub(super) set: Map<String, Value>,
}

/// A group of nodes of a template or a cluster.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) created: i64,
    /// All that a body may say of it, except its count.
    pub(super) set: Map<String, Value>,
    pub(super) count: i64,
    /// How many machines there are.
    pub(super) machines: i64,
    /// How many nodes it will have.
    pub(super) target: Option<i64>,
}

/// A template of a cluster.
pub(super) struct ClusterTemplate {
    pub(super) id: String,
    pub(super) created: i64,
    pub(super) updated: Option<i64>,
    pub(super) set: Map<String, Value>,
    pub(super) groups: Vec<Group>,
}

/// A cluster.
#[derive(Clone)]
pub(super) struct Cluster {
    pub(super) id: String,
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) set: Map<String, Value>,
    pub(super) groups: Vec<Group>,
    pub(super) phase: Phase,
    /// What its status is about.
    pub(super) description: String,
    /// What the service has done to it.
    pub(super) past: Vec<Step>,
    /// When the last check of its health began, in seconds of life.
    pub(super) check: Option<f64>,
    /// Which one it is, counted from 1: its machines are in a network of their own.
    pub(super) number: usize,
}

/// Text that a body said, or nothing.
pub(super) fn text<'a>(set: &'a Map<String, Value>, name: &str) -> &'a str {
    set.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl Group {
    pub(super) fn name(&self) -> &str {
        text(&self.set, "name")
    }
}

impl Cluster {
    pub(super) fn name(&self) -> &str {
        text(&self.set, "name")
    }
}

pub(super) struct World {
    pub(super) dialect: Dialect,
    pub(super) tenant: String,
    pub(super) clock: Clock,
    pub(super) images: Vec<Image>,
    pub(super) groups: Vec<NodeGroupTemplate>,
    pub(super) templates: Vec<ClusterTemplate>,
    pub(super) clusters: Vec<Cluster>,
    /// How much memory the machines of the project may have, in MiB.
    pub(super) room: i64,
    /// What makes ids of this run differ from those of others.
    run: String,
    made: usize,
}

impl World {
    pub(super) fn new(dialect: Dialect, tenant: &str, run: &str, clock: Clock) -> World {
        let image = |name: &&'static str| Image {
            id: made_up::uuid_of(name),
            name,
            username: None,
            description: None,
            tags: Vec::new(),
            updated: clock.now_ms(),
        };
        World {
            dialect,
            tenant: tenant.to_owned(),
            clock,
            images: GLANCE.iter().map(image).collect(),
            groups: Vec::new(),
            templates: Vec::new(),
            clusters: Vec::new(),
            room: MEMORY,
            run: run.to_owned(),
            made: 0,
        }
    }

    /// A new id.
    pub(super) fn id(&mut self) -> String {
        self.made += 1;
        made_up::uuid_of(&format!("{} {:?} {}", self.run, self.dialect, self.made))
    }

    /// How many objects were made.
    pub(super) fn made(&self) -> usize {
        self.made
    }

    /// Lets happen what has happened meanwhile.
    pub(super) fn settle(&mut self) {
        let (dialect, clock) = (self.dialect, self.clock);
        self.clusters.retain_mut(|cluster| cluster.settle(dialect, clock));
    }

    /// The plugin of a name in a version.
    pub(super) fn plugin(&self, name: &str, version: &str) -> Option<&'static Plugin> {
        catalogue::plugins(self.dialect).iter().find(|plugin| plugin.name == name && plugin.version == version)
    }

    pub(super) fn image(&mut self, id: &str) -> Result<&mut Image, Refused> {
        self.images.iter_mut().find(|image| image.id == id).ok_or_else(|| Refused::missing(id))
    }

    pub(super) fn group_at(&self, id: &str) -> Result<usize, Refused> {
        self.groups.iter().position(|group| group.id == id).ok_or_else(|| Refused::missing(id))
    }

    pub(super) fn template_at(&self, id: &str) -> Result<usize, Refused> {
        self.templates.iter().position(|template| template.id == id).ok_or_else(|| Refused::missing(id))
    }

    pub(super) fn cluster_at(&self, id: &str) -> Result<usize, Refused> {
        self.clusters.iter().position(|cluster| cluster.id == id).ok_or_else(|| Refused::missing(id))
    }
}
