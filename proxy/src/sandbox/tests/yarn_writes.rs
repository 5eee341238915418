//! What changes the simulated ResourceManager: submissions, moves, kills, delegation tokens.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::super::{Options, Simulators, start};
use super::client::{Reply, ask};
use super::yarn_behaviour::behave;

const JSON: &str = "content-type: application/json\r\n";

async fn sandbox(pace: f64) -> Simulators {
    start(Options { pace, ..Options::default() }).await.unwrap()
}

/// Calls as a user; the query is the caller's name alone.
async fn call(address: SocketAddr, method: &str, path: &str, user: &str, body: &Value) -> Reply {
    let query = if user.is_empty() { String::new() } else { format!("?user.name={user}") };
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(address, method, &format!("/ws/v1/cluster/{path}{query}"), JSON, &body).await.unwrap()
}

async fn new_id(address: SocketAddr) -> String {
    let taken = call(address, "POST", "apps/new-application", "etl", &Value::Null).await.json();
    assert_eq!(taken["maximum-resource-capability"]["memory"], 16_384);
    taken["application-id"].as_str().unwrap().to_owned()
}

async fn app(address: SocketAddr, id: &str) -> Value {
    call(address, "GET", &format!("apps/{id}"), "howdah", &Value::Null).await.json()["app"].clone()
}

/// Waits until an application is in a state; the test's own limit of time is the only one.
async fn until(address: SocketAddr, id: &str, state: &str) -> Value {
    loop {
        let app = app(address, id).await;
        if app["state"] == state {
            return app;
        }
        assert!(!["FINISHED", "FAILED", "KILLED"].contains(&app["state"].as_str().unwrap()), "{app}");
    }
}

fn submission(id: &str, queue: &str, command: &str) -> Value {
    json!({
        "application-id": id,
        "application-name": "<b>mine</b>",
        "queue": queue,
        "application-type": "TEST",
        "priority": 1,
        "am-container-spec": {"commands": {"command": command}},
        "resource": {"memory": 2048, "vCores": 2},
        "application-tags": {"tag": ["T1", "t2"]},
    })
}

#[tokio::test]
async fn a_submission_lives_and_ends_and_is_one_however_often_it_is_sent() {
    let run = sandbox(50.0).await;
    let address = run.yarn.address;
    let (first, second) = (new_id(address).await, new_id(address).await);
    assert_ne!(first, second);
    assert_eq!(call(address, "GET", &format!("apps/{first}"), "etl", &Value::Null).await.status, 404);
    for _ in 0..2 {
        let reply = call(address, "POST", "apps", "etl", &submission(&first, "etl", "sleep 20")).await;
        assert_eq!((reply.status, reply.body.as_str()), (202, ""), "{}", reply.head);
        let location = format!("location: http://{address}/ws/v1/cluster/apps/{first}\r\n");
        assert!(reply.head.contains(&location) && reply.head.contains("content-type"), "{}", reply.head);
    }
    let running = until(address, &first, "RUNNING").await;
    assert_eq!(
        (&running["queue"], &running["user"], &running["name"]),
        (&json!("root.eng.etl"), &json!("etl"), &json!("<b>mine</b>"))
    );
    assert_eq!((&running["allocatedMB"], &running["allocatedVCores"]), (&json!(2048), &json!(2)));
    assert_eq!(running["applicationTags"], "t1,t2");
    let listed = call(address, "GET", "apps", "howdah", &Value::Null).await.json();
    let listed = listed["apps"]["app"].as_array().unwrap().iter().filter(|app| app["id"] == first.as_str()).count();
    assert_eq!(listed, 1);
    assert_eq!(until(address, &first, "FINISHED").await["finalStatus"], "SUCCEEDED");

    // Also under the id of a cluster that never was.
    let foreign = submission("application_1_0001", "default", "sleep 1");
    assert_eq!(call(address, "POST", "apps", "", &foreign).await.status, 202);
    assert_eq!(app(address, "application_1_0001").await["user"], "dr.who");
    let told = ask(address, "GET", "/_sandbox/runs", "", "").await.unwrap().json();
    let ids: Vec<&str> = told.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [first.as_str(), "application_1_0001"]);
}

