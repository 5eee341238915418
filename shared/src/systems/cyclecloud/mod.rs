//! Azure CycleCloud: nodes of clusters, their capacity, and what they cost.
//!
//! Reference: "CycleCloud REST API", with what version 8.9 tells more and what clients of real servers rely on. Nodes and
//! node arrays are told as records that may have any attribute.

pub mod filter;
mod following;
mod listing;
mod nodes;
mod operations;
mod requests;
mod rules;
mod status;
mod usage;

pub use listing::*;
pub use nodes::{KNOWN, Node, NodeList, NodesQuery, SETTLED, Standing};
pub use operations::*;
pub use requests::*;
pub use rules::{Fault, Rule, instant};
pub use status::*;
pub use usage::*;

use crate::operation::{Moving, Nothing, Passing, ServiceId, Watch};
use crate::problem::Code;

crate::path_parameters! {
    /// The name of a cluster, which may hold a slash.
    ClusterName by crate::operation::check_slashed_segment;
    /// The name of a node array.
    NodeArrayName;
    /// The id of an operation.
    OperationId;
}

/// The member of a body that is the caller's own id of what it asks for.
const REQUEST_ID: Option<ServiceId> = Some(ServiceId::Body("requestId"));
/// A request id is taken once.
const USED: &[Code] = &[Code::RequestIdUsed];

