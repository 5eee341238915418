//! What is followed to its end: an operation, by its nodes, because it tells nothing of itself but when it began.

use std::collections::BTreeMap;

use super::OperationStatus;
use super::nodes::{Node, NodeList, Standing};
use super::requests::{AddedNodes, ManagedNode, NodeCreationResult, NodeManagementResult, ScaleQuery};
use super::status::{Bucket, ClusterStatus};
use crate::follow::{Asked, End, Follow, Progress, Search};
use crate::lenient;
use crate::operation::encode_segment;

/// The most characters of what is said of an end.
const SAID: usize = 2000;

/// Nodes that are created or started, by the caller's id.
pub(super) const STARTS: Follow = Follow {
    operation: "ListNodes",
    segments: |change, _| change.iter().take(1).cloned().collect(),
    query: |id| parameter("request_id", id),
    progress: until_ready,
    at_once: none_begun,
    missing: None,
};

/// Nodes that are added by a scale, which has no id of the caller's.
pub(super) const SCALES: Follow = Follow { query: |id| parameter("operation", id), at_once: none_missing, ..STARTS };

/// Nodes that are terminated, or deallocated.
pub(super) const ENDS: Follow = Follow { progress: until_at_rest, ..STARTS };

/// A request id is known, or it is not: the list has one element or none.
pub(super) const BY_REQUEST: Search = Search {
    operation: "ListOperations",
    segments: |_| Vec::new(),
    query: |id| parameter("request_id", id),
    done: |reply, _| lenient::reply::<Vec<OperationStatus>>(reply).ok().map(|found| !found.is_empty()),
};

/// A scale was done where there is as much as was asked for. Where there is less, that may be all that there may be.
pub(super) const BY_STATUS: Search = Search {
    operation: "ShowStatus",
    segments: |change| change.iter().take(1).cloned().collect(),
    query: |_| String::new(),
    done: has_total,
};

fn parameter(name: &str, value: &str) -> String {
    let mut query = format!("{name}=");
    encode_segment(value, &mut query);
    query
}

fn has_total(reply: &[u8], asked: &Asked<'_>) -> Option<bool> {
    let status: ClusterStatus = lenient::reply(reply).ok()?;
    let wanted: ScaleQuery = serde_html_form::from_str(asked.query).ok()?;
    let array = status.nodearrays.iter().find(|array| array.name.as_ref() == asked.segments.get(1))?;
    let sum = |count: fn(&Bucket) -> Option<i64>| array.buckets.iter().map(count).sum::<Option<i64>>();
    let reached = match (wanted.total_core_count, wanted.total_node_count) {
        (Some(cores), None) => sum(|bucket| bucket.active_core_count)? >= cores,
        (None, Some(nodes)) => sum(|bucket| bucket.active_count)? >= nodes,
        _ => return None,
    };
    reached.then_some(true)
}

/// The nodes of an operation; `None` where the reply is not that of one.
fn nodes_of(body: &[u8]) -> Option<Vec<Node>> {
    let list: NodeList = lenient::reply(body).ok()?;
    let told = list.operation.action.is_some() || list.operation.start_time.is_some();
    (told || !list.nodes.is_empty()).then_some(list.nodes)
}

/// How many nodes there are in each of the service's own words: `Preparing 2, Ready 5`.
fn stage(nodes: &[Node]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for node in nodes {
        *counts.entry(node.status().unwrap_or_else(|| "?".to_owned())).or_default() += 1;
    }
    counts.iter().map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>().join(", ")
}

/// What is said of the first node that failed.
fn said(nodes: &[Node]) -> Option<String> {
    let failed = nodes.iter().find(|node| node.standing() == Standing::Failed)?;
    let message = failed.text("StatusMessage")?;
    Some(format!("{}: {}", failed.name().unwrap_or_default(), message.trim()).chars().take(SAID).collect())
}

/// Nothing is begun where no node was taken, or none added: the operation has no nodes then, by which it could be told.
fn none_begun(reply: &[u8]) -> Option<Progress> {
    let taken: NodeManagementResult = lenient::reply(reply).ok()?;
    let refused = |node: &ManagedNode| node.status.as_deref() == Some("Error");
    if !taken.nodes.is_empty() && taken.nodes.iter().all(refused) {
        return Some(failed(taken.nodes.into_iter().find_map(|node| node.error)));
    }
    let added: NodeCreationResult = lenient::reply(reply).ok()?;
    is_without(&added).then(|| failed(added.sets.into_iter().find_map(|set| set.message)))
}

/// A scale that adds nothing, and says nothing of it, finds as much as was asked for.
fn none_missing(reply: &[u8]) -> Option<Progress> {
    let added: NodeCreationResult = lenient::reply(reply).ok()?;
    let said = |set: &AddedNodes| set.message.as_deref().is_some_and(|message| !message.is_empty());
    is_without(&added).then(|| match added.sets.iter().any(said) {
        true => failed(added.sets.into_iter().find_map(|set| set.message)),
        false => Progress { stage: String::new(), end: Some(End::Succeeded), said: None },
    })
}

fn is_without(added: &NodeCreationResult) -> bool {
    !added.sets.is_empty() && added.sets.iter().all(|set| set.added == Some(0))
}

fn failed(said: Option<String>) -> Progress {
    let said = said.map(|said| said.trim().chars().take(SAID).collect());
    Progress { stage: String::new(), end: Some(End::Failed), said }
}

fn until_ready(body: &[u8]) -> Option<Progress> {
    let nodes = nodes_of(body)?;
    let any = |standing| nodes.iter().any(|node| node.standing() == standing);
    let end = if nodes.is_empty() {
        // None could be had, or all of them are gone again.
        Some(End::Failed)
    } else if any(Standing::Moving) {
        None
    } else if any(Standing::Failed) {
        Some(End::Failed)
    } else if any(Standing::Resting) {
        // Somebody has ended them.
        Some(End::Other)
    } else {
        Some(End::Succeeded)
    };
    Some(Progress { stage: stage(&nodes), end, said: said(&nodes).filter(|_| end == Some(End::Failed)) })
}

/// Nodes of an array vanish when they are terminated; others stay.
fn until_at_rest(body: &[u8]) -> Option<Progress> {
    let nodes = nodes_of(body)?;
    let any = |standing| nodes.iter().any(|node| node.standing() == standing);
    let end = if any(Standing::Moving) || any(Standing::Ready) {
        None
    } else if any(Standing::Failed) {
        Some(End::Failed)
    } else {
        Some(End::Succeeded)
    };
    Some(Progress { stage: stage(&nodes), end, said: said(&nodes).filter(|_| end == Some(End::Failed)) })
}
