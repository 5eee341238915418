//! The tabs' sockets: who may open one, what it is told of, what ends it, and what that costs the service.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use howdah_shared::operation::Operation;
use howdah_shared::systems::yarn::ListApplications;
use howdah_shared::watch::columns;
use serde_json::{Value, json};

use super::support::{Howdah, Service, Socket};
use super::watching::{BEARER, ONE, listing, sign_in, sign_out};

pub(crate) const UPGRADE: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

/// A request for the socket with headers of one's own.
fn upgrade(headers: &str) -> String {
    format!("GET /api/watch HTTP/1.1\r\nHost: {{host}}\r\n{UPGRADE}\r\n{headers}\r\n\r\n")
}

pub(crate) fn socket(howdah: &Howdah, headers: &str) -> Socket {
    let mut socket = Socket::over(howdah.wire(), &howdah.fill(&upgrade(headers)));
    let greeting = socket.told(0, "greeting");
    assert!(greeting["build"].is_string() && greeting["now"].is_u64(), "{greeting}");
    socket
}

pub(crate) fn subscribe(id: u32, path: &str, query: &str) -> Value {
    json!({"subscribe": {"id": id, "connection": "rm", "path": path, "query": query}})
}

const APPS: &str = "/ws/v1/cluster/apps";

/// An application of these values, as the console is sent it: without names, and with all that it reads of one.
fn sent(values: &[&str]) -> String {
    let rows = ListApplications::SPEC.tail.rows.unwrap();
    columns::write((0..rows.shown.len()).map(|at| values.get(at).copied()))
}

