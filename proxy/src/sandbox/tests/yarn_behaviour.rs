//! The pair of ResourceManagers: who stands by, who speaks which dialect, and who fails how.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::super::{Options, Simulators, start};
use super::client::{Client, Reply, ask};

const INFO: &str = "/ws/v1/cluster/info";
const APPS: &str = "/ws/v1/cluster/apps?user.name=howdah&limit=3";

async fn sandbox() -> Simulators {
    start(Options { pace: 1e-3, ..Options::default() }).await.unwrap()
}

async fn get(address: SocketAddr, target: &str) -> Reply {
    ask(address, "GET", target, "", "").await.unwrap()
}

/// Sets how a ResourceManager behaves.
pub(super) async fn behave(address: SocketAddr, behaviour: Value) {
    let reply = ask(address, "PUT", "/_sandbox/behaviour", "", &behaviour.to_string()).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(get(address, "/_sandbox/behaviour").await.json(), reply.json());
}

#[tokio::test]
async fn a_standby_sends_everything_but_its_own_state_to_the_active_one() {
    let run = sandbox().await;
    let (first, second) = (run.yarn.address, run.yarn.standby);
    let state = async |address| get(address, INFO).await.json()["clusterInfo"]["haState"].clone();
    assert_eq!((state(first).await, state(second).await), (json!("ACTIVE"), json!("STANDBY")));
    let ids = async |address| get(address, INFO).await.json()["clusterInfo"]["id"].clone();
    assert_ne!(ids(first).await, ids(second).await);
    for (method, target) in
        [("GET", APPS), ("GET", "/ws/v1/cluster"), ("POST", "/ws/v1/cluster/apps"), ("GET", "/zork")]
    {
        let away = ask(second, method, target, "", "").await.unwrap();
        assert_eq!(away.status, 307, "{target}");
        assert!(away.head.contains(&format!("location: http://{first}{target}\r\n")), "{}", away.head);
        assert!(away.body.starts_with("This is standby RM. The redirect url is: "), "{}", away.body);
    }
    let before = get(first, APPS).await.json();

    let active = ask(second, "POST", "/_sandbox/fail-over", "", "").await.unwrap().json();
    assert_eq!(active["active"], second.to_string());
    assert_eq!((state(first).await, state(second).await), (json!("STANDBY"), json!("ACTIVE")));
    // Who took over knows the applications.
    assert_eq!(get(second, APPS).await.json()["apps"]["app"][0]["id"], before["apps"]["app"][0]["id"]);
    assert_eq!(get(first, APPS).await.status, 307);
}

#[tokio::test]
async fn an_old_standby_only_asks_browsers_to_go_on() {
    let run = sandbox().await;
    behave(run.yarn.standby, json!({"dialect": "2.x"})).await;
    let away = get(run.yarn.standby, APPS).await;
    assert_eq!(away.status, 200);
    assert!(away.head.contains(&format!("refresh: 3; url=http://{}{APPS}\r\n", run.yarn.address)), "{}", away.head);
}

#[tokio::test]
async fn each_dialect_has_its_own_empty_list_and_its_own_refusals() {
    let run = sandbox().await;
    let address = run.yarn.address;
    for (dialect, version, empty, refusal, unknown) in [
        ("2.x", "2.7.7", Value::Null, "java.lang.Exception: limit", "text/html"),
        ("3.4", "3.4.2", json!({}), "java.lang.Exception: limit", "text/html"),
        ("3.5", "3.5.0", json!({}), "limit", "application/json"),
    ] {
        behave(address, json!({"dialect": dialect})).await;
        let info = get(address, INFO).await.json();
        assert_eq!(info["clusterInfo"]["resourceManagerVersion"], version);
        assert_eq!(info["clusterInfo"].get("haZooKeeperConnectionState").is_some(), dialect != "2.x");
        assert_eq!(get(address, "/ws/v1/cluster/apps?name=none").await.json(), json!({"apps": empty}));
        let refused = get(address, "/ws/v1/cluster/apps?limit=0").await.json();
        assert!(refused["RemoteException"]["message"].as_str().unwrap().starts_with(refusal), "{refused}");
        let missing = get(address, "/ws/v1/cluster/zork").await;
        assert!(
            missing.status == 404 && missing.head.contains(&format!("content-type: {unknown}")),
            "{}",
            missing.head
        );
        assert_eq!(get(address, "/ws/v1/cluster/apps?finalStatus=zz&name=none").await.status, 200);
        let app = get(address, &format!("{APPS}&states=RUNNING")).await.json()["apps"]["app"][0].clone();
        assert_eq!(app["queue"].as_str().unwrap().starts_with("root."), dialect != "2.x");
        assert_eq!(
            (app.get("launchTime").is_some(), app.get("resourceInfo").is_some()),
            (dialect != "2.x", dialect != "2.x")
        );
    }
}

