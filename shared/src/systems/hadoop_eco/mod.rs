//! KakaoCloud Hadoop Eco: job clusters that are run again by an Open API key. What its two versions have in common.

pub mod v1;
pub mod v2;

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
#[cfg(feature = "door")]
use serde_json::Value;

use crate::follow::{End, Follow, Progress};
use crate::lenient::{self, Open};

/// Nodes of an instance group.
pub const NODE_COUNT: RangeInclusive<u32> = 1..=1000;
/// HDFS block size, in MB.
pub const BLOCK_SIZE: RangeInclusive<u32> = 1..=1024;
/// HDFS replication factor.
pub const REPLICATION: RangeInclusive<u32> = 1..=500;

crate::path_parameters! {
    /// The id of a cluster, a UUID.
    ClusterId;
    /// The id of a rework, `req-` and 32 hexadecimal digits.
    ReworkId;
}

/// How a rework is followed: both versions tell it in the same members.
const FOLLOW: Follow = Follow {
    operation: "ShowRework",
    segments: |change, id| vec![change[0].clone(), id.to_owned()],
    query: |_| String::new(),
    progress,
    at_once: |_| None,
    missing: None,
};

/// Where a Spark driver runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeployMode {
    /// On the node that submits.
    Client,
    /// In the cluster.
    Cluster,
}

/// The result of a rework that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReworkResult {
    /// The task did what it should.
    Success,
    /// It did not.
    Failure,
}

/// Understands `requestResult`; `None` while a rework runs. Only a result says that it has ended: the words of a status
/// are open.
fn result(word: Option<&str>) -> Option<Open<ReworkResult>> {
    let word = word.map(str::trim).filter(|word| !word.is_empty())?;
    Some(match word.to_ascii_lowercase().as_str() {
        "success" => Open::Known(ReworkResult::Success),
        "failure" => Open::Known(ReworkResult::Failure),
        _ => Open::Other(word.to_owned()),
    })
}

/// What every reply to a poll tells.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Standing {
    #[serde(deserialize_with = "lenient::text")]
    request_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    request_status: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    request_result: Option<String>,
}

fn progress(body: &[u8]) -> Option<Progress> {
    let standing: Standing = lenient::reply(body).ok()?;
    if standing.request_id.is_none() && standing.request_status.is_none() && standing.request_result.is_none() {
        return None;
    }
    let end = result(standing.request_result.as_deref()).map(|result| match result {
        Open::Known(ReworkResult::Success) => End::Succeeded,
        Open::Known(ReworkResult::Failure) => End::Failed,
        Open::Other(_) => End::Other,
    });
    Some(Progress { stage: standing.request_status.unwrap_or_default(), end, said: None })
}

/// What is allowed but hardly meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// More copies of a block than there are workers to hold them.
    ReplicationAboveWorkers {
        /// Copies.
        replication: i64,
        /// Workers.
        workers: i64,
    },
    /// The cluster keeps running after the task, so it costs on and cannot be run again until someone ends it.
    StaysRunning,
    /// The cluster keeps running when the task fails.
    StaysRunningOnFailure,
}

/// What is hardly meant in a run with so many copies of a block, so many workers and this termination policy, each
/// where it is known.
pub fn warnings(replication: Option<i64>, workers: Option<i64>, policy: Option<&str>) -> Vec<Warning> {
    let mut found = Vec::new();
    if let (Some(replication), Some(workers)) = (replication, workers)
        && replication > workers
    {
        found.push(Warning::ReplicationAboveWorkers { replication, workers });
    }
    match policy {
        Some("never") => found.push(Warning::StaysRunning),
        Some("onSuccess") => found.push(Warning::StaysRunningOnFailure),
        _ => {}
    }
    found
}

/// A version of it, which differs from the others in its operations alone.
#[cfg(feature = "door")]
const fn system(id: &'static str, table: &'static [crate::door::Row]) -> super::System {
    super::System {
        id,
        table,
        identity: &[],
        of_changes: &[],
        standby: None,
        credentials: &["hadoop-eco"],
        spelling: super::Spelling::ONE,
        token_header: None,
        tenant: false,
        clusters: super::Clusters::WithKeys,
        // Nothing cheaper exists: a rework that never was is answered 404 once the three headers are good.
        probe: super::Probe { operation: "ShowRework", segments: &["req-howdah-probe"], query: "", good: &[200, 404] },
        sick: |status, _| status >= 500,
        words,
    }
}

/// The sentence in an error body. Its shape is documented nowhere, so each that this cloud uses elsewhere is tried:
/// `{message}`, `{error: {message}}`, `{error: "…"}`.
#[cfg(feature = "door")]
fn words(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let error = value.get("error");
    let found = value.get("message").or_else(|| error?.get("message")).or(error)?;
    found.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
