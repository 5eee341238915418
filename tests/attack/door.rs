//! What is refused before anything looks at it. Each request is one that would reach the service but for one thing.

use super::support::{Howdah, Service};

const INFO: &str = "/api/connections/rm/ws/v1/cluster/info";
/// The two lines that make a request good.
const OURS: &str = "Host: {host}\r\nAuthorization: Bearer {token}\r\n";

/// What is strange, the request, the status, and the code of our problem; none where the stack itself refuses.
type Case = (&'static str, String, u16, Option<&'static str>);

fn get(target: &str, lines: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{OURS}{lines}\r\n")
}

fn post(lines: &str, body: &str) -> String {
    format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\n{OURS}Content-Type: application/json\r\n{lines}\r\n{body}"
    )
}

#[track_caller]
fn all_refused(cases: Vec<Case>) {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    assert_eq!(howdah.ask(&get(INFO, "")).status, 200, "without anything strange it passes");
    assert_eq!(service.received().len(), 1);
    for (what, request, status, code) in cases {
        let reply = howdah.ask(&request);
        assert_eq!(
            (reply.status, reply.code().as_deref()),
            (status, code),
            "{what}: {}",
            String::from_utf8_lossy(&reply.bytes())
        );
        if code.is_some() {
            assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{what}");
            assert!(reply.header("howdah-trace-id").is_some(), "{what}");
        }
        assert_eq!(service.received().len(), 1, "{what} reached the service");
    }
}

#[test]
fn hosts() {
    let bad = Some("bad_request");
    let host = |lines: &str| format!("GET {INFO} HTTP/1.1\r\nAuthorization: Bearer {{token}}\r\n{lines}\r\n");
    all_refused(vec![
        ("no host", host(""), 400, bad),
        ("two hosts", host("Host: {host}\r\nHost: evil.example\r\n"), 400, bad),
        ("one host twice", host("Host: {host}\r\nHost: {host}\r\n"), 400, bad),
        ("another's host", host("Host: evil.example\r\n"), 421, Some("host_not_allowed")),
        ("an empty host", host("Host:\r\n"), 421, Some("host_not_allowed")),
        ("a user before the host", host("Host: x@{host}\r\n"), 421, Some("host_not_allowed")),
        ("two hosts in a line", host("Host: {host}, evil.example\r\n"), 421, Some("host_not_allowed")),
        ("no host with HTTP/1.0", format!("GET {INFO} HTTP/1.0\r\nAuthorization: Bearer {{token}}\r\n\r\n"), 400, bad),
    ]);
}

#[test]
fn methods_and_targets() {
    let bad = Some("bad_request");
    let line = |line: &str| format!("{line} HTTP/1.1\r\n{OURS}\r\n");
    all_refused(vec![
        ("an absolute target", line(&format!("GET http://{{host}}{INFO}")), 400, bad),
        ("another's absolute target", line(&format!("GET http://evil.example{INFO}")), 400, bad),
        ("CONNECT", line("CONNECT evil.example:443"), 400, bad),
        ("CONNECT to ourselves", line("CONNECT {host}"), 400, bad),
        ("all of us", line("OPTIONS *"), 400, bad),
        ("a method in lower case", line(&format!("get {INFO}")), 400, bad),
        ("TRACE", line(&format!("TRACE {INFO}")), 400, bad),
        ("a method of an extension", line(&format!("PROPFIND {INFO}")), 400, bad),
        ("a target without its slash", line("GET api/requests"), 400, None),
        ("a target with a space", line("GET /a b"), 400, None),
        ("a target with a byte beyond ASCII", line("GET /\u{e9}"), 400, bad),
        ("a file", line("GET file:///etc/passwd"), 400, None),
        ("HTTP/0.9", "GET /\r\n\r\n".to_owned(), 400, None),
    ]);
}

