//! One application: all that is told of it, its attempts, and what can be done with it.

use garde::Validate;
use serde::{Deserialize, Serialize};

use super::{Application, Resource, ResourceUsages, reads};
use crate::operation::Input;

/// The query of [`ShowApplication`](super::ShowApplication).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ApplicationQuery {
    /// Fields to leave out, separated by commas; from 2.9 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub de_selects: Option<String>,
}

impl Input for ApplicationQuery {}

reads! {
    /// The reply of [`ShowApplication`](super::ShowApplication).
    ApplicationReply {
        /// The application.
        app "app": object ApplicationDetails;
    }

    /// All that is told of an application ("Cluster Application API"). Somebody who may not see it is told zeros.
    ApplicationDetails {
        /// What lists tell too; a member that stands there stands nowhere else.
        brief: all of Application;
        /// What is wrong with it, or why it waits; may be megabytes.
        diagnostics "diagnostics": text;
        /// Where `tracking_url` points: `History`, `ApplicationMaster`, `UNASSIGNED`.
        tracking_ui "trackingUI": text;
        /// A page of it, as the application itself gave it: never to be trusted.
        tracking_url "trackingUrl": text;
        /// The start of the ResourceManager under which it was submitted.
        cluster_id "clusterId": integer;
        /// The cluster of a federation.
        rm_cluster_id "rmClusterId": text;
        /// Tags, separated by commas; from 2.4 on, and `null` as text on old servers.
        application_tags "applicationTags": text;
        /// Its priority; −1 where there is none to tell of; from 2.8 on.
        priority "priority": integer;
        /// When its first container was given; 0 before that; from 3.2 on.
        launch_time "launchTime": integer;
        /// The logs of its master.
        am_container_logs "amContainerLogs": text;
        /// The web address of the node of its master.
        am_host_http_address "amHostHttpAddress": text;
        /// Where its master is spoken to; from 2.8 on.
        am_rpc_address "amRPCAddress": text;
        /// The node of its master; from 3.1 on.
        master_node_id "masterNodeId": text;
        /// Memory reserved, in MiB; from 2.9 on.
        reserved_mb "reservedMB": integer;
        /// Cores reserved; from 2.9 on.
        reserved_v_cores "reservedVCores": integer;
        /// Memory held over time, in MiB seconds; from 2.6 on.
        memory_seconds "memorySeconds": integer;
        /// Cores held over time, in seconds; from 2.6 on.
        vcore_seconds "vcoreSeconds": integer;
        /// What was held over time of every kind of resource; from 3.0 on.
        resource_seconds_map "resourceSecondsMap": pairs;
        /// How much of its queue it has, in percent; from 2.8 on.
        queue_usage_percentage "queueUsagePercentage": float;
        /// How much of the cluster it has, in percent; from 2.8 on.
        cluster_usage_percentage "clusterUsagePercentage": float;
        /// Memory taken from it, in MiB; from 2.6 on.
        preempted_resource_mb "preemptedResourceMB": integer;
        /// Cores taken from it; from 2.6 on.
        preempted_resource_v_cores "preemptedResourceVCores": integer;
        /// Containers taken from it that were not its master; from 2.6 on.
        num_non_am_container_preempted "numNonAMContainerPreempted": integer;
        /// How often its master was taken from it; from 2.6 on.
        num_am_container_preempted "numAMContainerPreempted": integer;
        /// Memory taken from it over time, in MiB seconds; from 2.8 on.
        preempted_memory_seconds "preemptedMemorySeconds": integer;
        /// Cores taken from it over time, in seconds; from 2.8 on.
        preempted_vcore_seconds "preemptedVcoreSeconds": integer;
        /// What was taken from it over time of every kind of resource; from 3.0 on.
        preempted_resource_seconds_map "preemptedResourceSecondsMap": pairs;
        /// What it asks for; from 2.7 on, and only while it is active.
        resource_requests "resourceRequests": objects ResourceRequest;
        /// How far its logs are collected: `DISABLED`, `NOT_START`, `RUNNING`, `SUCCEEDED`, …; from 2.8 on.
        log_aggregation_status "logAggregationStatus": text;
        /// Whether its master runs outside of the cluster; from 2.8 on.
        unmanaged_application "unmanagedApplication": flag;
        /// The label of the nodes for its containers; from 2.8 on.
        app_node_label_expression "appNodeLabelExpression": text;
        /// The label of the node for its master; from 2.8 on.
        am_node_label_expression "amNodeLabelExpression": text;
        /// What it holds, by partition; from 2.8 on.
        resource_info "resourceInfo": object ResourceUsages;
        /// How long it may live; from 2.9 on.
        timeouts "timeouts": object Timeouts;
    }

    /// Something that an application asks for.
    ResourceRequest {
        /// The priority of the request.
        priority "priority": integer;
        /// The id of the request; −1 where it has none.
        allocation_request_id "allocationRequestId": integer;
        /// A node, a rack, or `*`.
        resource_name "resourceName": text;
        /// Of what size.
        capability "capability": object Resource;
        /// How many.
        num_containers "numContainers": integer;
        /// Whether another place will do.
        relax_locality "relaxLocality": flag;
        /// The label of the nodes.
        node_label_expression "nodeLabelExpression": text;
        /// Whether it is guaranteed.
        execution_type_request "executionTypeRequest": object ExecutionTypeRequest;
        /// Where it may stand beside others; from 3.1 on.
        placement_constraint "placementConstraint": text;
        /// The tags of its containers; from 3.1 on.
        allocation_tags "allocationTags": texts;
    }

    /// Whether a container is guaranteed.
    ExecutionTypeRequest {
        /// `GUARANTEED` or `OPPORTUNISTIC`.
        execution_type "executionType": text;
        /// Whether it may be no other.
        enforce_execution_type "enforceExecutionType": flag;
    }

    /// The list within its wrapper.
    Timeouts {
        /// The timeouts.
        timeout "timeout": objects Timeout;
    }

    /// How long an application may live.
    Timeout {
        /// `LIFETIME`
        kind "type": text;
        /// When it ends, as `2026-01-02T03:04:05.678+0900`, or `UNLIMITED`.
        expiry_time "expiryTime": text;
        /// How long that is from now; −1 where there is no limit.
        remaining_time_in_seconds "remainingTimeInSeconds": integer;
    }

    /// The reply of [`ListAttempts`](super::ListAttempts).
    AttemptsReply {
        /// The wrapper.
        app_attempts "appAttempts": object Attempts;
    }

    /// The list within its wrapper.
    Attempts {
        /// The attempts.
        app_attempt "appAttempt": objects Attempt;
    }

    /// An attempt to run an application ("Cluster Application Attempts API").
    Attempt {
        /// The number of the attempt, from 1.
        id "id": integer;
        /// When it began, in ms since the epoch.
        start_time "startTime": integer;
        /// When it ended; 0 while it runs; from 2.8 on.
        finished_time "finishedTime": integer;
        /// The container of its master; empty while it has none.
        container_id "containerId": text;
        /// The web address of its node; empty while it has none.
        node_http_address "nodeHttpAddress": text;
        /// Its node; empty while it has none.
        node_id "nodeId": text;
        /// The logs of its master; without a scheme on old servers.
        logs_link "logsLink": text;
        /// Nodes that it will not have; from 2.8 on.
        blacklisted_nodes "blacklistedNodes": text;
        /// Nodes that the ResourceManager keeps its master from; from 2.8 on.
        nodes_blacklisted_by_system "nodesBlacklistedBySystem": text;
        /// The id, `appattempt_…`; from 2.8 on.
        app_attempt_id "appAttemptId": text;
        /// Ports that it has opened; from 3.3 on, and `null` as text where there are none.
        export_ports "exportPorts": text;
        /// `NEW`, `SUBMITTED`, `SCHEDULED`, `ALLOCATED`, `LAUNCHED`, `RUNNING`, `FINISHED`, …; from 3.3 on.
        app_attempt_state "appAttemptState": text;
    }

    /// The state of an application ("Cluster Application State API"), before or after it was asked to change.
    ApplicationState {
        /// NEW, NEW_SAVING, SUBMITTED, ACCEPTED, RUNNING, FINISHED, FAILED, KILLED; `KILLING` on the way.
        state "state": text;
        /// What was said with the change; from 2.8 on.
        diagnostics "diagnostics": text;
    }

    /// The queue of an application ("Cluster Application Queue API"), before or after a move.
    ApplicationQueue {
        /// The queue; its full path on newer servers.
        queue "queue": text;
    }
}

/// The body of [`ChangeApplicationState`](super::ChangeApplicationState): the only change is to kill it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct StateChange {
    /// The state that it is to have.
    pub state: TargetState,
    /// Why, for those who look at the application afterwards; from 2.8 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<String>,
}

impl Input for StateChange {}

/// A state that an application can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum TargetState {
    /// It is killed.
    Killed,
}

/// The body of [`MoveApplication`](super::MoveApplication).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QueueChange {
    /// The queue that it is moved to: its name or its full path.
    #[garde(length(min = 1))]
    pub queue: String,
}

impl Input for QueueChange {}
