//! The CapacityScheduler's queues, and at the top what the FIFO and the Fair Scheduler tell.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;

use super::super::{Resource, ResourceUsages, reads};
use super::fair::FairQueue;
use crate::lenient;

/// A queue of the CapacityScheduler, and the root queue, which stands in the scheduler's own object.
macro_rules! queue {
    ($(#[$doc:meta])* $name:ident { $($more:tt)* }) => {
        reads! {
            $(#[$doc])*
            $name {
                /// `capacityScheduler`, `fifoScheduler`, `fairScheduler`; of a queue `capacitySchedulerLeafQueueInfo`,
                /// and of a parent none.
                kind "type": text;
                /// Its share of its parent, in percent.
                capacity "capacity": float;
                /// How much of its capacity is used, in percent; above 100 where it has more than its share.
                used_capacity "usedCapacity": float;
                /// The most that it may have of its parent, in percent.
                max_capacity "maxCapacity": float;
                /// Its share of the cluster, in percent.
                absolute_capacity "absoluteCapacity": float;
                /// The most that it may have of the cluster, in percent.
                absolute_max_capacity "absoluteMaxCapacity": float;
                /// What it uses of the cluster, in percent.
                absolute_used_capacity "absoluteUsedCapacity": float;
                /// Its weight among its siblings; −1 where it has none; from 3.4 on.
                weight "weight": float;
                /// The same as a part of one; from 3.4 on.
                normalized_weight "normalizedWeight": float;
                /// Its name.
                queue_name "queueName": text;
                /// Its path from the root, with dots; from 3.4 on.
                queue_path "queuePath": text;
                /// The most applications that run at once; 2^31−1 where there is no limit; from 3.4 on.
                max_parallel_apps "maxParallelApps": integer;
                /// Whether its capacity is an amount; from 3.4 on.
                is_absolute_resource "isAbsoluteResource": flag;
                /// The queues below it; missing, null or empty for a leaf.
                queues "queues": object CapacityQueues;
                /// Its capacities by partition; from 2.8 on.
                capacities "capacities": object QueueCapacities;
                /// The most that a container is given; from 3.3 on.
                maximum_allocation "maximumAllocation": object Resource;
                /// Who may do what with it; from 3.3 on.
                queue_acls "queueAcls": object QueueAcls;
                /// Its priority among its siblings; from 3.3 on.
                queue_priority "queuePriority": integer;
                /// In which order its applications or queues come; from 3.3 on.
                ordering_policy_info "orderingPolicyInfo": text;
                /// How its capacity is given: `percentage`, `absolute`, `weight`, `mixed`; from 3.4 on.
                mode "mode": text;
                /// `leaf` or `parent`; from 3.4 on.
                queue_type "queueType": text;
                /// `static`, `dynamicLegacy`, `dynamicFlexible`; from 3.4 on.
                creation_method "creationMethod": text;
                /// Whether queues come into being below it: `off`, `legacy`, `flexible`; from 3.4 on.
                auto_creation_eligibility "autoCreationEligibility": text;
                /// The label of its applications' nodes unless they name one; from 2.8 on.
                default_node_label_expression "defaultNodeLabelExpression": text;
                $($more)*
            }
        }
    };
}

queue! {
    /// What the scheduler tells: of the CapacityScheduler its root queue.
    SchedulerInfo {
        /// What was done last; from 2.8 on.
        health "health": object SchedulerHealth;
        /// Fair: the root queue.
        root_queue "rootQueue": object Box<FairQueue>;
        /// FIFO: the state of its only queue.
        qstate "qstate": text;
        /// FIFO: the least memory of a container, in MiB.
        min_queue_memory_capacity "minQueueMemoryCapacity": integer;
        /// FIFO: the most memory of a container, in MiB.
        max_queue_memory_capacity "maxQueueMemoryCapacity": integer;
        /// FIFO: nodes.
        num_nodes "numNodes": integer;
        /// FIFO: memory used, in MiB.
        used_node_capacity "usedNodeCapacity": integer;
        /// FIFO: memory available, in MiB.
        avail_node_capacity "availNodeCapacity": integer;
        /// FIFO: all memory, in MiB.
        total_node_capacity "totalNodeCapacity": integer;
        /// FIFO: containers.
        num_containers "numContainers": integer;
    }
}

queue! {
    /// A queue below the root. Those that applications are submitted to, the leaves, tell more.
    CapacityQueue {
        /// RUNNING, STOPPED, DRAINING.
        state "state": text;
        /// Applications in it.
        num_applications "numApplications": integer;
        /// What it uses, as text; up to 2.2.
        used_resources "usedResources": text;
        /// What it uses.
        resources_used "resourcesUsed": object Resource;
        /// Whether the queues of its reservations are left out; from 2.6 on.
        hide_reservation_queues "hideReservationQueues": flag;
        /// The labels whose nodes it may use; from 2.6 on.
        node_labels "nodeLabels": texts;
        /// Containers allocated; from 2.8 on.
        allocated_containers "allocatedContainers": integer;
        /// Containers reserved; from 2.8 on.
        reserved_containers "reservedContainers": integer;
        /// Containers asked for; from 2.8 on.
        pending_containers "pendingContainers": integer;
        /// What it uses by partition; from 2.8 on.
        resources "resources": object ResourceUsages;
        /// Its capacity as an amount; from 3.1 on.
        min_effective_capacity "minEffectiveCapacity": object Resource;
        /// The most that it may have, as an amount; from 3.1 on.
        max_effective_capacity "maxEffectiveCapacity": object Resource;
        /// Whether queues come into being below it, in the older way; from 3.3 on.
        auto_create_child_queue_enabled "autoCreateChildQueueEnabled": flag;
        /// Leaf: applications that are active.
        num_active_applications "numActiveApplications": integer;
        /// Leaf: applications that wait to be.
        num_pending_applications "numPendingApplications": integer;
        /// Leaf: containers.
        num_containers "numContainers": integer;
        /// Leaf: the most applications.
        max_applications "maxApplications": integer;
        /// Leaf: the most applications of one user.
        max_applications_per_user "maxApplicationsPerUser": integer;
        /// Leaf: the most active applications; up to 2.6.
        max_active_applications "maxActiveApplications": integer;
        /// Leaf: the most active applications of one user; up to 2.6.
        max_active_applications_per_user "maxActiveApplicationsPerUser": integer;
        /// Leaf: what each user is sure to get, in percent.
        user_limit "userLimit": float;
        /// Leaf: how many times the capacity a user may have.
        user_limit_factor "userLimitFactor": float;
        /// Leaf: its users.
        users "users": object QueueUsers;
        /// Leaf: the part that application masters may have; from 3.3 on.
        configured_max_am_resource_limit "configuredMaxAMResourceLimit": float;
        /// Leaf: what application masters may have; from 2.7 on.
        am_resource_limit "AMResourceLimit": object Resource;
        /// Leaf: what application masters have; from 2.7 on.
        used_am_resource "usedAMResource": object Resource;
        /// Leaf: what application masters of one user may have; from 2.7 on.
        user_am_resource_limit "userAMResourceLimit": object Resource;
        /// Leaf: whether nothing is taken from it; from 2.7 on.
        preemption_disabled "preemptionDisabled": flag;
        /// Leaf: whether nothing is taken from one of its applications for another; from 3.1 on.
        intra_queue_preemption_disabled "intraQueuePreemptionDisabled": flag;
        /// Leaf: the priority of applications unless they name one; from 2.8 on.
        default_priority "defaultPriority": integer;
        /// Leaf: whether it came into being by itself; from 3.1 on.
        is_auto_created_leaf_queue "isAutoCreatedLeafQueue": flag;
        /// Leaf: how long applications may live, in seconds; −1 where there is no limit; from 3.3 on.
        max_application_lifetime "maxApplicationLifetime": integer;
        /// Leaf: how long they live unless they say; from 3.3 on.
        default_application_lifetime "defaultApplicationLifetime": integer;
    }
}

reads! {
    /// The list within its wrapper.
    CapacityQueues {
        /// The queues.
        queue "queue": objects CapacityQueue;
    }

    /// The list within its wrapper.
    QueueUsers {
        /// The users.
        user "user": objects QueueUser;
    }

    /// A user of a leaf.
    QueueUser {
        /// The user.
        username "username": text;
        /// What the user's applications have.
        resources_used "resourcesUsed": object Resource;
        /// Applications that are active.
        num_active_applications "numActiveApplications": integer;
        /// Applications that wait to be.
        num_pending_applications "numPendingApplications": integer;
        /// What application masters of the user have; from 2.7 on.
        am_resource_used "AMResourceUsed": object Resource;
        /// The most that the user may have; from 2.7 on.
        user_resource_limit "userResourceLimit": object Resource;
        /// The same by partition; from 2.8 on.
        resources "resources": object ResourceUsages;
        /// How the user counts among others; from 3.0 on.
        user_weight "userWeight": float;
        /// Whether the user has active applications; from 3.0 on.
        is_active "isActive": flag;
    }

    /// The list within its wrapper.
    QueueCapacities {
        /// A partition each.
        by_partition "queueCapacitiesByPartition": objects PartitionCapacities;
    }

    /// The capacities of a queue in one partition.
    PartitionCapacities {
        /// The node label; empty for nodes without one.
        partition_name "partitionName": text;
        /// Its share of its parent, in percent.
        capacity "capacity": float;
        /// How much of that is used, in percent.
        used_capacity "usedCapacity": float;
        /// The most of its parent, in percent.
        max_capacity "maxCapacity": float;
        /// Its share of the partition, in percent.
        absolute_capacity "absoluteCapacity": float;
        /// What it uses of the partition, in percent.
        absolute_used_capacity "absoluteUsedCapacity": float;
        /// The most of the partition, in percent.
        absolute_max_capacity "absoluteMaxCapacity": float;
        /// The most that application masters may have, in percent.
        max_am_limit_percentage "maxAMLimitPercentage": float;
        /// Its weight; −1 where it has none.
        weight "weight": float;
        /// The same as a part of one.
        normalized_weight "normalizedWeight": float;
        /// Its capacity as it is configured, where that is an amount.
        configured_min_resource "configuredMinResource": object Resource;
        /// Its maximum as it is configured, where that is an amount.
        configured_max_resource "configuredMaxResource": object Resource;
        /// Its capacity as an amount.
        effective_min_resource "effectiveMinResource": object Resource;
        /// Its maximum as an amount.
        effective_max_resource "effectiveMaxResource": object Resource;
    }

    /// The list within its wrapper.
    QueueAcls {
        /// The rights.
        queue_acl "queueAcl": objects QueueAcl;
    }

    /// Who may do something with a queue.
    QueueAcl {
        /// `ADMINISTER_QUEUE`, `SUBMIT_APP`, …
        access_type "accessType": text;
        /// Users and groups; `*` for all.
        access_control_list "accessControlList": text;
    }

    /// What the scheduler did last.
    SchedulerHealth {
        /// When it ran, in ms since the epoch.
        lastrun "lastrun": integer;
        /// What it did: a list, or a map by the operations' names on old servers.
        operations_info "operationsInfo": "operations" Vec<OperationInformation>;
    }

    /// The last time that the scheduler did something.
    OperationInformation {
        /// `last-allocation`, `last-release`, `last-preemption`, `last-reservation`.
        operation "operation": text;
        /// On which node.
        node_id "nodeId": text;
        /// With which container.
        container_id "containerId": text;
        /// In which queue.
        queue "queue": text;
    }
}

/// Reads the list, and the map `{"entry": [{"key": <operation>, "value": {…}}]}` with its keys as operations.
fn operations<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<OperationInformation>, D::Error> {
    let mut value = Value::deserialize(d)?;
    let items = match value.get_mut("entry").map(Value::take) {
        Some(Value::Array(entries)) => entries.into_iter().map(by_name).collect(),
        Some(entry) => vec![by_name(entry)],
        None => return lenient::objects(value).map_err(serde::de::Error::custom),
    };
    lenient::objects(Value::Array(items)).map_err(serde::de::Error::custom)
}

fn by_name(mut entry: Value) -> Value {
    let (key, mut value) = (entry["key"].take(), entry["value"].take());
    if let Value::Object(members) = &mut value {
        members.insert("operation".to_owned(), key);
    }
    value
}
