//! What a cluster has, and how much more it may have.

use serde::{Deserialize, Serialize};

use super::nodes::Node;
use crate::operation::Input;
use crate::systems::reads::reads;

/// The query of [`ShowStatus`](super::ShowStatus).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct StatusQuery {
    /// Whether with the nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<bool>,
}

impl Input for StatusQuery {}

reads! {
    /// The reply of [`ShowStatus`](super::ShowStatus) ("ClusterStatus").
    ClusterStatus {
        /// Cores that it may have at the most.
        max_core_count "maxCoreCount": integer;
        /// Nodes that it may have at the most.
        max_count "maxCount": integer;
        /// Its node arrays.
        nodearrays "nodearrays": objects NodeArray;
        /// Its nodes, where they were asked for.
        nodes "nodes": objects Node;
        /// Where it stands; not told of one that was never started.
        state "state": text;
        /// Where it is to stand: `Started`, `Terminated`, …
        target_state "targetState": text;
    }

    /// A node array.
    NodeArray {
        /// Its name.
        name "name": text;
        /// Cores that it may have at the most.
        max_core_count "maxCoreCount": integer;
        /// Nodes that it may have at the most.
        max_count "maxCount": integer;
        /// The kinds of machines that its nodes may be made of.
        buckets "buckets": objects Bucket;
        /// Its attributes.
        nodearray "nodearray": object Node;
    }

    /// A kind of machines at a place, under an account: what nodes are allocated from. Servers leave out many members.
    Bucket {
        /// Its id, which stays as long as the cluster is.
        bucket_id "bucketId": text;
        /// What it is asked for by.
        definition "definition": object BucketDefinition;
        /// What its machines are like.
        virtual_machine "virtualMachine": object VirtualMachine;
        /// Whether new nodes may be made of it.
        valid "valid": flag;
        /// Why they may not: `NotActivated`, `DisabledMachineType`.
        invalid_reason "invalidReason": text;
        /// Nodes of it in this array, those that are acquired among them.
        active_count "activeCount": integer;
        /// Their cores.
        active_core_count "activeCoreCount": integer;
        /// Their names, where nodes were asked for.
        active_nodes "activeNodes": texts;
        /// Nodes that may be added, by all limits together.
        available_count "availableCount": integer;
        /// Their cores.
        available_core_count "availableCoreCount": integer;
        /// Nodes that it may have at the most, by the limits of the array and the cluster too.
        max_count "maxCount": integer;
        /// Their cores.
        max_core_count "maxCoreCount": integer;
        /// Nodes that a placement group of it may have.
        max_placement_group_size "maxPlacementGroupSize": integer;
        /// Their cores.
        max_placement_group_core_size "maxPlacementGroupCoreSize": integer;
        /// Its placement groups.
        placement_groups "placementGroups": objects PlacementGroup;
        /// Cores of its family that are used in the region; the older name of the next but one.
        consumed_core_count "consumedCoreCount": integer;
        /// Cores of its family that the account may have in the region, by the region's quota too.
        quota_core_count "quotaCoreCount": integer;
        /// Nodes that these are.
        quota_count "quotaCount": integer;
        /// Cores of its family that are used in the region.
        family_consumed_core_count "familyConsumedCoreCount": integer;
        /// Cores of its family that the account may have in the region. 0 for spot machines, for which the region's count.
        family_quota_core_count "familyQuotaCoreCount": integer;
        /// Nodes that these are.
        family_quota_count "familyQuotaCount": integer;
        /// Cores of all families that are used in the region.
        regional_consumed_core_count "regionalConsumedCoreCount": integer;
        /// Cores of all families that the account may have in the region.
        regional_quota_core_count "regionalQuotaCoreCount": integer;
        /// Nodes that these are.
        regional_quota_count "regionalQuotaCount": integer;
        /// Seconds since there was no capacity for it; below 0, which is read as missing, for never.
        last_capacity_failure "lastCapacityFailure": "seconds_ago" Option<f64>;
        /// How likely spot machines are to be had: `High`, `Medium`, `Low` or nothing; from 8.9 on.
        spot_placement_score "spotPlacementScore": text;
    }

    /// What a bucket is asked for by.
    BucketDefinition {
        /// The machine type.
        machine_type "machineType": text;
    }

    /// What the machines of a bucket are like.
    VirtualMachine {
        /// GPUs.
        gpu_count "gpuCount": integer;
        /// Whether it has InfiniBand.
        infiniband "infiniband": flag;
        /// Memory, in GB.
        memory "memory": float;
        /// Physical cores.
        pcpu_count "pcpuCount": integer;
        /// Virtual cores.
        vcpu_count "vcpuCount": integer;
        /// Virtual cores that it takes of a quota.
        vcpu_quota_count "vcpuQuotaCount": integer;
    }

    /// A placement group.
    PlacementGroup {
        /// Its name.
        name "name": text;
        /// Its nodes.
        active_count "activeCount": integer;
        /// Their cores.
        active_core_count "activeCoreCount": integer;
    }
}

/// How long ago something was; what lies below 0 never was.
fn seconds_ago<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    crate::lenient::float(deserializer).map(|ago| ago.filter(|ago| *ago >= 0.0))
}
