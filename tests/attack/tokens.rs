//! Delegation tokens: a service makes them for callers, who get handles; the tokens themselves reach nobody.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::support::{Howdah, Reply, Service};

const PATH: &str = "/api/connections/rm/ws/v1/cluster/delegation-token";
const LIST: &str = "/api/tokens/rm";
const TOKENS: [&str; 2] = [
    "LgoSaG93ZGFoQEhPV0RBSC5URVNUEgZob3dkYWgg4o3f4J80KOKVkYGiNDAB",
    "JBAcaG93ZGFoQEhPV0RBSC5URVNUEgZob3dkYWgg_43f-J80KOKVkYGi",
];
const HEADER: &str = "Hadoop-YARN-RM-Delegation-Token";
/// Long after any test.
const EXPIRES: i64 = 4_102_444_800_000;

/// A ResourceManager behind Kerberos, which makes the tokens in turn, and says in every reply what it was sent.
fn manager() -> Service {
    let made = Mutex::new(TOKENS.iter().cycle());
    Service::answering(move |request| {
        let line = request.lines().next().unwrap();
        let json = |value: Value| {
            vec![Service::reply("200 OK", "application/json;charset=utf-8", value.to_string().as_bytes())]
        };
        if line.starts_with("POST /below/ws/v1/cluster/delegation-token/expiration") {
            return json(json!({ "expiration-time": EXPIRES + 1, "heard": request }));
        }
        if line.starts_with("POST /below/ws/v1/cluster/delegation-token") {
            let token = made.lock().unwrap().next().unwrap();
            return json(json!({
                "token": token, "renewer": "howdah", "owner": "howdah@HOWDAH.TEST", "kind": "RM_DELEGATION_TOKEN",
                "expiration-time": EXPIRES, "max-validity": EXPIRES + 2, "again": format!("<{token}>"),
            }));
        }
        if line.starts_with("DELETE") {
            return vec![b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()];
        }
        json(json!({ "clusterMetrics": { "all": TOKENS } }))
    })
}

fn ask(howdah: &Howdah, method: &str, path: &str, lines: &str, body: &str) -> Reply {
    let content = match body {
        "" => String::new(),
        _ => format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()),
    };
    howdah.ask(&format!(
        "{method} {path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n{lines}{content}\r\n{body}"
    ))
}

