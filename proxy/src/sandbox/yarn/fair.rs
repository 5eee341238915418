//! The pages of the two other schedulers, as real servers of 3.5 and 3.4 gave them. The queues and what is in use are
//! the same; only the scheduler's page tells of another.

use serde_json::{Value, json};

use super::dialect::Dialect;
use super::nodes;
use super::replies::{MAXIMUM, MINIMUM, allocation, float, maximum_allocation, resource};
use super::world::Scene;

/// `schedulerInfo` of the fair scheduler.
pub(super) fn fair(scene: &Scene<'_>) -> Value {
    json!({"type": "fairScheduler", "rootQueue": queue(scene, 0)})
}

fn queue(scene: &Scene<'_>, at: usize) -> Value {
    let queue = &scene.tree.queues()[at];
    let held = scene.usage.queues[at];
    let (memory, cores) = scene.nodes.capacity();
    let part = |share: f32| resource((memory as f32 * share) as u64, (cores as f32 * share) as u64);
    let mut told = json!({
        "maxApps": if queue.restricted { 50 } else { i32::MAX },
        "minResources": allocation(0, 0),
        "maxResources": part(queue.absolute_maximum),
        "usedResources": resource(held.memory, held.cores),
        "amUsedResources": resource(held.master_memory, held.master_cores),
        "amMaxResources": resource(0, 0),
        "demandResources": resource(held.memory + held.pending_memory, held.cores + held.pending_cores),
        "steadyFairResources": part(queue.absolute),
        "fairResources": if held.running > 0 { part(queue.absolute) } else { resource(0, 0) },
        "clusterResources": resource(memory, cores),
        "reservedResources": resource(0, 0),
        "maxContainerAllocation": maximum_allocation(),
        "pendingContainers": held.waiting,
        "allocatedContainers": held.containers,
        "reservedContainers": 0,
        "queueName": &*queue.path,
        "schedulingPolicy": "fair",
        "preemptable": true,
    });
    if let Some(members) = told.as_object_mut() {
        if queue.is_leaf() {
            members.insert("type".to_owned(), json!("fairSchedulerLeafQueueInfo"));
            members.insert("numPendingApps".to_owned(), json!(held.waiting));
            members.insert("numActiveApps".to_owned(), json!(held.running));
        } else {
            let below = queue.children.iter().map(|child| self::queue(scene, *child)).collect();
            // The old versions have the list itself here.
            let below = if scene.dialect == Dialect::V2 { Value::Array(below) } else { json!({"queue": below}) };
            members.insert("childQueues".to_owned(), below);
        }
    }
    told
}

/// `schedulerInfo` of the FIFO scheduler.
pub(super) fn fifo(scene: &Scene<'_>) -> Value {
    let (memory, cores) = scene.nodes.capacity();
    json!({
        "type": "fifoScheduler",
        "capacity": 1.0,
        "usedCapacity": float(scene.usage.all.share((memory, cores))),
        "qstate": "RUNNING",
        "minQueueMemoryCapacity": MINIMUM.0,
        "maxQueueMemoryCapacity": MAXIMUM.0,
        "numNodes": memory / nodes::MEMORY,
        "usedNodeCapacity": scene.usage.all.memory,
        "availNodeCapacity": memory as i64 - scene.usage.all.memory as i64,
        "totalNodeCapacity": memory,
        "numContainers": scene.usage.all.containers,
    })
}
