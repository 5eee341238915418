//! A service that gives away the keys it was sent, in every form and place: none comes through, nor into a log line or
//! the journal.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::support::{Howdah, KEY, SECRET, SECRET_ID, Service};

const SECRETS: [&str; 3] = [SECRET_ID, SECRET, KEY];

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// With reserved characters alone percent-encoded.
fn percent(text: &str, escape: fn(u8) -> String) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { escape(byte) })
        .collect()
}

fn json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Every form in which a secret may be written.
fn forms(secret: &str) -> Vec<String> {
    let escapes: String = secret.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    let all_percent: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let mut forms = vec![
        secret.to_owned(),
        json(secret),
        json(secret).replace('/', "\\/"),
        escapes,
        json(&json(secret)),
        percent(secret, |byte| format!("%{byte:02X}")),
        percent(secret, |byte| format!("%{byte:02x}")),
        all_percent,
        hex(secret),
        hex(secret).to_uppercase(),
    ];
    for user in ["", "u", "us", "user:"] {
        let plain = format!("{user}{secret}");
        forms.extend([STANDARD_NO_PAD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)]);
    }
    forms
}

/// Fails when bytes hold a secret in any form, or a telling part of its base64.
#[track_caller]
fn assert_keyless(bytes: &[u8], what: &str) {
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_lowercase();
    for secret in SECRETS {
        for form in forms(secret) {
            // Of a base64 text the edges depend on what stands beside the secret.
            let core = form.get(4..form.len() - 4).unwrap_or(&form);
            assert!(!text.contains(core), "{what} holds {form}: {text}");
        }
        assert!(!lower.contains(&secret.to_lowercase()) && !lower.contains(&hex(secret)), "{what}: {text}");
    }
}

fn ask_rework(howdah: &Howdah, accept: &str) -> Vec<u8> {
    let request = format!(
        "GET /api/connections/eco/v2/hadoop-eco/clusters/c1/requests/r HTTP/1.1\r\nHost: {{host}}\r\n\
         Authorization: Bearer {{token}}\r\nAccept: {accept}\r\n\r\n"
    );
    howdah.ask(&request).bytes()
}

/// A reply in pieces of a length, as chunks.
fn in_chunks(status: &str, media_type: &str, body: &str, length: usize) -> Vec<Vec<u8>> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunks = body
        .as_bytes()
        .chunks(length)
        .map(|piece| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat());
    std::iter::once(head.into_bytes()).chain(chunks).chain([b"0\r\n\r\n".to_vec()]).collect()
}

