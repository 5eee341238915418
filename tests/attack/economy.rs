//! What a service is not asked for, however often we are.

use std::sync::{Arc, Condvar, Mutex};

use serde_json::Value;

use super::support::{Howdah, Reply, Service, Wire};

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\r\n")
}

fn change(key: &str) -> String {
    format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\
         Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    )
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn many_who_ask_for_the_health_at_once_are_one_call() {
    let door = Arc::new((Mutex::new(false), Condvar::new()));
    let held = door.clone();
    let service = Service::answering(move |_| {
        let (open, news) = &*held;
        drop(news.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
        vec![Service::reply("200 OK", "application/json", br#"{"clusterInfo":{"state":"STARTED"}}"#)]
    });
    let howdah = Howdah::before(&service);
    let mut wires: Vec<Wire> = (0..40).map(|_| howdah.wire()).collect();
    for wire in &mut wires {
        wire.send(howdah.fill(&get("/api/health/rm")).as_bytes());
    }
    // Others are answered meanwhile.
    assert_eq!(howdah.ask(&get("/api/me")).status, 200);
    *door.0.lock().unwrap() = true;
    door.1.notify_all();
    let replies: Vec<Value> = wires.iter_mut().map(|wire| json(&wire.reply().unwrap())).collect();
    assert_eq!(replies[0]["problem"], Value::Null);
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    assert_eq!(service.received().len(), 1);
}

#[test]
fn the_first_caller_gets_the_whole_of_a_large_answer_and_the_next_is_told_of_it() {
    let long = "x".repeat(100 * 1024);
    let answer = format!(r#"{{ "requestId":"req-1", "size":1.50, "note":"{long}"}}"#);
    let given = answer.clone();
    let service =
        Service::answering(move |_| vec![Service::reply("202 Accepted", "application/json", given.as_bytes())]);
    let howdah = Howdah::before(&service);
    let first = howdah.ask(&change("k"));
    assert_eq!((first.status, String::from_utf8_lossy(&first.body).as_ref()), (202, answer.as_str()));
    let request = first.header("howdah-request-id").unwrap().to_owned();
    let again = howdah.ask(&change("k"));
    assert_eq!((again.status, again.code().as_deref()), (410, Some("answer_not_kept")));
    assert_eq!(again.header("howdah-request-id"), Some(request.as_str()));
    let problem = json(&again);
    assert_eq!(problem["requestId"], request.as_str());
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("answered 202") && detail.contains("req-1"), "{detail}");
    assert_eq!(service.received().iter().filter(|request| request.starts_with("POST")).count(), 1);
}

#[test]
fn what_was_settled_by_adopting_is_answered_as_the_service_would_have() {
    let service = Service::answering(|request| {
        // The run is begun, and its reply does not tell its id.
        let body: &[u8] = match request.starts_with("POST") {
            true => b"{}",
            false => br#"{"requestId":"req-7","requestStatus":"Running"}"#,
        };
        vec![Service::reply("200 OK", "application/json", body)]
    });
    let howdah = Howdah::before(&service);
    let unknown = howdah.ask(&change("k"));
    assert_eq!((unknown.status, unknown.code().as_deref()), (502, Some("outcome_unknown")));
    let request = unknown.header("howdah-request-id").unwrap().to_owned();
    let adoption = format!(r#"{{"connection":"eco","cluster":"c1","serviceId":"req-7","request":"{request}"}}"#);
    let adopted = howdah.ask(&format!(
        "POST /api/requests/adopt HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{adoption}",
        adoption.len()
    ));
    assert_eq!((adopted.status, json(&adopted)["state"].as_str()), (200, Some("accepted")));
    let again = howdah.ask(&change("k"));
    assert_eq!((again.status, String::from_utf8_lossy(&again.body).as_ref()), (202, r#"{"requestId":"req-7"}"#));
    assert_eq!(again.header("howdah-request-id"), Some(request.as_str()));
    assert_eq!(service.received().iter().filter(|request| request.starts_with("POST")).count(), 1);
}

#[test]
fn a_reply_without_an_id_to_follow_is_no_success_and_says_why() {
    let service = Service::answering(|_| {
        let body = r#"{"clusterId":"c1","message":"작업이 진행 중입니다."}"#;
        vec![Service::reply("202 Accepted", "application/json", body.as_bytes())]
    });
    let howdah = Howdah::before(&service);
    let first = howdah.ask(&change("k"));
    let problem = json(&first);
    assert_eq!(
        (first.status, &problem["code"], &problem["reason"]),
        (502, &"outcome_unknown".into(), &"no_service_id".into())
    );
    assert_eq!(problem["service"], serde_json::json!({"status": 202, "message": "작업이 진행 중입니다."}));
    let entry = format!("/api/requests/{}", first.header("howdah-request-id").unwrap());
    let entry = json(&howdah.ask(&get(&entry)));
    let told = ["state", "code", "said"].map(|name| entry[name].as_str().unwrap().to_owned());
    assert_eq!(told, ["unknown", "no_service_id", "작업이 진행 중입니다."]);
    assert_eq!((&entry["status"], &entry["serviceId"]), (&202.into(), &Value::Null));
    // Asked again, the same is told and nothing is sent.
    assert_eq!(json(&howdah.ask(&change("k")))["reason"], "no_service_id");
    assert_eq!(service.received().len(), 1);
}

#[test]
fn whoever_guesses_tokens_is_told_how_long_to_wait() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let wrong = "GET /api/me HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer wrong\r\n\r\n";
    let refused = (0..100).map(|_| howdah.ask(wrong)).find(|reply| reply.status != 401).unwrap();
    assert_eq!((refused.status, refused.code().as_deref()), (429, Some("too_many_sign_ins")));
    assert_eq!((refused.header("retry-after"), json(&refused)["retryAfter"].as_u64()), (Some("60"), Some(60)));
}

#[test]
fn a_service_that_is_let_rest_says_for_how_long() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let address = service.address().to_string();
    howdah.reload(|text| text.replace(&address, &gone.to_string()));
    let info = get("/api/connections/rm/ws/v1/cluster/info");
    let paused = (0..100).map(|_| howdah.ask(&info)).find(|reply| reply.code().as_deref() == Some("upstream_paused"));
    let paused = paused.unwrap();
    let seconds: u64 = paused.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds > 0 && json(&paused)["retryAfter"] == seconds, "{}", paused.head);
    assert!(service.received().is_empty());
}
