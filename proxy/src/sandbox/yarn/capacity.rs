//! The page of the capacity scheduler: the queues with what is configured for them and what is in use.
//!
//! The form of 3.4 and 3.5 was seen on real servers, that of 2.x is the reference's: parents without a type, no path,
//! `null` where nobody is, and the older limits.

use serde_json::{Map, Value, json};

use super::dialect::Dialect;
use super::queues::Queue;
use super::replies::{allocation, float, maximum_allocation, object, resource};
use super::usage::Held;
use super::world::Scene;

/// The most applications that all queues may hold.
const APPLICATIONS: f32 = 10_000.0;
/// How much of a queue masters may hold.
const MASTERS: f32 = 0.5;

/// `schedulerInfo`.
pub(super) fn scheduler(scene: &Scene<'_>) -> Value {
    let mut root = queue(scene, 0);
    let members = root.as_object_mut();
    if let Some(members) = members {
        members.insert("type".to_owned(), json!("capacityScheduler"));
        if scene.dialect == Dialect::V2 {
            members.retain(|name, _| {
                matches!(name.as_str(), "type" | "capacity" | "usedCapacity" | "maxCapacity" | "queueName" | "queues")
            });
        } else {
            for member in [
                "absoluteCapacity",
                "absoluteMaxCapacity",
                "absoluteUsedCapacity",
                "numApplications",
                "state",
                "resourcesUsed",
                "hideReservationQueues",
                "nodeLabels",
                "allocatedContainers",
                "reservedContainers",
                "pendingContainers",
                "resources",
                "minEffectiveCapacity",
                "maxEffectiveCapacity",
                "autoCreateChildQueueEnabled",
                "leafQueueTemplate",
            ] {
                members.remove(member);
            }
            members.insert("queueCapacityVectorInfo".to_owned(), vector(1.0));
            members.insert("health".to_owned(), health(scene));
        }
    }
    root
}

fn queue(scene: &Scene<'_>, at: usize) -> Value {
    let queue = &scene.tree.queues()[at];
    let held = scene.usage.queues[at];
    let used = held.share(scene.nodes.capacity());
    let mut members = common(queue, held, used);
    if scene.dialect == Dialect::V2 {
        older(&mut members, held);
    } else {
        newer(&mut members, scene, queue, held, used);
    }
    if queue.is_leaf() {
        leaf(&mut members, scene, at, queue, held);
    } else {
        let below = queue.children.iter().map(|child| self::queue(scene, *child)).collect();
        members.insert("queues".to_owned(), scene.dialect.list("queue", below));
    }
    Value::Object(members)
}

fn percent(fraction: f32) -> Value {
    float(fraction * 100.0)
}

/// What every version tells of every queue.
fn common(queue: &Queue, held: Held, used: f32) -> Map<String, Value> {
    object(json!({
        "queueName": queue.name(),
        "capacity": percent(queue.capacity),
        "usedCapacity": percent(used / queue.absolute),
        "maxCapacity": percent(queue.maximum),
        "absoluteCapacity": percent(queue.absolute),
        "absoluteMaxCapacity": percent(queue.absolute_maximum),
        "absoluteUsedCapacity": percent(used),
        "numApplications": held.running + held.waiting,
        "state": if queue.stopped { "STOPPED" } else { "RUNNING" },
        "resourcesUsed": resource(held.memory, held.cores),
    }))
}

fn older(members: &mut Map<String, Value>, held: Held) {
    members.insert("usedResources".to_owned(), json!(format!("<memory:{}, vCores:{}>", held.memory, held.cores)));
}

fn vector(capacity: f32) -> Value {
    let share = format!("{:?}%", (capacity * 1000.0).round() / 10.0);
    json!({
        "configuredCapacityVector": format!("[memory-mb={share},vcores={share}]"),
        "capacityVectorEntries": [
            {"resourceName": "memory-mb", "resourceValue": share},
            {"resourceName": "vcores", "resourceValue": share},
        ],
    })
}

/// A share of the cluster.
fn part(scene: &Scene<'_>, share: f32) -> Value {
    let (memory, cores) = scene.nodes.capacity();
    resource((memory as f32 * share) as u64, (cores as f32 * share) as u64)
}

