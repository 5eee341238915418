//! Nodes, whose records may have any attribute.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::operations::OperationStatus;
use crate::operation::{HELD_BACK, Input, Moving, Records, Rows, Watch};
use crate::systems::reads::reads;

/// A record of a node or of a node array: attributes in the service's own spelling, of which there may be any, also such
/// as hold credentials. What leaves Howdah of them are the [`KNOWN`] ones and those that a connection's configuration
/// names.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Node(pub Map<String, Value>);

/// The attributes that clients of the service use.
pub const KNOWN: &[&str] = &[
    "Name",
    "NodeId",
    "Template",
    "NodeArray",
    "MachineType",
    "State",
    "Status",
    "TargetState",
    "StatusMessage",
    "PhaseFailed",
    "Hostname",
    "PrivateIp",
    "PublicIp",
    "InstanceId",
    "ClusterName",
    "Region",
    "SubnetId",
    "PlacementGroupId",
    "CoreCount",
    "Memory",
    "Interruptible",
    "KeepAlive",
    "Priority",
    "Fixed",
    "ShutdownPolicy",
    "Configuration",
    "Tags",
    "Infiniband",
    "IsArray",
    "Abstract",
    "RequestId",
    "RetryCount",
    "InstallationStatus",
    "PhaseMap",
];

/// The attributes that people fill as they like.
pub(super) const FILLED: &[&str] = &["Configuration", "Tags"];

pub(super) const IN_LIST: Records = Records { places: &["nodes"], known: KNOWN };
pub(super) const IN_STATUS: Records = Records { places: &["nodes", "nodearrays.nodearray"], known: KNOWN };

/// What is told of the clusters of a list, whose members are written in one case or another.
pub(super) const IN_CLUSTERS: Records = Records { places: &[""], known: OF_CLUSTERS };
const OF_CLUSTERS: &[&str] = &["ClusterName", "State", "TargetState", "clusterName", "name", "state", "targetState"];

pub(super) const NODES: Rows = Rows { list: "nodes", key: "NodeId", volatile: &[], shown: &[] };

/// The words of `Status` where nothing is to be waited for.
pub const SETTLED: &[&str] = &["Ready", "Off", "Terminated", "Deallocated", "Failed"];

pub(super) const WATCH: Watch =
    Watch { slow: 15, fast: 5, windows: &[], moving: Some(Moving { member: "Status", settled: SETTLED }) };

impl Node {
    /// An attribute by its name, whatever its case; with dots that of an object in it.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        find(&self.0, name)
    }

    /// An attribute that is text, a number or a truth, as text.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
            scalar => Some(scalar.to_string()),
        }
    }

    /// An attribute that is a number, or text for one.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.0.get(name)? {
            Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            value => value.as_f64(),
        }
    }

    /// Whether an attribute says yes.
    pub fn is(&self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(truth)) => *truth,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// Its name.
    pub fn name(&self) -> Option<String> {
        self.text("Name")
    }

    /// Its id.
    pub fn id(&self) -> Option<String> {
        self.text("NodeId")
    }

    /// The node array that it is of; of a head node its own name.
    pub fn array(&self) -> Option<String> {
        self.text("Template").or_else(|| self.text("NodeArray"))
    }

    /// Where it stands for people: `Off`, `Acquiring`, `Preparing`, `Ready`, `Failed`, … Servers that do not tell it tell
    /// its state.
    pub fn status(&self) -> Option<String> {
        self.text("Status").or_else(|| self.text("State"))
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        let (status, state) = (self.text("Status"), self.text("State"));
        let says = |word: &Option<String>, words: &[&str]| {
            word.as_deref().is_some_and(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
        };
        if self.is("PhaseFailed") || says(&status, &["Failed"]) || says(&state, &["Failed", "Unavailable"]) {
            return Standing::Failed;
        }
        if says(&status, &["Ready"]) || (status.is_none() && says(&state, &["Started"])) {
            return Standing::Ready;
        }
        const RESTS: &[&str] = &["Off", "Terminated", "Deallocated"];
        if says(&status, RESTS) || (status.is_none() && says(&state, RESTS)) {
            return Standing::Resting;
        }
        Standing::Moving
    }

    /// How many of its attributes Howdah has held back.
    pub fn held_back(&self) -> u64 {
        self.0.get(HELD_BACK).and_then(Value::as_u64).unwrap_or(0)
    }
}

fn find<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let level = || members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    members.get(name).or_else(level).or_else(|| {
        let (first, rest) = name.split_once('.')?;
        find(find(members, first)?.as_object()?, rest)
    })
}

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Ready,
    /// It is on its way, or in a state that is not known.
    Moving,
    /// It is there without a machine that runs.
    Resting,
    /// Something went wrong.
    Failed,
}

/// The query of [`ListNodes`](super::ListNodes).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NodesQuery {
    /// Those of the operation of this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(bytes, min = 1, max = 255))]
    pub operation: Option<String>,
    /// Those of the operation of this request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(bytes, min = 1, max = 255))]
    pub request_id: Option<String>,
}

impl Input for NodesQuery {}

reads! {
    /// The reply of [`ListNodes`](super::ListNodes) ("NodeList").
    NodeList {
        /// The nodes.
        nodes "nodes": objects Node;
        /// The operation, where those of one were asked for.
        operation "operation": object OperationStatus;
    }
}
