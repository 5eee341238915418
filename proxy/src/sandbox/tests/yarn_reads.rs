//! What the simulated ResourceManager tells of its scheduler, its nodes and its applications, and that it is of one
//! piece.

use std::collections::HashSet;
use std::net::SocketAddr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::super::{Options, Simulators, start};
use super::client::{Reply, ask};
use super::yarn_behaviour::behave;

async fn sandbox() -> Simulators {
    start(Options { pace: 1e-3, ..Options::default() }).await.unwrap()
}

async fn get(address: SocketAddr, path: &str) -> Reply {
    let user = if path.contains('?') { "&user.name=howdah" } else { "?user.name=howdah" };
    ask(address, "GET", &format!("/ws/v1/cluster/{path}{user}"), "", "").await.unwrap()
}

async fn json_of(address: SocketAddr, path: &str) -> Value {
    let reply = get(address, path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    reply.json()
}

/// Every queue of a page of the capacity scheduler, the root first.
fn queues(root: &Value) -> Vec<&Value> {
    let below = root["queues"]["queue"].as_array().into_iter().flatten();
    std::iter::once(root).chain(below.flat_map(queues)).collect()
}

fn sum<'a>(items: impl IntoIterator<Item = &'a Value>, name: &str) -> i64 {
    items.into_iter().map(|item| item[name].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn what_runs_is_what_queues_nodes_and_metrics_hold() {
    let run = sandbox().await;
    let address = run.yarn.address;
    let running = json_of(address, "apps?states=RUNNING").await["apps"]["app"].as_array().unwrap().clone();
    let (memory, containers) = (sum(&running, "allocatedMB"), sum(&running, "runningContainers"));
    assert!(running.len() > 3 && memory > 0);

    let metrics = json_of(address, "metrics").await["clusterMetrics"].clone();
    assert_eq!((&metrics["allocatedMB"], &metrics["containersAllocated"]), (&json!(memory), &json!(containers)));

    let nodes = json_of(address, "nodes").await["nodes"]["node"].as_array().unwrap().clone();
    assert_eq!((sum(&nodes, "usedMemoryMB"), sum(&nodes, "numContainers")), (memory, containers));
    assert_eq!(metrics["totalNodes"], nodes.len());
    assert_eq!(metrics["availableMB"], sum(&nodes, "availMemoryMB"));
    for (state, count) in [("RUNNING", "activeNodes"), ("LOST", "lostNodes"), ("SHUTDOWN", "shutdownNodes")] {
        let listed =
            json_of(address, &format!("nodes?states={state}")).await["nodes"]["node"].as_array().unwrap().len();
        assert_eq!(metrics[count], listed, "{state}");
    }

    let scheduler = json_of(address, "scheduler").await["scheduler"]["schedulerInfo"].clone();
    assert_eq!(scheduler["type"], "capacityScheduler");
    let used = scheduler["usedCapacity"].as_f64().unwrap();
    assert!((used - 100.0 * memory as f64 / metrics["totalMB"].as_f64().unwrap()).abs() < 0.01, "{used}");
    let all = queues(&scheduler);
    let leafs: Vec<&Value> =
        all.iter().copied().filter(|queue| queue["type"] == "capacitySchedulerLeafQueueInfo").collect();
    assert_eq!(sum(leafs.iter().copied(), "numContainers"), containers);
    assert_eq!(sum(leafs.iter().copied(), "numActiveApplications"), running.len() as i64);
    for leaf in leafs {
        let name = utf8_percent_encode(leaf["queueName"].as_str().unwrap(), NON_ALPHANUMERIC);
        let listed = json_of(address, &format!("apps?states=RUNNING&queue={name}")).await;
        let listed = listed["apps"]["app"].as_array().cloned().unwrap_or_default();
        assert_eq!(leaf["numActiveApplications"], listed.len(), "{}", leaf["queuePath"]);
        let users = leaf["users"]["user"].as_array().cloned().unwrap_or_default();
        assert_eq!(sum(&users, "numActiveApplications"), listed.len() as i64);
        assert_eq!(leaf["resourcesUsed"]["memory"], sum(&listed, "allocatedMB"));
    }
}

#[tokio::test]
async fn each_scheduler_has_a_page_of_its_own() {
    let run = sandbox().await;
    let address = run.yarn.address;
    let page = async |scheduler: &str, dialect: &str| {
        behave(address, json!({"scheduler": scheduler, "dialect": dialect})).await;
        json_of(address, "scheduler").await["scheduler"]["schedulerInfo"].clone()
    };
    let fair = page("fair", "3.5").await;
    assert_eq!((&fair["type"], &fair["rootQueue"]["queueName"]), (&json!("fairScheduler"), &json!("root")));
    let below = fair["rootQueue"]["childQueues"]["queue"].as_array().unwrap().clone();
    assert!(below.iter().any(|queue| queue["queueName"] == "root.eng" && queue["childQueues"]["queue"].is_array()));
    assert!(page("fair", "2.x").await["rootQueue"]["childQueues"].is_array());
    let fifo = page("fifo", "3.4").await;
    assert!(fifo["type"] == "fifoScheduler" && fifo["usedCapacity"].as_f64().unwrap() < 1.0);

    // The reference's form: no path, no type of a parent, and null where nobody is.
    let old = page("capacity", "2.x").await;
    let all = queues(&old);
    assert!(old.get("queuePath").is_none() && old.get("health").is_none());
    for queue in &all[1..] {
        assert_eq!(queue.get("type").is_some(), queue.get("queues").is_none(), "{queue}");
        assert!(queue["usedResources"].as_str().unwrap().starts_with("<memory:"));
    }
    let idle = all.iter().find(|queue| queue["queueName"] == "pool").unwrap();
    assert!(idle["users"].is_null() && idle["maxActiveApplications"].is_i64() && idle["userLimit"] == 100);
    assert!(all.iter().any(|queue| queue["queueName"] == "<i>first</i>" && queue["state"] == "STOPPED"));
}

#[tokio::test]
async fn nodes_are_found_by_state_and_by_id() {
    let run = sandbox().await;
    let address = run.yarn.address;
    let nodes = json_of(address, "nodes").await["nodes"]["node"].as_array().unwrap().clone();
    let states: HashSet<&str> = nodes.iter().map(|node| node["state"].as_str().unwrap()).collect();
    assert_eq!(states.len(), 8, "{states:?}");
    for node in &nodes {
        let (id, state) = (node["id"].as_str().unwrap(), node["state"].as_str().unwrap());
        assert_eq!(json_of(address, &format!("nodes/{id}")).await["node"]["state"], state);
        assert_eq!(node.get("usedResource").is_some(), matches!(state, "RUNNING" | "DECOMMISSIONING"), "{state}");
        assert_eq!(node["nodeHTTPAddress"] == "", matches!(state, "LOST" | "DECOMMISSIONED" | "REBOOTED"), "{state}");
        assert!(node.get("healthStatus").is_none());
    }
    assert_eq!(json_of(address, "nodes?states=lost,NEW").await["nodes"]["node"].as_array().unwrap().len(), 2);
    for (path, status, words) in [
        ("nodes/nowhere:1", 404, "java.lang.Exception: nodeId, nowhere:1, is not found"),
        ("nodes/zzz", 400, "zzz"),
        ("nodes?states=zz", 400, "No enum constant org.apache.hadoop.yarn.api.records.NodeState.ZZ"),
    ] {
        let refused = get(address, path).await;
        assert_eq!(refused.status, status, "{path}");
        assert!(refused.json()["RemoteException"]["message"].as_str().unwrap().contains(words), "{}", refused.body);
    }
    behave(address, json!({"dialect": "2.x"})).await;
    let old = json_of(address, "nodes").await["nodes"]["node"].as_array().unwrap().clone();
    assert!(old.iter().all(|node| node["healthStatus"].is_string() && node.get("totalResource").is_none()));
    assert!(get(address, "nodes?states=SHUTDOWN").await.json()["nodes"].is_null());
}

#[tokio::test]
async fn an_application_has_a_page_attempts_a_state_and_a_queue() {
    let run = sandbox().await;
    let address = run.yarn.address;
    let all = json_of(address, "apps").await["apps"]["app"].as_array().unwrap().clone();
    for app in &all {
        let id = app["id"].as_str().unwrap();
        let own = json_of(address, &format!("apps/{id}")).await["app"].clone();
        assert_eq!(
            (&own["name"], &own["queue"], &own["startedTime"]),
            (&app["name"], &app["queue"], &app["startedTime"])
        );
        assert!(own.get("timeouts").is_some());
        assert_eq!(json_of(address, &format!("apps/{id}/queue")).await, json!({"queue": app["queue"]}));
        let state = json_of(address, &format!("apps/{id}/state")).await["state"].clone();
        assert!(state == app["state"] || app["state"] == "RESTORING_FROM_STORE");
        let attempts = json_of(address, &format!("apps/{id}/appattempts")).await["appAttempts"]["appAttempt"].clone();
        let (count, last) = match state.as_str().unwrap() {
            "SUBMITTED" => continue,
            "ACCEPTED" => (1, "SCHEDULED"),
            "FAILED" => (2, "FAILED"),
            state => (1, state),
        };
        let attempts = attempts.as_array().unwrap();
        assert_eq!((attempts.len(), &attempts[count - 1]["appAttemptState"]), (count, &json!(last)), "{id}");
        assert_eq!(attempts[0]["startTime"], app["startedTime"]);
        let started = attempts[count - 1]["containerId"] != "";
        assert_eq!(started, state != "ACCEPTED");
    }
    let less = json_of(address, &format!("apps/{}?deSelects=timeouts", all[0]["id"].as_str().unwrap())).await;
    assert!(less["app"].get("timeouts").is_none());
    for (path, status, words) in [
        ("apps/zzz", 400, "java.lang.IllegalArgumentException: Invalid ApplicationId prefix: zzz."),
        ("apps/application_1_0001", 404, "java.lang.Exception: app with id: application_1_0001 not found"),
        ("apps/application_1_0001/state", 404, "not found"),
        ("apps/application_1_0001/appattempts", 404, "not found"),
    ] {
        let refused = get(address, path).await;
        assert_eq!(refused.status, status, "{path}");
        assert!(
            refused.json()["RemoteException"]["message"].as_str().unwrap().starts_with(words.trim())
                || refused.body.contains(words)
        );
    }
}

#[tokio::test]
async fn ten_thousand_nodes_and_two_thousand_queues_are_told() {
    let run = start(Options { nodes: 10_000, queues: 2_000, pace: 1e-3, ..Options::default() }).await.unwrap();
    let address = run.yarn.address;
    let nodes = json_of(address, "nodes").await;
    let ids: HashSet<&str> =
        nodes["nodes"]["node"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 10_000);
    let scheduler = json_of(address, "scheduler").await;
    let all = queues(&scheduler["scheduler"]["schedulerInfo"]);
    let paths: HashSet<&str> = all.iter().map(|queue| queue["queuePath"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 2_000);
}
