//! Hadoop Eco, Cluster Re-work API (v2): run the scheduled task of a terminated cluster again, and see how it goes.
//!
//! Reference: KakaoCloud documentation, "Cluster Re-work API". The ranges are those of its "Request Elements".

use std::ops::RangeInclusive;

use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{BLOCK_SIZE, ClusterId, DeployMode, FOLLOW, NODE_COUNT, REPLICATION, ReworkId, ReworkResult};
use crate::lenient::{self, Open};
use crate::operation::{Input, Nothing, Passing, ServiceId};

/// Block storage of a node, in GB.
pub const VOLUME_SIZE: RangeInclusive<u32> = 100..=5120;

/// Free text of request and reply in which people leave secrets, in both spellings of the reference.
const FREE_TEXT: &[&str] =
    &["configText", "userScript", "execOpts", "execParams", "exec_opts", "exec_params", "hiveQuery", "hive_query"];

crate::operations! {
    /// Run the scheduled task of a terminated cluster again, with other settings where any are given.
    Operate Once Post "/v2/hadoop-eco/clusters/{cluster_id}"
        StartRework { cluster_id: ClusterId } (Nothing, ReworkRequest) -> ReworkAccepted
        [deadline: 60, body_limit: 256 * 1024, free_text: FREE_TEXT, service_id: Some(ServiceId::Reply("requestId")), follow: Some(FOLLOW)];
    /// How a rework is going; with `verbose`, all about its cluster too.
    View Read Get "/v2/hadoop-eco/clusters/{cluster_id}/requests/{request_id}"
        ShowRework { cluster_id: ClusterId, request_id: ReworkId } (ReworkQuery, Nothing) -> Rework
        [passing: Passing::Read(4 << 20), free_text: FREE_TEXT];
}

/// The body of [`StartRework`]. Every member may be left out: what is not given stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReworkRequest {
    /// Instance groups to change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(dive)]
    pub instance_specs: Vec<InstanceSpec>,
    /// HDFS settings to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub config: Option<HdfsSettings>,
    /// Settings of the task to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub user_task_info: Option<TaskSettings>,
    /// The security groups to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(inner(length(bytes, min = 1, max = 255))))]
    pub security_group_ids: Option<Vec<String>>,
}

impl Input for ReworkRequest {}

/// One instance group of [`ReworkRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstanceSpec {
    /// Which group.
    #[serde(rename = "type")]
    #[garde(skip)]
    pub kind: NodeType,
    /// Its nodes, 1 to 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *NODE_COUNT.start(), max = *NODE_COUNT.end()))]
    pub node_cnt: Option<u32>,
    /// Block storage of each, 100 to 5,120 GB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *VOLUME_SIZE.start(), max = *VOLUME_SIZE.end()))]
    pub volume_size: Option<u32>,
}

/// The kind of an instance group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum NodeType {
    /// Masters: one, or three with high availability.
    Master,
    /// Workers, which hold the data.
    Worker,
    /// Task nodes, which only compute.
    Task,
}

/// HDFS settings of [`ReworkRequest`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HdfsSettings {
    /// Block size, 1 to 1,024 MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *BLOCK_SIZE.start(), max = *BLOCK_SIZE.end()))]
    pub hdfs_block_size: Option<u32>,
    /// Replication factor, 1 to 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *REPLICATION.start(), max = *REPLICATION.end()))]
    pub hdfs_replication: Option<u32>,
}

/// Settings of the task in [`ReworkRequest`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TaskSettings {
    /// Where a Spark driver runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy_mode: Option<DeployMode>,
    /// Options: of `spark-submit`, or Hive configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exec_opts: Option<String>,
    /// Arguments of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exec_params: Option<String>,
}

/// The reply of [`StartRework`]. With status 202 a `requestId` may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ReworkAccepted {
    /// The cluster.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_name: Option<String>,
    /// The id by which the rework can be asked for; nothing else lists it.
    #[serde(deserialize_with = "lenient::text")]
    pub request_id: Option<String>,
}

/// The query of [`ShowRework`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ReworkQuery {
    /// Whether to tell all about the cluster too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbose: Option<bool>,
}

impl Input for ReworkQuery {}

