//! Apache Hadoop YARN, ResourceManager REST API.
//!
//! Reference: Apache Hadoop documentation, "ResourceManager REST API's". Fields that only newer or only older servers
//! have are kept beside the reference's; the readers take every dialect from 2.2 to 3.5.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::delta::{Delta, Kept, Told};
use crate::lenient;
use crate::operation::{Input, Nothing, Passing, Rows, Watch};

crate::operations! {
    /// What the cluster is: version, state, high availability.
    View Read Get "/ws/v1/cluster/info" ShowCluster {} (Nothing, Nothing) -> ClusterInfoReply [deadline: 10];
    /// The same under its older address, which existing clients call first.
    View Read Get "/ws/v1/cluster" ShowClusterRoot {} (Nothing, Nothing) -> ClusterInfoReply [deadline: 10];
    /// Counts of applications, containers, nodes, memory and cores.
    View Read Get "/ws/v1/cluster/metrics" ShowMetrics {} (Nothing, Nothing) -> ClusterMetricsReply [deadline: 10];
    /// Applications, by any of the filters.
    View Read Get "/ws/v1/cluster/apps" ListApplications {} (ApplicationsQuery, Nothing) -> ApplicationsReply
        [deadline: 60, passing: Passing::Stream, rows: Some(APPLICATIONS), watch: WATCH_APPLICATIONS, delta: Some(DELTA)];
    /// How many applications there are, by state and, where one is given, of a type.
    View Read Get "/ws/v1/cluster/appstatistics" ShowApplicationStatistics {}
        (StatisticsQuery, Nothing) -> StatisticsReply [deadline: 10];
}

const APPLICATIONS: Rows = Rows {
    list: "apps.app",
    key: "id",
    volatile: &[
        "elapsedTime",
        "memorySeconds",
        "vcoreSeconds",
        "resourceSecondsMap",
        "preemptedMemorySeconds",
        "preemptedVcoreSeconds",
        "preemptedResourceSecondsMap",
        "queueUsagePercentage",
        "clusterUsagePercentage",
        // Of one that waits it tells how full its queue is, so each start and end of another would change it.
        "diagnostics",
        "resourceInfo",
        "timeouts",
    ],
    shown: &[
        "id",
        "state",
        "finalStatus",
        "startedTime",
        "user",
        "name",
        "applicationType",
        "queue",
        "progress",
        "finishedTime",
        "elapsedTime",
        "allocatedMB",
        "allocatedVCores",
        "runningContainers",
    ],
};

const WATCH_APPLICATIONS: Watch = Watch {
    slow: 10,
    fast: 5,
    windows: &["startedTimeBegin", "startedTimeEnd", "finishedTimeBegin", "finishedTimeEnd"],
};

/// The states of an application that has not ended.
pub const ACTIVE_STATES: &[&str] = &["NEW", "NEW_SAVING", "SUBMITTED", "ACCEPTED", "RUNNING"];

const DELTA: Delta = Delta {
    parameters: &["deSelects"],
    choose: "states",
    active: ACTIVE_STATES,
    state: "state",
    ended_since: "finishedTimeBegin",
    ended: "finishedTime",
    run: Told { operation: "ShowCluster", read: run },
    kept: Told { operation: "ShowApplicationStatistics", read: kept },
};

/// The id of the cluster and its start change with each start of a ResourceManager.
fn run(reply: &[u8]) -> Option<String> {
    let info = lenient::reply::<ClusterInfoReply>(reply).ok()?.cluster_info;
    info.id.or(info.started_on)?;
    Some(format!("{:?} {:?}", info.id, info.started_on))
}

fn kept(reply: &[u8]) -> Option<Kept> {
    let items = lenient::reply::<StatisticsReply>(reply).ok()?.app_stat_info.stat_item;
    let mut kept = Kept::default();
    for item in &items {
        let count = usize::try_from(item.count?).ok()?;
        if ACTIVE_STATES.iter().any(|state| item.state.as_deref().is_some_and(|word| word.eq_ignore_ascii_case(state)))
        {
            kept.active += count;
        } else {
            kept.ended += count;
        }
    }
    (!items.is_empty()).then_some(kept)
}

/// The reply of [`ShowCluster`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterInfoReply {
    /// The cluster.
    #[serde(deserialize_with = "lenient::object")]
    pub cluster_info: ClusterInfo,
}

