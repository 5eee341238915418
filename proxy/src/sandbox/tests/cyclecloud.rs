//! The simulated CycleCloud: who is let in, what becomes of nodes, what limits them, and what fails on command.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::advance;
use tokio_rustls::TlsConnector;

use super::super::{CycleCloud, Options, Simulators, start};
use crate::gateway::trust::Trust;

/// A simulated CycleCloud whose time stands still unless it is moved.
pub(super) struct Stage {
    run: Simulators,
}

/// What was answered; `None` where the connection broke before.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    location: Option<String>,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

impl Stage {
    pub(super) async fn new(nodes: usize) -> Stage {
        let options = Options { pace: 1.0, cyclecloud: nodes, ..Options::default() };
        Stage { run: start(options).await.unwrap() }
    }

    fn service(&self) -> &CycleCloud {
        &self.run.cyclecloud
    }

    pub(super) async fn ask_as(&self, password: &str, method: &str, target: &str, body: &str) -> Option<Reply> {
        let service = self.service();
        let config = Trust::Pinned(service.fingerprint).client().unwrap();
        let stream = TcpStream::connect(service.address).await.unwrap();
        let name = ServerName::IpAddress(service.address.ip().into());
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        let driver = tokio::spawn(connection);
        let credential = STANDARD.encode(format!("{}:{password}", service.user));
        // As the documentation's own commands call it.
        let request = http::Request::builder()
            .method(method)
            .uri(target)
            .header("host", "cycle.example:8443")
            .header("authorization", format!("Basic {credential}"))
            .header("content-type", "text/plain")
            .body(Full::new(bytes::Bytes::from(body.to_owned())))
            .unwrap();
        let answered = async {
            let reply = sender.send_request(request).await.ok()?;
            let (head, body) = reply.into_parts();
            let location = head.headers.get("location").and_then(|place| place.to_str().ok()).map(str::to_owned);
            let body = body.collect().await.ok()?.to_bytes();
            Some(Reply { status: head.status.as_u16(), location, body: String::from_utf8_lossy(&body).into_owned() })
        };
        let reply = answered.await;
        driver.abort();
        reply
    }

    pub(super) async fn ask(&self, method: &str, target: &str, body: &str) -> Option<Reply> {
        let password = self.service().password.expose_secret().to_owned();
        self.ask_as(&password, method, target, body).await
    }

    pub(super) async fn get(&self, target: &str) -> Value {
        let reply = self.ask("GET", target, "").await.unwrap();
        assert_eq!(reply.status, 200, "{target}: {}", reply.body);
        reply.json()
    }

    async fn post(&self, target: &str, body: Value) -> Reply {
        self.ask("POST", target, &body.to_string()).await.unwrap()
    }

    /// Does what is accepted.
    pub(super) async fn act(&self, target: &str, body: Value) -> Value {
        let reply = self.post(target, body).await;
        assert_eq!(reply.status, 202, "{target}: {}", reply.body);
        let told = reply.json();
        let id = told["operationId"].as_str().unwrap();
        assert_eq!(reply.location.unwrap(), format!("https://cycle.example:8443/operations/{id}"));
        told
    }

    async fn behave(&self, behaviour: Value) {
        let reply = self.ask("PUT", "/_sandbox/behaviour", &behaviour.to_string()).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.body);
    }

    /// The records of nodes whose names begin so, by name.
    async fn nodes(&self, start: &str) -> Vec<Value> {
        let list = self.get("/clusters/genomics/nodes").await;
        let mut nodes = list["nodes"].as_array().unwrap().clone();
        nodes.retain(|node| node["Name"].as_str().unwrap().starts_with(start));
        nodes
    }

    async fn bucket(&self, array: &str, machine: &str) -> Value {
        let status = self.get("/clusters/genomics/status").await;
        let array = status["nodearrays"].as_array().unwrap().iter().find(|one| one["name"] == array).unwrap().clone();
        let buckets = array["buckets"].as_array().unwrap();
        buckets.iter().find(|one| one["definition"]["machineType"] == machine).unwrap().clone()
    }
}

fn set(count: i64, array: &str, more: Value) -> Value {
    let mut set = json!({"count": count, "nodearray": array});
    set.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    set
}

fn of_type(machine: &str) -> Value {
    json!({"definition": {"machineType": machine}})
}

