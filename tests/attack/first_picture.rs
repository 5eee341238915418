//! Pages that come with a first picture: for whom there is one, and what is in it.

use howdah_shared::systems::yarn::EVERY_APPLICATION;
use serde_json::json;

use super::support::{Howdah, Reply, SECRET, Service, Wire};
use super::watching::{BEARER, ONE, listing, sign_in, sign_out};

const PAGE: &str = "<!doctype html><html data-howdah=loading lang=en><base href=/><link href=./a.css rel=stylesheet>\
                    </head><body>END</body></html>";

/// Howdah with a console, in front of a service.
fn with_console(service: &Service) -> Howdah {
    let mut howdah = Howdah::before(service);
    howdah.write("console/index.html", PAGE);
    howdah.write("console/a.css", "p{}");
    howdah.start_with(|text| text.replace("version = 1\n", "version = 1\nconsole = \"console\"\n"));
    howdah
}

/// Watches all applications, and waits until they are known.
fn watch(howdah: &Howdah) -> Wire {
    let mut wire = howdah.wire();
    let list = format!("/api/connections/rm/ws/v1/cluster/apps?{EVERY_APPLICATION}");
    let stream = format!("GET {list} HTTP/1.1\r\nHost: {{host}}\r\nAccept: text/event-stream\r\n{BEARER}\r\n\r\n");
    wire.send(howdah.fill(&stream).as_bytes());
    wire.until("event: snapshot\n");
    wire
}

fn page(howdah: &Howdah, path: &str, headers: &str) -> Reply {
    howdah.ask(&format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\n{headers}\r\n\r\n"))
}

const LIST: &str = "/connections/rm/applications?lang=en";

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

fn is_plain(reply: &Reply) -> bool {
    reply.status == 200 && text(reply) == PAGE && reply.header("cache-control") == Some("no-cache")
}

#[test]
fn a_list_that_is_watched_is_in_its_page_for_those_who_may_see_it() {
    let (service, _list) = listing(ONE);
    let howdah = with_console(&service);
    let cookie = format!("Cookie: {}", sign_in(&howdah));
    // Nobody watches yet, and a page alone has nothing asked of the service.
    assert!(is_plain(&page(&howdah, LIST, &cookie)));
    assert!(!service.received().iter().any(|asked| asked.contains("/cluster/apps")));
    let _watched = watch(&howdah);

    let drawn = page(&howdah, LIST, &cookie);
    assert_eq!((drawn.status, drawn.header("cache-control")), (200, Some("no-store")), "{drawn:?}");
    assert_eq!(drawn.header("content-type"), Some("text/html"));
    assert!(drawn.header("content-security-policy").unwrap().contains("style-src 'self' 'sha256-"), "{drawn:?}");
    let drawn = text(&drawn);
    assert!(
        drawn.contains("<base href=/><style>p{}</style></head><body inert><div")
            && drawn.ends_with("END</body></html>")
    );
    assert!(drawn.contains("1 in all") && drawn.contains(">Running"), "{drawn}");
    let korean =
        text(&page(&howdah, "/connections/rm/applications", &format!("{BEARER}\r\nAccept-Language: ko;q=0.9")));
    assert!(
        korean.contains("data-howdah=loading lang=ko data-picture=shown><base") && korean.contains("애플리케이션"),
        "{korean}"
    );
    let packed = page(&howdah, LIST, &format!("{cookie}\r\nAccept-Encoding: gzip"));
    assert_eq!((packed.header("content-encoding"), &packed.body[..2]), (Some("gzip"), &[0x1f, 0x8b][..]));

    for stranger in ["X-A: b", "Cookie: howdah-session=AAAAAAAAAAAAAAAAAAAAAAAA", "Authorization: Bearer wrong"] {
        assert!(is_plain(&page(&howdah, LIST, stranger)), "{stranger}");
    }
    for elsewhere in ["/connections/rm/nodes", "/connections/eco/applications", "/connections/none/applications", "/"] {
        assert!(is_plain(&page(&howdah, elsewhere, &cookie)), "{elsewhere}");
    }
    sign_out(&howdah, cookie.strip_prefix("Cookie: ").unwrap());
    assert!(is_plain(&page(&howdah, LIST, &cookie)));
}

/// The console says how old such a list is, and why; a picture could not.
#[test]
fn of_a_service_that_fails_there_is_no_picture() {
    let (service, list) = listing(ONE);
    let howdah = with_console(&service);
    let mut watched = watch(&howdah);
    assert!(text(&page(&howdah, LIST, BEARER)).contains("1 in all"));
    *list.lock().unwrap() = "<html>Sign in</html>".to_owned();
    watched.until("event: problem\n");
    assert!(is_plain(&page(&howdah, LIST, BEARER)));
}

#[test]
fn no_right_no_picture() {
    let (service, _list) = listing(ONE);
    let mut howdah = with_console(&service);
    howdah.start_with(|text| text.replace(r#"roles = { "*" = "administer" }"#, r#"roles = { "rm" = "view" }"#));
    let mut watched = watch(&howdah);
    let seen = text(&page(&howdah, LIST, BEARER));
    // The other connection is none of this principal's business.
    assert!(seen.contains("1 in all") && !seen.contains("connections/eco"), "{seen}");
    howdah.reload(|text| text.replace(r#""rm" = "view""#, r#""eco" = "view""#));
    watched.until("event: problem\n");
    assert!(is_plain(&page(&howdah, LIST, BEARER)));
}

#[test]
fn nothing_in_it_is_markup_or_a_key() {
    let hostile = format!("</body><script>alert(1)</script> Authorization: {SECRET}");
    let list = json!({"apps": {"app": [{"id": "application_1_0001", "name": hostile, "state": "RUNNING"}]}});
    let (service, _list) = listing(&list.to_string());
    let mut howdah = with_console(&service);
    let basic = r#"{ kind = "basic", user = "howdah", password = { file = "secret" } }"#;
    howdah.start_with(|text| text.replace(r#"{ kind = "user-name", user = "howdah" }"#, basic));
    let _watched = watch(&howdah);
    let query = "%22%3E%3Cscript%3Ealert(2)%3C/script%3E";
    for address in [LIST.to_owned(), format!("{LIST}&q={query}"), format!("{LIST}&at={query}&cols=name,{query}")] {
        let drawn = text(&page(&howdah, &address, BEARER));
        assert!(drawn.contains("<body inert>"), "{drawn}");
        assert!(
            !drawn.contains("<script") && !drawn.contains(" style=") && !drawn.contains(SECRET),
            "{address}: {drawn}"
        );
        assert_eq!(drawn.matches("</body>").count(), 1, "{address}: {drawn}");
    }
}