#[tokio::test]
async fn what_cannot_run_is_accepted_and_fails() {
    let run = sandbox(50.0).await;
    let address = run.yarn.address;
    for (queue, command, words) in [
        ("nope", "sleep 9", "to unknown queue: nope"),
        ("root.eng", "sleep 9", "to non-leaf queue: root.eng"),
        ("<i>first</i>", "sleep 9", "is STOPPED"),
        ("adhoc", "exit 3", "exited with  exitCode: 3"),
    ] {
        let id = new_id(address).await;
        assert_eq!(
            call(address, "POST", "apps", "howdah", &submission(&id, queue, command)).await.status,
            202,
            "{queue}"
        );
        let failed = until(address, &id, "FAILED").await;
        assert!(failed["diagnostics"].as_str().unwrap().contains(words), "{failed}");
        assert_eq!(failed["finalStatus"], "FAILED");
    }
    let id = new_id(address).await;
    let shouting = submission(&id, "default", "head -c 1000000 /dev/urandom; exit 1");
    assert_eq!(call(address, "POST", "apps", "guest", &shouting).await.status, 202);
    let said = until(address, &id, "FAILED").await["diagnostics"].as_str().unwrap().to_owned();
    assert!(said.len() > 1_000_000 && said.contains("<img") && said.contains('\u{202e}'));
}

#[tokio::test]
async fn bad_submissions_are_refused_as_the_real_one_does() {
    let run = sandbox(1e-3).await;
    let address = run.yarn.address;
    let id = new_id(address).await;
    let mut large = submission(&id, "etl", "sleep 1");
    large["resource"]["memory"] = json!(999_999);
    let denied = "org.apache.hadoop.security.AccessControlException: User guest does not have permission to submit";
    for (user, body, words) in [
        ("etl", large, "Requested more memory than configured max".to_owned()),
        ("etl", json!({"application-name": "x"}), "Could not parse application id ".to_owned()),
        ("guest", submission(&id, "etl", "x"), format!("{denied} {id} to queue etl")),
    ] {
        let refused = call(address, "POST", "apps", user, &body).await;
        assert_eq!(refused.status, 400, "{}", refused.body);
        assert_eq!(refused.json()["RemoteException"]["message"], format!("java.lang.Exception: {words}"));
    }
    let target = "/ws/v1/cluster/apps?user.name=etl";
    let text = ask(address, "POST", target, "content-type: text/plain\r\n", "x").await.unwrap();
    assert!(text.status == 503 && text.head.contains("content-type: application/json;charset=null"));
    assert_eq!(text.json()["RemoteException"]["exception"], "WebApplicationException");
    let garbage = ask(address, "POST", target, JSON, "{\"a\":").await.unwrap();
    assert!(garbage.status == 400 && garbage.json()["RemoteException"]["message"].is_string());
    assert_eq!(call(address, "GET", &format!("apps/{id}"), "etl", &Value::Null).await.status, 404);

    behave(address, json!({"dialect": "3.5"})).await;
    let text = ask(address, "POST", target, "content-type: text/plain\r\n", "x").await.unwrap();
    assert!(text.status == 503 && !text.head.contains("content-type"), "{}", text.head);
    assert_eq!(text.json()["RemoteException"]["exception"], "NotSupportedException");
    let accepted = call(address, "POST", "apps", "etl", &submission(&id, "etl", "x")).await;
    assert!(accepted.status == 202 && !accepted.head.contains("content-type"), "{}", accepted.head);
}

#[tokio::test]
async fn access_lists_count_only_in_their_one_shape() {
    let run = sandbox(1e-3).await;
    let address = run.yarn.address;
    for (acls, status) in
        [(json!({"entry": [{"key": "MODIFY_APP", "value": "ml,ops"}]}), 202), (json!({"MODIFY_APP": "ml"}), 403)]
    {
        let id = new_id(address).await;
        let mut body = submission(&id, "default", "sleep 9");
        body["am-container-spec"]["application-acls"] = acls;
        assert_eq!(call(address, "POST", "apps", "guest", &body).await.status, 202);
        let killed = call(address, "PUT", &format!("apps/{id}/state"), "ml", &json!({"state": "KILLED"})).await;
        assert_eq!(killed.status, status, "{}", killed.body);
    }
}

