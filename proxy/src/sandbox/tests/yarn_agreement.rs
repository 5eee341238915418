//! What the shared types write is what the simulated ResourceManager understands, and what it says in any dialect is
//! what the types read.

use howdah_shared::lenient;
use howdah_shared::systems::yarn::{
    ApplicationQueue, ApplicationReply, ApplicationState, AttemptsReply, DelegationToken, NewApplicationReply,
    NodeReply, NodesReply, QueueRow, SchedulerKind, Submission, TokenExpiration, levels,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::{Options, Simulators, start};
use super::client::ask;
use super::yarn_behaviour::behave;

async fn call<T: DeserializeOwned>(run: &Simulators, method: &str, path: &str, body: &str) -> T {
    let target = format!("/ws/v1/cluster/{path}?user.name={}", run.yarn.user);
    let reply = ask(run.yarn.address, method, &target, "content-type: application/json\r\n", body).await.unwrap();
    assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    lenient::reply(reply.body.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error} in {}", reply.body))
}

#[tokio::test]
async fn every_dialect_is_read() {
    let run = start(Options { pace: 1e-3, ..Options::default() }).await.unwrap();
    for dialect in ["2.x", "3.4", "3.5"] {
        for (scheduler, kind, queues) in [
            ("capacity", SchedulerKind::Capacity, 13),
            ("fair", SchedulerKind::Fair, 13),
            ("fifo", SchedulerKind::Fifo, 1),
        ] {
            behave(run.yarn.address, json!({"dialect": dialect, "scheduler": scheduler})).await;
            let reply: Value = call(&run, "GET", "scheduler", "").await;
            let (told, tree) = levels(&QueueRow::all(&reply.to_string()).unwrap()).unwrap();
            assert_eq!(told, kind, "{dialect}");
            assert_eq!(tree.len(), queues, "{scheduler} of {dialect}");
            let root = &tree[0].queue;
            assert!(root.used_amount.memory.is_some_and(|memory| memory > 0), "{scheduler} of {dialect}: {root:?}");
        }
        let nodes: NodesReply = call(&run, "GET", "nodes", "").await;
        assert_eq!(nodes.nodes.node.len(), 22, "{dialect}");
        for node in &nodes.nodes.node {
            let id = node.id.as_deref().unwrap();
            let own: NodeReply = call(&run, "GET", &format!("nodes/{id}"), "").await;
            assert_eq!(
                (own.node.brief.state.as_deref(), own.node.brief.used_memory_mb),
                (node.state.as_deref(), node.used_memory_mb)
            );
        }
        let apps: Value = call(&run, "GET", "apps", "").await;
        for app in apps["apps"]["app"].as_array().unwrap() {
            let id = app["id"].as_str().unwrap();
            let own: ApplicationReply = call(&run, "GET", &format!("apps/{id}"), "").await;
            assert_eq!((own.app.brief.id.as_deref(), own.app.brief.name.as_deref()), (Some(id), app["name"].as_str()));
            let attempts: AttemptsReply = call(&run, "GET", &format!("apps/{id}/appattempts"), "").await;
            assert!(attempts.app_attempts.app_attempt.iter().all(|attempt| attempt.start_time.is_some()));
            let state: ApplicationState = call(&run, "GET", &format!("apps/{id}/state"), "").await;
            let queue: ApplicationQueue = call(&run, "GET", &format!("apps/{id}/queue"), "").await;
            assert!(state.state.is_some() && queue.queue.as_deref() == app["queue"].as_str(), "{state:?} {queue:?}");
        }
        let new: NewApplicationReply = call(&run, "POST", "apps/new-application", "").await;
        assert!(new.application_id.is_some() && new.maximum_resource_capability.memory == Some(16_384), "{new:?}");
    }
    behave(run.yarn.address, json!({"tokens": true})).await;
    let token: DelegationToken = call(&run, "POST", "delegation-token", "{\"renewer\": \"howdah\"}").await;
    assert!(token.owner.as_deref() == Some("howdah@SANDBOX.INVALID") && token.max_validity.is_some());
    let headers = format!("hadoop-yarn-rm-delegation-token: {}\r\n", token.token.unwrap().expose());
    let target = "/ws/v1/cluster/delegation-token/expiration?user.name=howdah";
    let renewed = ask(run.yarn.address, "POST", target, &headers, "").await.unwrap();
    assert!(lenient::reply::<TokenExpiration>(renewed.body.as_bytes()).unwrap().expiration_time.is_some());
}

#[tokio::test]
async fn a_submission_with_everything_arrives_whole() {
    let run = start(Options { pace: 1e-3, ..Options::default() }).await.unwrap();
    let map = |entries: Value| json!({"entry": entries});
    let file = json!({
        "resource": "hdfs://host:9000/user/jar",
        "type": "FILE",
        "visibility": "APPLICATION",
        "size": 43_004,
        "timestamp": 1_405_452_071_209_i64,
    });
    let written: Submission = serde_json::from_value(json!({
        "application-id": "application_7_0001",
        "application-name": "test",
        "queue": "root.teams.pool",
        "priority": 3,
        "am-container-spec": {
            "local-resources": map(json!([{"key": "AppMaster.jar", "value": file}])),
            "commands": {"command": "sleep 5"},
            "environment": map(json!([{"key": "A", "value": "1"}, {"key": "B", "value": "two words"}])),
            "service-data": map(json!([{"key": "shuffle", "value": "dmFsdWUxMg=="}])),
            "credentials": {
                "tokens": map(json!([{"key": "t", "value": "MgASY2xpZW50"}])),
                "secrets": map(json!([{"key": "s", "value": "c2VjcmV0MQ=="}])),
            },
            "application-acls": map(json!([{"key": "VIEW_APP", "value": "etl,ml"}, {"key": "MODIFY_APP", "value": "ops"}])),
        },
        "unmanaged-AM": true,
        "max-app-attempts": 4,
        "resource": {"memory": 3072, "vCores": 2},
        "application-type": "YARN",
        "keep-containers-across-application-attempts": true,
        "application-tags": {"tag": ["one", "two"]},
    }))
    .unwrap();
    let body = serde_json::to_string(&written).unwrap();
    let target = "/ws/v1/cluster/apps?user.name=howdah";
    let reply = ask(run.yarn.address, "POST", target, "content-type: application/json\r\n", &body).await.unwrap();
    assert_eq!(reply.status, 202, "{}", reply.body);
    let told = ask(run.yarn.address, "GET", "/_sandbox/runs", "", "").await.unwrap().json();
    let expected = json!({
        "application-id": "application_7_0001",
        "application-name": "test",
        "queue": "root.teams.pool",
        "priority": 3,
        "am-container-spec": {
            "local-resources": {"AppMaster.jar": file},
            "commands": ["sleep 5"],
            "environment": {"A": "1", "B": "two words"},
            "service-data": {"shuffle": "dmFsdWUxMg=="},
            "credentials": {"tokens": 1, "secrets": 1},
            "application-acls": {"VIEW_APP": "etl,ml", "MODIFY_APP": "ops"},
        },
        "unmanaged-AM": true,
        "max-app-attempts": 4,
        "resource": {"memory": 3072, "vCores": 2},
        "application-type": "YARN",
        "keep-containers-across-application-attempts": true,
        "application-tags": ["one", "two"],
    });
    assert_eq!(told, json!([{"id": "application_7_0001", "user": "howdah", "understood": expected}]));
}
