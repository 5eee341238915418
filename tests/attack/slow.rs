//! Callers that take their time. The limits are those of the configuration, short ones here.

use super::support::{Howdah, Limits, Service};

fn hasty() -> (Service, Howdah) {
    let service = Service::plain();
    let howdah = Howdah::with(&service, Limits { header_seconds: 1, body_seconds: 1, ..Limits::default() });
    (service, howdah)
}

#[test]
fn headers_that_trickle_in_end_the_connection() {
    let (service, howdah) = hasty();
    for begun in ["", "G", "GET / HTTP/1.1\r\nHost: {host}\r\n", "GET / HTTP/1.1\r\nHost: {host}\r\nX-A: b\r\n\r"] {
        let mut wire = howdah.wire();
        wire.send(howdah.fill(begun).as_bytes());
        let meanwhile: &[u8] = if begun.is_empty() { b"" } else { b"x" };
        assert!(wire.is_closed(meanwhile), "{begun:?} keeps its connection");
        assert!(!wire.leftover().starts_with("HTTP/1.1 2"), "{}", wire.leftover());
    }
    assert_eq!(service.received(), Vec::<String>::new());
}

#[test]
fn a_second_request_that_trickles_in_ends_the_connection() {
    let (_service, howdah) = hasty();
    let mut wire = howdah.wire();
    wire.send(howdah.fill("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
    assert_eq!(wire.reply().unwrap().status, 200);
    wire.send(b"GET /healthz HTTP/1.1\r\nX-A: ");
    assert!(wire.is_closed(b"x"));
}

#[test]
fn a_body_that_trickles_in_is_given_up() {
    let (service, howdah) = hasty();
    let head = "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {host}\r\n\
                Authorization: Bearer {token}\r\nContent-Type: application/json\r\n";
    for framing in ["Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n{"] {
        let reply = howdah.ask(&format!("{head}{framing}"));
        assert_eq!((reply.status, reply.code().as_deref()), (408, Some("request_timeout")), "{framing}");
    }
    assert_eq!(service.received(), Vec::<String>::new());
}

/// A row of a list, many times.
fn long_list() -> Vec<Vec<u8>> {
    let row = format!("\"{}\",", "x".repeat(64 * 1024 - 3));
    let rows = 512;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n[", rows * row.len() + 3);
    let rows = std::iter::repeat_n(row.into_bytes(), rows);
    std::iter::once(head.into_bytes()).chain(rows).chain([b"1]".to_vec()]).collect()
}

#[test]
fn a_caller_that_takes_nothing_of_its_reply_gives_its_place_to_the_next() {
    let service = Service::answering(|_| long_list());
    let howdah = Howdah::with(&service, Limits { reply_seconds: 1, connections: 1, ..Limits::default() });
    let mut slow = howdah.wire();
    let apps =
        "GET /api/connections/rm/ws/v1/cluster/apps HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
    slow.send(howdah.fill(apps).as_bytes());
    let next = howdah.ask_for_a_place("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert_eq!(next.status, 200);
    // One that reads gets all of it.
    assert_eq!(howdah.ask(apps).body.len(), 512 * 64 * 1024 + 3);
    drop(slow);
}

#[test]
fn blanks_without_an_end_are_given_up() {
    let service = Service::answering(|_| {
        let blanks = vec![b' '; 512 * 1024];
        vec![b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec(), blanks]
    });
    let howdah = Howdah::before(&service);
    let apps =
        "GET /api/connections/rm/ws/v1/cluster/apps HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
    let reply = howdah.ask(apps);
    assert_eq!((reply.status, reply.code().as_deref()), (502, Some("upstream_garbled")));
}

#[test]
fn a_thousand_slow_callers_do_not_disturb_others() {
    let (_service, howdah) = hasty();
    let info =
        "GET /api/connections/rm/ws/v1/cluster/info HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
    let slow: Vec<_> = (0..1_000)
        .map(|_| {
            let mut wire = howdah.wire();
            wire.send(b"GET / HTTP/1.1\r\nX-");
            wire
        })
        .collect();
    for _ in 0..20 {
        assert_eq!(howdah.ask(info).status, 200);
    }
    drop(slow);
}
