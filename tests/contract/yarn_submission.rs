//! What is sent to submit an application is of the one shape that a ResourceManager takes in whole.

use howdah_shared::door::{Refusal, Row};
use howdah_shared::problem::Code;
use howdah_shared::systems::yarn;
use serde_json::{Value, json};

fn row(name: &str) -> &'static Row {
    yarn::TABLE.iter().find(|row| row.spec.name == name).unwrap()
}

fn submit(body: &Value) -> Result<(Value, Value), Refusal> {
    let call = row("SubmitApplication").admit(&[], "", body.to_string().as_bytes())?;
    let read = |text: Option<String>| serde_json::from_str(&text.unwrap()).unwrap();
    Ok((read(call.body), read(call.shown)))
}

/// A submission with everything.
fn whole() -> Value {
    json!({
        "application-id": "application_1404203615263_0001",
        "application-name": "test",
        "queue": "testqueue",
        "priority": 3,
        "am-container-spec": {
            "local-resources": {"entry": [{"key": "AppMaster.jar", "value": {
                "resource": "hdfs://n:9000/AppMaster.jar", "type": "ARCHIVE", "visibility": "APPLICATION",
                "size": 43004, "timestamp": 1405452071209_i64, "pattern": "x.*"}}]},
            "environment": {"entry": [{"key": "A", "value": "1"}, {"key": "DB_PASSWORD", "value": "hunter2"}]},
            "commands": {"command": "run --token abc"},
            "service-data": {"entry": [{"key": "mapreduce_shuffle", "value": "dmFsdWUxMg"}]},
            "credentials": {
                "tokens": {"entry": [{"key": "nn", "value": "MgASY2xpZW50-_"}]},
                "secrets": {"entry": [{"key": "s", "value": "c2VjcmV0MQ=="}]}},
            "application-acls": {"entry": [{"key": "VIEW_APP", "value": "u g"}, {"key": "MODIFY_APP", "value": "*"}]}},
        "unmanaged-AM": false,
        "cancel-tokens-when-complete": true,
        "max-app-attempts": 2,
        "resource": {"memory": 1024, "vCores": 1},
        "application-type": "YARN",
        "keep-containers-across-application-attempts": false,
        "application-tags": {"tag": ["tag 2", "tag1"]},
        "app-node-label-expression": "",
        "am-container-node-label-expression": "gpu",
        "log-aggregation-context": {
            "log-include-pattern": "a", "log-exclude-pattern": "b", "rolled-log-include-pattern": "c",
            "rolled-log-exclude-pattern": "d", "log-aggregation-policy-class-name": "e",
            "log-aggregation-policy-parameters": "f"},
        "attempt-failures-validity-interval": 3600000,
        "reservation-id": "reservation_1404203615263_0001",
    })
}

#[test]
fn everything_is_sent_as_it_came() {
    assert_eq!(submit(&whole()).unwrap().0, whole());
    let least = json!({"application-id": "application_1_0001"});
    assert_eq!(submit(&least).unwrap(), (least.clone(), least));
}

#[test]
fn the_caller_s_secrets_are_not_shown() {
    let mut shown = whole();
    let spec = &mut shown["am-container-spec"];
    for place in ["/service-data", "/credentials/tokens", "/credentials/secrets"] {
        spec.pointer_mut(&format!("{place}/entry/0")).unwrap()["value"] = json!("***");
    }
    spec["environment"]["entry"][1]["value"] = json!("***");
    assert_eq!(submit(&whole()).unwrap().1, shown);
}

#[test]
fn one_may_stand_for_a_list_of_one() {
    let given = json!({"application-id": "application_1_0001", "application-tags": {"tag": "a"},
        "am-container-spec": {"environment": {"entry": {"key": "A", "value": "1"}}, "commands": {"command": ["a", "b"]}}});
    let written = json!({"application-id": "application_1_0001", "application-tags": {"tag": ["a"]},
        "am-container-spec": {"environment": {"entry": [{"key": "A", "value": "1"}]}, "commands": {"command": ["a", "b"]}}});
    assert_eq!(submit(&given).unwrap().0, written);
}

