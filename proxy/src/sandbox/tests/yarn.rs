//! The small ResourceManager.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::{Options, Simulators, start};
use super::client::{Reply, ask};

async fn sandbox(applications: usize, pace: f64) -> Simulators {
    start(Options { applications, pace, ..Options::default() }).await.unwrap()
}

async fn get(run: &Simulators, target: &str) -> Reply {
    ask(run.yarn.address, "GET", target, "", "").await.unwrap()
}

async fn apps(run: &Simulators, query: &str) -> Vec<Value> {
    let reply = get(run, &format!("/ws/v1/cluster/apps?user.name=howdah&{query}")).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.body);
    reply.json()["apps"]["app"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn information_and_metrics_agree_with_the_list() {
    let run = sandbox(40, 1e-3).await;
    let info = get(&run, "/ws/v1/cluster/info").await;
    assert!(info.head.contains("content-type: application/json;charset=utf-8"));
    assert_eq!(get(&run, "/ws/v1/cluster").await.json(), info.json());
    assert_eq!(info.json()["clusterInfo"]["haState"], "ACTIVE");
    let all = apps(&run, "").await;
    assert_eq!(all.len(), 40);
    let metrics = get(&run, "/ws/v1/cluster/metrics").await.json()["clusterMetrics"].clone();
    let count = |state: &str| all.iter().filter(|app| app["state"] == state).count();
    assert_eq!(metrics["appsSubmitted"], 40);
    assert_eq!(metrics["appsRunning"], count("RUNNING"));
    assert_eq!(metrics["appsFailed"], count("FAILED"));
    assert_eq!(metrics["appsKilled"], count("KILLED"));
    assert!(count("RUNNING") > 3 && count("FINISHED") > 10);
    let prefix = format!("application_{}_", info.json()["clusterInfo"]["id"]);
    assert!(all.iter().all(|app| app["id"].as_str().unwrap().starts_with(&prefix)));
}

#[tokio::test]
async fn statistics_count_what_is_listed() {
    let run = sandbox(200, 1e-3).await;
    let count = async |query: &str| {
        let reply = get(&run, &format!("/ws/v1/cluster/appstatistics?user.name=howdah&{query}")).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.body);
        reply.json()["appStatInfo"]["statItem"].as_array().unwrap().clone()
    };
    let all = count("").await;
    assert_eq!(all.len(), 8);
    for item in &all {
        let listed = apps(&run, &format!("states={}", item["state"].as_str().unwrap())).await.len();
        assert_eq!((&item["count"], &item["type"]), (&json!(listed), &json!("*")), "{item}");
    }
    let spark = count("states=running&applicationTypes=SPARK").await;
    let listed = apps(&run, "states=RUNNING&applicationTypes=SPARK").await.len();
    assert_eq!(spark, [json!({"state": "RUNNING", "type": "spark", "count": listed})]);
    for (query, words) in [("states=zz", "zz"), ("applicationTypes=a,b", "applicationTypes = 2")] {
        let refused = get(&run, &format!("/ws/v1/cluster/appstatistics?{query}")).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body.contains("BadRequestException") && refused.body.contains(words), "{}", refused.body);
    }
}

#[tokio::test]
async fn filters_do_what_the_reference_says() {
    let run = sandbox(200, 1e-3).await;
    let all = apps(&run, "").await;
    let equal = |name: &'static str, value: &'static str| all.iter().filter(|app| app[name] == value).count();
    for (query, name, value) in [
        ("states=RUNNING", "state", "RUNNING"),
        ("state=killed", "state", "KILLED"),
        ("finalStatus=SUCCEEDED", "finalStatus", "SUCCEEDED"),
        ("user=etl", "user", "etl"),
        ("queue=root.eng.ml", "queue", "root.eng.ml"),
        ("queue=ml", "queue", "root.eng.ml"),
        ("applicationTypes=spark", "applicationType", "SPARK"),
        ("applicationTypes=Apache%20Flink", "applicationType", "Apache Flink"),
        ("name=shell", "name", "shell"),
    ] {
        let found = apps(&run, query).await;
        assert!(found.iter().all(|app| app[name] == value), "{query}");
        assert!(!found.is_empty() && found.len() == equal(name, value), "{query}: {}", found.len());
    }
    assert_eq!(apps(&run, "limit=7").await.len(), 7);
    assert_eq!(apps(&run, "limit=1000").await.len(), 200);
    let tagged = apps(&run, "applicationTags=nightly").await;
    assert!(
        !tagged.is_empty() && tagged.iter().all(|app| app["applicationTags"].as_str().unwrap().starts_with("nightly"))
    );
    // The final status is looked at after the limit: a short page.
    assert!(apps(&run, "limit=7&finalStatus=UNDEFINED").await.len() < 7);
    let middle = all[100]["startedTime"].as_i64().unwrap();
    let (before, after) = (
        apps(&run, &format!("startedTimeEnd={}", middle - 1)).await.len(),
        apps(&run, &format!("startedTimeBegin={middle}")).await.len(),
    );
    assert!(before > 0 && after > 0 && before + after == 200, "{before} {after}");
    let running = apps(&run, "states=RUNNING,ACCEPTED,SUBMITTED,NEW").await.len();
    assert_eq!(apps(&run, "finishedTimeBegin=1").await.len(), 200 - running);
}

