//! Nodes of the cluster.

use garde::Validate;
use serde::{Deserialize, Serialize};

use super::{Resource, reads};
use crate::operation::Input;

/// The query of [`ListNodes`](super::ListNodes) ("Cluster Nodes API").
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct NodesQuery {
    /// States, separated by commas. The reference calls it `state`; servers know it as `states`, which is taken too.
    #[serde(
        rename(serialize = "states", deserialize = "state"),
        alias = "states",
        skip_serializing_if = "Option::is_none"
    )]
    pub state: Option<String>,
    /// Whether those that are healthy, or those that are not. Servers do not know it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthy: Option<bool>,
}

impl Input for NodesQuery {}

reads! {
    /// The reply of [`ListNodes`](super::ListNodes).
    NodesReply {
        /// The wrapper; null, empty or text where there are none.
        nodes "nodes": object Nodes;
    }

    /// The list within its wrapper.
    Nodes {
        /// The nodes.
        node "node": objects Node;
    }

    /// What the console reads of each node of a list ("Cluster Node API"). All else that is told of one is in
    /// [`NodeDetails`].
    Node {
        /// The id: its host and port.
        id "id": text;
        /// NEW, RUNNING, UNHEALTHY, DECOMMISSIONING, DECOMMISSIONED, LOST, REBOOTED, SHUTDOWN.
        state "state": text;
        /// The rack.
        rack "rack": text;
        /// Its host.
        node_host_name "nodeHostName": text;
        /// Its web address; empty where it is out of service.
        node_http_address "nodeHTTPAddress": text;
        /// Its labels; from 2.6 on.
        node_labels "nodeLabels": texts;
        /// `Healthy` or `Unhealthy`; in the reference and on old servers only.
        health_status "healthStatus": text;
        /// What its health check says.
        health_report "healthReport": text;
        /// When it told of its health, in ms since the epoch.
        last_health_update "lastHealthUpdate": integer;
        /// The version of its NodeManager; from 2.3 on.
        version "version": text;
        /// Containers that run on it.
        num_containers "numContainers": integer;
        /// Memory that containers have, in MiB.
        used_memory_mb "usedMemoryMB": integer;
        /// Memory for more of them, in MiB.
        avail_memory_mb "availMemoryMB": integer;
        /// Cores that containers have; from 2.5 on.
        used_virtual_cores "usedVirtualCores": integer;
        /// Cores for more of them; from 2.5 on.
        available_virtual_cores "availableVirtualCores": integer;
        /// Memory in use on its machine, in percent; from 3.4 on.
        mem_utilization "memUtilization": float;
        /// Processors in use on its machine, in percent; below zero where it cannot tell; from 3.4 on.
        cpu_utilization "cpuUtilization": float;
    }

    /// The reply of [`ShowNode`](super::ShowNode).
    NodeReply {
        /// The node.
        node "node": object NodeDetails;
    }

    /// All that is told of a node.
    NodeDetails {
        /// What lists tell too; a member that stands there stands nowhere else.
        brief: all of Node;
        /// Opportunistic containers that run on it; from 2.9 on.
        num_running_opport_containers "numRunningOpportContainers": integer;
        /// Memory that these have, in GiB.
        used_memory_opport_gb "usedMemoryOpportGB": integer;
        /// Cores that these have.
        used_virtual_cores_opport "usedVirtualCoresOpport": integer;
        /// Opportunistic containers that wait for it.
        num_queued_containers "numQueuedContainers": integer;
        /// What its machine really uses; from 2.8 on.
        resource_utilization "resourceUtilization": object NodeUtilization;
        /// What containers have; from 3.1 on.
        used_resource "usedResource": object Resource;
        /// What there is for more of them; from 3.1 on.
        available_resource "availableResource": object Resource;
        /// All of it; from 3.3 on.
        total_resource "totalResource": object Resource;
        /// Tags of the containers on it; from 3.1 on.
        allocation_tags "allocationTags": object AllocationTags;
        /// Attributes of it; from 3.2 on.
        node_attributes_info "nodeAttributesInfo": object NodeAttributes;
        /// The cluster of a federation.
        sub_cluster_id "subClusterId": text;
    }

    /// What a node's machine really uses. Memory is in MiB.
    NodeUtilization {
        /// Physical memory of all that runs.
        node_physical_memory_mb "nodePhysicalMemoryMB": integer;
        /// Virtual memory of all that runs.
        node_virtual_memory_mb "nodeVirtualMemoryMB": integer;
        /// Processors, as so many of them; −1 where it cannot tell.
        node_cpu_usage "nodeCPUUsage": float;
        /// Physical memory of containers.
        aggregated_containers_physical_memory_mb "aggregatedContainersPhysicalMemoryMB": integer;
        /// Virtual memory of containers.
        aggregated_containers_virtual_memory_mb "aggregatedContainersVirtualMemoryMB": integer;
        /// Processors of containers.
        containers_cpu_usage "containersCPUUsage": float;
    }

    /// The list within its wrapper.
    AllocationTags {
        /// The tags.
        allocation_tag_info "allocationTagInfo": objects AllocationTag;
    }

    /// A tag of containers.
    AllocationTag {
        /// The tag.
        allocation_tag "allocationTag": text;
        /// How many containers have it.
        allocations_count "allocationsCount": integer;
    }

    /// The list within its wrapper.
    NodeAttributes {
        /// The attributes.
        node_attribute_info "nodeAttributeInfo": objects NodeAttribute;
    }

    /// An attribute of a node.
    NodeAttribute {
        /// Who gave it: `rm.yarn.io`, `nm.yarn.io`.
        prefix "prefix": text;
        /// Its name.
        name "name": text;
        /// The type of its value.
        kind "type": text;
        /// Its value.
        value "value": text;
    }
}
