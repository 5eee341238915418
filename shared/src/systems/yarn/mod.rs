//! Apache Hadoop YARN, ResourceManager REST API.
//!
//! Reference: Apache Hadoop documentation, "ResourceManager REST API's". Fields that only newer or only older servers
//! have are kept beside the reference's; the readers take every dialect from 2.2 to 3.5.

mod application;
mod applications;
mod cluster;
mod following;
mod nodes;
mod pairs;
mod resources;
mod scheduler;
mod submission;
mod tokens;

pub use application::*;
pub use applications::*;
pub use cluster::*;
pub use nodes::*;
pub use pairs::{Pair, Pairs};
pub use resources::*;
pub use scheduler::*;
pub use submission::*;
pub use tokens::*;

use super::reads::reads;

use crate::delta::{Delta, Kept, Told};
use crate::keeping::Keeping;
use crate::lenient;
use crate::operation::{Chosen, Nothing, Passing, Rows, ServiceId, Tree, Watch};
use crate::problem::Code;

crate::path_parameters! {
    /// The id of an application: `application_<start of the cluster>_<number>`.
    ApplicationId;
    /// The id of a node: its host and port.
    NodeId;
}

crate::operations! {
    /// What the cluster is: version, state, high availability.
    View Read Get "/ws/v1/cluster/info" ShowCluster {} (Nothing, Nothing) -> ClusterInfoReply [deadline: 10];
    /// The same under its older address, which existing clients call first.
    View Read Get "/ws/v1/cluster" ShowClusterRoot {} (Nothing, Nothing) -> ClusterInfoReply [deadline: 10];
    /// Counts of applications, containers, nodes, memory and cores.
    View Read Get "/ws/v1/cluster/metrics" ShowMetrics {} (Nothing, Nothing) -> ClusterMetricsReply [deadline: 10];
    /// The scheduler and its queues.
    View Read Get "/ws/v1/cluster/scheduler" ShowScheduler {} (Nothing, Nothing) -> SchedulerReply
        [passing: Passing::Stream, tree: Some(QUEUES)];
    /// Applications, by any of the filters.
    View Read Get "/ws/v1/cluster/apps" ListApplications {} (ApplicationsQuery, Nothing) -> ApplicationsReply
        [deadline: 60, passing: Passing::Stream, rows: Some(APPLICATIONS), watch: WATCH_APPLICATIONS, delta: Some(DELTA)];
    /// How many applications there are, by state and, where one is given, of a type.
    View Read Get "/ws/v1/cluster/appstatistics" ShowApplicationStatistics {}
        (StatisticsQuery, Nothing) -> StatisticsReply [deadline: 10];
    /// All about an application.
    View Read Get "/ws/v1/cluster/apps/{application_id}" ShowApplication { application_id: ApplicationId }
        (ApplicationQuery, Nothing) -> ApplicationReply [passing: Passing::Stream];
    /// The attempts to run an application.
    View Read Get "/ws/v1/cluster/apps/{application_id}/appattempts" ListAttempts { application_id: ApplicationId }
        (Nothing, Nothing) -> AttemptsReply [rows: Some(ATTEMPTS)];
    /// The nodes, those of some states, or those that are healthy.
    View Read Get "/ws/v1/cluster/nodes" ListNodes {} (NodesQuery, Nothing) -> NodesReply
        [deadline: 60, passing: Passing::Stream, rows: Some(NODES), chosen: Some(HEALTHY)];
    /// All about a node.
    View Read Get "/ws/v1/cluster/nodes/{node_id}" ShowNode { node_id: NodeId } (Nothing, Nothing) -> NodeReply
        [deadline: 10];
    /// Take an id to submit an application with.
    Operate Once Post "/ws/v1/cluster/apps/new-application" NewApplication {} (Nothing, Nothing) -> NewApplicationReply
        [service_id: Some(ServiceId::Reply("application-id"))];
    /// Submit an application under an id that was taken. That it is accepted here does not tell that it will run.
    Operate Repeatable Post "/ws/v1/cluster/apps" SubmitApplication {} (Nothing, Submission) -> Nothing
        [deadline: 60, passing: Passing::Nothing, free_text: &["command"],
         service_id: Some(ServiceId::Body("application-id")), follow: Some(following::SUBMISSION)];
    /// The state of an application.
    View Read Get "/ws/v1/cluster/apps/{application_id}/state" ShowApplicationState { application_id: ApplicationId }
        (Nothing, Nothing) -> ApplicationState [deadline: 10];
    /// Kill an application. It has ended when the reply's state is KILLED.
    Operate Once Put "/ws/v1/cluster/apps/{application_id}/state"
        ChangeApplicationState { application_id: ApplicationId } (Nothing, StateChange) -> ApplicationState
        [service_id: Some(ServiceId::Path(0)), follow: Some(following::KILL)];
    /// The queue of an application.
    View Read Get "/ws/v1/cluster/apps/{application_id}/queue" ShowApplicationQueue { application_id: ApplicationId }
        (Nothing, Nothing) -> ApplicationQueue [deadline: 10];
    /// Move an application to another queue.
    Operate Once Put "/ws/v1/cluster/apps/{application_id}/queue" MoveApplication { application_id: ApplicationId }
        (Nothing, QueueChange) -> ApplicationQueue [];
    /// Have a delegation token made for a renewer.
    Administer Once Post "/ws/v1/cluster/delegation-token" CreateDelegationToken {}
        (Nothing, TokenRequest) -> DelegationToken [keeping: Some(MAKES), codes: &[Code::TooManyTokens]];
    /// Renew a delegation token. Only its renewer may.
    Administer Once Post "/ws/v1/cluster/delegation-token/expiration" RenewDelegationToken {}
        (Nothing, Nothing) -> TokenExpiration [keeping: Some(RENEWS), codes: NAMES_A_TOKEN];
    /// Cancel a delegation token.
    Administer Once Delete "/ws/v1/cluster/delegation-token" CancelDelegationToken {} (Nothing, Nothing) -> Nothing
        [passing: Passing::Nothing, keeping: Some(ENDS), codes: NAMES_A_TOKEN];
}

