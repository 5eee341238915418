//! The clusters of a server, which the reference cannot list: an operation of the service's command line, whose members
//! are written in one case or another.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::nodes::Node;
use crate::operation::Input;

/// The query of [`ListClusters`](super::ListClusters).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ClusterListQuery {
    /// Whether with counts alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<bool>,
    /// Whether with their nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_instances: Option<bool>,
}

impl Input for ClusterListQuery {}

/// A cluster of the list.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
pub struct ListedCluster {
    /// Its name.
    pub name: Option<String>,
    /// Where it stands; not told of one that was never started.
    pub state: Option<String>,
    /// Where it is to stand.
    pub target_state: Option<String>,
}

impl<'de> Deserialize<'de> for ListedCluster {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ListedCluster, D::Error> {
        let Value::Object(members) = Value::deserialize(deserializer)? else { return Ok(ListedCluster::default()) };
        let mut levelled = Map::new();
        for (name, value) in members {
            levelled.insert(name.to_ascii_lowercase(), value);
        }
        let read = Node(levelled);
        let (name, state) = (read.text("clustername").or_else(|| read.text("name")), read.text("state"));
        Ok(ListedCluster { name, state, target_state: read.text("targetstate") })
    }
}