#[tokio::test]
async fn an_application_is_killed_in_two_steps() {
    let run = sandbox(20.0).await;
    let address = run.yarn.address;
    let id = new_id(address).await;
    call(address, "POST", "apps", "etl", &submission(&id, "default", "sleep 100000")).await;
    until(address, &id, "RUNNING").await;
    let path = format!("apps/{id}/state");
    let kill = json!({"state": "KILLED", "diagnostics": "not needed any more"});
    for user in ["guest", ""] {
        let refused = call(address, "PUT", &path, user, &kill).await;
        let who = if user.is_empty() { "dr.who" } else { user };
        let sentence = format!("Unauthorized attempt to kill appid {id} by remote user {who}");
        assert_eq!((refused.status, refused.body), (403, sentence));
    }
    for state in ["ZZ", "FINISHED"] {
        let refused = call(address, "PUT", &path, "etl", &json!({"state": state})).await;
        let message = refused.json()["RemoteException"]["message"].clone();
        assert_eq!(
            (refused.status, message),
            (400, json!("java.lang.Exception: Only 'KILLED' is allowed as a target state."))
        );
    }
    assert_eq!(call(address, "PUT", &path, "etl", &json!({"state": "RUNNING"})).await.status, 200);
    let first = call(address, "PUT", &path, "etl", &kill).await;
    assert_eq!((first.status, first.json()), (202, json!({"state": "KILLING"})));
    assert!(first.head.contains(&format!("location: http://{address}/ws/v1/cluster/{path}")), "{}", first.head);
    let killed = until(address, &id, "KILLED").await;
    let words = format!("Application {id} was killed by user etl with diagnostic message: not needed any more");
    assert_eq!((&killed["diagnostics"], &killed["finalStatus"]), (&json!(words), &json!("KILLED")));
    let again = call(address, "PUT", &path, "etl", &kill).await;
    assert_eq!((again.status, again.json()), (200, json!({"state": "KILLED"})));
    // What has ended otherwise stays as it is.
    let all = call(address, "GET", "apps", "howdah", &Value::Null).await.json();
    let finished =
        all["apps"]["app"].as_array().unwrap().iter().find(|app| app["state"] == "FINISHED").unwrap().clone();
    let path = format!("apps/{}/state", finished["id"].as_str().unwrap());
    let late = call(address, "PUT", &path, "howdah", &json!({"state": "KILLED"})).await;
    assert_eq!((late.status, late.json()), (200, json!({"state": "FINISHED"})));
    let nobody = call(address, "PUT", "apps/application_1_0001/state", "howdah", &json!({"state": "KILLED"})).await;
    assert_eq!(nobody.status, 404);
}

#[tokio::test]
async fn an_application_is_moved_or_stays() {
    let run = sandbox(20.0).await;
    let address = run.yarn.address;
    let id = new_id(address).await;
    call(address, "POST", "apps", "etl", &submission(&id, "etl", "sleep 100000")).await;
    until(address, &id, "RUNNING").await;
    let path = format!("apps/{id}/queue");
    let to = async |user: &'static str, queue: &'static str| {
        call(address, "PUT", &path, user, &json!({"queue": queue})).await
    };
    let moved = to("etl", "adhoc").await;
    assert_eq!((moved.status, moved.json()), (200, json!({"queue": "root.analytics.adhoc"})));
    assert_eq!(to("etl", "root.default").await.json(), json!({"queue": "root.default"}));
    assert_eq!(app(address, &id).await["queue"], "root.default");
    // To a queue that is not, to one that is another's, by somebody else: the same.
    for (user, queue) in [("howdah", "nope"), ("etl", "finance"), ("guest", "adhoc")] {
        let refused = to(user, queue).await;
        let sentence = format!("Unauthorized attempt to move appid {id} by remote user {user}");
        assert_eq!((refused.status, refused.body), (403, sentence), "{queue}");
    }
    let parent = to("howdah", "root.eng").await;
    assert_eq!(
        (parent.status, &parent.json()["RemoteException"]["exception"]),
        (503, &json!("UndeclaredThrowableException"))
    );
    call(address, "PUT", &format!("apps/{id}/state"), "etl", &json!({"state": "KILLED"})).await;
    until(address, &id, "KILLED").await;
    let late = to("etl", "adhoc").await;
    assert_eq!((late.status, late.body.as_str()), (400, "App in KILLED state cannot be moved."));
    behave(address, json!({"dialect": "2.x"})).await;
    assert_eq!(call(address, "GET", &path, "etl", &Value::Null).await.json(), json!({"queue": "default"}));
}