const MAKES: Keeping = Keeping::Makes { member: "token", told: tokens::told };
const RENEWS: Keeping = Keeping::Renews { header: TOKEN_HEADER, until: tokens::until };
const ENDS: Keeping = Keeping::Ends { header: TOKEN_HEADER };
/// The header that names the token to renew or cancel; the reference has none in the body.
const TOKEN_HEADER: &str = "hadoop-yarn-rm-delegation-token";
const NAMES_A_TOKEN: &[Code] = &[Code::TokenNotFound, Code::TokenDropped];

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
        "applicationTags",
        "priority",
        "launchTime",
        "reservedMB",
        "reservedVCores",
        "queueUsagePercentage",
        "clusterUsagePercentage",
        "trackingUrl",
        "appNodeLabelExpression",
    ],
};

const ATTEMPTS: Rows = Rows { list: "appAttempts.appAttempt", key: "id", volatile: &[], shown: &[] };

const NODES: Rows = Rows {
    list: "nodes.node",
    key: "id",
    volatile: &["lastHealthUpdate", "resourceUtilization", "memUtilization", "cpuUtilization"],
    shown: &[
        "id",
        "state",
        "rack",
        "numContainers",
        "usedMemoryMB",
        "availMemoryMB",
        "usedVirtualCores",
        "availableVirtualCores",
        // Looked for; a change of what follows them leaves them as they are.
        "nodeHostName",
        "nodeHTTPAddress",
        "version",
        "nodeLabels",
        "healthStatus",
        "healthReport",
        "lastHealthUpdate",
        "memUtilization",
        "cpuUtilization",
    ],
};