#[test]
fn no_form_of_a_key_comes_through() {
    let all: Vec<String> = SECRETS.into_iter().flat_map(forms).collect();
    // As the value of a member, its name, and in a text around it. `raw` forms are JSON escapes by themselves.
    let mut bodies = Vec::new();
    for form in &all {
        let value = serde_json::to_string(&format!("key <{form}>")).unwrap();
        bodies.push(format!(r#"{{"requestId":"r","message":{value},"code":-1,{value}:[{value},1.50]}}"#));
        if serde_json::from_str::<String>(&format!("\"{form}\"")).is_ok() {
            bodies.push(format!(r#"{{"requestId":"r","message":"key {form}","{form}":1}}"#));
        }
    }
    let texts: Vec<String> = all.iter().map(|form| format!("Refused: the key {form} is not known")).collect();
    let pages: Vec<String> = all.iter().map(|form| format!("<html><b>{form}</b></html>")).collect();
    let mut replies = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        for status in ["200 OK", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Oh"] {
            replies.push(in_chunks(status, "application/json", body, 1 + index % 40));
        }
    }
    for (index, text) in texts.iter().chain(&pages).enumerate() {
        for status in ["200 OK", "400 Bad Request", "500 Oh"] {
            replies.push(in_chunks(status, "text/plain", text, 1 + index % 40));
        }
    }
    let count = replies.len();
    let replies = std::sync::Mutex::new(replies.into_iter().cycle());
    let given = Arc::new(AtomicUsize::new(0));
    let counted = given.clone();
    let service = Service::answering(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        replies.lock().unwrap().next().unwrap()
    });
    let howdah = Howdah::before(&service);
    // A service that fails so often is left in peace now and then.
    while given.load(Ordering::SeqCst) < count {
        assert_keyless(&ask_rework(&howdah, "application/json"), "a reply");
    }
    assert!(service.received().iter().all(|request| SECRETS.iter().all(|secret| request.contains(secret))));
    assert_keyless(&howdah.log(), "the log");
    assert_keyless(howdah.metrics().as_bytes(), "the metrics");
}

#[test]
fn what_a_change_brings_back_is_journalled_without_keys() {
    let forms: Vec<String> = SECRETS.into_iter().flat_map(forms).collect();
    let echoes = forms.clone();
    let next = std::sync::Mutex::new(echoes.into_iter().enumerate().cycle());
    let service = Service::answering(move |_| {
        let (index, form) = next.lock().unwrap().next().unwrap();
        let status = ["202 Accepted", "400 Bad Request", "200 OK", "404 Not Found"][index % 4];
        let value = serde_json::to_string(&form).unwrap();
        let body = format!(r#"{{"requestId":{value},"message":{value}}}"#);
        vec![Service::reply(status, "application/json", body.as_bytes())]
    });
    let howdah = Howdah::before(&service);
    for accept in ["application/json", "application/problem+json"] {
        for form in &forms {
            let text = serde_json::to_string(&format!("echo {form}")).unwrap();
            let body = format!(r#"{{"userTaskInfo":{{"execOpts":{text}}}}}"#);
            let request = format!(
                "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\
                 Accept: {accept}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            assert_keyless(&howdah.ask(&request).bytes(), "a reply");
        }
    }
    let list = "GET /api/requests HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
    assert_keyless(&howdah.ask(list).bytes(), "the list of requests");
    assert_keyless(&howdah.journal(), "the journal");
    assert_keyless(&howdah.log(), "the log");
}

#[test]
fn a_mask_leaves_no_half_of_a_key() {
    let options = serde_json::to_string(&format!("--password {SECRET} --num-executors 6")).unwrap();
    let said = format!(r#"{{"requestId":"r","userTask":{{"execOpts":{options}}}}}"#);
    let service = Service::answering(move |_| vec![Service::reply("200 OK", "application/json", said.as_bytes())]);
    let howdah = Howdah::before(&service);
    let body = format!(r#"{{"userTaskInfo":{{"execOpts":{options}}}}}"#);
    let change = format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let list = "GET /api/requests HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
    let given = [howdah.ask(&change).bytes(), ask_rework(&howdah, "application/json"), howdah.ask(list).bytes()];
    let end = SECRET.rsplit('"').next().unwrap();
    for bytes in given.into_iter().chain([howdah.journal()]) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("--password *** --num-executors 6"), "{text}");
        assert!(!text.contains(end) && !text.contains(&json(end)), "half of a key: {text}");
    }
}

#[test]
fn no_key_comes_through_in_a_header() {
    for secret in SECRETS {
        let reply =
            format!("HTTP/1.1 200 OK\r\nDate: {secret}\r\nLocation: /{secret}\r\nContent-Length: 2\r\n\r\n{{}}");
        let service = Service::answering(move |_| vec![reply.clone().into_bytes()]);
        assert_keyless(&ask_rework(&Howdah::before(&service), "application/json"), "a header");
    }
}

#[test]
fn what_is_taken_in_is_told_without_keys() {
    let status = serde_json::to_string(&format!("Running with {SECRET}")).unwrap();
    let said = format!(r#"{{"requestId":"r","requestStatus":{status}}}"#);
    let service = Service::answering(move |_| vec![Service::reply("200 OK", "application/json", said.as_bytes())]);
    let howdah = Howdah::before(&service);
    let body = r#"{"connection":"eco","cluster":"c1","serviceId":"r"}"#;
    let adopt = format!(
        "POST /api/requests/adopt HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let reply = howdah.ask(&adopt).bytes();
    assert!(reply.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&reply));
    assert_keyless(&reply, "a reply");
    // What was written before the reply may still be on its way to us.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !String::from_utf8_lossy(&howdah.log()).contains("taken in") {
        assert!(std::time::Instant::now() < deadline, "{}", String::from_utf8_lossy(&howdah.log()));
        std::thread::yield_now();
    }
    assert_keyless(&howdah.log(), "the log");
}
