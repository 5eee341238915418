//! A service that misbehaves, and a machine that has no more to give: each fault is told of by its code, a change under
//! way is written down as what is known of it, and the next call is as good as ever.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::support::{Howdah, Reply, Service};

const READ: &str =
    "GET /api/connections/rm/ws/v1/cluster/apps HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
const READY: &str = "GET /readyz HTTP/1.1\r\nHost: {host}\r\n\r\n";
const GOOD: &[u8] = br#"{"apps":null}"#;

fn change() -> String {
    let body = r#"{"instanceSpecs":[{"type":"WORKER","nodeCnt":3}]}"#;
    format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\n\
         Authorization: Bearer {{token}}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The newest entry of the journal.
fn newest(howdah: &Howdah) -> Value {
    let reply = howdah.ask("GET /api/requests HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n");
    let list: Value = serde_json::from_slice(&reply.body).unwrap();
    list["requests"][0].clone()
}

/// Answers the first request with a fault, and those after it well: a run is accepted and succeeds.
fn faulty(fault: Vec<Vec<u8>>) -> Service {
    let asked = AtomicUsize::new(0);
    Service::answering(move |request| match asked.fetch_add(1, Ordering::Relaxed) {
        0 => fault.clone(),
        _ if request.starts_with("POST") => {
            vec![Service::reply("202 Accepted", "application/json", br#"{"requestId":"req-1"}"#)]
        }
        _ => vec![Service::reply("200 OK", "application/json", GOOD)],
    })
}

/// So many zeros, packed: a thousandth of them.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..megabytes {
        packed.write_all(&[b' '; 1 << 20]).unwrap();
    }
    packed.finish().unwrap()
}

fn packed_reply() -> Vec<u8> {
    let body = bomb(32);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// Each fault by its name: what the service sends, what a read is answered with, and a change.
type Fault = (&'static str, Vec<Vec<u8>>, (u16, &'static str), (u16, &'static str));

fn faults() -> Vec<Fault> {
    let text = |text: &str| vec![text.as_bytes().to_vec()];
    let ends = |text: &str| vec![text.as_bytes().to_vec(), Vec::new()];
    let (broken, garbled, unknown) = ((502, "upstream_broken"), (502, "upstream_garbled"), (502, "outcome_unknown"));
    vec![
        ("a connection that is closed", ends(""), broken, unknown),
        ("no HTTP", ends("\u{16}\u{3}\u{1}nonsense\r\n\r\n"), broken, unknown),
        ("half a head", ends("HTTP/1.1 200 OK\r\nContent-Ty"), broken, unknown),
        (
            "a head without an end",
            vec![[b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-A: b\r\n".repeat(100_000)].concat()],
            broken,
            unknown,
        ),
        (
            "HTML",
            text("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"),
            garbled,
            unknown,
        ),
        ("packed without being asked to", vec![packed_reply()], garbled, unknown),
        (
            "401",
            text("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"),
            (502, "upstream_refused_credential"),
            (502, "upstream_refused_credential"),
        ),
        (
            "another place",
            text("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
            (502, "upstream_redirected"),
            unknown,
        ),
    ]
}

#[test]
fn each_fault_of_a_service_has_its_code_and_passes() {
    for (name, fault, read, changed) in faults() {
        let service = faulty(fault.clone());
        let howdah = Howdah::before(&service);
        let told = |reply: &Reply| (reply.status, reply.code().unwrap_or_default());
        let expected = |(status, code): (u16, &str)| (status, code.to_owned());
        assert_eq!(told(&howdah.ask(READ)), expected(read), "a read: {name}");
        assert_eq!(howdah.ask(READ).body, GOOD, "the next read: {name}");

        let service = faulty(fault);
        let howdah = Howdah::before(&service);
        assert_eq!(told(&howdah.ask(&change())), expected(changed), "a change: {name}");
        let sent = service.received().iter().filter(|request| request.starts_with("POST")).count();
        assert_eq!(sent, 1, "a change is sent once: {name}");
        let state = if changed.1 == "outcome_unknown" { "unknown" } else { "refused" };
        assert_eq!(newest(&howdah)["state"], state, "{name}");
        assert_eq!(howdah.ask(&change()).status, 202, "the next change: {name}");
    }
}

#[test]
fn early_hints_are_passed_over() {
    let hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n".to_vec();
    let service = Service::answering(move |request| {
        let (status, body) = match request.starts_with("POST") {
            true => ("202 Accepted", &br#"{"requestId":"req-1"}"#[..]),
            false => ("200 OK", GOOD),
        };
        vec![hints.clone(), Service::reply(status, "application/json", body)]
    });
    let howdah = Howdah::before(&service);
    let reply = howdah.ask(READ);
    assert_eq!((reply.status, reply.body.as_slice(), reply.header("link")), (200, GOOD, None));
    assert_eq!(howdah.ask(&change()).status, 202);
}

#[test]
fn a_reply_without_an_end_costs_a_buffer_and_ends_with_its_caller() {
    let service = Service::answering(|_| {
        let row = format!("\"{}\",", "x".repeat(64 * 1024 - 3));
        let head =
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999999999999\r\n\r\n[".to_vec();
        // As much as a test should send; to Howdah it is all on its way.
        std::iter::once(head).chain(std::iter::repeat_n(row.into_bytes(), 1024)).collect()
    });
    let howdah = Howdah::before(&service);
    let before = howdah.resident();
    let mut wire = howdah.wire();
    wire.send(howdah.fill(READ).as_bytes());
    wire.until(&"x".repeat(1000));
    // In words far shorter than a row: Howdah gives it out in pieces of its own.
    for _ in 0..3200 {
        wire.until(&"x".repeat(10_000));
    }
    let grown = howdah.resident().saturating_sub(before);
    assert!(grown < 8 << 20, "{grown} bytes more after 32 MB of a reply");
    drop(wire);
    let health = howdah.ask("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
    assert_eq!(health.status, 200);
}

/// A service whose first bytes wait until they are let go; by path, so that others are answered meanwhile.
fn held(word: &'static str) -> (Service, Sender<()>) {
    let (go, wait) = channel();
    let wait = Arc::new(Mutex::new(wait));
    let service = Service::answering(move |request| {
        if request.contains(word) {
            // Also when the test is over.
            let _ = wait.lock().unwrap().recv();
        }
        let (status, body) = match request.starts_with("POST") {
            true => ("202 Accepted", &br#"{"requestId":"req-1"}"#[..]),
            false => ("200 OK", GOOD),
        };
        vec![Service::reply(status, "application/json", body)]
    });
    (service, go)
}

#[test]
fn a_service_that_is_slow_to_begin_holds_up_nobody_else() {
    let (service, go) = held("user=slow");
    let howdah = Howdah::before(&service);
    let mut slow = howdah.wire();
    slow.send(howdah.fill(&READ.replace("/apps", "/apps?user=slow")).as_bytes());
    while service.received().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(howdah.ask(READ).status, 200);
    go.send(()).unwrap();
    assert_eq!(slow.reply().unwrap().status, 200);
}

#[test]
fn a_service_that_hangs_is_given_up_and_its_late_reply_is_taken_in() {
    let (service, go) = held("POST");
    let silent = Service::answering(|request| match request.contains("/cluster/info") {
        true => vec![b"HTTP/1.1 200 OK\r\n".to_vec()],
        false => vec![Service::reply("200 OK", "application/json", GOOD)],
    });
    let howdah = Howdah::before(&service);
    let other = Howdah::before(&silent);
    let mut change_under_way = howdah.wire();
    change_under_way.send(howdah.fill(&change()).as_bytes());
    let mut read = other.wire();
    read.send(other.fill(&READ.replace("/apps", "/info")).as_bytes());
    while service.received().is_empty() || silent.received().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!((howdah.ask(READ).status, other.ask(READ).status), (200, 200), "others are answered meanwhile");

    let told = |reply: &Reply| (reply.status, reply.code().unwrap_or_default());
    assert_eq!(told(&read.reply_past_the_deadline()), (504, "upstream_timeout".to_owned()));
    let given_up = change_under_way.reply_past_the_deadline();
    assert_eq!(told(&given_up), (504, "upstream_timeout".to_owned()));
    let entry = newest(&howdah);
    assert_eq!((&entry["state"], entry["id"].as_str()), (&"sent".into(), given_up.header("howdah-request-id")));
    go.send(()).unwrap();
    while newest(&howdah)["state"] == "sent" {
        std::thread::yield_now();
    }
    assert_eq!(newest(&howdah)["serviceId"], "req-1");
}

#[test]
fn on_a_full_disk_nothing_is_sent_and_reads_go_on() {
    let service = faulty(vec![Service::reply("200 OK", "application/json", GOOD)]);
    let howdah = Howdah::before(&service);
    assert_eq!(howdah.ask(READ).status, 200);
    howdah.limit("fsize", 0);
    let refused = howdah.ask(&change());
    assert_eq!((refused.status, refused.code().as_deref()), (503, Some("journal_unavailable")));
    assert_eq!(howdah.ask(READ).status, 200);
    assert_eq!(howdah.ask(READY).status, 503);
    assert!(service.received().iter().all(|request| !request.starts_with("POST")), "it was sent");

    howdah.limit("fsize", "unlimited");
    assert_eq!(howdah.ask(&change()).status, 202);
    assert_eq!(newest(&howdah)["serviceId"], "req-1");
    // It is tried once a second, however often it is asked for.
    while howdah.ask(READY).status != 200 {
        std::thread::yield_now();
    }
}

#[test]
fn told_to_stop_with_many_waiting_it_answers_all_that_it_has_heard() {
    const MANY: usize = 100;
    /// As many as a service is asked at once; the others wait for a place.
    const ASKED: usize = 16;
    let (service, go) = held("/apps");
    let mut howdah = Howdah::before(&service);
    let mut waiting: Vec<_> = (0..MANY).map(|_| howdah.wire()).collect();
    for wire in &mut waiting {
        wire.send(howdah.fill(READ).as_bytes());
    }
    while service.received().len() < ASKED {
        std::thread::yield_now();
    }
    howdah.tell_to_stop();
    while TcpStream::connect(howdah.address()).is_ok() {
        std::thread::yield_now();
    }
    for _ in 0..MANY {
        go.send(()).unwrap();
    }
    let mut answered = 0;
    for wire in &mut waiting {
        match wire.reply() {
            Some(reply) => {
                assert_eq!((reply.status, reply.body.as_slice()), (200, GOOD));
                answered += 1;
            }
            // It was not read yet, and may be sent again.
            None => assert_eq!(wire.leftover(), ""),
        }
    }
    assert!(answered >= ASKED, "{answered} were answered");
    assert_eq!(answered, service.received().len());
    assert!(howdah.ended().success());
}

#[test]
fn told_to_stop_it_ends_what_is_under_way_and_takes_nothing_more() {
    let (service, go) = held("POST");
    let mut howdah = Howdah::before(&service);
    let mut under_way = howdah.wire();
    under_way.send(howdah.fill(&change()).as_bytes());
    while service.received().is_empty() {
        std::thread::yield_now();
    }
    howdah.tell_to_stop();
    // Nobody is let in once it has heard; until then it answers.
    while TcpStream::connect(howdah.address()).is_ok() {
        std::thread::yield_now();
    }
    go.send(()).unwrap();
    assert_eq!(under_way.reply().unwrap().status, 202);
    assert!(howdah.ended().success());
    howdah.start_again();
    assert_eq!(newest(&howdah)["serviceId"], "req-1");
}

#[test]
fn without_file_descriptors_it_waits_and_goes_on() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    assert_eq!(howdah.ask(READ).status, 200);
    let limit = howdah.descriptors() + 8;
    howdah.limit("nofile", limit);
    let many: Vec<_> = (0..64).map(|_| TcpStream::connect(howdah.address()).unwrap()).collect();
    while howdah.descriptors() < limit {
        std::thread::yield_now();
    }
    drop(many);
    assert_eq!(howdah.ask(READ).status, 200);
    assert_ne!(howdah.ask(&change()).code().as_deref(), Some("internal"));
    assert_eq!(howdah.ask(READY).status, 200);
}