/// The reply of [`ShowRework`]. The members below `request_result` come only with `verbose`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Rework {
    /// The cluster.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_name: Option<String>,
    /// The rework.
    #[serde(deserialize_with = "lenient::text")]
    pub request_id: Option<String>,
    /// Where it is, in the service's own words. The only documented one is `Terminate`, when it has ended.
    #[serde(deserialize_with = "lenient::text")]
    pub request_status: Option<String>,
    /// How it ended; missing or empty while it runs.
    #[serde(deserialize_with = "lenient::text")]
    pub request_result: Option<String>,
    /// The type of cluster.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_type: Option<String>,
    /// The version of Hadoop Eco.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_version: Option<String>,
    /// Whether its masters are highly available.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_ha: Option<bool>,
    /// What is installed.
    #[serde(deserialize_with = "lenient::texts")]
    pub install_components: Vec<String>,
    /// The masters' groups.
    #[serde(deserialize_with = "lenient::objects")]
    pub master_info: Vec<InstanceGroup>,
    /// The workers' groups.
    #[serde(deserialize_with = "lenient::objects")]
    pub worker_info: Vec<InstanceGroup>,
    /// The task nodes' groups.
    #[serde(deserialize_with = "lenient::objects")]
    pub task_info: Vec<InstanceGroup>,
    /// The image of its machines.
    #[serde(deserialize_with = "lenient::text")]
    pub image_name: Option<String>,
    /// Its security groups.
    #[serde(deserialize_with = "lenient::texts")]
    pub security_group_ids: Vec<String>,
    /// The key pair of its machines.
    #[serde(deserialize_with = "lenient::text")]
    pub keypair_name: Option<String>,
    /// Who owns it.
    #[serde(deserialize_with = "lenient::text")]
    pub owner: Option<String>,
    /// HDFS settings, injected configuration, user script.
    #[serde(deserialize_with = "lenient::object")]
    pub config: ClusterConfig,
    /// The task.
    #[serde(deserialize_with = "user_task")]
    pub user_task: UserTask,
    /// What the reference does not tell of.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// An instance group in [`Rework`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct InstanceGroup {
    /// The group's id.
    #[serde(deserialize_with = "lenient::text")]
    pub instance_group_id: Option<String>,
    /// The flavor's id.
    #[serde(deserialize_with = "lenient::text")]
    pub flavor_id: Option<String>,
    /// The flavor.
    #[serde(deserialize_with = "lenient::text")]
    pub flavor_name: Option<String>,
    /// Block storage of a node, in GB.
    #[serde(deserialize_with = "lenient::integer")]
    pub volume_size: Option<i64>,
    /// Its nodes.
    #[serde(deserialize_with = "lenient::integer")]
    pub node_cnt: Option<i64>,
}

/// The configuration in [`Rework`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterConfig {
    /// HDFS block size, in MB.
    #[serde(deserialize_with = "lenient::integer")]
    pub hdfs_block_size: Option<i64>,
    /// HDFS replication factor.
    #[serde(deserialize_with = "lenient::integer")]
    pub hdfs_replication: Option<i64>,
    /// Injected cluster configuration.
    #[serde(deserialize_with = "lenient::text")]
    pub config_text: Option<String>,
    /// Injected user script.
    #[serde(deserialize_with = "lenient::text")]
    pub user_script: Option<String>,
}

/// The task in [`Rework`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UserTask {
    /// `hive` or `spark`, in the service's spelling.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    /// What the cluster does when the task has ended: `always`, `onSuccess` or `never` terminate.
    #[serde(deserialize_with = "lenient::text")]
    pub termination_policy: Option<String>,
    /// Where the file that is run lies.
    #[serde(deserialize_with = "lenient::text")]
    pub file_url: Option<String>,
    /// The Hive query that is run.
    #[serde(deserialize_with = "lenient::text")]
    pub hive_query: Option<String>,
    /// Where a Spark driver runs.
    #[serde(deserialize_with = "lenient::text")]
    pub deploy_mode: Option<String>,
    /// Options of the task.
    #[serde(deserialize_with = "lenient::text")]
    pub exec_opts: Option<String>,
    /// Arguments of the application.
    #[serde(deserialize_with = "lenient::text")]
    pub exec_params: Option<String>,
    /// Where logs are put.
    #[serde(deserialize_with = "lenient::text")]
    pub log_url: Option<String>,
}

/// Reads the task. The reference's table names some members in snake case, its example in camel case; where both
/// are there, the example's counts unless it is null.
fn user_task<'de, D: Deserializer<'de>>(d: D) -> Result<UserTask, D::Error> {
    const SPELLINGS: &[(&str, &str)] = &[
        ("termination_policy", "terminationPolicy"),
        ("file_url", "fileUrl"),
        ("hive_query", "hiveQuery"),
        ("deploy_mode", "deployMode"),
        ("exec_opts", "execOpts"),
        ("exec_params", "execParams"),
        ("log_url", "logUrl"),
    ];
    let mut members: Map<String, Value> = lenient::object(d)?;
    for (table, example) in SPELLINGS {
        if let Some(value) = members.remove(*table)
            && members.get(*example).is_none_or(Value::is_null)
        {
            members.insert((*example).to_owned(), value);
        }
    }
    UserTask::deserialize(Value::Object(members)).map_err(serde::de::Error::custom)
}

impl Rework {
    /// How it ended; `None` while it runs.
    pub fn result(&self) -> Option<Open<ReworkResult>> {
        super::result(self.request_result.as_deref())
    }

    /// Nodes of all worker groups, where the service told.
    pub fn workers(&self) -> Option<i64> {
        let counts: Vec<i64> = self.worker_info.iter().filter_map(|group| group.node_cnt).collect();
        (!counts.is_empty()).then(|| counts.iter().sum())
    }
}

/// The system.
#[cfg(feature = "door")]
pub const SYSTEM: super::super::System = super::system("hadoop-eco-v2", TABLE);
