//! What the program tells of itself in numbers: everything that happens, and nothing that anybody wrote.

use std::collections::BTreeSet;

use super::support::{Howdah, KEY, Reply, SECRET, SECRET_ID, Samples, Service, Wire};
use super::watching::{BEARER, ONE, listing};

const HEAD: &str = "HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n";

fn get(howdah: &Howdah, path: &str) -> Reply {
    howdah.ask(&format!("GET {path} {HEAD}\r\n"))
}

fn change(howdah: &Howdah, cluster: &str, body: &str) -> Reply {
    let length = body.len();
    howdah.ask(&format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/{cluster} {HEAD}Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    ))
}

/// Hadoop Eco starts what it is asked for; of the ResourceManager there is a list.
fn service() -> Service {
    Service::answering(|request| {
        let body = match request.split(' ').next() {
            Some("POST") => r#"{"clusterId":"c1","requestId":"run-9"}"#,
            _ if request.contains("/requests/") => r#"{"requestStatus":"Running","requestResult":null}"#,
            _ => ONE,
        };
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    })
}

#[test]
fn everything_that_happens_is_counted() {
    let service = service();
    let howdah = Howdah::before(&service);
    assert_eq!(get(&howdah, "/api/connections/rm/ws/v1/cluster/info").status, 200);
    assert_eq!(change(&howdah, "c1", "{}").status, 200);
    assert_eq!(change(&howdah, "c1", "[]").code().as_deref(), Some("bad_body"));
    let wrong = howdah.ask("GET /api/me HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer wrong\r\n\r\n");
    assert_eq!(wrong.code().as_deref(), Some("bad_token"));
    let stranger = howdah.ask("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(stranger.code().as_deref(), Some("host_not_allowed"));
    let mut watching = howdah.wire();
    let stream = "GET /api/connections/rm/ws/v1/cluster/apps HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n";
    watching.send(howdah.fill(&format!("{stream}{BEARER}\r\n\r\n")).as_bytes());
    watching.until("event: snapshot\n");

    let samples = Samples::of(&howdah.metrics());
    let requests = |connection: &str, operation: &str, outcome: &str| {
        let labels = format!("connection=\"{connection}\",operation=\"{operation}\",outcome=\"{outcome}\"");
        samples.value(&format!("howdah_requests_total{{{labels}}}"))
    };
    assert_eq!(requests("rm", "ShowCluster", "2xx"), 1.0);
    assert_eq!(requests("eco", "StartRework", "2xx"), 1.0);
    assert_eq!(requests("eco", "StartRework", "bad_body"), 1.0);
    assert_eq!(requests("", "ShowMe", "bad_token"), 1.0);
    assert_eq!(requests("", "Door", "host_not_allowed"), 1.0);
    assert_eq!(requests("rm", "ListApplications", "2xx"), 1.0);
    assert_eq!(
        samples.value("howdah_request_duration_seconds_count{connection=\"eco\",operation=\"StartRework\"}"),
        2.0
    );
    assert_eq!(
        samples
            .value("howdah_request_duration_seconds_bucket{connection=\"eco\",le=\"+Inf\",operation=\"StartRework\"}"),
        2.0
    );
    let calls = |connection: &str, pool: &str| {
        let labels = format!("connection=\"{connection}\",outcome=\"2xx\",pool=\"{pool}\"");
        samples.value(&format!("howdah_upstream_calls_total{{{labels}}}"))
    };
    assert_eq!((calls("rm", "reads"), calls("eco", "changes")), (1.0, 1.0));
    assert!(calls("rm", "polling") >= 1.0, "the poller has looked");
    assert_eq!(samples.value("howdah_upstream_duration_seconds_count{connection=\"rm\",pool=\"reads\"}"), 1.0);
    assert_eq!(samples.value("howdah_breaker_open{connection=\"rm\",pool=\"reads\"}"), 0.0);
    assert_eq!(samples.value("howdah_pollers{connection=\"rm\"}"), 1.0);
    assert_eq!(samples.value("howdah_watchers{connection=\"rm\"}"), 1.0);
    assert!(samples.value("howdah_pictures_bytes") > 0.0);
    assert!(samples.value("howdah_pictures_limit_bytes") > samples.value("howdah_pictures_bytes"));
    assert_eq!(samples.value("howdah_journal_appended_total"), 1.0);
    // Accepted, or already seen running.
    assert_eq!(samples.sum("howdah_journal_unfinished{connection=\"eco\""), 1.0);
    assert_eq!(samples.value("howdah_journal_writable"), 1.0);
    assert_eq!(samples.value("howdah_journal_write_failures_total"), 0.0);
    assert!(samples.value("howdah_journal_bytes") > 0.0);
    assert_eq!(samples.value("howdah_connections"), 1.0, "the one that watches is open");
    assert_eq!(samples.sum("howdah_build_info{"), 1.0);
    assert!(samples.value("process_resident_memory_bytes") > 1e6);
    assert!(samples.value("process_open_fds") > 4.0);
    assert!(samples.value("process_max_fds") > samples.value("process_open_fds"));
    drop(watching);
}

#[test]
fn what_callers_write_makes_no_series() {
    let service = service();
    let mut howdah = Howdah::before(&service);
    howdah.start_with(|text| text.replace("[limits]\n", "[limits]\ncalls_per_second = 100000\n"));
    let first = series(&howdah);
    for number in 0..300 {
        get(&howdah, &format!("/api/connections/made-up-{number}/ws/v1/cluster/info"));
        get(&howdah, &format!("/api/connections/rm/made-up-{number}"));
        get(&howdah, &format!("/api/connections/rm/ws/v1/cluster/apps?user=made-up-{number}"));
        get(&howdah, &format!("/api/health/made-up-{number}"));
        get(&howdah, &format!("/api/made-up-{number}"));
        get(&howdah, &format!("/made-up-{number}"));
        change(&howdah, &format!("made-up-{number}"), "{}");
    }
    let text = howdah.metrics();
    for word in ["made-up", "attacker", "c1", "run-9", "127.0.0.1", "/", SECRET, SECRET_ID, KEY] {
        // The name of the build is a revision, in which anything may stand.
        let mut told = samples_of(&text).filter(|line| !line.starts_with("howdah_build_info"));
        assert!(!told.any(|line| line.contains(word)), "{word}: {text}");
    }
    let samples = Samples::of(&text);
    assert_eq!(samples.labelled("connection"), BTreeSet::from(["", "eco", "rm"]));
    // Of each operation and each way it can end, at the most.
    assert!(series(&howdah) - first < 150, "{text}");
}

fn samples_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

fn series(howdah: &Howdah) -> usize {
    samples_of(&howdah.metrics()).count()
}

#[test]
fn a_service_that_fails_is_seen_to_fail() {
    let (service, list) = listing("<html>Sign in</html>");
    let howdah = Howdah::before(&service);
    let mut watching = howdah.wire();
    let stream = "GET /api/connections/rm/ws/v1/cluster/apps HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\n";
    watching.send(howdah.fill(&format!("{stream}{BEARER}\r\n\r\n")).as_bytes());
    watching.until("event: problem\n");
    let samples = Samples::of(&howdah.metrics());
    assert_eq!(samples.value("howdah_pollers_failing{connection=\"rm\"}"), 1.0);
    let garbled = "howdah_upstream_calls_total{connection=\"rm\",outcome=\"upstream_garbled\",pool=\"polling\"}";
    assert!(samples.value(garbled) >= 1.0);
    *list.lock().unwrap() = ONE.to_owned();
    watching.until("event: fresh\n");
    assert_eq!(Samples::of(&howdah.metrics()).value("howdah_pollers_failing{connection=\"rm\"}"), 0.0);
}

#[test]
fn a_service_that_is_away_opens_its_breaker() {
    let service = Service::answering(|_| vec![Vec::new()]);
    let howdah = Howdah::before(&service);
    while get(&howdah, "/api/connections/rm/ws/v1/cluster/info").code().as_deref() != Some("upstream_paused") {}
    let samples = Samples::of(&howdah.metrics());
    assert_eq!(samples.value("howdah_breaker_open{connection=\"rm\",pool=\"reads\"}"), 1.0);
    assert_eq!(samples.value("howdah_breaker_open{connection=\"rm\",pool=\"changes\"}"), 0.0);
    let broken = "howdah_upstream_calls_total{connection=\"rm\",outcome=\"upstream_broken\",pool=\"reads\"}";
    assert!(samples.value(broken) >= 1.0);
}

#[test]
fn the_listener_answers_one_address_and_the_console_s_does_not_answer_it() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let ask = |request: &str| {
        let mut wire = Wire::to(howdah.metrics_address());
        wire.send(request.as_bytes());
        wire.reply().unwrap()
    };
    let metrics = ask("GET /metrics HTTP/1.1\r\nHost: prometheus\r\n\r\n");
    let format = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!((metrics.status, metrics.header("content-type")), (200, Some(format)));
    for other in ["GET /", "GET /metrics/", "GET /healthz", "POST /metrics", "GET /api/me"] {
        let reply = ask(&format!("{other} HTTP/1.1\r\nHost: prometheus\r\nContent-Length: 0\r\n\r\n"));
        assert_eq!((reply.status, reply.body.len()), (404, 0), "{other}");
    }
    let there = get(&howdah, "/metrics");
    assert!(!String::from_utf8_lossy(&there.body).contains("howdah_requests"));
}

#[test]
fn those_who_stay_and_say_nothing_keep_no_other_from_the_numbers() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let silent: Vec<Wire> = (0..32).map(|_| Wire::to(howdah.metrics_address())).collect();
    Samples::of(&howdah.metrics());
    drop(silent);
}