#[test]
fn what_would_be_dropped_without_a_word_is_refused_with_its_place() {
    let entry = "am-container-spec.environment.entry";
    for (place, value, field) in [
        ("/application-id", json!("zzz"), "application-id"),
        ("/application-id", json!("application_1_x"), "application-id"),
        ("/priority", json!("3"), "priority"),
        ("/timeouts", json!({"timeout": []}), "timeouts"),
        ("/am-container-spec/environment", json!({"A": "1"}), "am-container-spec.environment.A"),
        ("/am-container-spec/environment/entry/0/value", json!(1), &format!("{entry}[0].value")),
        ("/am-container-spec/environment/entry/1/key", json!("A"), entry),
        ("/am-container-spec/commands", json!("sleep 1"), "am-container-spec.commands"),
        ("/am-container-spec/commands", json!(["sleep 1"]), "am-container-spec.commands"),
        (
            "/am-container-spec/application-acls/entry/0/key",
            json!("LOOK"),
            "am-container-spec.application-acls.entry[0].key",
        ),
        (
            "/am-container-spec/credentials/secrets/entry/0/value",
            json!("c2Vj*"),
            "am-container-spec.credentials.secrets.entry[0].value",
        ),
        (
            "/am-container-spec/credentials/tokens/entry/0/value",
            json!("abcde"),
            "am-container-spec.credentials.tokens.entry[0].value",
        ),
        (
            "/am-container-spec/service-data/entry/0/value",
            json!("YQ="),
            "am-container-spec.service-data.entry[0].value",
        ),
        (
            "/am-container-spec/local-resources/entry/0/value/size",
            json!(-1),
            "am-container-spec.local-resources.entry[0].value.size",
        ),
        ("/resource/memory", json!(-1), "resource.memory"),
        ("/resource/vCores", json!(-1), "resource.vCores"),
        ("/max-app-attempts", json!(-1), "max-app-attempts"),
        ("/resource/gpus", json!(1), "resource.gpus"),
    ] {
        let mut body = whole();
        let (parent, name) = place.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
            other => other[name] = value,
        }
        let refusal = submit(&body).unwrap_err();
        assert_eq!((refusal.code, refusal.faults[0].field.as_str()), (Code::BadBody, field), "{place}: {refusal:?}");
    }
    let secret = json!({"application-id": "application_1_0001",
        "am-container-spec": {"credentials": {"secrets": {"entry": [{"key": "s", "value": 271828}]}}}});
    assert!(!format!("{:?}", submit(&secret).unwrap_err()).contains("271828"), "the caller's secret is not quoted");
}

#[test]
fn a_kill_and_a_move_are_written_in_one_way() {
    let sent = |name: &str, body: &str| row(name).admit(&["application_1_0001".to_owned()], "", body.as_bytes());
    let kill = sent("ChangeApplicationState", r#"{"state": "KILLED", "diagnostics": "not needed"}"#).unwrap();
    assert_eq!(kill.body.as_deref(), Some(r#"{"diagnostics":"not needed","state":"KILLED"}"#));
    assert_eq!(kill.path, "/ws/v1/cluster/apps/application_1_0001/state");
    assert_eq!(sent("ChangeApplicationState", r#"{"state":"RUNNING"}"#).unwrap_err().faults[0].field, "state");
    assert_eq!(
        sent("MoveApplication", r#"{"queue":"root.a"}"#).unwrap().body.as_deref(),
        Some(r#"{"queue":"root.a"}"#)
    );
    assert_eq!(sent("MoveApplication", r#"{"queue":""}"#).unwrap_err().faults[0].field, "queue");
}

#[test]
fn nodes_are_asked_for_by_the_name_that_servers_know() {
    for query in ["state=LOST", "states=LOST"] {
        assert_eq!(row("ListNodes").admit(&[], query, b"").unwrap().query, "states=LOST");
    }
    assert_eq!(row("ShowNode").admit(&["h:1".to_owned()], "", b"").unwrap().path, "/ws/v1/cluster/nodes/h%3A1");
}
