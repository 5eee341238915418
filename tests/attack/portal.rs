//! What pages of other origins, and programs that play the portal's proxy, may not do.

use serde_json::Value;

use super::sockets::{UPGRADE, socket, subscribe};
use super::support::{Howdah, PORTAL_SECRET, Reply, Service, Socket, Wire};
use super::watching::{BEARER, ONE, listing, sign_in};

const ME: &str = "/api/me";
const CHANGE: &str = "/api/connections/eco/v2/hadoop-eco/clusters/c1";
const APPS: &str = "/api/connections/rm/ws/v1/cluster/apps";

/// Before a service that takes every change, with a proxy that is trusted; `edit` is done to the configuration after.
fn behind_a_proxy(service: &Service, edit: impl Fn(String) -> String) -> Howdah {
    let howdah = Howdah::before(service);
    configure(&howdah, edit);
    howdah
}

fn configure(howdah: &Howdah, edit: impl Fn(String) -> String) {
    let proxy = r#"[trusted_proxy]
addresses = ["127.0.0.0/8"]
secret = { file = "portal" }
user_header = "X-Remote-User"
roles = { "민지" = { "*" = "operate" }, "root" = { rm = "view" }, "*" = { eco = "view" } }
[[tokens]]"#;
    let told = howdah.reload(|text| edit(text.replace("[[tokens]]", proxy)));
    assert!(told.contains("the configuration was read again\""), "{told}");
}

