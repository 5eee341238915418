//! Streams of events: what they begin with, what ends them, and what they cost the service.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::support::{Howdah, Limits, Service, Wire};

const PATH: &str = "/api/connections/rm/ws/v1/cluster/apps";

fn stream(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\nAccept: text/event-stream\r\n{headers}\r\n\r\n")
}

/// A service whose list of applications is what the test sets.
pub(crate) fn listing(list: &str) -> (Service, Arc<Mutex<String>>) {
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

pub(crate) const BEARER: &str = "Authorization: Bearer {token}";
pub(crate) const ONE: &str = r#"{"apps":{"app":[{"id":"a","state":"RUNNING"}]}}"#;

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

/// A reply is read as it comes, and what has come of one that breaks counts for nothing.
#[test]
fn a_list_that_breaks_within_leaves_what_was_seen() {
    let well = vec![Service::reply("200 OK", "application/json", ONE.as_bytes())];
    let replies = Arc::new(Mutex::new(well.clone()));
    let told = replies.clone();
    let service = Service::answering(move |request| match request.contains("/cluster/apps") {
        true => told.lock().unwrap().clone(),
        false => well.clone(),
    });
    let howdah = Howdah::before(&service);
    let mut wire = watch(&howdah, BEARER);
    wire.until(&format!("data: {ONE}\n\n"));
    let begun = r#"{"apps":{"app":[{"id":"a","state":"FAILED"},"#;
    let short = format!("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{begun}").into_bytes();
    let garbled = Service::reply("200 OK", "application/json", format!("{begun}]}}}}").as_bytes());
    for (pieces, code) in [(vec![short, Vec::new()], "upstream_broken"), (vec![garbled], "upstream_garbled")] {
        *replies.lock().unwrap() = pieces;
        let said = wire.until(code);
        assert!(!said.contains("event: patch"), "{said}");
    }
    let whole =
        Service::reply("200 OK", "application/json", br#"{"apps":{"app":[{"id":"a","note":"in \u0070ieces"}]}}"#);
    *replies.lock().unwrap() = whole.chunks(7).map(<[u8]>::to_vec).collect();
    wire.until("event: patch\n");
    let patch = wire.until("\n\n");
    assert!(patch.contains(r#""gone":[],"changed":[{"id":"a","note":"in \u0070ieces"}]}"#), "{patch}");
}

#[test]
fn many_who_watch_the_same_are_one_to_the_service() {
    let (service, list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut wires: Vec<Wire> = (0..100).map(|_| watch(&howdah, BEARER)).collect();
    for wire in &mut wires {
        wire.until("event: snapshot\n");
    }
    let listed =
        || service.received().iter().filter(|asked| asked.starts_with("GET /below/ws/v1/cluster/apps?")).count();
    for turn in ["first", "second"] {
        let before = listed();
        *list.lock().unwrap() = format!(r#"{{"apps":{{"app":[{{"id":"a","state":"{turn}"}}]}}}}"#);
        for wire in &mut wires {
            wire.until(turn);
        }
        let calls = listed() - before;
        // One that was under way when the list changed, and one that saw it.
        assert!(calls <= 2, "{calls} calls");
    }
}

#[test]
fn a_service_that_is_watched_is_not_asked_for_its_health() {
    let asked = AtomicUsize::new(0);
    let service = Service::answering(move |request| {
        let info = request.starts_with("GET /below/ws/v1/cluster/info");
        if info && asked.fetch_add(1, Ordering::Relaxed) > 0 {
            // Who asks again gets no answer.
            return Vec::new();
        }
        vec![Service::reply("200 OK", "application/json", ONE.as_bytes())]
    });
    let howdah = Howdah::before(&service);
    let mut wire = watch(&howdah, BEARER);
    wire.until("event: fresh\n");
    let health = howdah.ask(&format!("GET /api/health/rm HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n\r\n"));
    assert_eq!(serde_json::from_slice::<Value>(&health.body).unwrap()["problem"], Value::Null);
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
    let cookie = sign_in(&howdah);
    let mut of_session = begun(&format!("Cookie: {cookie}"));
    let mut of_other_session = begun(BEARER);
    sign_out(&howdah, &cookie);
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

#[test]
fn who_takes_nothing_of_a_stream_gives_its_place_to_the_next() {
    let row = |id: u32| json!({"id": id, "name": "x".repeat(64 * 1024)});
    let list = json!({"apps": {"app": (0..512).map(row).collect::<Vec<_>>()}}).to_string();
    let (service, _list) = listing(&list);
    let howdah = Howdah::with(&service, Limits { reply_seconds: 1, connections: 1, ..Limits::default() });
    let mut slow = howdah.wire();
    slow.send(howdah.fill(&stream(&format!("{PATH}?user=etl"), BEARER)).as_bytes());
    let next = howdah.ask_for_a_place("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert_eq!(next.status, 200);
    drop(slow);
}

#[test]
fn howdahs_own_reads_are_streams_too() {
    let (service, _list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut wire = howdah.wire();
    wire.send(howdah.fill(&stream("/api/connections", BEARER)).as_bytes());
    wire.until("event: snapshot\n");
    wire.until("\"name\":\"rm\"");
    howdah.reload(|text| text.replace(r#"{ "*" = "administer" }"#, r#"{ "eco" = "administer" }"#));
    wire.until("event: patch\n");
    wire.until(r#""gone":["rm"]"#);
    let refused = howdah.ask(&stream("/api/me", BEARER));
    assert_eq!((refused.status, refused.code().as_deref()), (406, Some("not_watchable")));
}

/// Gives the cookie of a new session.
pub(crate) fn sign_in(howdah: &Howdah) -> String {
    let signed_in = howdah.ask(
        "POST /api/session HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 41\r\n\r\n\
         {\"token\":\"{token}\"}",
    );
    assert_eq!(signed_in.status, 200, "{signed_in:?}");
    signed_in.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

pub(crate) fn sign_out(howdah: &Howdah, cookie: &str) {
    let out = howdah.ask(&format!("DELETE /api/session HTTP/1.1\r\nHost: {{host}}\r\nCookie: {cookie}\r\n\r\n"));
    assert_eq!(out.status, 200);
}