fn create(howdah: &Howdah) -> Value {
    let reply = ask(howdah, "POST", PATH, "", r#"{"renewer":"howdah"}"#);
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    serde_json::from_slice(&reply.body).unwrap()
}

fn handle(made: &Value) -> String {
    made["token"].as_str().unwrap().to_owned()
}

fn named(handle: &str) -> String {
    format!("{HEADER}: {handle}\r\n")
}

fn list(howdah: &Howdah) -> Value {
    serde_json::from_slice(&ask(howdah, "GET", LIST, "", "").body).unwrap()
}

/// What the service was told in a request's header.
fn told(request: &str) -> Option<&str> {
    let name = HEADER.to_ascii_lowercase();
    request
        .lines()
        .find_map(|line| line.to_ascii_lowercase().starts_with(&name).then(|| line.split_once(": ").unwrap().1))
}

/// Fails when one of the tokens stands somewhere.
#[track_caller]
fn assert_tokenless(bytes: &[u8], place: &str) {
    let text = String::from_utf8_lossy(bytes);
    for token in TOKENS {
        assert!(!text.contains(token), "{place}: {text}");
    }
}

#[test]
fn a_caller_gets_a_handle_and_nobody_the_token() {
    let service = manager();
    let howdah = Howdah::before(&service);
    let made = create(&howdah);
    assert_tokenless(made.to_string().as_bytes(), "the reply");
    assert_eq!(
        (&made["renewer"], &made["expiration-time"], &made["again"]),
        (&json!("howdah"), &json!(EXPIRES), &json!("<***>"))
    );
    let handle = handle(&made);
    let listed = list(&howdah);
    let one = &listed.as_array().unwrap()[0];
    assert_eq!(
        (&one["handle"], &one["owner"], &one["kind"], &one["expires"], &one["latest"]),
        (
            &json!(handle),
            &json!("howdah@HOWDAH.TEST"),
            &json!("RM_DELEGATION_TOKEN"),
            &json!(EXPIRES),
            &json!(EXPIRES + 2)
        )
    );

    let renewed = ask(&howdah, "POST", &format!("{PATH}/expiration"), &named(&handle), "");
    assert_eq!(renewed.status, 200);
    assert_tokenless(&renewed.bytes(), "the reply to a renewal");
    assert_eq!(told(service.received().last().unwrap()), Some(TOKENS[0]));
    assert_eq!(list(&howdah)[0]["expires"], EXPIRES + 1);

    let metrics = ask(&howdah, "GET", "/api/connections/rm/ws/v1/cluster/metrics", "", "");
    assert_eq!(String::from_utf8_lossy(&metrics.body).matches("***").count(), 1, "another call gives it away");

    let ended = ask(&howdah, "DELETE", PATH, &named(&handle), "");
    assert_eq!((ended.status, ended.body.len()), (200, 0));
    assert_eq!(told(service.received().last().unwrap()), Some(TOKENS[0]));
    assert_eq!(list(&howdah), json!([]));
    let gone = ask(&howdah, "DELETE", PATH, &named(&handle), "");
    assert_eq!((gone.status, gone.code().as_deref()), (404, Some("token_not_found")));
    let after = ask(&howdah, "GET", "/api/connections/rm/ws/v1/cluster/metrics", "", "");
    assert!(String::from_utf8_lossy(&after.body).contains("***"), "what was ended may still turn up");

    assert_tokenless(&howdah.log(), "the log");
    assert_tokenless(&howdah.journal(), "the journal");
    assert_tokenless(&ask(&howdah, "GET", "/api/requests", "", "").bytes(), "the requests");
}

#[test]
fn what_is_no_handle_is_neither_sent_nor_written_down() {
    let service = manager();
    let howdah = Howdah::before(&service);
    let renew = format!("{PATH}/expiration");
    for (lines, code) in [
        (String::new(), "bad_request"),
        (named("a").repeat(2), "bad_request"),
        (named(""), "token_not_found"),
        (named(TOKENS[1]), "token_not_found"),
        (named("smuggled"), "token_not_found"),
    ] {
        for (method, path) in [("POST", renew.as_str()), ("DELETE", PATH)] {
            assert_eq!(ask(&howdah, method, path, &lines, "").code().as_deref(), Some(code), "{method} {lines}");
        }
    }
    assert_eq!(service.received(), Vec::<String>::new());
    assert_tokenless(&howdah.journal(), "the journal");
    assert_tokenless(&howdah.log(), "the log");
}

#[test]
fn a_handle_is_of_no_use_to_another_and_after_a_restart() {
    let service = manager();
    let mut howdah = Howdah::before(&service);
    howdah.write("other", "another-token-0123456789abcdef");
    let other = "[[tokens]]\nprincipal = \"other\"\ntoken = { file = \"other\" }\nroles = { \"*\" = \"administer\" }\n[connections.rm]";
    howdah.start_with(|text| text.replacen("[connections.rm]", other, 1));
    let handle = handle(&create(&howdah));
    let asked = service.received().len();
    let as_other = |method: &str, path: &str| {
        howdah.ask(&format!(
            "{method} {path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer another-token-0123456789abcdef\r\n{}\r\n",
            named(&handle)
        ))
    };
    assert_eq!(as_other("DELETE", PATH).code().as_deref(), Some("token_not_found"));
    assert_eq!(as_other("GET", LIST).body, b"[]");

    howdah.reload(|text| text.to_owned() + "\n");
    assert_eq!(list(&howdah)[0]["handle"], handle, "it outlives a reading of the configuration");
    howdah.stop();
    howdah.start_again();
    assert_eq!(list(&howdah), json!([]));
    let dropped = ask(&howdah, "DELETE", PATH, &named(&handle), "");
    assert_eq!((dropped.status, dropped.code().as_deref()), (410, Some("token_dropped")));
    assert!(String::from_utf8_lossy(&dropped.body).contains("started again"));
    assert_eq!(service.received().len(), asked);
}

#[test]
fn at_another_address_it_is_not_sent() {
    let (first, second) = (manager(), manager());
    let howdah = Howdah::before(&first);
    let handle = handle(&create(&howdah));
    howdah.reload(|text| text.replace(&first.address().to_string(), &second.address().to_string()));
    assert_eq!(ask(&howdah, "DELETE", PATH, &named(&handle), "").code().as_deref(), Some("token_dropped"));
    assert_eq!(second.received(), Vec::<String>::new());
    let metrics = ask(&howdah, "GET", "/api/connections/rm/ws/v1/cluster/metrics", "", "");
    assert!(!String::from_utf8_lossy(&metrics.body).contains(TOKENS[0]), "it may still turn up");
}

#[test]
fn asked_again_under_its_key_a_call_gives_the_same_handle_and_ends_once() {
    let service = manager();
    let howdah = Howdah::before(&service);
    let key = "Idempotency-Key: k\r\n";
    let create = || ask(&howdah, "POST", PATH, key, r#"{"renewer":"howdah"}"#);
    let (first, second) = (create(), create());
    assert_eq!((first.status, &first.body), (200, &second.body));
    let handle = handle(&serde_json::from_slice(&first.body).unwrap());
    let end = || ask(&howdah, "DELETE", PATH, &(named(&handle) + key), "");
    assert_eq!((end().status, end().status), (200, 200));
    assert_eq!(service.received().len(), 2);
}

#[test]
fn a_reply_without_a_token_shows_nothing() {
    let service = Service::answering(|_| {
        let body = format!(r#"{{"wrapped":{{"token":"{}"}}}}"#, TOKENS[0]);
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    });
    let howdah = Howdah::before(&service);
    let reply = ask(&howdah, "POST", PATH, "", r#"{"renewer":"howdah"}"#);
    assert_eq!((reply.status, reply.code().as_deref()), (502, Some("outcome_unknown")));
    assert_tokenless(&reply.bytes(), "the reply");
    assert_tokenless(&howdah.journal(), "the journal");
    assert_tokenless(&howdah.log(), "the log");
}

#[test]
fn there_are_only_so_many() {
    let service = manager();
    let howdah = Howdah::before(&service);
    for _ in 0..16 {
        create(&howdah);
    }
    let reply = ask(&howdah, "POST", PATH, "", r#"{"renewer":"howdah"}"#);
    assert_eq!((reply.status, reply.code().as_deref()), (429, Some("too_many_tokens")));
    assert_eq!(service.received().len(), 16);
}
