//! A configuration that is read again while the program runs.

use super::support::{Howdah, Reply, Service};

const PORTAL: &str = "https://portal.example";

/// What a portal's page sends before it asks for a change.
fn preflight(howdah: &Howdah) -> Reply {
    howdah.ask(&format!(
        "OPTIONS /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\nOrigin: {PORTAL}\r\n\
         Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n"
    ))
}

/// The change itself, with a body that is refused later than the origin is.
fn change(howdah: &Howdah) -> Reply {
    howdah.ask(&format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\nOrigin: {PORTAL}\r\n\
         Sec-Fetch-Site: cross-site\r\nAuthorization: Bearer {{token}}\r\nContent-Type: application/json\r\n\
         Content-Length: 2\r\n\r\n[]"
    ))
}

fn ancestors(reply: &Reply) -> &str {
    reply.header("content-security-policy").unwrap().split("frame-ancestors ").nth(1).unwrap()
}

#[test]
fn portals_come_and_go_everywhere_at_once() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let stranger = |howdah: &Howdah| {
        let asked = preflight(howdah);
        assert_eq!((asked.header("access-control-allow-origin"), ancestors(&asked)), (None, "'none'"));
        assert_eq!(change(howdah).code().as_deref(), Some("cross_site"));
    };
    stranger(&howdah);
    let before = howdah.reload(|text| text.replace("version = 1", &format!("version = 1\nportals = [\"{PORTAL}\"]")));
    assert!(before.contains("the configuration was read again\""), "{before}");
    let asked = preflight(&howdah);
    assert_eq!(asked.header("access-control-allow-origin"), Some(PORTAL));
    assert_eq!(ancestors(&asked), format!("'self' {PORTAL}"));
    let changed = change(&howdah);
    assert_eq!(changed.code().as_deref(), Some("bad_body"));
    assert_eq!(changed.header("access-control-allow-origin"), Some(PORTAL));
    howdah.reload(|text| text.replace(&format!("portals = [\"{PORTAL}\"]\n"), ""));
    stranger(&howdah);
    assert!(service.received().is_empty());
}

#[test]
fn what_waits_for_the_next_start_is_named_in_a_line() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let told = howdah.reload(|text| {
        text.replace("127.0.0.1:0", "127.0.0.1:1")
            .replace("header_seconds = 20", "header_seconds = 21")
            .replace("connections = 4096", "connections = 7")
            .replace("body_seconds = 20", "body_seconds = 21")
            .replace("howdah.db\"", "howdah.db\"\nkeep_days = 3")
            .replace("[metrics]\nlisten = \"127.0.0.1:1\"\n", "")
    });
    let line = "\"keys\":\"listen, journal.keep_days, limits.header_seconds, limits.connections, metrics\"";
    assert!(told.contains(line) && told.contains("with the next start"), "{told}");
}

#[test]
fn a_file_with_a_fault_or_without_a_token_changes_nothing() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let info =
        "GET /api/connections/rm/ws/v1/cluster/info HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
    for edit in [
        |text: &str| text.replace("version = 1", "version = 1\nportals = [\"nonsense\"]"),
        |text: &str| text.replace("[[tokens]]", "[[tockens]]"),
        |text: &str| {
            let (before, tokens) = text.split_once("[[tokens]]").unwrap();
            before.to_owned() + &tokens[tokens.find("[connections").unwrap()..]
        },
    ] {
        let whole = howdah.configuration();
        let told = howdah.reload(edit);
        assert!(told.contains("the configuration stays as it was"), "{told}");
        assert_eq!(howdah.ask(info).status, 200);
        howdah.reload(|_| whole.clone());
    }
}