const QUEUES: Tree = Tree {
    top: "scheduler.schedulerInfo",
    path: "queuePath",
    name: "queueName",
    // The Fair Scheduler's root stands within the scheduler; its queues have a wrapper from 2.8 on.
    below: &[("queues", "queue"), ("rootQueue", ""), ("childQueues", "queue")],
    shown: &[
        "type",
        "queueName",
        "queueType",
        "state",
        "absoluteUsedCapacity",
        "absoluteCapacity",
        "absoluteMaxCapacity",
        "usedCapacity",
        "resourcesUsed",
        "memory",
        "vCores",
        "minEffectiveCapacity",
        "maxEffectiveCapacity",
        "numApplications",
        "numActiveApplications",
        "numPendingApplications",
        "numContainers",
        "allocatedContainers",
        "pendingContainers",
        "maxApplications",
        "maxApplicationsPerUser",
        "maxParallelApps",
        "maxActiveApplications",
        "userLimit",
        "userLimitFactor",
        "AMResourceLimit",
        "usedAMResource",
        "maxApplicationLifetime",
        "users",
        "user",
        "username",
        "userResourceLimit",
        // The Fair Scheduler's.
        "usedResources",
        "steadyFairResources",
        "fairResources",
        "clusterResources",
        "maxResources",
        "amMaxResources",
        "amUsedResources",
        "numActiveApps",
        "numPendingApps",
        "maxApps",
    ],
    at_top: &[
        "capacity",
        "maxCapacity",
        "capacities",
        "queueCapacitiesByPartition",
        "partitionName",
        "effectiveMinResource",
        "effectiveMaxResource",
        // The FIFO scheduler's.
        "qstate",
        "usedNodeCapacity",
        "totalNodeCapacity",
    ],
};

const HEALTHY: Chosen = Chosen { parameter: "healthy", keeps: |node, value| is_healthy(node) == (value == "true") };

/// By what the node's own health check says, where that is told, and by its state on servers that tell it so.
fn is_healthy(node: &[u8]) -> bool {
    let Ok(node) = lenient::reply::<Node>(node) else { return false };
    match node.health_status.as_deref().filter(|status| !status.is_empty()) {
        Some(status) => status.eq_ignore_ascii_case("Healthy"),
        None => ["NEW", "RUNNING", "DECOMMISSIONING"].iter().any(|state| node.state.as_deref() == Some(state)),
    }
}

const WATCH_APPLICATIONS: Watch = Watch {
    slow: 10,
    fast: 5,
    windows: &["startedTimeBegin", "startedTimeEnd", "finishedTimeBegin", "finishedTimeEnd"],
    moving: None,
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

/// The system.
#[cfg(feature = "door")]
pub const SYSTEM: super::System = super::System {
    id: "yarn",
    table: TABLE,
    identity: &["user.name", "doas", "delegation", "proxyapproved"],
    // Any value passes a ResourceManager's filter against cross-site requests, which wants it where it is switched on.
    of_changes: &[("x-xsrf-header", "howdah")],
    standby: Some(super::Standby { operation: "ShowCluster", is_active, page: "/cluster", turned_away }),
    credentials: &["none", "user-name", "delegation-token", "basic", "kerberos"],
    spelling: super::Spelling::ONE,
    token_header: None,
    tenant: false,
    clusters: super::Clusters::Told,
    probe: super::Probe { operation: "ShowCluster", segments: &[], query: "", good: &[200] },
    // A ResourceManager answers 503 with a RemoteException to a caller's mistake: an answer, not an outage.
    sick: |status, body| status >= 500 && remote_exception(body).is_none(),
    words: remote_exception,
};

/// A ResourceManager without high availability, or of a version before it, is its own active one.
#[cfg(feature = "door")]
fn is_active(reply: &[u8]) -> Option<bool> {
    let info = lenient::reply::<ClusterInfoReply>(reply).ok()?.cluster_info;
    info.id.or(info.started_on)?;
    Some(info.ha_state.is_none_or(|state| state.eq_ignore_ascii_case("ACTIVE")))
}

/// What a standby's web filter writes, which comes before anything that could do something; 307, or 200 on old versions
/// and where no active one is known. A reply that merely holds these words may quote the name of an application.
#[cfg(feature = "door")]
fn turned_away(status: u16, body: &[u8]) -> bool {
    const WORDS: [&str; 3] = ["This is standby RM.", "Can not find any active RM.", "There is no active RM right now."];
    matches!(status, 200 | 307) && WORDS.iter().any(|words| body.trim_ascii_start().starts_with(words.as_bytes()))
}

/// The sentence of a `RemoteException`, without the name of a Java class that some versions put before it.
#[cfg(feature = "door")]
fn remote_exception(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let exception = value.get("RemoteException")?;
    let message = exception.get("message").and_then(|m| m.as_str()).filter(|m| !m.is_empty());
    let message = message.or_else(|| exception.get("exception")?.as_str())?;
    Some(message.strip_prefix("java.lang.Exception: ").unwrap_or(message).to_owned())
}
