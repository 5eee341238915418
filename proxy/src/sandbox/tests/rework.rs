//! Hadoop Eco: who gets in, what a run changes, and how it goes.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::super::hadoop_eco::PLANTED;
use super::super::{Options, Simulators, start};
use super::client::{ask, get, headers, named, post, runs};

/// So slow that nothing changes while a test looks.
async fn standing_still() -> Simulators {
    start(Options { pace: 1e-6, ..Options::default() }).await.unwrap()
}

/// So fast that a run has ended when it is first asked for.
async fn in_no_time() -> Simulators {
    start(Options { pace: 1e9, ..Options::default() }).await.unwrap()
}

#[tokio::test]
async fn wrong_keys_are_refused_and_start_nothing() {
    let run = standing_still().await;
    let service = &run.hadoop_eco;
    let (etl, report) = (named(&service.clusters, "nightly-etl"), named(&service.clusters, "hive-report"));
    let good = headers(service, etl);
    let (secret, key) = (service.credential_secret.expose_secret(), etl.key.as_ref().unwrap().expose_secret());
    let other = report.key.as_ref().unwrap().expose_secret();
    let path = format!("/v2/hadoop-eco/clusters/{}", etl.id);
    let unknown = "/v2/hadoop-eco/clusters/00000000-0000-4000-8000-000000000000".to_owned();
    for (target, headers, status) in [
        (&path, good.replace(secret, "wrong"), 401),
        (&path, good.replace(&service.credential_id, "wrong"), 401),
        (&path, good.replace("credential-secret", "x-credential-secret"), 401),
        (&path, format!("{good}credential-id: again\r\n"), 401),
        (&path, good.replace(key, "wrong"), 401),
        (&path, good.replace("hadoop-eco-api-key", "x-key"), 401),
        (&path, good.replace(key, other), 403),
        (&unknown, good.clone(), 404),
        (&path, good.replace("application/json", "text/plain"), 400),
        (&path, good.replace("content-type", "x-type"), 400),
        (&format!("{path}?verbose=true"), good.clone(), 400),
    ] {
        let reply = ask(service.address, "POST", target, &headers, "{}").await.unwrap();
        assert_eq!(reply.status, status, "{target} {headers}");
        let show = format!("{path}/requests/{}", etl.past[0]);
        if target == &path {
            assert_eq!(ask(service.address, "GET", &show, &headers, "").await.unwrap().status, status, "{headers}");
        }
    }
    assert_eq!(post(service, named(&service.clusters, "archive-compaction"), "{}").await.unwrap().status, 403);
    assert_eq!(post(service, etl, r#"{"workerCnt": 3}"#).await.unwrap().status, 400);
    assert_eq!(post(service, etl, r#"{"instanceSpecs":[{"type":"MASTER","nodeCnt":3}]}"#).await.unwrap().status, 400);
    assert_eq!(runs(service, etl).await, Vec::<String>::new());
}

#[tokio::test]
async fn requests_of_others_and_bad_queries_are_refused() {
    let run = standing_still().await;
    let service = &run.hadoop_eco;
    let (etl, report) = (named(&service.clusters, "nightly-etl"), named(&service.clusters, "hive-report"));
    assert_eq!(get(service, etl, &report.past[0], "").await.unwrap().status, 404);
    assert_eq!(get(service, etl, "req-howdah-probe", "").await.unwrap().status, 404);
    assert_eq!(get(service, etl, &etl.past[0], "?verbose=yes").await.unwrap().status, 400);
    assert_eq!(get(service, etl, &etl.past[0], "?verbos=true").await.unwrap().status, 400);
    assert_eq!(get(service, etl, &etl.past[0], "?verbose=false").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_run_keeps_its_settings_and_a_second_one_starts_nothing() {
    let run = standing_still().await;
    let service = &run.hadoop_eco;
    let etl = named(&service.clusters, "nightly-etl");
    let body = json!({
        "instanceSpecs": [{"type": "WORKER", "nodeCnt": 6}, {"type": "TASK", "nodeCnt": 2, "volumeSize": 200}],
        "config": {"hdfsReplication": 3},
        "userTaskInfo": {"deployMode": "client", "execParams": "--date today"},
        "securityGroupIds": ["one", "two"],
    });
    let reply = post(service, etl, &body.to_string()).await.unwrap();
    let started = reply.json();
    let id = started["requestId"].as_str().unwrap().to_owned();
    assert_eq!(reply.status, 200);
    assert_eq!(started, json!({"clusterId": etl.id, "clusterName": "nightly-etl", "requestId": id}));
    let digits = id.strip_prefix("req-").unwrap();
    assert!(digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");

    let again = post(service, etl, "{}").await.unwrap();
    assert_eq!((again.status, again.json().get("requestId")), (202, None));
    assert_eq!(runs(service, etl).await, std::slice::from_ref(&id));

    let short = get(service, etl, &id, "").await.unwrap().json();
    let expected = json!({
        "clusterId": etl.id, "clusterName": "nightly-etl", "requestId": id,
        "requestStatus": "Pending", "requestResult": null,
    });
    assert_eq!(short, expected);

    let now = get(service, etl, &id, "?verbose=true").await.unwrap().json();
    assert_eq!((&now["workerInfo"][0]["nodeCnt"], &now["workerInfo"][0]["volumeSize"]), (&json!(6), &json!(100)));
    assert_eq!((&now["taskInfo"][0]["nodeCnt"], &now["taskInfo"][0]["volumeSize"]), (&json!(2), &json!(200)));
    assert_eq!((&now["masterInfo"][0]["nodeCnt"], &now["masterInfo"][0]["volumeSize"]), (&json!(1), &json!(50)));
    assert_eq!((&now["config"]["hdfsReplication"], &now["config"]["hdfsBlockSize"]), (&json!(3), &json!(128)));
    assert_eq!(
        (&now["userTask"]["deployMode"], &now["userTask"]["execParams"]),
        (&json!("client"), &json!("--date today"))
    );
    assert_eq!(now["securityGroupIds"], json!(["one", "two"]));
    let before = get(service, etl, &etl.past[1], "?verbose=true").await.unwrap().json();
    assert_eq!((&before["workerInfo"][0]["nodeCnt"], &before["taskInfo"]), (&json!(3), &json!([])));
}

#[tokio::test]
async fn a_verbose_reply_has_every_member_of_the_reference() {
    let run = standing_still().await;
    let service = &run.hadoop_eco;
    let group = ["flavorId", "flavorName", "instanceGroupId", "nodeCnt", "volumeSize"];
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for name in ["clickstream-ha", "hive-report"] {
        let cluster = named(&service.clusters, name);
        let reply = get(service, cluster, &cluster.past[0], "?verbose=true").await.unwrap().json();
        let mut top = [
            "clusterId",
            "clusterName",
            "requestId",
            "requestStatus",
            "requestResult",
            "clusterType",
            "clusterVersion",
            "isHa",
            "installComponents",
            "masterInfo",
            "workerInfo",
            "taskInfo",
            "imageName",
            "securityGroupIds",
            "keypairName",
            "owner",
            "config",
            "userTask",
        ];
        top.sort_unstable();
        assert_eq!(names(&reply), top, "{name}");
        assert_eq!(names(&reply["masterInfo"][0]), group, "{name}");
        assert_eq!(names(&reply["config"]), ["configText", "hdfsBlockSize", "hdfsReplication", "userScript"]);
        let task =
            ["deployMode", "execOpts", "execParams", "fileUrl", "hiveQuery", "logUrl", "terminationPolicy", "type"];
        assert_eq!(names(&reply["userTask"]), task, "{name}");
    }
    let ha = named(&service.clusters, "clickstream-ha");
    let ha = get(service, ha, &ha.past[0], "?verbose=true").await.unwrap().json();
    assert_eq!(
        (&ha["isHa"], &ha["masterInfo"][0]["nodeCnt"], &ha["taskInfo"][0]["nodeCnt"]),
        (&json!(true), &json!(3), &json!(4))
    );
}

#[tokio::test]
async fn clusters_have_their_histories() {
    let run = standing_still().await;
    let service = &run.hadoop_eco;
    assert!(service.clusters.len() >= 8);
    for (name, index, status, result) in [
        ("nightly-etl", 1, "Terminate", json!("Success")),
        ("hive-report", 0, "Terminate", json!("Failure")),
        ("hive-report", 1, "Terminate", json!("Success")),
        ("geo-index-always-fails", 0, "Terminate", json!("Failure")),
        ("hourly-sessions", 1, "Creating", Value::Null),
        ("legacy-ingest", 0, "Terminate", json!("Success")),
    ] {
        let cluster = named(&service.clusters, name);
        let reply = get(service, cluster, &cluster.past[index], "").await.unwrap().json();
        assert_eq!((&reply["requestStatus"], &reply["requestResult"]), (&json!(status), &result), "{name}");
    }
    assert!(service.clusters.iter().any(|cluster| cluster.name.len() > 120));
    let odd = named(&service.clusters, "legacy-ingest");
    let odd = get(service, odd, &odd.past[0], "?verbose=true").await.unwrap().json();
    assert!(
        odd["masterInfo"].is_object() && odd["taskInfo"].is_null() && odd["userTask"]["termination_policy"].is_string()
    );
}

#[tokio::test]
async fn other_people_s_secrets_are_planted() {
    let run = standing_still().await;
    let cluster = named(&run.hadoop_eco.clusters, "partner-feed");
    let reply = get(&run.hadoop_eco, cluster, &cluster.past[0], "?verbose=true").await.unwrap();
    for secret in PLANTED {
        assert!(reply.body.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn runs_end_as_their_clusters_do() {
    let run = in_no_time().await;
    let service = &run.hadoop_eco;
    for (name, results) in [
        ("nightly-etl", ["Success", "Success"]),
        ("geo-index-always-fails", ["Failure", "Failure"]),
        ("billing-close", ["Failure", "Success"]),
        ("feature-store-stays-running", ["Success", "Success"]),
    ] {
        let cluster = named(&service.clusters, name);
        for result in results {
            let id = post(service, cluster, "{}").await.unwrap().json()["requestId"].as_str().unwrap().to_owned();
            let end = get(service, cluster, &id, "").await.unwrap().json();
            assert_eq!((&end["requestStatus"], &end["requestResult"]), (&json!("Terminate"), &json!(result)), "{name}");
        }
    }
}

#[tokio::test]
async fn calls_are_counted() {
    let run = standing_still().await;
    let service = &run.hadoop_eco;
    let etl = named(&service.clusters, "nightly-etl");
    post(service, etl, "{}").await;
    get(service, etl, "req-x", "").await;
    get(service, etl, "req-x", "").await;
    assert_eq!(ask(service.address, "GET", "/v2/other", "", "").await.unwrap().status, 404);
    assert_eq!(
        ask(service.address, "PUT", &format!("/v2/hadoop-eco/clusters/{}", etl.id), "", "").await.unwrap().status,
        405
    );
    let calls = ask(service.address, "GET", "/_sandbox/calls", "", "").await.unwrap().json();
    assert_eq!(calls, json!({"StartRework": 1, "ShowRework": 2, "other": 2}));
}
