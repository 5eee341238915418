//! Streams of events: what they begin with, what ends them, and what they cost the service.

use std::sync::{Arc, Mutex};

use super::support::{Howdah, Service, Wire};

const PATH: &str = "/api/connections/rm/ws/v1/cluster/apps";

fn stream(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\nAccept: text/event-stream\r\n{headers}\r\n\r\n")
}

/// A service whose list of applications is what the test sets.
fn listing(list: &str) -> (Service, Arc<Mutex<String>>) {
    let list = Arc::new(Mutex::new(list.to_owned()));
    let told = list.clone();
    let service = Service::answering(move |_| {
        let body = told.lock().unwrap().clone();
        let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
        vec![Service::reply("200 OK", kind, body.as_bytes())]
    });
    (service, list)
}

fn watch(howdah: &Howdah, headers: &str) -> Wire {
    let mut wire = howdah.wire();
    wire.send(howdah.fill(&stream(PATH, headers)).as_bytes());
    wire
}

const BEARER: &str = "Authorization: Bearer {token}";
const ONE: &str = r#"{"apps":{"app":[{"id":"a","state":"RUNNING"}]}}"#;

#[test]
fn a_stream_begins_with_all_and_goes_on_with_what_changes() {
    let (service, list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut wire = watch(&howdah, BEARER);
    let head = wire.until("\r\n\r\n").to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
    assert!(head.contains("cache-control: no-store"), "{head}");
    wire.until("event: snapshot\n");
    let id = wire.until("\n").trim().strip_prefix("id: ").unwrap().to_owned();
    wire.until(&format!("data: {ONE}\n\n"));
    wire.until("event: fresh\n");
    *list.lock().unwrap() = r#"{"apps":{"app":[{"id":"b"}]}}"#.to_owned();
    wire.until("event: patch\n");
    wire.until(r#""gone":["a"],"changed":[{"id":"b"}]}"#);
    // Whoever knows the first version is told what came since, and no more.
    let mut again = watch(&howdah, &format!("{BEARER}\r\nLast-Event-ID: {id}"));
    let first = again.until(r#""gone":["a"],"changed":[{"id":"b"}]}"#);
    assert!(!first.contains("snapshot"), "{first}");
    let mut stranger = watch(&howdah, &format!("{BEARER}\r\nLast-Event-ID: 0.7"));
    stranger.until("event: reset\n");
    stranger.until("event: snapshot\n");
    *list.lock().unwrap() = "<html>Sign in</html>".to_owned();
    wire.until("event: problem\n");
    wire.until("upstream_garbled");
    *list.lock().unwrap() = r#"{"apps":{"app":[{"id":"b"}]}}"#.to_owned();
    wire.until("event: fresh\n");
}

#[test]
fn many_who_watch_the_same_are_one_to_the_service() {
    let (service, list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut wires: Vec<Wire> = (0..100).map(|_| watch(&howdah, BEARER)).collect();
    for wire in &mut wires {
        wire.until("event: snapshot\n");
    }
    for turn in ["first", "second"] {
        let before = service.received().len();
        *list.lock().unwrap() = format!(r#"{{"apps":{{"app":[{{"id":"a","state":"{turn}"}}]}}}}"#);
        for wire in &mut wires {
            wire.until(turn);
        }
        let calls = service.received().len() - before;
        // One that was under way when the list changed, and one that saw it.
        assert!(calls <= 2, "{calls} calls");
    }
}

#[test]
fn a_stream_ends_with_its_token_its_role_and_its_session() {
    let (service, _list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let begun = |headers: &str| {
        let mut wire = watch(&howdah, headers);
        wire.until("event: snapshot\n");
        wire
    };
    let ended = |wire: &mut Wire, code: &str| {
        wire.until("event: problem\n");
        wire.until(code);
        wire.until("0\r\n\r\n");
    };
    let signed_in = howdah.fill(
        "POST /api/session HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n\
         {\"token\":\"{token}\"}",
    );
    let signed_in = howdah.ask(&signed_in);
    assert_eq!(signed_in.status, 200, "{signed_in:?}");
    let cookie = signed_in.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let mut of_session = begun(&format!("Cookie: {cookie}"));
    let mut of_other_session = begun(BEARER);
    let out = howdah.ask(&format!("DELETE /api/session HTTP/1.1\r\nHost: {{host}}\r\nCookie: {cookie}\r\n\r\n"));
    assert_eq!(out.status, 200);
    ended(&mut of_session, "sign_in_required");

    howdah.reload(|text| text.replace(r#"{ "*" = "administer" }"#, r#"{ "eco" = "administer" }"#));
    ended(&mut of_other_session, "role_missing");
    assert_eq!(howdah.ask(&stream(PATH, BEARER)).code().as_deref(), Some("connection_not_found"));

    howdah.reload(|text| text.replace(r#"{ "eco" = "administer" }"#, r#"{ "*" = "view" }"#));
    let mut of_token = begun(BEARER);
    howdah.change_token();
    ended(&mut of_token, "sign_in_required");
    assert_eq!(howdah.ask(&stream(PATH, BEARER)).code().as_deref(), Some("bad_token"));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let (service, _list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let refused = howdah.ask(&stream(&format!("{PATH}?finishedTimeBegin=5"), BEARER));
    assert_eq!((refused.status, refused.code().as_deref()), (406, Some("not_watchable")));
    assert!(service.received().is_empty());
}