#[tokio::test(start_paused = true)]
async fn only_its_user_is_let_in() {
    let stage = Stage::new(0).await;
    for (errors, begins) in [("json", r#"{"Code":401"#), ("empty", ""), ("page", "<!DOCTYPE")] {
        stage.behave(json!({"errors": errors})).await;
        let reply = stage.ask_as("wrong", "GET", "/clusters/genomics/status", "").await.unwrap();
        assert!(reply.status == 401 && reply.body.starts_with(begins), "{reply:?}");
        assert_eq!(reply.body.is_empty(), errors == "empty");
    }
    stage.behave(json!({})).await;
    assert_eq!(stage.ask("GET", "/clusters/forbidden/status", "").await.unwrap().status, 403);
    assert_eq!(stage.ask("GET", "/clusters/nothing/status", "").await.unwrap().status, 404);
    assert_eq!(stage.ask("GET", "/clusters", "").await.unwrap().status, 404);
    assert_eq!(stage.ask("DELETE", "/clusters/genomics/status", "").await.unwrap().status, 405);
    let other = CycleCloud::clone(Stage::new(0).await.service());
    assert_ne!(other.fingerprint, stage.service().fingerprint);
}

#[tokio::test(start_paused = true)]
async fn nodes_are_created_work_and_vanish() {
    let stage = Stage::new(0).await;
    let attributes = json!({"nodeAttributes": {"Tags": {"team": "a"}, "MaxPrice": -1.0}});
    let told = stage
        .act("/clusters/genomics/nodes/create", json!({"requestId": "r-1", "sets": [set(2, "execute", attributes)]}))
        .await;
    assert_eq!(told["sets"], json!([{"added": 2}]));
    let of_request = "/clusters/genomics/nodes?request_id=r-1";
    let list = stage.get(of_request).await;
    assert_eq!(list["operation"]["action"], "create");
    let node = &list["nodes"][0];
    assert_eq!(
        (&node["Name"], &node["Status"], &node["State"]),
        (&json!("execute-6"), &json!("Acquiring"), &json!("Validation"))
    );
    assert_eq!(
        (&node["Tags"]["team"], &node["MaxPrice"], &node["RequestId"]),
        (&json!("a"), &json!(-1.0), &json!("r-1"))
    );
    assert_eq!((&node["PrivateIp"], &node["TargetState"]), (&Value::Null, &json!("Started")));
    let mut seen = vec![node["State"].clone()];
    while seen.last() != Some(&json!("Started")) {
        advance(Duration::from_secs(10)).await;
        let state = stage.get(of_request).await["nodes"][0]["State"].clone();
        if seen.last() != Some(&state) {
            seen.push(state);
        }
    }
    assert_eq!(seen, ["Validation", "Allocation", "Initialization", "Configuration", "Installation", "Started"]);
    advance(Duration::from_secs(90)).await;
    let list = stage.get(of_request).await;
    assert!(
        list["nodes"].as_array().unwrap().iter().all(|node| node["Status"] == "Ready" && node["PrivateIp"].is_string())
    );

    let id = &list["nodes"][1]["NodeId"];
    let told = stage.act("/clusters/genomics/nodes/terminate", json!({"ids": [id], "requestId": "r-2"})).await;
    assert_eq!(told["nodes"], json!([{"id": id, "name": "execute-7", "status": "OK"}]));
    assert_eq!(stage.get("/clusters/genomics/nodes?request_id=r-2").await["nodes"][0]["Status"], "Terminating");
    advance(Duration::from_secs(80)).await;
    assert_eq!(stage.get("/clusters/genomics/nodes?request_id=r-2").await["nodes"], json!([]));
    assert_eq!(stage.get(of_request).await["nodes"].as_array().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_id_is_taken_once() {
    let stage = Stage::new(0).await;
    let create = |id: &str| json!({"requestId": id, "sets": [set(1, "execute", json!({}))]});
    stage.act("/clusters/genomics/nodes/create", create("r-1")).await;
    let reply = stage.post("/clusters/render%20%2F%20night/nodes/create", create("r-1")).await;
    assert!(reply.status == 409 && reply.body.contains("r-1"), "{reply:?}");
    let reply =
        stage.post("/clusters/genomics/nodes/terminate", json!({"requestId": "r-1", "names": ["execute-1"]})).await;
    assert_eq!(reply.status, 409);
    assert_eq!(stage.get("/operations/?request_id=r-1").await.as_array().unwrap().len(), 1);
    assert_eq!(stage.get("/operations/?request_id=r-9").await, json!([]));
    assert_eq!(stage.get("/operations/").await.as_array().unwrap().len(), 1);
    let reply = stage.ask("GET", "/clusters/genomics/nodes?request_id=r-9", "").await.unwrap();
    assert!(reply.status == 404 && reply.body.contains("No operation found for request id r-9"));
    assert_eq!(stage.ask("GET", "/operations/nothing", "").await.unwrap().status, 404);
    let both = stage.ask("GET", "/clusters/genomics/nodes?request_id=r-1&operation=x", "").await.unwrap();
    assert_eq!(both.status, 400);
}

#[tokio::test(start_paused = true)]
async fn bad_input_is_refused_and_changes_nothing() {
    let stage = Stage::new(0).await;
    let before = stage.nodes("").await.len();
    for body in [
        json!({}),
        json!({"sets": []}),
        json!({"sets": [set(0, "execute", json!({}))]}),
        json!({"sets": [set(1, "nothing", json!({}))]}),
        json!({"sets": [set(1, "execute", json!({})), set(1, "execute", of_type("Standard_X"))]}),
        json!({"sets": [set(1, "gpu", of_type("Standard_D3"))]}),
        json!({"sets": [set(1, "execute", json!({"colour": "red"}))]}),
        json!({"nodes": 1}),
    ] {
        let reply = stage.post("/clusters/genomics/nodes/create", body.clone()).await;
        assert_eq!(reply.status, 409, "{body}");
    }
    for body in [json!({}), json!({"ids": []}), json!({"filter": "State =="}), json!({"nodes": ["a"]}), json!([])] {
        let reply = stage.post("/clusters/genomics/nodes/terminate", body.clone()).await;
        assert_eq!(reply.status, 409, "{body}");
    }
    for query in ["", "?totalCoreCount=4&totalNodeCount=1", "?totalNodeCount=x"] {
        let reply = stage.post(&format!("/clusters/genomics/scale/execute{query}"), Value::Null).await;
        assert_eq!(reply.status, 409, "{query}");
    }
    assert_eq!(stage.nodes("").await.len(), before);
    assert_eq!(stage.get("/_sandbox/runs").await, json!([]));
}

#[tokio::test(start_paused = true)]
async fn what_binds_is_told() {
    let stage = Stage::new(0).await;
    let create = async |count, array, more| {
        let told = stage.act("/clusters/genomics/nodes/create", json!({"sets": [set(count, array, more)]})).await;
        (told["sets"][0]["added"].as_i64().unwrap(), told["sets"][0]["message"].as_str().unwrap_or("").to_owned())
    };
    let before = stage.bucket("hpc", "Standard_HB120rs_v3").await;
    assert_eq!((&before["activeCount"], &before["availableCount"]), (&json!(2), &json!(9)));
    assert_eq!(
        before["familyQuotaCoreCount"].as_i64().unwrap() - before["familyConsumedCoreCount"].as_i64().unwrap(),
        1080
    );
    let (added, why) = create(8, "hpc", json!({"placementGroupId": "hpc-pg0"})).await;
    assert!(added == 6 && why.contains("placement group's limit of 8"), "{added} {why}");
    let (added, why) = create(8, "hpc", json!({})).await;
    assert!(added == 3 && why.contains("quota of 1440 cores of the family standardHBrsv3Family"), "{added} {why}");
    let after = stage.bucket("hpc", "Standard_HB120rs_v3").await;
    assert_eq!(
        (&after["activeCount"], &after["availableCount"], &after["maxCount"]),
        (&json!(11), &json!(0), &json!(11))
    );
    assert_eq!(after["placementGroups"], json!([{"name": "hpc-pg0", "activeCount": 8, "activeCoreCount": 960}]));
    let (added, why) = create(60, "htc", of_type("Standard_F32s_v2")).await;
    assert!(added > 0 && why.contains("array's limit of 960 cores"), "{added} {why}");
    let spot = stage.bucket("htc", "Standard_D4s_v5").await;
    assert_eq!((&spot["familyQuotaCoreCount"], &spot["regionalQuotaCoreCount"]), (&json!(0), &json!(2000)));
    assert_eq!(stage.bucket("gpu", "Standard_D3").await["invalidReason"], "DisabledMachineType");
}

#[tokio::test(start_paused = true)]
async fn without_capacity_nodes_fail_and_are_taken_away() {
    let stage = Stage::new(0).await;
    let gpu = async || stage.bucket("gpu", "Standard_NC24ads_A100_v4").await["lastCapacityFailure"].as_f64().unwrap();
    assert_eq!(gpu().await, -1.0);
    let told = stage
        .act("/clusters/genomics/nodes/create", json!({"requestId": "g", "sets": [set(2, "gpu", json!({}))]}))
        .await;
    assert_eq!(told["sets"], json!([{"added": 2}]));
    advance(Duration::from_secs(60)).await;
    let failed = stage.nodes("gpu-2").await.remove(0);
    assert_eq!((&failed["Status"], &failed["PhaseFailed"]), (&json!("Failed"), &json!(true)));
    assert!(failed["StatusMessage"].as_str().unwrap().starts_with("AllocationFailed"));
    assert!((14.0..=16.0).contains(&gpu().await), "{}", gpu().await);
    advance(Duration::from_secs(300)).await;
    assert_eq!(stage.nodes("gpu").await.len(), 1);
    assert!((314.0..=316.0).contains(&gpu().await), "it is remembered when they are gone");
    let earlier = stage.bucket("htc", "Standard_D4s_v5").await["lastCapacityFailure"].as_f64().unwrap();
    assert!(earlier > 1260.0);
    stage.behave(json!({"older": true})).await;
    let older = stage.bucket("htc", "Standard_D4s_v5").await;
    assert!(older.get("lastCapacityFailure").is_none() && older["virtualMachine"].get("gpuCount").is_none());
}

#[tokio::test(start_paused = true)]
async fn each_node_has_a_result_of_its_own() {
    let stage = Stage::new(0).await;
    let results = async |action: &str, body: Value| {
        let told = stage.act(&format!("/clusters/genomics/nodes/{action}"), body).await;
        let nodes = told["nodes"].as_array().unwrap().clone();
        let told =
            |node: &Value| format!("{} {}", node["name"].as_str().unwrap(), node["error"].as_str().unwrap_or("OK"));
        nodes.iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(
        results("remove", json!({"names": ["login", "scheduler", "nobody"]})).await,
        ["scheduler This node is set to be kept alive", "login This node must be terminated before it can be removed"]
    );
    assert_eq!(results("terminate", json!({"names": ["login"]})).await, ["login OK"]);
    advance(Duration::from_secs(80)).await;
    let login = stage.nodes("login").await.remove(0);
    assert_eq!((&login["Status"], &login["State"]), (&json!("Off"), &json!("Terminated")), "a fixed node stays");
    assert_eq!(
        results("start", json!({"names": ["login", "execute-1"]})).await,
        ["login OK", "execute-1 This node is already started"]
    );

    let hpc = stage.nodes("hpc-1").await.remove(0);
    let by_address = json!({"ip_addresses": [hpc["PrivateIp"]], "hostnames": [hpc["Hostname"]]});
    assert_eq!(results("shutdown", by_address).await, ["hpc-1 OK"]);
    assert_eq!(
        results("shutdown", json!({"filter": "Name in {\"execute-1\"}", "names": ["htc-1"]})).await,
        ["execute-1 OK", "htc-1 OK"]
    );
    advance(Duration::from_secs(80)).await;
    assert_eq!(stage.nodes("hpc-1").await[0]["Status"], "Deallocated", "its policy says so");
    assert!(stage.nodes("execute-1").await.is_empty() && stage.nodes("htc-1").await.is_empty());
    assert_eq!(results("deallocate", json!({"names": ["hpc-1"]})).await, ["hpc-1 This node is not started"]);
    assert_eq!(results("start", json!({"filter": "Status == \"Deallocated\""})).await, ["hpc-1 OK"]);
}

#[tokio::test(start_paused = true)]
async fn a_scale_adds_what_is_missing_once() {
    let stage = Stage::new(0).await;
    let scale = async |query: &str| {
        let told = stage.act(&format!("/clusters/genomics/scale/hpc?{query}"), Value::Null).await;
        told["sets"][0]["added"].as_i64().unwrap()
    };
    assert_eq!(scale("totalNodeCount=4").await, 2);
    assert_eq!(scale("totalNodeCount=4").await, 0, "those that are acquired count");
    assert_eq!(scale("totalNodeCount=1").await, 0, "nothing is ended");
    assert_eq!(scale("totalCoreCount=481").await, 1);
    assert_eq!(stage.nodes("hpc").await.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn usage_has_a_total_and_its_parts() {
    let stage = Stage::new(0).await;
    let usage = async |query: &str| stage.get(&format!("/clusters/genomics/usage{query}")).await["usage"].clone();
    let week = usage("?timeframe=custom&from=2026-10-04&to=2026-10-10T12:00Z").await;
    let days = week.as_array().unwrap();
    assert_eq!(
        (days.len(), &days[0]["start"], &days[6]["end"]),
        (7, &json!("2026-10-04T00:00:00Z"), &json!("2026-10-11T00:00:00Z"))
    );
    let total = usage("?timeframe=custom&from=2026-10-04&to=2026-10-11&granularity=total").await[0].clone();
    let sum: f64 = days.iter().map(|day| day["total"]["hours"].as_f64().unwrap()).sum();
    assert!((sum - total["total"]["hours"].as_f64().unwrap()).abs() < 0.1, "{sum} {total}");
    assert_eq!((&total["total"]["category"], total["total"].get("node")), (&json!("cluster"), None));
    let parts = total["breakdown"].as_array().unwrap();
    assert_eq!(parts.iter().filter(|part| part["category"] == "node").count(), 2);
    let htc = parts.iter().find(|part| part["node"] == "htc").unwrap();
    assert!(htc["details"].as_array().unwrap().iter().all(|detail| detail["priority"] == "Spot"));
    let hours = usage("?timeframe=custom&from=2026-10-04T05:30Z&to=2026-10-04T08:10Z&granularity=hourly").await;
    assert_eq!((hours.as_array().unwrap().len(), &hours[0]["start"]), (4, &json!("2026-10-04T05:00:00Z")));
    assert!(!usage("").await.as_array().unwrap().is_empty());
    assert!((28..=31).contains(&usage("?timeframe=lastMonth").await.as_array().unwrap().len()));
    assert!((1..=7).contains(&usage("?timeframe=weekToDate").await.as_array().unwrap().len()));
    for bad in
        ["?timeframe=custom", "?timeframe=x", "?granularity=x", "?timeframe=custom&from=2026-10-05&to=2026-10-04"]
    {
        let reply = stage.ask("GET", &format!("/clusters/genomics/usage{bad}"), "").await.unwrap();
        assert_eq!(reply.status, 400, "{bad}");
    }
}

#[tokio::test(start_paused = true)]
async fn five_thousand_nodes_are_told_at_once() {
    let stage = Stage::new(5000).await;
    let list = stage.get("/clusters/genomics-large/nodes").await;
    assert_eq!(list["nodes"].as_array().unwrap().len(), 5001);
    let clusters = stage.get("/cloud/api/clusters?summary=true").await;
    let large = clusters.as_array().unwrap().iter().find(|one| one["ClusterName"] == "genomics-large").unwrap();
    assert_eq!(large["NodeArrays"][0]["Count"], 5000);
    stage.behave(json!({"listing": false})).await;
    assert_eq!(stage.ask("GET", "/cloud/api/clusters", "").await.unwrap().status, 404);
}

#[tokio::test(start_paused = true)]
async fn it_fails_as_it_is_told() {
    let stage = Stage::new(0).await;
    let create = json!({"sets": [set(1, "execute", json!({}))]}).to_string();
    let mut made = 0;
    for (kind, status, done) in [
        ("reset", None, false),
        ("lost-reply", None, true),
        ("truncated", None, true),
        ("not-json", Some(202), true),
        ("sign-in", Some(302), false),
        ("unavailable", Some(503), false),
        ("error", Some(500), false),
    ] {
        stage.behave(json!({"fault": {"kind": kind, "operation": "CreateNodes", "times": 1}})).await;
        let reply = stage.ask("POST", "/clusters/genomics/nodes/create", &create).await;
        assert_eq!(reply.map(|reply| reply.status), status, "{kind}");
        made += usize::from(done);
        assert_eq!(stage.get("/_sandbox/runs").await.as_array().unwrap().len(), made, "{kind}");
    }
    let reply = stage.ask("PUT", "/_sandbox/behaviour", r#"{"fault":{"kind":"fire"}}"#).await.unwrap();
    assert_eq!(reply.status, 400);
}
