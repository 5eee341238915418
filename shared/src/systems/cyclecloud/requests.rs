//! What is asked to be done with nodes, and what came of it.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::filter::Filter;
use super::rules::{Fault, Rule, is_name_format, is_request_id};
use crate::mask::Options;
use crate::sensitive;
use crate::systems::reads::reads;
use crate::systems::rules::checked;

/// The member that holds attributes of new nodes.
pub(super) const MEMBER: &str = "nodeAttributes";

/// Attributes that new nodes are given. Those whose names say that they are secret are sent, and shown to nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Attributes(pub Map<String, Value>);

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !sensitive::is_hidden() {
            return self.0.serialize(serializer);
        }
        let document = json!({ MEMBER: self.0 }).to_string().into_bytes();
        let shown = Options::json(&[MEMBER], document).and_then(|shown| serde_json::from_slice::<Value>(&shown).ok());
        shown.and_then(|mut shown| Some(shown.get_mut(MEMBER)?.take())).unwrap_or_default().serialize(serializer)
    }
}

/// The body of [`CreateNodes`](super::CreateNodes) ("NodeCreationRequest").
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeCreationRequest {
    /// The caller's own id of it, which the service takes once. Howdah makes one where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What to add.
    pub sets: Vec<NodeSet>,
}

/// Nodes to add that are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeSet {
    /// How many.
    pub count: i64,
    /// The node array.
    pub nodearray: String,
    /// The bucket; without it the first one that has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Definition>,
    /// How they are named, with `%d` for the number; by their array unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_format: Option<String>,
    /// What the numbers begin after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_offset: Option<i64>,
    /// Attributes that they are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_attributes: Option<Attributes>,
    /// The placement group that they all start in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement_group_id: Option<String>,
}

/// A bucket, by what it is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Definition {
    /// The machine type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_type: Option<String>,
}

impl NodeCreationRequest {
    /// What the service refuses of it. Which arrays and buckets there are is not known here.
    pub fn faults(&self) -> Vec<Fault> {
        let own = [
            Rule::RequestId.of("requestId", self.request_id.as_deref().is_none_or(is_request_id)),
            Rule::Sets.of("sets", !self.sets.is_empty()),
        ];
        let of_sets = self.sets.iter().enumerate().flat_map(|(at, set)| set.faults(&format!("sets[{at}].")));
        own.into_iter().flatten().chain(of_sets).collect()
    }
}

impl NodeSet {
    /// What the service refuses of it; `place` stands before the members' names.
    pub fn faults(&self, place: &str) -> Vec<Fault> {
        let at = |name: &str| format!("{place}{name}");
        let is_told = |text: Option<&String>| text.is_none_or(|text| !text.trim().is_empty());
        let machine = self.definition.as_ref().and_then(|definition| definition.machine_type.as_ref());
        let named = [
            Rule::Count.of(at("count"), self.count >= 1),
            Rule::Missing.of(at("nodearray"), !self.nodearray.trim().is_empty()),
            Rule::Missing.of(at("definition.machineType"), is_told(machine)),
            Rule::NameFormat.of(at("nameFormat"), self.name_format.as_deref().is_none_or(is_name_format)),
            Rule::NameOffset.of(at("nameOffset"), self.name_offset.is_none_or(|offset| offset >= 0)),
            Rule::OffsetAlone.of(at("nameOffset"), self.name_offset.is_none() || self.name_format.is_some()),
            Rule::Missing.of(at("placementGroupId"), is_told(self.placement_group_id.as_ref())),
        ];
        named.into_iter().flatten().collect()
    }
}

/// The body of the calls that do something with nodes ("NodeManagementRequest"): with all that any of its members selects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NodeManagementRequest {
    /// The caller's own id of it, which the service takes once. Howdah makes one where there is none.
    #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Ids of nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// Names of nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Names of hosts, without their domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hostnames: Vec<String>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ip_addresses: Vec<String>,
    /// An expression that nodes match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

impl NodeManagementRequest {
    /// What the service refuses of it, and what it could understand as all nodes.
    pub fn faults(&self) -> Vec<Fault> {
        let lists = [
            ("ids", &self.ids),
            ("names", &self.names),
            ("hostnames", &self.hostnames),
            ("ip_addresses", &self.ip_addresses),
        ];
        let selects = self.filter.is_some() || lists.iter().any(|(_, list)| !list.is_empty());
        let own = [
            Rule::RequestId.of("requestId", self.request_id.as_deref().is_none_or(is_request_id)),
            Rule::Selection.of("", selects),
            self.filter
                .as_deref()
                .and_then(|filter| Filter::parse(filter).err())
                .and_then(|wrong| Rule::Filter(wrong).of("filter", false)),
        ];
        let items = lists
            .into_iter()
            .filter_map(|(name, list)| Rule::EmptyItem.of(name, list.iter().all(|item| !item.trim().is_empty())));
        own.into_iter().flatten().chain(items).collect()
    }
}

/// The query of [`ScaleNodeArray`](super::ScaleNodeArray): how much it is to have in all, those that there are included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ScaleQuery {
    /// Cores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_core_count: Option<i64>,
    /// Nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_node_count: Option<i64>,
}

impl ScaleQuery {
    /// What the service refuses of it.
    pub fn faults(&self) -> Vec<Fault> {
        let one = self.total_core_count.is_some() != self.total_node_count.is_some();
        let is_count = |total: Option<i64>| total.is_none_or(|total| total >= 0);
        let named = [
            Rule::OneTotal.of("totalNodeCount", one),
            Rule::Total.of("totalCoreCount", is_count(self.total_core_count)),
            Rule::Total.of("totalNodeCount", is_count(self.total_node_count)),
        ];
        named.into_iter().flatten().collect()
    }
}

checked!(NodeCreationRequest, NodeManagementRequest, ScaleQuery);

reads! {
    /// What came of adding nodes ("NodeCreationResult").
    NodeCreationResult {
        /// The operation.
        operation_id "operationId": text;
        /// For each set of the request what was added, in its order.
        sets "sets": objects AddedNodes;
    }

    /// What was added of a set.
    AddedNodes {
        /// How many nodes.
        added "added": integer;
        /// Why not all of them.
        message "message": text;
    }

    /// What came of doing something with nodes ("NodeManagementResult").
    NodeManagementResult {
        /// The operation.
        operation_id "operationId": text;
        /// Each node that was meant.
        nodes "nodes": objects ManagedNode;
    }

    /// What came of it for a node.
    ManagedNode {
        /// Its id.
        id "id": text;
        /// Its name.
        name "name": text;
        /// `OK` or `Error`.
        status "status": text;
        /// What is wrong.
        error "error": text;
    }
}