#[tokio::test]
async fn refusals_have_the_service_s_shape() {
    let run = sandbox(4, 1e-3).await;
    for query in ["states=zz", "finalStatus=zz", "queue=nope", "limit=0", "limit=ten", "startedTimeBegin=-5"] {
        let reply = get(&run, &format!("/ws/v1/cluster/apps?{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
        let exception = &reply.json()["RemoteException"];
        assert!(exception["message"].is_string() && exception["javaClassName"].is_string(), "{query}");
    }
    assert_eq!(get(&run, "/ws/v1/cluster/apps?name=none-has-this").await.json(), json!({"apps": {}}));
    let missing = get(&run, "/ws/v1/cluster/zork").await;
    assert!(missing.status == 404 && missing.head.contains("text/html"));
    let method = ask(run.yarn.address, "POST", "/ws/v1/cluster/info", "", "").await.unwrap();
    assert_eq!((method.status, &method.json()["RemoteException"]["exception"]), (503, &json!("NotAllowedException")));
}

#[tokio::test]
async fn members_can_be_left_out() {
    let run = sandbox(40, 1e-3).await;
    let full = apps(&run, "states=RUNNING").await;
    let less = apps(&run, "states=RUNNING&deSelects=resourceRequests,resourceInfo,timeouts").await;
    for (full, less) in full.iter().zip(&less) {
        assert_eq!(full["id"], less["id"]);
        for member in ["resourceInfo", "timeouts"] {
            assert!(full.get(member).is_some() && less.get(member).is_none(), "{member}");
        }
        assert!(less.get("amNodeLabelExpression").is_some());
    }
}

#[tokio::test]
async fn what_the_caller_may_not_see_is_zeros() {
    let run = sandbox(100, 1e-3).await;
    let seen = apps(&run, "queue=finance&states=RUNNING,FINISHED").await;
    let reply = get(&run, "/ws/v1/cluster/apps?queue=finance&states=RUNNING,FINISHED&user.name=nobody").await;
    assert!(reply.head.contains("set-cookie: hadoop.auth="));
    let hidden = reply.json()["apps"]["app"].clone();
    assert!(!seen.is_empty() && seen.len() == hidden.as_array().unwrap().len());
    for (seen, hidden) in seen.iter().zip(hidden.as_array().unwrap()) {
        assert_eq!(seen["id"], hidden["id"]);
        assert!(seen["startedTime"].as_i64().unwrap() > 0 && hidden["startedTime"] == 0);
        assert!(seen.get("amContainerLogs").is_some() && hidden.get("amContainerLogs").is_none());
    }
}

#[tokio::test]
async fn names_and_numbers_hold_the_traps() {
    let run = sandbox(40, 1e-3).await;
    let all = apps(&run, "").await;
    let names: Vec<&str> = all.iter().map(|app| app["name"].as_str().unwrap()).collect();
    assert!(names.iter().any(|name| name.contains("<img")));
    assert!(names.iter().any(|name| name.contains('\u{202e}')));
    assert!(names.iter().any(|name| name.chars().count() == 200));
    assert!(names.iter().any(|name| name.contains("매출")));
    assert!(all.iter().any(|app| app["queueUsagePercentage"] == "NaN"));
    assert!(all.iter().any(|app| app["allocatedMB"] == -1));
    let states: HashSet<&str> = all.iter().map(|app| app["state"].as_str().unwrap()).collect();
    assert!(states.contains("RESTORING_FROM_STORE"), "{states:?}");
}

#[tokio::test]
async fn applications_come_and_go() {
    let run = sandbox(20, 1e6).await;
    let ids = |apps: Vec<Value>| apps.iter().map(|app| app["id"].as_str().unwrap().to_owned()).collect::<HashSet<_>>();
    let first = ids(apps(&run, "").await);
    loop {
        let now = ids(apps(&run, "").await);
        assert_eq!(now.len(), 20);
        if now.is_disjoint(&first) {
            break;
        }
    }
    let metrics = get(&run, "/ws/v1/cluster/metrics").await.json()["clusterMetrics"].clone();
    let sum: i64 = ["appsPending", "appsRunning", "appsCompleted", "appsFailed", "appsKilled"]
        .iter()
        .map(|name| metrics[*name].as_i64().unwrap())
        .sum();
    assert!(sum > 40 && metrics["appsSubmitted"] == sum);
}

#[tokio::test]
async fn ten_thousand_are_listed() {
    let run = sandbox(10_000, 1e-3).await;
    let all = apps(&run, "deSelects=resourceRequests,resourceInfo,timeouts").await;
    assert_eq!(ids_of(&all).len(), 10_000);
    let active = all.iter().filter(|app| app["finishedTime"] == 0).count();
    assert!((200..400).contains(&active), "{active}");
}

fn ids_of(apps: &[Value]) -> HashSet<&str> {
    apps.iter().filter_map(|app| app["id"].as_str()).collect()
}