#[tokio::test]
async fn what_was_used_is_written_as_the_version_does() {
    let run = sandbox().await;
    let address = run.yarn.address;
    let seconds = async |dialect: &str| {
        behave(address, json!({"dialect": dialect})).await;
        get(address, "/ws/v1/cluster/apps?user.name=howdah&states=FINISHED&limit=1").await.body
    };
    // The same member twice: a reader that takes one of them loses the other.
    let twice = seconds("3.4").await;
    assert_eq!(twice.matches("\"entry\":{").count(), 2, "{twice}");
    assert!(!twice.contains("seconds\"}") && !twice.contains("\\u0000"));
    let list = seconds("3.5").await;
    assert!(list.contains("\"resourceSecondsMap\":{\"entry\":[{\"key\":\"memory-mb\",\"value\":"), "{list}");
    assert!(!seconds("2.x").await.contains("resourceSecondsMap"));
    // What was written for one dialect is not given to another.
    assert_eq!(seconds("3.4").await, twice);
}

#[tokio::test]
async fn it_fails_as_it_is_told_to() {
    let run = sandbox().await;
    let address = run.yarn.address;
    let fault = async |fault: Value| behave(address, json!({"fault": fault})).await;
    for (kind, status, content, words) in [
        ("no-active", 200, "text/plain", "Can not find any active RM"),
        ("html", 200, "text/html", "<form"),
        ("unavailable", 503, "application/json", "RemoteException"),
        ("error", 500, "application/json", "UndeclaredThrowableException"),
    ] {
        fault(json!({"kind": kind})).await;
        let reply = get(address, APPS).await;
        assert_eq!(reply.status, status, "{kind}");
        assert!(reply.head.contains(&format!("content-type: {content}")) && reply.body.contains(words), "{kind}");
    }
    fault(json!({"kind": "truncated"})).await;
    let cut = get(address, APPS).await;
    assert!(cut.status == 200 && !cut.whole && serde_json::from_str::<Value>(&cut.body).is_err());
    fault(json!({"kind": "reset"})).await;
    assert!(ask(address, "GET", APPS, "", "").await.is_none());
    fault(json!({"kind": "hang"})).await;
    let mut silent = Client::connect(address).await;
    silent.send("GET /ws/v1/cluster/info HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut calls = json!({});
    // The call has come in, and nothing has gone out.
    while calls["ShowCluster"] != json!(1) {
        calls = get(address, "/_sandbox/calls").await.json();
    }
    assert!(silent.silent());

    fault(json!({"kind": "error", "operation": "ListApplications", "times": 2})).await;
    for status in [500, 500, 200] {
        assert_eq!(get(address, INFO).await.status, 200);
        assert_eq!(get(address, APPS).await.status, status);
    }
    let refused = ask(address, "PUT", "/_sandbox/behaviour", "", "{\"fault\": 1}").await.unwrap();
    assert!(refused.status == 400 && get(address, APPS).await.status == 200);
}

#[tokio::test]
async fn writes_of_browsers_need_a_header_where_that_is_wanted() {
    let run = sandbox().await;
    let address = run.yarn.address;
    behave(address, json!({"csrf": true})).await;
    let post = async |headers: &str| ask(address, "POST", INFO, headers, "").await.unwrap();
    let refused = post("user-agent: Mozilla/5.0 (X11)\r\n").await;
    assert!(
        refused.status == 400 && refused.body.contains("Missing Required Header for CSRF Vulnerability Protection")
    );
    for good in ["user-agent: Mozilla/5.0\r\nx-xsrf-header: x\r\n", "user-agent: curl\r\n", ""] {
        assert_eq!(post(good).await.status, 503, "{good}");
    }
    assert_eq!(ask(address, "GET", INFO, "user-agent: Mozilla/5.0\r\n", "").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_cookie_speaks_for_whoever_it_was_given_to() {
    let run = sandbox().await;
    let address = run.yarn.address;
    let target = "/ws/v1/cluster/apps?queue=finance&states=FINISHED&user.name=howdah";
    let started = |reply: &Reply| reply.json()["apps"]["app"][0]["startedTime"].as_i64().unwrap();
    assert!(started(&get(address, target).await) > 0);
    let cookie = "cookie: a=b; hadoop.auth=\"u=nobody&p=nobody&t=simple\"\r\n";
    assert_eq!(started(&ask(address, "GET", target, cookie, "").await.unwrap()), 0);
}
