//! The three schedulers' queues, and the one tree that is made of them.

use std::sync::Arc;

use howdah_shared::systems::yarn::{Level, Queue, QueueRow, SchedulerKind, SchedulerReply, levels};

use crate::read;

fn tree(body: &str) -> Vec<Level> {
    levels(&QueueRow::all(body).unwrap()).map(|(_, levels)| levels).unwrap_or_default()
}

/// Every queue's path with whether it is a leaf, from the top.
fn paths(tree: &[Level]) -> Vec<(String, bool)> {
    tree.iter().map(|level| (level.queue.path.clone(), level.leaf)).collect()
}

fn at(tree: &[Level], path: &str) -> Arc<Queue> {
    tree.iter().find(|level| level.queue.path == path).unwrap().queue.clone()
}

fn path(path: &str, leaf: bool) -> (String, bool) {
    (path.to_owned(), leaf)
}

#[test]
fn queues_of_old_servers_have_no_paths() {
    let tree = tree(
        r#"{"scheduler": {"schedulerInfo": {"type": "capacityScheduler", "capacity": 100.0, "usedCapacity": "NaN",
            "maxCapacity": 100.0, "queueName": "root", "queues": {"queue": [
                {"queueName": "a", "capacity": 40.0, "absoluteCapacity": 40.0, "absoluteUsedCapacity": 52.5,
                 "absoluteMaxCapacity": 60.0, "usedCapacity": 131.25, "numApplications": 3, "state": "RUNNING",
                 "usedResources": "<memory:0, vCores:0>", "queues": {"queue":
                    {"type": "capacitySchedulerLeafQueueInfo", "queueName": "x", "numActiveApplications": 1,
                     "numPendingApplications": 2, "maxActiveApplications": 5, "maxApplications": 267, "users": null,
                     "resourcesUsed": {"memory": 4096, "vCores": 2}, "userLimit": 100, "userLimitFactor": 1.5}}},
                {"type": "capacitySchedulerLeafQueueInfo", "queueName": "x", "queues": null}]}}}}"#,
    );
    assert_eq!(
        paths(&tree),
        [path("root", false), path("root.a", false), path("root.a.x", true), path("root.x", true)]
    );
    let root = at(&tree, "root");
    assert_eq!((root.used, root.configured, root.max), (None, Some(100.0), Some(100.0)));
    let a = at(&tree, "root.a");
    assert_eq!((a.used, a.configured, a.max), (Some(52.5), Some(40.0), Some(60.0)));
    assert_eq!((a.used_of_configured, a.active), (Some(131.25), Some(3)));
    let x = at(&tree, "root.a.x");
    assert_eq!((x.active, x.pending, x.limits.parallel, x.limits.applications), (Some(1), Some(2), Some(5), Some(267)));
    assert_eq!((x.limits.user, x.limits.user_factor, x.used_amount.memory), (Some(100.0), Some(1.5), Some(4096)));
}

#[test]
fn queues_of_new_servers_tell_paths_users_and_no_limits() {
    let body = r#"{"scheduler": {"schedulerInfo": {"type": "capacityScheduler", "capacity": 100.0, "usedCapacity": 37.5,
            "maxCapacity": 100.0, "queueName": "root", "queuePath": "root", "maxParallelApps": 2147483647, "weight": -1.0,
            "capacities": {"queueCapacitiesByPartition": [
                {"partitionName": "gpu", "effectiveMaxResource": {"memory": 1}},
                {"partitionName": "", "effectiveMinResource": {"memory": 4096, "vCores": 8},
                 "effectiveMaxResource": {"memory": 4096, "vCores": 8}}]},
            "health": {"lastrun": 5, "operationsInfo": [{"operation": "last-release", "nodeId": "N/A"}]},
            "queues": {"queue": [
                {"type": "capacitySchedulerLeafQueueInfo", "queueName": "etl", "queuePath": "root.etl", "queueType": "leaf",
                 "maxParallelApps": 7, "maxApplicationLifetime": -1, "queues": {}, "allocatedContainers": 3,
                 "pendingContainers": 1, "numActiveApplications": 1, "minEffectiveCapacity": {"memory": 1228, "vCores": 2},
                 "maxEffectiveCapacity": {"memory": 4096, "vCores": 8}, "resourcesUsed": {"memory": 512, "vCores": 3},
                 "AMResourceLimit": {"memory": 3712, "vCores": 8}, "usedAMResource": {"memory": 128, "vCores": 1},
                 "users": {"user": {"username": "alice", "resourcesUsed": {"memory": 512, "vCores": 3},
                    "userResourceLimit": {"memory": 1280, "vCores": 2}, "numActiveApplications": 1}}},
                {"queueName": "auto", "queuePath": "root.auto", "queueType": "parent"}]}}}}"#;
    let reply: SchedulerReply = read(body);
    let health = &reply.scheduler.scheduler_info.health;
    assert_eq!((health.lastrun, health.operations_info[0].operation.as_deref()), (Some(5), Some("last-release")));
    let tree = tree(body);
    // A parent without queues is none to submit to.
    assert_eq!(paths(&tree), [path("root", false), path("root.auto", false), path("root.etl", true)]);
    let root = at(&tree, "root");
    assert_eq!((root.max_amount.memory, root.limits.parallel), (Some(4096), None));
    assert_eq!((root.used_amount.v_cores, root.containers, root.pending_containers), (Some(3), Some(3), Some(1)));
    let etl = at(&tree, "root.etl");
    assert_eq!((etl.limits.parallel, etl.limits.lifetime), (Some(7), None));
    assert_eq!((etl.configured_amount.memory, etl.max_amount.v_cores), (Some(1228), Some(8)));
    assert_eq!((etl.limits.masters.memory, etl.limits.masters_used.v_cores), (Some(3712), Some(1)));
    let alice = &etl.users[0];
    assert_eq!((alice.name.as_str(), alice.used.v_cores, alice.limit.memory), ("alice", Some(3), Some(1280)));
}

