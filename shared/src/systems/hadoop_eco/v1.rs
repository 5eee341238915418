//! Hadoop Eco v1, the legacy API of the region kr-central-1: the same two calls as v2 with flat bodies and other names.
//!
//! Reference: Kakao i Cloud documentation, "Hadoop Eco API" (in Korean), "클러스터 생성" and "클러스터 상태 조회". The
//! ranges are those of its "Request Elements"; its own example asks for 5 GB, which they refuse.

use std::ops::RangeInclusive;

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{BLOCK_SIZE, ClusterId, DeployMode, FOLLOW, NODE_COUNT, REPLICATION, ReworkId, ReworkResult, v2};
use crate::lenient::{self, Open};
use crate::operation::{Input, Nothing, Passing, ServiceId};

/// Block storage of a worker, in GB.
pub const VOLUME_SIZE: RangeInclusive<u32> = 50..=5120;

/// Free text of request and reply in which people leave secrets.
const FREE_TEXT: &[&str] = &["userTaskExecOpts", "userTaskExecParams", "exec_opts", "exec_params", "hive_query"];

crate::operations! {
    /// Run the scheduled task of a terminated cluster again, with other settings where any are given.
    Operate Once Post "/hadoop-eco/v1/cluster/{cluster_id}"
        StartRework { cluster_id: ClusterId } (Nothing, ReworkRequest) -> ReworkAccepted
        [deadline: 60, body_limit: 256 * 1024, free_text: FREE_TEXT, service_id: Some(ServiceId::Reply("requestId")), follow: Some(FOLLOW)];
    /// How a rework is going; with `verbose`, all about its cluster too.
    View Read Get "/hadoop-eco/v1/cluster/{cluster_id}/request-id/{request_id}"
        ShowRework { cluster_id: ClusterId, request_id: ReworkId } (ReworkQuery, Nothing) -> Rework
        [passing: Passing::Read(4 << 20), free_text: FREE_TEXT];
}

/// The body of [`StartRework`]. Every member may be left out: what is not given stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReworkRequest {
    /// Workers, 1 to 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *NODE_COUNT.start(), max = *NODE_COUNT.end()))]
    pub worker_cnt: Option<u32>,
    /// Block storage of each, 50 to 5,120 GB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *VOLUME_SIZE.start(), max = *VOLUME_SIZE.end()))]
    pub worker_volume_size: Option<u32>,
    /// HDFS replication factor, 1 to 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *REPLICATION.start(), max = *REPLICATION.end()))]
    pub config_hdfs_replication: Option<u32>,
    /// HDFS block size, 1 to 1,024 MB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = *BLOCK_SIZE.start(), max = *BLOCK_SIZE.end()))]
    pub config_hdfs_block_size: Option<u32>,
    /// Where a Spark driver runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub user_task_deploy_mode: Option<DeployMode>,
    /// Options: of `spark-submit`, or Hive configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub user_task_exec_opts: Option<String>,
    /// Arguments of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub user_task_exec_params: Option<String>,
}

impl Input for ReworkRequest {}

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
    /// With what it runs.
    #[serde(deserialize_with = "lenient::object")]
    pub cluster_main_setting_values: MainSettings,
}

/// What a rework runs with, in [`ReworkAccepted`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct MainSettings {
    /// Workers.
    #[serde(deserialize_with = "lenient::integer")]
    pub worker_cnt: Option<i64>,
    /// Block storage of each, in GB.
    #[serde(deserialize_with = "lenient::integer")]
    pub worker_volume_size: Option<i64>,
    /// HDFS replication factor.
    #[serde(deserialize_with = "lenient::integer")]
    pub config_hdfs_replication: Option<i64>,
    /// HDFS block size, in MB.
    #[serde(deserialize_with = "lenient::integer")]
    pub config_hdfs_block_size: Option<i64>,
    /// `hive` or `spark`, in the service's spelling.
    #[serde(deserialize_with = "lenient::text")]
    pub job_type: Option<String>,
    /// Where a Spark driver runs; null with Hive.
    #[serde(deserialize_with = "lenient::text")]
    pub user_task_deploy_mode: Option<String>,
    /// Options of the task.
    #[serde(deserialize_with = "lenient::text")]
    pub user_task_exec_opts: Option<String>,
    /// Arguments of the application.
    #[serde(deserialize_with = "lenient::text")]
    pub user_task_exec_params: Option<String>,
}

/// The query of [`ShowRework`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ReworkQuery {
    /// Whether to tell all about the cluster too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbose: Option<Verbose>,
}

impl Input for ReworkQuery {}

/// The words of `verbose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verbose {
    /// Tell all.
    True,
    /// Tell how it goes.
    False,
    /// The same as [`Verbose::False`].
    Null,
}

/// The reply of [`ShowRework`]. [`ClusterMeta`] comes only with `verbose`.
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
    /// All about the cluster.
    #[serde(deserialize_with = "lenient::object")]
    pub cluster_meta: ClusterMeta,
    /// What the reference does not tell of.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// All about a cluster, in [`Rework`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ClusterMeta {
    /// The version of Hadoop Eco.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_version: Option<String>,
    /// How long a check of a service may take; the reference gives no unit.
    #[serde(deserialize_with = "lenient::integer")]
    pub service_check_timeout: Option<i64>,
    /// How long a socket may take; the reference gives no unit.
    #[serde(deserialize_with = "lenient::integer")]
    pub socket_timeout: Option<i64>,
    /// How long all of it may take; the reference gives no unit.
    #[serde(deserialize_with = "lenient::integer")]
    pub global_timeout: Option<i64>,
    /// Whether it is monitored.
    #[serde(deserialize_with = "lenient::flag")]
    pub monitoring: Option<bool>,
    /// The cluster.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_name: Option<String>,
    /// The type of cluster: `hadoop_single`.
    #[serde(deserialize_with = "lenient::text")]
    pub cluster_type: Option<String>,
    /// Whose it is.
    #[serde(deserialize_with = "lenient::object")]
    pub project: Project,
    /// Its masters.
    #[serde(deserialize_with = "lenient::object")]
    pub master_vm: Machines,
    /// Its workers.
    #[serde(deserialize_with = "lenient::object")]
    pub worker_vm: Machines,
    /// Its task.
    #[serde(deserialize_with = "lenient::object")]
    pub user_cluster_exec_command: ExecCommand,
    /// What the reference does not tell of.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A project, in [`ClusterMeta`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Project {
    /// Its id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// The organization that it belongs to.
    #[serde(deserialize_with = "lenient::object")]
    pub domain: Domain,
}