/// What the cluster is ("Cluster Information API").
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterInfo {
    /// The cluster's id: the instant of the ResourceManager's start, so it changes with each start.
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// When it started, in ms since the epoch.
    #[serde(deserialize_with = "lenient::integer")]
    pub started_on: Option<i64>,
    /// `NOTINITED`, `INITED`, `STARTED` or `STOPPED`.
    #[serde(deserialize_with = "lenient::text")]
    pub state: Option<String>,
    /// `INITIALIZING`, `ACTIVE`, `STANDBY` or `STOPPED`; from 2.3 on.
    #[serde(deserialize_with = "lenient::text")]
    pub ha_state: Option<String>,
    /// The class of the state store; from 2.6 on.
    #[serde(deserialize_with = "lenient::text")]
    pub rm_state_store_name: Option<String>,
    /// The ResourceManager's version.
    #[serde(deserialize_with = "lenient::text")]
    pub resource_manager_version: Option<String>,
    /// Its build, with revision, user and checksum.
    #[serde(deserialize_with = "lenient::text")]
    pub resource_manager_build_version: Option<String>,
    /// When it was built, as text.
    #[serde(deserialize_with = "lenient::text")]
    pub resource_manager_version_built_on: Option<String>,
    /// The version of Hadoop's common part.
    #[serde(deserialize_with = "lenient::text")]
    pub hadoop_version: Option<String>,
    /// Its build.
    #[serde(deserialize_with = "lenient::text")]
    pub hadoop_build_version: Option<String>,
    /// When that was built, as text.
    #[serde(deserialize_with = "lenient::text")]
    pub hadoop_version_built_on: Option<String>,
    /// The connection to ZooKeeper, or why there is none; from 2.8 on.
    #[serde(deserialize_with = "lenient::text")]
    pub ha_zoo_keeper_connection_state: Option<String>,
}

/// The reply of [`ShowMetrics`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterMetricsReply {
    /// The counts.
    #[serde(deserialize_with = "lenient::object")]
    pub cluster_metrics: ClusterMetrics,
}