#[test]
fn health_of_old_servers_is_a_map() {
    for entry in [
        r#"[{"key": "last-release", "value": {"nodeId": "n", "queue": "q"}}]"#,
        r#"{"key": "last-release", "value": {"nodeId": "n", "queue": "q"}}"#,
    ] {
        let body = format!(
            r#"{{"scheduler": {{"schedulerInfo": {{"health": {{"operationsInfo": {{"entry": {entry}}}}}}}}}}}"#
        );
        let reply: SchedulerReply = read(&body);
        let info = &reply.scheduler.scheduler_info.health.operations_info[0];
        assert_eq!((info.operation.as_deref(), info.queue.as_deref()), (Some("last-release"), Some("q")));
    }
}

#[test]
fn fair_queues_stand_in_a_wrapper_or_without() {
    let leaf = r#"{"type": "fairSchedulerLeafQueueInfo", "queueName": "root.a.b", "maxApps": 2147483647,
        "usedResources": {"memory": 1024, "vCores": 1}, "steadyFairResources": {"memory": 2048, "vCores": 4}, "fairResources": {"memory": 0, "vCores": 0},
        "maxResources": {"memory": 9223372036854775807, "vCores": 2147483647},
        "clusterResources": {"memory": 8192, "vCores": 8}, "numActiveApps": 1, "numPendingApps": 2}"#;
    for children in
        [format!("[{leaf}]"), format!(r#"{{"queue": [{leaf}]}}"#), format!(r#"{{"queue": {leaf}}}"#), leaf.to_owned()]
    {
        let body = format!(
            r#"{{"scheduler": {{"schedulerInfo": {{"type": "fairScheduler", "rootQueue": {{"queueName": "root", "childQueues":
                {{"queue": {{"queueName": "root.a", "childQueues": {children}}}}}}}}}}}}}"#
        );
        let (kind, tree) = levels(&QueueRow::all(&body).unwrap()).unwrap();
        assert_eq!(kind, SchedulerKind::Fair);
        assert_eq!(paths(&tree), [path("root", false), path("root.a", false), path("root.a.b", true)], "{body}");
        let b = at(&tree, "root.a.b");
        assert_eq!((b.name.as_str(), b.used, b.configured, b.max), ("b", Some(12.5), Some(25.0), Some(100.0)));
        assert_eq!((b.used_of_configured, b.limits.parallel, b.pending), (Some(50.0), None, Some(2)));
    }
    for none in ["null", "\"\"", "{}", "[]"] {
        let body = format!(
            r#"{{"scheduler": {{"schedulerInfo": {{"type": "fairScheduler", "rootQueue": {{"queueName": "root", "childQueues": {none}}}}}}}}}"#
        );
        assert_eq!(paths(&tree(&body)), [path("root", true)]);
    }
}

#[test]
fn fifo_is_one_queue_in_parts_of_one() {
    let body = |used: &str| {
        format!(
            r#"{{"scheduler": {{"schedulerInfo": {{"type": "fifoScheduler", "capacity": 1, "usedCapacity": {used},
                "qstate": "RUNNING", "usedNodeCapacity": 512, "availNodeCapacity": 3584, "totalNodeCapacity": 4096,
                "numContainers": 2, "numNodes": 1}}}}}}"#
        )
    };
    let only = tree(&body("0.125"));
    let queue = &only[0].queue;
    assert_eq!(
        (queue.name.as_str(), only[0].leaf, queue.used, queue.configured),
        ("default", true, Some(12.5), Some(100.0))
    );
    assert_eq!(
        (queue.state.as_deref(), queue.containers, queue.max_amount.memory),
        (Some("RUNNING"), Some(2), Some(4096))
    );
    assert_eq!(tree(&body("\"NaN\""))[0].queue.used, Some(12.5), "told by the nodes");
    assert_eq!(tree("{}"), []);
}