fn newer(members: &mut Map<String, Value>, scene: &Scene<'_>, queue: &Queue, held: Held, used: f32) {
    let admits = match queue.submit {
        "*" => "*".to_owned(),
        users => format!("{users} "),
    };
    let administers = if queue.parent.is_none() { format!("{} ", scene.administrator) } else { " ".to_owned() };
    let mut usage = object(json!({
        "partitionName": "",
        "used": resource(held.memory, held.cores),
        "reserved": resource(0, 0),
        "pending": resource(held.pending_memory, held.pending_cores),
    }));
    if queue.is_leaf() {
        usage.insert("amUsed".to_owned(), resource(held.master_memory, held.master_cores));
        usage.insert("amLimit".to_owned(), part(scene, queue.absolute_maximum * MASTERS));
        usage.insert("userAmLimit".to_owned(), part(scene, queue.absolute_maximum * MASTERS));
    }
    let of_partition = json!({
        "partitionName": "",
        "queueCapacityVectorInfo": vector(queue.capacity),
        "capacity": percent(queue.capacity),
        "usedCapacity": percent(used / queue.absolute),
        "maxCapacity": percent(queue.maximum),
        "absoluteCapacity": percent(queue.absolute),
        "absoluteUsedCapacity": percent(used),
        "absoluteMaxCapacity": percent(queue.absolute_maximum),
        "maxAMLimitPercentage": if queue.is_leaf() { percent(MASTERS) } else { json!(0.0) },
        "weight": -1.0,
        "normalizedWeight": 0.0,
        "configuredMinResource": allocation(0, 0),
        "configuredMaxResource": allocation(0, 0),
        "effectiveMinResource": part(scene, queue.absolute),
        "effectiveMaxResource": part(scene, queue.absolute_maximum),
    });
    members.extend(object(json!({
        "queuePath": &*queue.path,
        "weight": -1.0,
        "normalizedWeight": 0.0,
        "maxParallelApps": i32::MAX,
        "isAbsoluteResource": false,
        "hideReservationQueues": false,
        "nodeLabels": ["*"],
        "allocatedContainers": held.containers,
        "reservedContainers": 0,
        "pendingContainers": held.waiting,
        "capacities": {"queueCapacitiesByPartition": [of_partition]},
        "resources": {"resourceUsagesByPartition": [usage]},
        "minEffectiveCapacity": part(scene, queue.absolute),
        "maxEffectiveCapacity": part(scene, queue.absolute_maximum),
        "maximumAllocation": maximum_allocation(),
        "queueAcls": {"queueAcl": [
            {"accessType": "ADMINISTER_QUEUE", "accessControlList": administers},
            {"accessType": "APPLICATION_MAX_PRIORITY", "accessControlList": "*"},
            {"accessType": "SUBMIT_APP", "accessControlList": admits},
        ]},
        "queuePriority": 0,
        "orderingPolicyInfo": if queue.is_leaf() { "fifo" } else { "utilization" },
        "autoCreateChildQueueEnabled": false,
        "leafQueueTemplate": {},
        "mode": "percentage",
        "queueType": if queue.is_leaf() { "leaf" } else { "parent" },
        "creationMethod": "static",
        "autoCreationEligibility": "off",
        "autoQueueTemplateProperties": {},
        "autoQueueParentTemplateProperties": {},
        "autoQueueLeafTemplateProperties": {},
    })));
}

fn leaf(members: &mut Map<String, Value>, scene: &Scene<'_>, at: usize, queue: &Queue, held: Held) {
    let most = (APPLICATIONS * queue.absolute) as u64;
    let users = scene.usage.users.get(&at).into_iter().flatten();
    let users = users.map(|(name, held)| user(scene, queue, name, *held)).collect();
    members.extend(object(json!({
        "type": "capacitySchedulerLeafQueueInfo",
        "numActiveApplications": held.running,
        "numPendingApplications": held.waiting,
        "numContainers": held.containers,
        "maxApplications": most,
        "maxApplicationsPerUser": most,
        "userLimitFactor": 1.0,
        "users": scene.dialect.list("user", users),
    })));
    if scene.dialect == Dialect::V2 {
        members.extend(object(json!({
            "maxActiveApplications": (most / 100).max(1),
            "maxActiveApplicationsPerUser": (most / 100).max(1),
            "userLimit": 100,
        })));
        return;
    }
    let masters = part(scene, queue.absolute_maximum * MASTERS);
    members.extend(object(json!({
        "userLimit": 100.0,
        "configuredMaxAMResourceLimit": MASTERS,
        "AMResourceLimit": masters,
        "usedAMResource": resource(held.master_memory, held.master_cores),
        "userAMResourceLimit": masters,
        "preemptionDisabled": true,
        "intraQueuePreemptionDisabled": true,
        "defaultPriority": 0,
        "isAutoCreatedLeafQueue": false,
        "maxApplicationLifetime": -1,
        "defaultApplicationLifetime": -1,
    })));
}

fn user(scene: &Scene<'_>, queue: &Queue, name: &str, held: Held) -> Value {
    let mut told = object(json!({
        "username": name,
        "resourcesUsed": resource(held.memory, held.cores),
        "numPendingApplications": held.waiting,
        "numActiveApplications": held.running,
    }));
    if scene.dialect != Dialect::V2 {
        let usage = json!({
            "partitionName": "",
            "used": resource(held.memory, held.cores),
            "reserved": resource(0, 0),
            "pending": resource(held.pending_memory, held.pending_cores),
            "amUsed": resource(held.master_memory, held.master_cores),
            "amLimit": part(scene, queue.absolute * MASTERS),
            "userAmLimit": resource(0, 0),
        });
        told.extend(object(json!({
            "AMResourceUsed": resource(held.master_memory, held.master_cores),
            "userResourceLimit": part(scene, queue.absolute),
            "resources": {"resourceUsagesByPartition": [usage]},
            "userWeight": 1.0,
            "isActive": held.waiting > 0,
        })));
    }
    Value::Object(told)
}

fn health(scene: &Scene<'_>) -> Value {
    let operation = |name| json!({"operation": name, "nodeId": "N/A", "containerId": "N/A", "queue": "N/A"});
    let names = ["last-allocation", "last-release", "last-preemption", "last-reservation"];
    let details = ["releases", "allocations", "reservations"];
    let details = details.map(|name| json!({"operation": name, "count": 0, "resources": resource(0, 0)}));
    json!({"lastrun": scene.now_ms, "operationsInfo": names.map(operation), "lastRunDetails": details})
}