#[test]
fn paths() {
    let bad = Some("bad_path");
    let below = |rest: &str| get(&format!("/api/connections/rm/ws/v1/cluster/{rest}"), "");
    all_refused(vec![
        ("dots", below("../cluster/info"), 400, bad),
        ("one dot", below("./info"), 400, bad),
        ("encoded dots", below("%2e%2E/cluster/info"), 400, bad),
        ("one encoded dot of two", below(".%2e/cluster/info"), 400, bad),
        ("dots with a parameter", below("..;a=b/cluster/info"), 400, bad),
        ("an encoded slash", below("info%2F"), 400, bad),
        ("an encoded backslash", below("info%5c..%5cx"), 400, bad),
        ("a null", below("info%00"), 400, bad),
        ("an encoded line end", below("info%0d%0aX-A:%20b"), 400, bad),
        ("two slashes", below("/info"), 400, bad),
        ("two slashes at the beginning", get(&format!("/{INFO}"), ""), 400, Some("bad_path")),
        ("half an escape", below("info%4"), 400, bad),
        ("an overlong encoding", below("%c0%ae%c0%ae/info"), 400, bad),
        ("a double escape", below("%252e%252e/info"), 404, Some("not_found")),
        ("a trailing slash", below("info/"), 404, Some("not_found")),
        ("another case", get(&INFO.replace("ws", "WS"), ""), 404, Some("not_found")),
        ("a path parameter", below("info;a=b"), 404, Some("not_found")),
        ("what the table does not have", below("scheduler-conf"), 404, Some("not_found")),
        ("a page of the service", get("/api/connections/rm/cluster/apps", ""), 404, Some("not_found")),
    ]);
}

