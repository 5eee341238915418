//! The limits at the door: each is the configuration's, and each refusal has its code.

use super::support::{Howdah, Limits, Service};

const INFO: &str =
    "GET /api/connections/rm/ws/v1/cluster/info HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n";

/// A Howdah with one more key of `[limits]`.
fn limited(service: &Service, key: &str) -> Howdah {
    let mut howdah = Howdah::before(service);
    howdah.start_with(|text| text.replace("[limits]", &format!("[limits]\n{key}")));
    howdah
}

#[track_caller]
fn refused(howdah: &Howdah, request: &str, status: u16, code: &str) {
    let reply = howdah.ask(request);
    assert_eq!((reply.status, reply.code().as_deref()), (status, Some(code)), "{}", reply.head);
}

#[test]
fn headers() {
    let service = Service::plain();
    let howdah = limited(&service, "header_lines = 40\nheader_bytes = 5000");
    let lines = |count: usize| (0..count).map(|line| format!("X-{line}: 1\r\n")).collect::<String>();
    assert_eq!(howdah.ask(&format!("{INFO}{}\r\n", lines(38))).status, 200);
    refused(&howdah, &format!("{INFO}{}\r\n", lines(39)), 431, "headers_too_large");
    refused(&howdah, &format!("{INFO}X-Long: {}\r\n\r\n", "x".repeat(5000)), 431, "headers_too_large");
}

#[test]
fn bodies() {
    let service = Service::plain();
    let howdah = limited(&service, "body_bytes = 100");
    let post = |length: usize| {
        format!(
            "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\n\
             Authorization: Bearer {{token}}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{}",
            " ".repeat(length)
        )
    };
    refused(&howdah, &post(101), 413, "body_too_large");
    // Read to its end, and found to be no body.
    refused(&howdah, &post(100), 400, "bad_body");
    assert_eq!(service.received(), Vec::<String>::new());
}

#[test]
fn calls_of_a_principal() {
    let service = Service::plain();
    let howdah = limited(&service, "calls_per_second = 1");
    let mut wire = howdah.wire();
    // Sent at once, so that they come within a second.
    wire.send(howdah.fill(&format!("{INFO}\r\n{INFO}\r\n{INFO}\r\n")).as_bytes());
    let replies: Vec<_> = (0..3).map(|_| wire.reply().unwrap()).collect();
    assert_eq!(replies[0].status, 200);
    let early = &replies[1..].iter().find(|reply| reply.status != 200).expect("three calls within a second");
    assert_eq!((early.status, early.code().as_deref()), (429, Some("too_many_requests")));
    assert_eq!(early.header("retry-after"), Some("1"));
    // Whoever is not known has no part in it.
    assert_eq!(howdah.ask("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n").status, 200);
    refused(&howdah, "GET /api/me HTTP/1.1\r\nHost: {host}\r\n\r\n", 401, "sign_in_required");
}

#[test]
fn connections() {
    let service = Service::plain();
    let howdah = Howdah::with(&service, Limits { connections: 1, ..Limits::default() });
    let mut first = howdah.wire();
    first.send(howdah.fill(&format!("{INFO}\r\n")).as_bytes());
    assert_eq!(first.reply().unwrap().status, 200);
    let refused = howdah.ask(&format!("{INFO}\r\n"));
    assert_eq!((refused.status, refused.code().as_deref()), (503, Some("too_many_connections")));
    assert_eq!((refused.header("retry-after"), refused.header("connection")), (Some("1"), Some("close")));
    drop(first);
    assert_eq!(howdah.ask(&format!("{INFO}\r\n")).status, 200);
}