macro_rules! metrics {
    ($( $(#[$doc:meta])* $field:ident $wire:literal; )*) => {
        /// Counts of the cluster ("Cluster Metrics API"). Memory is in MiB.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
        #[serde(default)]
        pub struct ClusterMetrics {
            $( $(#[$doc])* #[serde(rename = $wire, deserialize_with = "lenient::integer")] pub $field: Option<i64>, )*
        }
    };
}

metrics! {
    /// Applications submitted since the start.
    apps_submitted "appsSubmitted";
    /// Completed ones.
    apps_completed "appsCompleted";
    /// Waiting ones.
    apps_pending "appsPending";
    /// Running ones.
    apps_running "appsRunning";
    /// Failed ones.
    apps_failed "appsFailed";
    /// Killed ones.
    apps_killed "appsKilled";
    /// Memory reserved.
    reserved_mb "reservedMB";
    /// Memory available; may be below zero after nodes were lost.
    available_mb "availableMB";
    /// Memory allocated.
    allocated_mb "allocatedMB";
    /// All memory.
    total_mb "totalMB";
    /// Memory asked for and not given; from 3.3 on.
    pending_mb "pendingMB";
    /// Cores reserved.
    reserved_virtual_cores "reservedVirtualCores";
    /// Cores available.
    available_virtual_cores "availableVirtualCores";
    /// Cores allocated.
    allocated_virtual_cores "allocatedVirtualCores";
    /// All cores.
    total_virtual_cores "totalVirtualCores";
    /// Cores asked for and not given; from 3.3 on.
    pending_virtual_cores "pendingVirtualCores";
    /// Containers allocated.
    containers_allocated "containersAllocated";
    /// Containers reserved.
    containers_reserved "containersReserved";
    /// Containers asked for.
    containers_pending "containersPending";
    /// All nodes.
    total_nodes "totalNodes";
    /// Active nodes.
    active_nodes "activeNodes";
    /// Lost nodes.
    lost_nodes "lostNodes";
    /// Unhealthy nodes.
    unhealthy_nodes "unhealthyNodes";
    /// Nodes being decommissioned; from 2.8 on.
    decommissioning_nodes "decommissioningNodes";
    /// Decommissioned nodes.
    decommissioned_nodes "decommissionedNodes";
    /// Rebooted nodes.
    rebooted_nodes "rebootedNodes";
    /// Nodes that were shut down; from 2.8 on.
    shutdown_nodes "shutdownNodes";
}

/// The query of [`ListApplications`] ("Cluster Applications API"). Times are in ms since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ApplicationsQuery {
    /// States, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<String>,
    /// One state; the older form of `states`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The final status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_status: Option<String>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The queue; one that does not exist is refused by newer servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The most applications in the reply: any of them, not the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1))]
    pub limit: Option<u64>,
    /// Started not before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_time_begin: Option<u64>,
    /// Started not after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_time_end: Option<u64>,
    /// Ended not before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_time_begin: Option<u64>,
    /// Ended not after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_time_end: Option<u64>,
    /// Types, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_types: Option<String>,
    /// Tags, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_tags: Option<String>,
    /// The name; from 3.3 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fields to leave out, separated by commas; from 2.9 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub de_selects: Option<String>,
}

impl Input for ApplicationsQuery {}

/// What a list of applications can do without; it is the larger half of the reply.
pub const LIST_DESELECTS: &str = "resourceRequests,resourceInfo,timeouts";

/// The reply of [`ListApplications`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ApplicationsReply {
    /// The wrapper; null, empty or text where there are none.
    #[serde(deserialize_with = "lenient::object")]
    pub apps: Applications,
}

/// The list within its wrapper.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Applications {
    /// The applications.
    #[serde(deserialize_with = "lenient::objects")]
    pub app: Vec<Application>,
}

/// An application in a list ("Cluster Application API").
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Application {
    /// The id, `application_<start of the cluster>_<number>`.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Who started it.
    #[serde(deserialize_with = "lenient::text")]
    pub user: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Its type: MAPREDUCE, SPARK, …
    #[serde(deserialize_with = "lenient::text")]
    pub application_type: Option<String>,
    /// Its queue.
    #[serde(deserialize_with = "lenient::text")]
    pub queue: Option<String>,
    /// NEW, NEW_SAVING, SUBMITTED, ACCEPTED, RUNNING, FINISHED, FAILED, KILLED.
    #[serde(deserialize_with = "lenient::text")]
    pub state: Option<String>,
    /// UNDEFINED, SUCCEEDED, FAILED, KILLED.
    #[serde(deserialize_with = "lenient::text")]
    pub final_status: Option<String>,
    /// 0 to 100.
    #[serde(deserialize_with = "lenient::float")]
    pub progress: Option<f64>,
    /// Started at, ms since the epoch; 0 where the service hides it.
    #[serde(deserialize_with = "lenient::integer")]
    pub started_time: Option<i64>,
    /// Ended at; 0 while it runs.
    #[serde(deserialize_with = "lenient::integer")]
    pub finished_time: Option<i64>,
    /// How long it has taken, in ms.
    #[serde(deserialize_with = "lenient::integer")]
    pub elapsed_time: Option<i64>,
    /// Memory held, in MiB; −1 where there is none to tell of.
    #[serde(rename = "allocatedMB", deserialize_with = "lenient::integer")]
    pub allocated_mb: Option<i64>,
    /// Cores held; −1 where there are none to tell of.
    #[serde(rename = "allocatedVCores", deserialize_with = "lenient::integer")]
    pub allocated_v_cores: Option<i64>,
    /// Containers; −1 where there are none to tell of.
    #[serde(deserialize_with = "lenient::integer")]
    pub running_containers: Option<i64>,
}

/// The query of [`ShowApplicationStatistics`] ("Cluster Application Statistics API").
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct StatisticsQuery {
    /// States, separated by commas; all, unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<String>,
    /// One type; servers refuse more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_types: Option<String>,
}

impl Input for StatisticsQuery {}

/// The reply of [`ShowApplicationStatistics`].
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct StatisticsReply {
    /// The wrapper.
    #[serde(deserialize_with = "lenient::object")]
    pub app_stat_info: Statistics,
}

/// The counts within their wrapper.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Statistics {
    /// The counts.
    #[serde(deserialize_with = "lenient::objects")]
    pub stat_item: Vec<StatisticsItem>,
}

/// How many applications there are in a state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct StatisticsItem {
    /// The state; in lower case on old servers.
    #[serde(deserialize_with = "lenient::text")]
    pub state: Option<String>,
    /// The type, in lower case; `*` for any.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub kind: Option<String>,
    /// How many.
    #[serde(deserialize_with = "lenient::integer")]
    pub count: Option<i64>,
}

/// The system.
#[cfg(feature = "door")]
pub const SYSTEM: super::System = super::System {
    id: "yarn",
    table: TABLE,
    identity: &["user.name", "doas", "delegation", "proxyapproved"],
    credentials: &["none", "user-name"],
    configured_clusters: false,
    probe: super::Probe { operation: "ShowCluster", segments: &[], good: &[200] },
    // A ResourceManager answers 503 with a RemoteException to a caller's mistake: an answer, not an outage.
    sick: |status, body| status >= 500 && remote_exception(body).is_none(),
    words: remote_exception,
};

/// The sentence of a `RemoteException`, without the name of a Java class that some versions put before it.
#[cfg(feature = "door")]
fn remote_exception(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let exception = value.get("RemoteException")?;
    let message = exception.get("message").and_then(|m| m.as_str()).filter(|m| !m.is_empty());
    let message = message.or_else(|| exception.get("exception")?.as_str())?;
    Some(message.strip_prefix("java.lang.Exception: ").unwrap_or(message).to_owned())
}