/// An organization, in [`Project`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Domain {
    /// Its id.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
}

/// Equal machines, in [`ClusterMeta`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Machines {
    /// Their host names; empty when they are gone.
    #[serde(deserialize_with = "lenient::texts")]
    pub host_list: Vec<String>,
    /// The flavor's id.
    #[serde(deserialize_with = "lenient::text")]
    pub flavor_id: Option<String>,
    /// The flavor.
    #[serde(deserialize_with = "lenient::text")]
    pub flavor_name: Option<String>,
    /// The key pair.
    #[serde(deserialize_with = "lenient::text")]
    pub key_pair: Option<String>,
    /// Where they are connected.
    #[serde(deserialize_with = "lenient::object")]
    pub network: Network,
    /// Their block storage.
    #[serde(deserialize_with = "lenient::object")]
    pub block_device: BlockDevice,
    /// The active master's host name; of masters alone, as the next two.
    #[serde(deserialize_with = "lenient::text")]
    pub master_active: Option<String>,
    /// The standby master's.
    #[serde(deserialize_with = "lenient::text")]
    pub master_standby: Option<String>,
    /// The third master's.
    #[serde(deserialize_with = "lenient::text")]
    pub master_etc: Option<String>,
}

/// A network, in [`Machines`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Network {
    /// The network.
    #[serde(deserialize_with = "lenient::text")]
    pub uuid: Option<String>,
    /// The subnet.
    #[serde(deserialize_with = "lenient::text")]
    pub subnet_id: Option<String>,
    /// The security groups.
    #[serde(deserialize_with = "lenient::texts")]
    pub security_group_id_list: Vec<String>,
}

/// Block storage, in [`Machines`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct BlockDevice {
    /// What it is made from: `image`.
    #[serde(deserialize_with = "lenient::text")]
    pub source_type: Option<String>,
    /// The id of that.
    #[serde(deserialize_with = "lenient::text")]
    pub uuid: Option<String>,
    /// Its size, in GB.
    #[serde(deserialize_with = "lenient::integer")]
    pub volume_size: Option<i64>,
}

/// The task, in [`ClusterMeta`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ExecCommand {
    /// `hive` or `spark`, in the service's spelling.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    /// What the cluster does when the task has ended: `always`, `onSuccess` or `never` terminate.
    #[serde(deserialize_with = "lenient::text")]
    pub termination_policy: Option<String>,
    /// The Hive query that is run.
    #[serde(deserialize_with = "lenient::text")]
    pub hive_query: Option<String>,
    /// Options of the task.
    #[serde(deserialize_with = "lenient::text")]
    pub exec_opts: Option<String>,
    /// Arguments of the application.
    #[serde(deserialize_with = "lenient::text")]
    pub exec_params: Option<String>,
}

impl Rework {
    /// How it ended; `None` while it runs.
    pub fn result(&self) -> Option<Open<ReworkResult>> {
        super::result(self.request_result.as_deref())
    }

    /// The same in the words of v2, as far as it has them.
    pub fn as_v2(&self) -> v2::Rework {
        let meta = &self.cluster_meta;
        let task = &meta.user_cluster_exec_command;
        v2::Rework {
            cluster_id: self.cluster_id.clone(),
            cluster_name: self.cluster_name.clone(),
            request_id: self.request_id.clone(),
            request_status: self.request_status.clone(),
            request_result: self.request_result.clone(),
            cluster_type: meta.cluster_type.clone(),
            cluster_version: meta.cluster_version.clone(),
            master_info: meta.master_vm.as_group().into_iter().collect(),
            worker_info: meta.worker_vm.as_group().into_iter().collect(),
            security_group_ids: meta.worker_vm.network.security_group_id_list.clone(),
            keypair_name: meta.worker_vm.key_pair.clone().or_else(|| meta.master_vm.key_pair.clone()),
            owner: meta.project.name.clone(),
            user_task: v2::UserTask {
                kind: task.kind.clone(),
                termination_policy: task.termination_policy.clone(),
                hive_query: task.hive_query.clone(),
                exec_opts: task.exec_opts.clone(),
                exec_params: task.exec_params.clone(),
                ..v2::UserTask::default()
            },
            ..v2::Rework::default()
        }
    }
}

impl Machines {
    /// They as a group of v2; `None` where nothing is told. Machines that are gone are not counted.
    fn as_group(&self) -> Option<v2::InstanceGroup> {
        if *self == Machines::default() {
            return None;
        }
        Some(v2::InstanceGroup {
            instance_group_id: None,
            flavor_id: self.flavor_id.clone(),
            flavor_name: self.flavor_name.clone(),
            volume_size: self.block_device.volume_size,
            node_cnt: i64::try_from(self.host_list.len()).ok().filter(|count| *count > 0),
        })
    }
}

/// The system.
#[cfg(feature = "door")]
pub const SYSTEM: super::super::System = super::system("hadoop-eco-v1", TABLE);