fn taking_changes() -> Service {
    Service::answering(|request| {
        let body = if request.starts_with("POST") { r#"{"requestId":"req-1"}"# } else { r#"{"apps":null}"# };
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    })
}

fn get(path: &str, lines: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\n{lines}\r\n\r\n")
}

fn change(lines: &str) -> String {
    format!(
        "POST {CHANGE} HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
         {lines}\r\n\r\n{{}}"
    )
}

/// What the proxy adds for a user.
fn naming(user: &str) -> String {
    format!("X-Remote-User: {user}\r\nHowdah-Proxy-Secret: {PORTAL_SECRET}")
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// Who Howdah takes the caller for.
#[track_caller]
fn principal(howdah: &Howdah, lines: &str) -> String {
    let reply = howdah.ask(&get(ME, lines));
    assert_eq!(reply.status, 200, "{lines}: {reply:?}");
    json(&reply)["principal"].as_str().unwrap().to_owned()
}

/// The journal's requests as whoever administers sees them.
fn journal(howdah: &Howdah) -> Value {
    json(&howdah.ask(&get("/api/requests", BEARER)))["requests"].take()
}

#[test]
fn a_user_whom_the_proxy_names_has_its_roles_and_is_journalled() {
    let service = taking_changes();
    let howdah = behind_a_proxy(&service, |text| text);
    let me = json(&howdah.ask(&get(ME, &naming("민지"))));
    assert_eq!((&me["principal"], &me["session"]), (&Value::from("민지"), &Value::from(false)));
    let changed = howdah.ask(&change(&naming("민지")));
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(journal(&howdah)[0]["principal"], "민지");
    for request in service.received() {
        let said = request.to_lowercase();
        assert!(!said.contains("howdah-proxy-secret") && !said.contains("x-remote-user"), "{request}");
        assert!(!request.contains(PORTAL_SECRET) && !request.contains("민지"), "{request}");
    }
    assert!(!String::from_utf8_lossy(&howdah.log()).contains(PORTAL_SECRET));
    // A user's own roles are all of its roles; everybody else has those of the star.
    let connections = |user: &str| {
        let listed = json(&howdah.ask(&get("/api/connections", &naming(user))));
        listed.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((connections("root"), connections("someone")), (vec!["rm".to_owned()], vec!["eco".to_owned()]));
    assert_eq!(howdah.ask(&change(&naming("someone"))).code().as_deref(), Some("role_missing"));
    assert_eq!(howdah.ask(&change(&naming("root"))).code().as_deref(), Some("connection_not_found"));
    assert_eq!(journal(&howdah).as_array().unwrap().len(), 1);
}

#[test]
fn a_name_that_is_not_the_proxy_s_is_refused_whoever_else_the_caller_is() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let cookie = format!("Cookie: {}\r\n", sign_in(&howdah));
    // Nobody is trusted yet: the headers mean nothing.
    assert_eq!(howdah.ask(&get(ME, &naming("root"))).code().as_deref(), Some("sign_in_required"));
    assert_eq!(principal(&howdah, &format!("{cookie}{}", naming("root"))), "attacker");
    configure(&howdah, |text| text);
    assert_eq!(principal(&howdah, &naming("root")), "root");
    let secret = format!("Howdah-Proxy-Secret: {PORTAL_SECRET}");
    let cut = &PORTAL_SECRET[..PORTAL_SECRET.len() - 1];
    for (what, lines) in [
        ("no secret", "X-Remote-User: root".to_owned()),
        ("an empty secret", "X-Remote-User: root\r\nHowdah-Proxy-Secret:".to_owned()),
        ("another's secret", "X-Remote-User: root\r\nHowdah-Proxy-Secret: {token}".to_owned()),
        ("a part of the secret", format!("X-Remote-User: root\r\nHowdah-Proxy-Secret: {cut}")),
        ("more than the secret", format!("X-Remote-User: root\r\n{secret}x")),
        ("a wrong secret first", format!("X-Remote-User: root\r\nHowdah-Proxy-Secret: x\r\n{secret}")),
        ("a wrong secret after", format!("X-Remote-User: root\r\n{secret}\r\nHowdah-Proxy-Secret: x")),
        ("the secret twice", format!("X-Remote-User: root\r\n{secret}\r\n{secret}")),
        ("two users", format!("X-Remote-User: someone\r\nX-Remote-User: root\r\n{secret}")),
        ("no user", secret.clone()),
        ("an empty user", format!("X-Remote-User:\r\n{secret}")),
        ("spaces for a user", format!("X-Remote-User:   \t \r\n{secret}")),
        ("wide spaces for a user", format!("X-Remote-User: \u{3000}\r\n{secret}")),
        ("a user with a wide space", format!("X-Remote-User: root\u{3000}\r\n{secret}")),
        ("a user with a control character", format!("X-Remote-User: ro\u{85}ot\r\n{secret}")),
        ("a user with a tab", format!("X-Remote-User: ro\tot\r\n{secret}")),
        ("a user that is too long", format!("X-Remote-User: {}\r\n{secret}", "x".repeat(129))),
    ] {
        for before in ["", &cookie] {
            let reply = howdah.ask(&get(ME, &format!("{before}{lines}")));
            let told = (reply.status, reply.code());
            assert_eq!(told, (401, Some("proxy_refused".to_owned())), "{what}");
            assert!(!reply.head.to_lowercase().contains("www-authenticate"), "{what}");
        }
        assert_eq!(howdah.ask(&change(&lines)).code().as_deref(), Some("proxy_refused"), "{what}");
    }
    let mut wire = howdah.wire();
    let (before, after) = (howdah.fill("GET /api/me HTTP/1.1\r\nHost: {host}\r\n"), format!("\r\n{secret}\r\n\r\n"));
    wire.send(&[before.as_bytes(), b"X-Remote-User: \xff\xfe", after.as_bytes()].concat());
    assert_eq!(wire.reply().unwrap().code().as_deref(), Some("proxy_refused"));
    // From elsewhere nobody is believed, not even with the secret.
    howdah.reload(|text| text.replace("127.0.0.0/8", "127.0.0.2\", \"10.0.0.0/8"));
    assert_eq!(howdah.ask(&get(ME, &naming("root"))).code().as_deref(), Some("proxy_refused"));
    assert_eq!(howdah.ask(&get(ME, &format!("{cookie}{}", naming("root")))).code().as_deref(), Some("proxy_refused"));
    assert_eq!((journal(&howdah), service.received()), (Value::Array(Vec::new()), Vec::new()));
}

#[test]
fn a_token_wins_over_the_proxy_s_name_and_the_name_over_a_session() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let cookie = format!("Cookie: {}\r\n", sign_in(&howdah));
    configure(&howdah, |text| text);
    assert_eq!(principal(&howdah, &format!("{BEARER}\r\n{}", naming("root"))), "attacker");
    assert_eq!(principal(&howdah, &format!("{cookie}{}", naming("root"))), "root");
    assert_eq!(principal(&howdah, &cookie.replace("\r\n", "")), "attacker");
    // Who brings a wrong token is not taken for the one whom the proxy names.
    let wrong = howdah.ask(&get(ME, &format!("Authorization: Bearer wrong\r\n{}", naming("root"))));
    assert_eq!(wrong.code().as_deref(), Some("bad_token"));
}

#[test]
fn who_guesses_the_secret_waits_and_wrong_tokens_keep_nobody_out() {
    let service = Service::plain();
    let howdah = behind_a_proxy(&service, |text| text);
    for _ in 0..25 {
        howdah.ask(&get(ME, "Authorization: Bearer wrong"));
        // No secret at all is no guess.
        howdah.ask(&get(ME, "X-Remote-User: root"));
    }
    assert_eq!(howdah.ask(&get(ME, BEARER)).code().as_deref(), Some("too_many_sign_ins"));
    assert_eq!(principal(&howdah, &naming("root")), "root");
    let guesses = || howdah.ask(&get(ME, "X-Remote-User: root\r\nHowdah-Proxy-Secret: wrong")).status;
    assert_eq!((0..20).map(|_| guesses()).collect::<Vec<_>>(), [401; 20]);
    let waiting = howdah.ask(&get(ME, &naming("root")));
    assert_eq!((waiting.status, waiting.code().as_deref()), (429, Some("too_many_sign_ins")));
    assert!(waiting.header("retry-after").is_some());
}

#[test]
fn another_site_asks_nothing_in_the_name_of_whom_the_proxy_names() {
    let service = Service::plain();
    let portals = "version = 1\nportals = [\"https://portal.example\"]";
    let howdah = behind_a_proxy(&service, |text| text.replace("version = 1", portals));
    let proxy = naming("민지");
    for origin in
        ["Origin: https://evil.example", "Origin: https://portal.example", "Origin: null", "Sec-Fetch-Site: cross-site"]
    {
        for request in [get(APPS, &format!("{proxy}\r\n{origin}")), change(&format!("{proxy}\r\n{origin}"))] {
            let reply = howdah.ask(&request);
            assert_eq!((reply.status, reply.code().as_deref()), (403, Some("cross_site")), "{request}");
        }
        let tab = howdah.ask(&get("/api/watch", &format!("{UPGRADE}\r\n{proxy}\r\n{origin}")));
        assert_eq!(tab.code().as_deref(), Some("cross_site"), "{origin}");
    }
    let without_origin = howdah.ask(&get("/api/watch", &format!("{UPGRADE}\r\n{proxy}")));
    assert_eq!(without_origin.code().as_deref(), Some("cross_site"));
    assert_eq!((journal(&howdah), service.received()), (Value::Array(Vec::new()), Vec::new()));
    socket(&howdah, &format!("{proxy}\r\nOrigin: http://{{host}}\r\nSec-Fetch-Site: same-origin"));
}

fn watch(howdah: &Howdah, user: &str) -> (Wire, Socket) {
    let mut events = howdah.wire();
    events.send(howdah.fill(&get(APPS, &format!("Accept: text/event-stream\r\n{}", naming(user)))).as_bytes());
    events.until("event: snapshot\n");
    let mut tab = socket(howdah, &format!("{}\r\nOrigin: http://{{host}}", naming(user)));
    tab.say(&subscribe(1, "/ws/v1/cluster/apps", ""));
    let word = tab.told(1, "subscribed")["picture"].as_str().unwrap().to_owned();
    tab.told(1, "reset");
    assert_eq!(howdah.ask(&get(&format!("/api/watch/{word}"), &naming(user))).status, 200);
    (events, tab)
}

#[test]
fn who_watches_is_cut_off_with_the_role_the_address_the_secret_and_the_proxy() {
    let (service, _list) = listing(ONE);
    let howdah = behind_a_proxy(&service, |text| text);
    let whole = howdah.configuration();
    let (mut events, mut tab) = watch(&howdah, "root");
    howdah.reload(|text| text.replace("{ rm = \"view\" }", "{ eco = \"view\" }"));
    events.until("role_missing");
    assert_eq!(tab.told(1, "ended")["code"], "role_missing");
    let out = |(mut events, mut tab): (Wire, Socket)| {
        events.until("sign_in_required");
        assert_eq!(tab.closed(), (1008, "sign_in_required".to_owned()));
    };
    for (from, to) in [("127.0.0.0/8", "127.0.0.2"), ("[trusted_proxy]", "[[tokens]]")] {
        howdah.reload(|_| whole.clone());
        let watching = watch(&howdah, "root");
        howdah.reload(|text| {
            let (before, after) = text.split_once(from).unwrap();
            let kept = if to == "[[tokens]]" { after.split_once(to).unwrap().1 } else { after };
            format!("{before}{to}{kept}")
        });
        out(watching);
    }
    howdah.reload(|_| whole.clone());
    let watching = watch(&howdah, "root");
    howdah.write("portal", "another-secret-of-the-portal");
    out(watching);
    assert_eq!(howdah.ask(&get(ME, &naming("root"))).code().as_deref(), Some("proxy_refused"));
    assert_eq!(principal(&howdah, &naming("root").replace(PORTAL_SECRET, "another-secret-of-the-portal")), "root");
}

#[test]
fn a_trusted_proxy_is_enough_to_let_people_in() {
    let service = Service::plain();
    let howdah = behind_a_proxy(&service, |text| text);
    let tokens = |text: &str| {
        let (before, after) = text.split_once("[[tokens]]").unwrap();
        before.to_owned() + &after[after.find("[connections").unwrap()..]
    };
    let told = howdah.reload(tokens);
    assert!(told.contains("the configuration was read again\""), "{told}");
    assert_eq!(howdah.ask(&get(ME, BEARER)).code().as_deref(), Some("bad_token"));
    assert_eq!(principal(&howdah, &naming("root")), "root");
    let told = howdah.reload(|text| {
        let (before, after) = text.split_once("[trusted_proxy]").unwrap();
        before.to_owned() + &after[after.find("[connections").unwrap()..]
    });
    assert!(told.contains("the configuration stays as it was"), "{told}");
    assert_eq!(principal(&howdah, &naming("root")), "root");
}

/// Origins that are not `https://portal.example`, though somebody may take them for it.
const LOOK_ALIKES: [&str; 19] = [
    "https://portal.example.evil.example",
    "https://portal.example.evil.localhost",
    "https://evilportal.example",
    "https://evil.example",
    "https://sub.portal.example",
    "https://portal.exampl",
    "https://portal.example.",
    "https://portal.example:8443",
    "https://portal.example:443",
    "https://portal.example/",
    "https://portal.example@evil.example",
    "https://portal.example https://evil.example",
    "https://portal.example, https://evil.example",
    "https://portal\u{2024}example",
    "http://portal.example",
    "portal.example",
    "file://",
    "*",
    "null",
];

#[test]
fn who_is_taken_for_a_portal_neither_frames_nor_reads_nor_changes() {
    let service = taking_changes();
    let portals = "version = 1\nportals = [\"https://portal.example\"]";
    let howdah = behind_a_proxy(&service, |text| text.replace("version = 1", portals));
    let cookie = format!("Cookie: {}", sign_in(&howdah));
    let reads = |reply: &Reply| reply.header("access-control-allow-origin").map(str::to_owned);
    let preflight = |origin: &str| {
        let asked = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization";
        howdah.ask(&get(CHANGE, &format!("Origin: {origin}\r\n{asked}")).replacen("GET", "OPTIONS", 1))
    };
    for origin in LOOK_ALIKES {
        let from = format!("Origin: {origin}\r\nSec-Fetch-Site: cross-site");
        assert_eq!(reads(&preflight(origin)), None, "{origin}");
        for who in [BEARER, &cookie, &naming("민지"), "X-Nobody: 1"] {
            let changed = howdah.ask(&change(&format!("{who}\r\n{from}")));
            assert_eq!((changed.code().as_deref(), reads(&changed)), (Some("cross_site"), None), "{origin} {who}");
            let read = howdah.ask(&get("/api/requests", &format!("{who}\r\n{from}")));
            assert_eq!(reads(&read), None, "{origin} {who}");
            let stream = get("/api/connections", &format!("{who}\r\n{from}\r\nAccept: text/event-stream"));
            let mut wire = howdah.wire();
            wire.send(howdah.fill(&stream).as_bytes());
            assert!(!wire.until("\r\n\r\n").to_lowercase().contains("access-control-allow-origin"), "{origin} {who}");
            if who != BEARER {
                assert_ne!(read.status, 200, "{origin} {who}");
                let tab = howdah.ask(&get("/api/watch", &format!("{UPGRADE}\r\n{who}\r\n{from}")));
                assert!(matches!(tab.status, 401 | 403), "{origin} {who}");
            }
        }
        let page = howdah.ask(&get("/", &from));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.ends_with("; frame-ancestors 'self' https://portal.example"), "{origin}: {policy}");
    }
    assert_eq!((journal(&howdah), service.received()), (Value::Array(Vec::new()), Vec::new()));
    // The portal itself, by a bearer token alone.
    let from = "Origin: https://portal.example\r\nSec-Fetch-Site: cross-site";
    let asked = preflight("https://portal.example");
    assert_eq!(reads(&asked).as_deref(), Some("https://portal.example"));
    let allowed = asked.header("access-control-allow-headers").unwrap();
    assert_eq!(allowed, "accept,authorization,content-type,idempotency-key,last-event-id");
    for who in [&cookie, &naming("민지")] {
        assert_eq!(howdah.ask(&change(&format!("{who}\r\n{from}"))).code().as_deref(), Some("cross_site"));
    }
    assert_eq!((journal(&howdah), service.received()), (Value::Array(Vec::new()), Vec::new()));
    let changed = howdah.ask(&change(&format!("{BEARER}\r\n{from}")));
    assert_eq!((changed.status, reads(&changed).as_deref()), (200, Some("https://portal.example")));
    assert_eq!(changed.header("access-control-allow-credentials"), None);
    assert_eq!(journal(&howdah).as_array().unwrap().len(), 1);
}