#[test]
fn a_tab_subscribes_fetches_and_is_told_what_changes() {
    let (service, list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut tab = socket(&howdah, BEARER);
    tab.say(&subscribe(7, APPS, "states=RUNNING"));
    let word = tab.told(7, "subscribed")["picture"].as_str().unwrap().to_owned();
    let version = tab.told(7, "reset")["version"].as_str().unwrap().to_owned();
    let fetch =
        |headers: &str| howdah.ask(&format!("GET /api/watch/{word} HTTP/1.1\r\nHost: {{host}}\r\n{headers}\r\n\r\n"));
    let picture = fetch(BEARER);
    // Each row in a line of its own.
    let row = sent(&["\"a\"", "\"RUNNING\""]);
    assert_eq!(String::from_utf8_lossy(&picture.body), format!("{{\"apps\":{{\"app\":[\n{row}\n]}}}}"));
    assert_eq!(picture.header("etag"), Some(format!("\"{version}\"").as_str()));
    let packed = fetch(&format!("{BEARER}\r\nAccept-Encoding: br, gzip"));
    assert_eq!((packed.header("content-encoding"), &packed.body[..2]), (Some("gzip"), &[0x1f, 0x8b][..]));
    // The word is for the one who subscribed, also when another sign-in is of the same person.
    assert_eq!(fetch(&format!("Cookie: {}", sign_in(&howdah))).code().as_deref(), Some("not_found"));

    *list.lock().unwrap() = r#"{"apps":{"app":[{"id":"b"}]}}"#.to_owned();
    let patch = tab.told(7, "patch");
    assert_eq!(
        (&patch["from"], &patch["changed"], &patch["gone"]),
        (&json!(version), &json!([serde_json::from_str::<Value>(&sent(&["\"b\""])).unwrap()]), &json!(["a"]))
    );
    let mut again = socket(&howdah, BEARER);
    let mut resume = subscribe(1, APPS, "states=RUNNING");
    resume["subscribe"]["known"] = json!(version);
    again.say(&resume);
    assert_eq!(again.told(1, "patch")["to"], patch["to"]);

    *list.lock().unwrap() = "<html>Sign in</html>".to_owned();
    assert_eq!(tab.told(7, "problem")["code"], "upstream_garbled");
    tab.say(&json!({"unsubscribe": 7}));
    // What is said is done in order: the next word is about the next subscription.
    tab.say(&subscribe(8, "/nowhere", ""));
    assert_eq!(tab.told(8, "ended")["code"], "not_found");
    assert_eq!(fetch(BEARER).code().as_deref(), Some("not_found"));
}

#[test]
fn a_thousand_who_watch_the_same_are_one_to_the_service() {
    let (service, list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut tabs: Vec<Socket> = (0..16).map(|_| socket(&howdah, BEARER)).collect();
    for tab in &mut tabs {
        (1..=63).for_each(|id| tab.say(&subscribe(id, APPS, "user=etl")));
        tab.told_each(1..=63, "reset");
    }
    for turn in ["first", "second"] {
        let before = service.received().len();
        *list.lock().unwrap() = format!(r#"{{"apps":{{"app":[{{"id":"a","state":"{turn}"}}]}}}}"#);
        for tab in &mut tabs {
            tab.told_each(1..=63, "patch");
        }
        let calls = service.received().len() - before;
        assert!(calls <= 2, "{calls} calls");
    }
}

#[test]
fn each_sickness_is_told_leaves_others_alone_and_passes() {
    let sick = Arc::new(AtomicBool::new(false));
    let is_sick = sick.clone();
    let service = Service::answering(move |request| {
        let path = request.split(' ').nth(1).unwrap().split('?').next().unwrap();
        let good = |body: &str| vec![Service::reply("200 OK", "application/json", body.as_bytes())];
        let cut = Service::reply("200 OK", "application/json", b"{\"clusterMetrics\":{}}");
        match path.rsplit('/').next().unwrap() {
            "metrics" if is_sick.load(Ordering::Relaxed) => vec![cut[..cut.len() - 9].to_vec(), Vec::new()],
            "info" if is_sick.load(Ordering::Relaxed) => vec![Vec::new()],
            "cluster" if is_sick.load(Ordering::Relaxed) => {
                vec![Service::reply("200 OK", "text/html", b"<html>Sign in</html>")]
            }
            "apps" if is_sick.load(Ordering::Relaxed) => good("{\"apps\":{\"app\":[{\"id\":"),
            "appstatistics" if is_sick.load(Ordering::Relaxed) => {
                vec![Service::reply("500 Oops", "text/plain", b"out of memory")]
            }
            "apps" => good(ONE),
            _ => good("{}"),
        }
    });
    let howdah = Howdah::before(&service);
    let begun = |connection: &str, path: &str, query: &str| {
        let mut tab = socket(&howdah, BEARER);
        tab.say(&json!({"subscribe": {"id": 1, "connection": connection, "path": path, "query": query}}));
        tab.told(1, "reset");
        tab
    };
    let mut other = begun("eco", "/v2/hadoop-eco/clusters/c1/requests/r", "");
    let cases = [
        ("/ws/v1/cluster/metrics", "", "upstream_broken"),
        ("/ws/v1/cluster/info", "", "upstream_broken"),
        ("/ws/v1/cluster", "", "upstream_garbled"),
        (APPS, "user=etl", "upstream_garbled"),
        ("/ws/v1/cluster/appstatistics", "", "upstream_failed"),
    ];
    let mut tabs: Vec<(Socket, &str)> =
        cases.into_iter().map(|(path, query, code)| (begun("rm", path, query), code)).collect();
    sick.store(true, Ordering::Relaxed);
    for (tab, code) in &mut tabs {
        assert_eq!(tab.told(1, "problem")["code"], *code);
    }
    other.told(1, "fresh");
    sick.store(false, Ordering::Relaxed);
    for (tab, _) in &mut tabs {
        tab.told(1, "fresh");
    }
}

#[test]
fn what_is_howdahs_own_is_told_when_it_changes_and_to_whom_it_concerns() {
    let service = Service::answering(|request| {
        let body = if request.starts_with("POST") { r#"{"requestId":"req-1"}"# } else { "{}" };
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    });
    let howdah = Howdah::before(&service);
    let mut tab = socket(&howdah, BEARER);
    let own = |id: u32, path: &str, query: &str| json!({"subscribe": {"id": id, "path": path, "query": query}});
    let picture = |told: Value| {
        let word = told["picture"].as_str().unwrap().to_owned();
        howdah.ask(&format!("GET /api/watch/{word} HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n\r\n"))
    };
    tab.say(&own(1, "/api/requests", "limit=50"));
    let requests = tab.told(1, "subscribed");
    tab.told(1, "reset");
    assert_eq!(String::from_utf8_lossy(&picture(requests).body), "{\"requests\":[\n\n]}");
    let started = howdah.ask(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {host}\r\n\
         Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    );
    assert_eq!(started.status, 200, "{started:?}");
    let id = started.header("howdah-request-id").unwrap().to_owned();
    while tab.told(1, "patch")["changed"][0]["serviceId"] != "req-1" {}
    tab.say(&own(2, &format!("/api/requests/{id}"), ""));
    let request = tab.told(2, "subscribed");
    tab.told(2, "reset");
    assert_eq!(serde_json::from_slice::<Value>(&picture(request).body).unwrap()["id"], json!(id));
    tab.say(&own(3, "/api/connections", ""));
    let connections = tab.told(3, "subscribed");
    tab.told(3, "reset");
    let listed: Value = serde_json::from_slice(&picture(connections).body).unwrap();
    assert_eq!((&listed[0]["name"], &listed[1]["name"]), (&json!("eco"), &json!("rm")));
    // What cannot be watched is said so at once.
    for (asked, code) in [
        (own(4, "/api/me", ""), "not_watchable"),
        (own(4, "/api/requests", "after=x"), "not_watchable"),
        (own(4, "/api/nothing", ""), "not_found"),
        (own(4, "/api/requests", "zork=1"), "bad_query"),
    ] {
        tab.say(&asked);
        assert_eq!(tab.told(4, "ended")["code"], code, "{asked}");
    }
    let mut of_other = socket(&howdah, BEARER);
    of_other.say(&own(1, "/api/requests", "limit=50"));
    of_other.told(1, "reset");
    // Who may not view a connection any more is told that its requests are gone.
    howdah.reload(|text| text.replace(r#"{ "*" = "administer" }"#, r#"{ "rm" = "view" }"#));
    while of_other.told(1, "patch")["gone"] != json!([id]) {}
    assert_eq!(tab.told(2, "problem")["code"], "request_not_found");
}

#[test]
fn only_our_pages_and_tokens_open_a_socket() {
    let (service, _list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let cookie = format!("Cookie: {}", sign_in(&howdah));
    let refused = |headers: &str| howdah.ask(&upgrade(headers)).code();
    assert_eq!(refused("X-Nothing: 1").as_deref(), Some("sign_in_required"));
    assert_eq!(refused(&cookie).as_deref(), Some("cross_site"));
    assert_eq!(refused(&format!("{cookie}\r\nOrigin: https://evil.example")).as_deref(), Some("cross_site"));
    socket(&howdah, &format!("{cookie}\r\nOrigin: http://{{host}}"));
    let plain = howdah.ask(&format!("GET /api/watch HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n\r\n"));
    assert_eq!(plain.code().as_deref(), Some("bad_request"));
    let elsewhere = howdah.ask(&upgrade(BEARER).replace("/api/watch", "/api/me"));
    assert_eq!(elsewhere.code().as_deref(), Some("bad_request"));
}

#[test]
fn a_socket_ends_with_its_sign_in_and_a_subscription_with_its_role() {
    let (service, _list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let cookie = sign_in(&howdah);
    let mut of_session = socket(&howdah, &format!("Cookie: {cookie}\r\nOrigin: http://{{host}}"));
    let mut of_token = socket(&howdah, BEARER);
    for tab in [&mut of_session, &mut of_token] {
        tab.say(&subscribe(1, APPS, ""));
        tab.told(1, "reset");
    }
    sign_out(&howdah, &cookie);
    assert_eq!(of_session.closed(), (1008, "sign_in_required".to_owned()));
    howdah.reload(|text| text.replace(r#"{ "*" = "administer" }"#, r#"{ "eco" = "administer" }"#));
    assert_eq!(of_token.told(1, "ended")["code"], "role_missing");
    of_token.say(&subscribe(2, APPS, ""));
    assert_eq!(of_token.told(2, "ended")["code"], "connection_not_found");
    howdah.change_token();
    assert_eq!(of_token.closed(), (1008, "sign_in_required".to_owned()));
}

#[test]
fn one_who_watches_may_have_the_service_asked_at_once() {
    let (service, list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut tab = socket(&howdah, BEARER);
    tab.say(&subscribe(1, APPS, "user=etl"));
    tab.told(1, "fresh");
    let calls = service.received().len();
    *list.lock().unwrap() = r#"{"apps":{"app":[{"id":"b"}]}}"#.to_owned();
    for id in [7, 1, 1, 1] {
        tab.say(&json!({"look": id}));
    }
    assert_eq!(tab.told(1, "patch")["gone"], json!(["a"]));
    assert_eq!(service.received().len(), calls + 1, "they are one");
}

#[test]
fn what_is_no_message_of_ours_closes_the_socket() {
    let (service, _list) = listing(ONE);
    let howdah = Howdah::before(&service);
    let mut tab = socket(&howdah, BEARER);
    tab.say(&json!({"subscribe": {"id": 1}}));
    assert_eq!(tab.closed().0, 1007);
    let mut tab = socket(&howdah, BEARER);
    tab.say(&json!("x".repeat(9000)));
    assert!(tab.is_cut_off());
    let mut tab = socket(&howdah, BEARER);
    for _ in 0..300 {
        tab.say(&json!({"unsubscribe": 1}));
    }
    assert_eq!(tab.closed(), (1008, "too many messages".to_owned()));
    let mut tab = socket(&howdah, BEARER);
    for id in 1..=65 {
        tab.say(&subscribe(id, APPS, ""));
    }
    assert_eq!(tab.told(65, "ended")["code"], "too_many_watches");
}