#[tokio::test]
async fn a_reply_can_be_lost_after_the_submission() {
    let run = sandbox(1e-3).await;
    let address = run.yarn.address;
    let id = new_id(address).await;
    behave(address, json!({"fault": {"kind": "lost-reply", "operation": "SubmitApplication", "times": 1}})).await;
    let body = submission(&id, "default", "sleep 9").to_string();
    let target = "/ws/v1/cluster/apps?user.name=etl";
    assert!(ask(address, "POST", target, JSON, &body).await.is_none());
    assert_eq!(app(address, &id).await["user"], "etl");
    assert_eq!(ask(address, "POST", target, JSON, &body).await.unwrap().status, 202);
}

#[tokio::test]
async fn tokens_are_given_only_behind_kerberos() {
    let run = sandbox(1e-3).await;
    let address = run.yarn.address;
    let renewer = json!({"renewer": "etl"});
    let sentence = "Delegation token operations can only be carried out on a Kerberos authenticated channel. Expected auth type is kerberos, got type";
    for (user, kind) in [("etl", "SIMPLE"), ("", "null")] {
        for (method, path) in
            [("POST", "delegation-token"), ("POST", "delegation-token/expiration"), ("DELETE", "delegation-token")]
        {
            let refused = call(address, method, path, user, &renewer).await;
            assert_eq!((refused.status, refused.body), (403, format!("{sentence} {kind}")));
        }
    }
    behave(address, json!({"tokens": true})).await;
    let nobody = call(address, "GET", "info", "", &Value::Null).await;
    assert!(nobody.status == 401 && nobody.head.contains("www-authenticate: negotiate"), "{}", nobody.head);
    let token = call(address, "POST", "delegation-token", "etl", &renewer).await.json();
    assert_eq!(
        (&token["owner"], &token["renewer"], &token["kind"]),
        (&json!("etl@SANDBOX.INVALID"), &json!("etl"), &json!("RM_DELEGATION_TOKEN"))
    );
    assert!(token["expiration-time"].as_i64() < token["max-validity"].as_i64());
    let text = token["token"].as_str().unwrap();

    // It speaks for its owner, but not for more tokens.
    let shown = format!("{JSON}x-hadoop-delegation-token: {text}\r\n");
    let target = |path: &str| format!("/ws/v1/cluster/{path}");
    let id = ask(address, "POST", &target("apps/new-application"), &shown, "").await.unwrap().json()["application-id"]
        .clone();
    let body = submission(id.as_str().unwrap(), "etl", "sleep 9").to_string();
    assert_eq!(ask(address, "POST", &target("apps"), &shown, &body).await.unwrap().status, 202);
    let more = ask(address, "POST", &target("delegation-token"), &shown, &renewer.to_string()).await.unwrap();
    assert_eq!((more.status, more.body), (403, format!("{sentence} kerberos-dt")));
    let wrong = ask(address, "GET", &target("info"), "x-hadoop-delegation-token: zzz\r\n", "").await.unwrap();
    assert_eq!(wrong.status, 403);

    let named = format!("hadoop-yarn-rm-delegation-token: {text}\r\n");
    let renew = async |user: &str, headers: &str| {
        ask(address, "POST", &format!("{}?user.name={user}", target("delegation-token/expiration")), headers, "")
            .await
            .unwrap()
    };
    assert!(renew("etl", &named).await.json()["expiration-time"].is_i64());
    assert!(renew("ml", &named).await.body.starts_with("ml tries to renew a token (RM_DELEGATION_TOKEN owner=etl@"));
    for (headers, words) in [
        ("", "java.lang.Exception: Header 'Hadoop-YARN-RM-Delegation-Token' containing encoded token not found"),
        ("hadoop-yarn-rm-delegation-token: zzz\r\n", "java.lang.Exception: Could not decode encoded token"),
    ] {
        let refused = renew("etl", headers).await;
        assert_eq!((refused.status, &refused.json()["RemoteException"]["message"]), (400, &json!(words)));
    }
    let cancel = async |user: &str| {
        ask(address, "DELETE", &format!("{}?user.name={user}", target("delegation-token")), &named, "").await.unwrap()
    };
    assert_eq!(cancel("ml").await.status, 403);
    let gone = cancel("etl").await;
    assert_eq!((gone.status, gone.body.as_str()), (200, ""));
    let unknown = renew("etl", &named).await;
    assert!(unknown.status == 400 && unknown.body.contains("Renewal request for unknown token (RM_DELEGATION_TOKEN"));
    assert_eq!(ask(address, "GET", &target("info"), &shown, "").await.unwrap().status, 403);
}