crate::operations! {
    /// Lists the nodes, those of an operation by its id or by that of its request ("Get cluster nodes").
    View Read Get "/clusters/{cluster}/nodes" ListNodes { cluster: ClusterName } (NodesQuery, Nothing) -> NodeList
        [deadline: 60, passing: Passing::Stream, rows: Some(nodes::NODES), watch: nodes::WATCH,
         records: Some(nodes::IN_LIST), options: nodes::FILLED];
    /// Adds nodes from node arrays ("Create cluster nodes").
    Operate Repeatable Post "/clusters/{cluster}/nodes/create" CreateNodes { cluster: ClusterName }
        (Nothing, NodeCreationRequest) -> NodeCreationResult
        [deadline: 120, service_id: REQUEST_ID, fills_id: true, search: Some(following::BY_REQUEST),
         follow: Some(following::STARTS), options: &[requests::MEMBER], codes: USED];
    /// Deallocates nodes: their disks stay ("Deallocate cluster nodes").
    Operate Repeatable Post "/clusters/{cluster}/nodes/deallocate" DeallocateNodes { cluster: ClusterName }
        (Nothing, NodeManagementRequest) -> NodeManagementResult
        [deadline: 120, service_id: REQUEST_ID, fills_id: true, search: Some(following::BY_REQUEST),
         follow: Some(following::ENDS), codes: USED];
    /// Terminates nodes and removes them ("Terminate and remove cluster nodes").
    Operate Repeatable Post "/clusters/{cluster}/nodes/remove" RemoveNodes { cluster: ClusterName }
        (Nothing, NodeManagementRequest) -> NodeManagementResult
        [deadline: 120, service_id: REQUEST_ID, fills_id: true, search: Some(following::BY_REQUEST),
         follow: Some(following::ENDS), codes: USED];
    /// Terminates or deallocates nodes, as each one's policy says ("Terminate or deallocate cluster nodes").
    Operate Repeatable Post "/clusters/{cluster}/nodes/shutdown" ShutdownNodes { cluster: ClusterName }
        (Nothing, NodeManagementRequest) -> NodeManagementResult
        [deadline: 120, service_id: REQUEST_ID, fills_id: true, search: Some(following::BY_REQUEST),
         follow: Some(following::ENDS), codes: USED];
    /// Starts nodes that are deallocated or terminated ("Start deallocated or terminated cluster nodes").
    Operate Repeatable Post "/clusters/{cluster}/nodes/start" StartNodes { cluster: ClusterName }
        (Nothing, NodeManagementRequest) -> NodeManagementResult
        [deadline: 120, service_id: REQUEST_ID, fills_id: true, search: Some(following::BY_REQUEST),
         follow: Some(following::STARTS), codes: USED];
    /// Terminates nodes ("Terminate cluster nodes").
    Operate Repeatable Post "/clusters/{cluster}/nodes/terminate" TerminateNodes { cluster: ClusterName }
        (Nothing, NodeManagementRequest) -> NodeManagementResult
        [deadline: 120, service_id: REQUEST_ID, fills_id: true, search: Some(following::BY_REQUEST),
         follow: Some(following::ENDS), codes: USED];
    /// Adds nodes to a node array until it has as many nodes or cores as are told, once ("Scale cluster to size").
    Operate Once Post "/clusters/{cluster}/scale/{nodearray}"
        ScaleNodeArray { cluster: ClusterName, nodearray: NodeArrayName } (ScaleQuery, Nothing) -> NodeCreationResult
        [deadline: 120, service_id: Some(ServiceId::Reply("operationId")), search: Some(following::BY_STATUS),
         follow: Some(following::SCALES)];
    /// Tells what the node arrays of a cluster have and may have ("Get cluster status").
    View Read Get "/clusters/{cluster}/status" ShowStatus { cluster: ClusterName } (StatusQuery, Nothing) -> ClusterStatus
        [deadline: 60, passing: Passing::Stream, watch: WATCH_STATUS, records: Some(nodes::IN_STATUS),
         options: nodes::FILLED];
    /// Tells the core hours of a cluster and what they cost by estimate ("Get usage and optional cost information").
    View Read Get "/clusters/{cluster}/usage" ShowUsage { cluster: ClusterName } (UsageQuery, Nothing) -> ClusterUsage
        [deadline: 120, passing: Passing::Stream, watch: WATCH_USAGE];
    /// Lists the operations, or the one of a request ("Lists the status of operations").
    View Read Get "/operations/" ListOperations {} (OperationsQuery, Nothing) -> Vec<OperationStatus>
        [passing: Passing::Stream];
    /// Tells of an operation what was asked for and when ("Gets operation status by id").
    View Read Get "/operations/{operation_id}" ShowOperation { operation_id: OperationId }
        (Nothing, Nothing) -> OperationStatus [];
    /// Lists the clusters. The reference has no such operation: it is that of the service's command line.
    View Read Get "/cloud/api/clusters" ListClusters {} (ClusterListQuery, Nothing) -> Vec<ListedCluster>
        [passing: Passing::Stream, watch: WATCH_STATUS, records: Some(nodes::IN_CLUSTERS)];
}

const WATCH_STATUS: Watch =
    Watch { slow: 15, fast: 5, windows: &[], moving: Some(Moving { member: "state", settled: STATES_AT_REST }) };
const WATCH_USAGE: Watch = Watch { slow: 300, fast: 300, windows: &["from", "to"], moving: None };

/// The words of a cluster's state where nothing is to be waited for.
const STATES_AT_REST: &[&str] = &["Started", "Terminated", "Off", "Failed"];

/// The system.
#[cfg(feature = "door")]
pub const SYSTEM: super::System = super::System {
    id: "cyclecloud",
    table: TABLE,
    identity: &[],
    of_changes: &[],
    standby: None,
    credentials: &["basic"],
    spelling: super::Spelling::ONE,
    token_header: None,
    tenant: false,
    clusters: super::Clusters::Named { list: "ListClusters" },
    probe: super::Probe {
        operation: "ListOperations",
        segments: &[],
        query: "request_id=howdah-probe",
        good: &[200, 404],
    },
    sick: |status, _| status >= 500,
    words,
};

/// The sentence of an error body, which many have none of.
#[cfg(feature = "door")]
fn words(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text =
        |value: &serde_json::Value| value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    text(&value["Message"]).or_else(|| text(&value["message"])).or_else(|| text(&value["Detail"]))
}