#[test]
fn bodies() {
    let bad = Some("bad_request");
    all_refused(vec![
        ("a coding before chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400, bad),
        ("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, bad),
        ("a GET with a body", get(INFO, "Content-Length: 2\r\n") + "{}", 400, bad),
        ("a GET with chunks", get(INFO, "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400, bad),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), 400, None),
        ("a list of lengths", post("Content-Length: 2, 2\r\n", "{}"), 400, None),
        ("a length with a sign", post("Content-Length: +2\r\n", "{}"), 400, None),
        ("a length below nothing", post("Content-Length: -1\r\n", "{}"), 400, None),
        ("a length beyond numbers", post("Content-Length: 99999999999999999999\r\n", "{}"), 400, None),
        ("not quite chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400, None),
        ("chunked, then not", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 400, None),
        ("a space before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400, None),
        ("a tab of another kind", post("Transfer-Encoding: \u{b}chunked\r\n", "0\r\n\r\n"), 400, None),
        (
            "a body beyond the limit",
            post("Content-Length: 262145\r\n", &" ".repeat(262_145)),
            413,
            Some("body_too_large"),
        ),
        (
            "chunks beyond the limit",
            post("Transfer-Encoding: chunked\r\n", &format!("40001\r\n{}\r\n0\r\n\r\n", " ".repeat(0x40001))),
            413,
            Some("body_too_large"),
        ),
        ("a body for nobody", get("/healthz", "Content-Length: 1\r\n") + "x", 400, bad),
    ]);
}

#[test]
fn headers() {
    let bad = Some("bad_request");
    let with = |lines: &str| get(INFO, lines);
    let long = "x".repeat(12 * 1024);
    let two_long = format!("X-A: {long}\r\nX-B: {long}\r\n");
    let many: String = (0..70).map(|line| format!("X-{line}: 1\r\n")).collect();
    let very_many: String = (0..2000).map(|line| format!("X-{line}: 1\r\n")).collect();
    all_refused(vec![
        (
            "WebSocket",
            with(
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
            ),
            400,
            bad,
        ),
        (
            "h2c",
            with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
            400,
            bad,
        ),
        ("an upgrade to anything", with("Upgrade: foo\r\n"), 400, bad),
        ("a hop that takes a header off", with("Connection: close, Authorization\r\n"), 400, bad),
        ("two tokens", with("Authorization: Bearer other\r\n"), 400, bad),
        ("cookies in two lines", with("Cookie: a=b\r\nCookie: c=d\r\n"), 400, bad),
        ("two origins", with("Origin: http://{host}\r\nOrigin: http://{host}\r\n"), 400, bad),
        ("two tokens of Savanna", with("X-Auth-Token: a\r\nX-Auth-Token: b\r\n"), 400, bad),
        ("underscores", with("X_Auth_Token: a\r\n"), 400, bad),
        ("dots", with("Credential.Secret: a\r\n"), 400, bad),
        ("a length in another spelling", with("Content_Length: 5\r\n"), 400, bad),
        ("a folded line", with("X-A: b\r\n c\r\n"), 400, None),
        ("a null in a value", with("X-A: b\0c\r\n"), 400, None),
        ("a carriage return in a value", with("X-A: b\rc\r\n"), 400, None),
        ("a name with a space", with("X A: b\r\n"), 400, None),
        ("too many bytes", with(&two_long), 431, Some("headers_too_large")),
        ("too many lines", with(&many), 431, Some("headers_too_large")),
        ("far too many lines", with(&very_many), 431, None),
        ("far too many bytes", with(&format!("X-A: {}\r\n", "x".repeat(1 << 20))), 431, None),
        ("a far too long target", get(&format!("{INFO}?states={}", "x".repeat(1 << 20)), ""), 431, None),
    ]);
}

/// The stack reads such a body by its chunks and keeps no length beside them, so nothing can refuse it any more. What
/// a program before us may take for the next request is never read as one: the connection is closed.
#[test]
fn length_and_chunks_together_end_the_connection() {
    for lines in
        ["Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"]
    {
        let service = Service::plain();
        let howdah = Howdah::before(&service);
        let mut wire = howdah.wire();
        let first = post(lines, "2\r\n{}\r\n0\r\n\r\n");
        wire.send(howdah.fill(&(first + &get(INFO, ""))).as_bytes());
        wire.reply().unwrap();
        assert!(wire.is_closed(b""), "{lines}");
        assert_eq!(wire.leftover(), "", "{lines}");
        assert!(!service.received().iter().any(|request| request.contains("/ws/v1/")), "{lines}: the second was read");
    }
}

/// Harmless, and past refusing: the stack has dropped it. It says the same as without.
#[test]
fn what_the_stack_drops_changes_nothing() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let loose = get(INFO, "X-A: b\r\n").replace("\r\n", "\n");
    let fragment = get(&format!("{INFO}#/../../x"), "");
    let double = get(INFO, "Content-Length: 0\r\nContent-Length: 0\r\n");
    for request in [loose, fragment, double] {
        assert_eq!(howdah.ask(&request).status, 200, "{request}");
    }
    let targets: Vec<String> =
        service.received().iter().map(|request| request.lines().next().unwrap_or("").to_owned()).collect();
    assert_eq!(targets, vec!["GET /below/ws/v1/cluster/info?user.name=howdah HTTP/1.1"; 3]);
}

/// A refusal on a kept connection does not let its body pass for the next request.
#[test]
fn the_body_of_a_refused_request_is_no_request() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let inner = howdah.fill(&get(INFO, ""));
    let length = inner.len();
    let mut wire = howdah.wire();
    wire.send(howdah.fill(&get("/", &format!("Content-Length: {length}\r\n"))).as_bytes());
    wire.send(inner.as_bytes());
    assert_eq!(wire.reply().unwrap().code().as_deref(), Some("bad_request"));
    wire.end();
    assert!(wire.is_closed(b""));
    assert_eq!((wire.leftover(), service.received()), (String::new(), Vec::new()));
}

#[test]
fn requests_one_after_another_without_waiting_are_answered_in_order() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let mut wire = howdah.wire();
    let both = get("/api/connections/rm/ws/v1/cluster/scheduler-conf", "") + &get(INFO, "") + &get("/%2e%2e", "");
    wire.send(howdah.fill(&both).as_bytes());
    let statuses: Vec<u16> = (0..3).map(|_| wire.reply().unwrap().status).collect();
    assert_eq!(statuses, [404, 200, 400]);
}

#[test]
fn an_address_with_other_methods_names_them() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let ask = |method: &str, path: &str| howdah.ask(&format!("{method} {path} HTTP/1.1\r\n{OURS}\r\n"));
    for (method, path, allowed) in [
        ("DELETE", "/api/connections/eco/v2/hadoop-eco/clusters/c1", "POST"),
        ("POST", INFO, "GET"),
        ("PATCH", INFO, "GET"),
        ("PUT", "/api/session", "POST, DELETE"),
        ("POST", "/api/me", "GET"),
        ("POST", "/healthz", "GET, HEAD"),
        ("DELETE", "/readyz", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
    ] {
        let reply = ask(method, path);
        assert_eq!((reply.status, reply.code().as_deref()), (405, Some("method_not_allowed")), "{method} {path}");
        assert_eq!(reply.header("allow"), Some(allowed), "{method} {path}");
    }
    assert_eq!(ask("HEAD", INFO).header("allow"), Some("GET"));
    assert_eq!(ask("GET", "/healthz").header("allow"), None);
    assert!(service.received().is_empty());
}

#[test]
fn nothing_below_api_is_a_page() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    for path in ["/api", "/api/", "/api/nothing", "/api/connections/", "/api/connections/rm", "/api/connections/rm/"] {
        let reply = howdah.ask(&get(path, ""));
        assert_eq!((reply.status, reply.code().as_deref()), (404, Some("not_found")), "{path}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path}");
    }
}
