//! A connection's own address: its service's paths at the root, behind the same checks, for whoever brings a token and
//! for nobody else.

use super::support::{Howdah, Reply, Service, Wire};

const METRICS: &str = "/ws/v1/cluster/metrics";

/// A ResourceManager in this state.
fn manager(state: &'static str) -> Service {
    Service::answering(move |request| {
        let body = match request.contains("/cluster/info") {
            true => format!(r#"{{"clusterInfo":{{"id":17,"haState":"{state}"}}}}"#),
            false => r#"{"clusterMetrics":{"appsSubmitted":7}}"#.to_owned(),
        };
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    })
}

fn howdah(service: &Service, more: &str) -> Howdah {
    let mut howdah = Howdah::before(service);
    let listen = format!("[connections.rm]\nlisten = {{ address = \"127.0.0.1:0\"{more} }}");
    howdah.start_with(|text| text.replacen("[connections.rm]", &listen, 1));
    howdah
}

/// Asks at the connection's own address; `{host}` is that one.
fn ask(howdah: &Howdah, request: &str) -> Reply {
    let own = howdah.own_address();
    let mut wire = Wire::to(own);
    wire.send(howdah.fill(&request.replace("{host}", &own.to_string())).as_bytes());
    wire.reply().unwrap_or_else(|| panic!("closed without a reply to {request}"))
}

fn get(path: &str, lines: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\n{lines}\r\n")
}

const BEARER: &str = "Authorization: Bearer {token}\r\n";

/// The principal's token as the password of Basic.
fn basic(howdah: &Howdah) -> String {
    use base64::Engine as _;
    let both = base64::engine::general_purpose::STANDARD.encode(howdah.fill("any:{token}"));
    format!("Authorization: Basic {both}\r\n")
}

#[test]
fn the_service_s_paths_stand_at_the_root_for_whoever_brings_a_token() {
    let service = manager("ACTIVE");
    let howdah = howdah(&service, "");
    let basic = basic(&howdah);
    for authorization in [BEARER, &basic] {
        let reply = ask(&howdah, &get(METRICS, authorization));
        assert_eq!((reply.status, reply.body.as_slice()), (200, &br#"{"clusterMetrics":{"appsSubmitted":7}}"#[..]));
        let active = ask(&howdah, &get("/cluster", authorization));
        assert_eq!((active.status, active.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    }
    let asked = service.received().len();
    assert_eq!(ask(&howdah, &get(METRICS, "")).code().as_deref(), Some("sign_in_required"));
    assert_eq!(ask(&howdah, &get("/cluster", "")).code().as_deref(), Some("sign_in_required"));
    assert_eq!(ask(&howdah, &get(METRICS, "Authorization: Bearer wrong\r\n")).code().as_deref(), Some("bad_token"));
    assert_eq!(service.received().len(), asked);
}

#[test]
fn the_page_of_one_on_standby_or_of_one_that_is_gone_is_no_200() {
    let standby = howdah(&manager("STANDBY"), "");
    let reply = ask(&standby, &get("/cluster", BEARER));
    assert_eq!((reply.status, reply.code().as_deref()), (503, Some("upstream_standby")));
    let broken = Service::answering(|_| vec![Vec::new()]);
    let reply = ask(&howdah(&broken, ""), &get("/cluster", BEARER));
    assert_eq!(reply.code().as_deref(), Some("upstream_broken"));
}

#[test]
fn nothing_else_stands_there() {
    let service = manager("ACTIVE");
    let howdah = howdah(&service, "");
    for path in
        ["/", "/index.html", "/api/me", "/api/connections", "/api/connections/rm/ws/v1/cluster/metrics", "/healthz"]
    {
        let reply = ask(&howdah, &get(path, BEARER));
        assert_eq!((reply.status, reply.code().as_deref()), (404, Some("not_found")), "{path}");
    }
    let socket = "Upgrade: websocket\r\nConnection: upgrade\r\n";
    assert_eq!(ask(&howdah, &get("/api/watch", &format!("{BEARER}{socket}"))).status, 400);
    let sign_in = format!("{{\"token\":\"{}\"}}", howdah.fill("{token}"));
    let sign_in = format!(
        "POST /api/session HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{sign_in}",
        sign_in.len()
    );
    assert_eq!(ask(&howdah, &sign_in).code().as_deref(), Some("sign_in_required"));
    assert_eq!(service.received(), Vec::<String>::new());
}

#[test]
fn a_cookie_counts_for_nothing_there() {
    let service = manager("ACTIVE");
    let howdah = howdah(&service, "");
    let body = howdah.fill("{\"token\":\"{token}\"}");
    let signed_in = howdah.ask(&format!(
        "POST /api/session HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let cookie = signed_in.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let lines = format!("Cookie: {cookie}\r\n");
    assert_eq!(howdah.ask(&get("/api/connections/rm/ws/v1/cluster/metrics", &lines)).status, 200);
    assert_eq!(ask(&howdah, &get(METRICS, &lines)).code().as_deref(), Some("sign_in_required"));
}

#[test]
fn no_page_gets_anything_there() {
    let service = manager("ACTIVE");
    let howdah = howdah(&service, "");
    let basic = basic(&howdah);
    for line in ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"] {
        let reply = ask(&howdah, &get(METRICS, &format!("{basic}{line}\r\n")));
        assert_eq!((reply.status, reply.code().as_deref()), (403, Some("cross_site")), "{line}");
    }
    let preflight = "OPTIONS /ws/v1/cluster/metrics HTTP/1.1\r\nHost: {host}\r\nOrigin: https://evil.example\r\n\
                     Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization\r\n\r\n";
    assert_eq!(ask(&howdah, preflight).header("access-control-allow-origin"), None);
    assert_eq!(service.received(), Vec::<String>::new());
}

#[test]
fn it_answers_to_its_own_hosts() {
    let service = manager("ACTIVE");
    let here = howdah(&service, "");
    let port = here.own_address().port();
    let asked = |howdah: &Howdah, host: &str| ask(howdah, &get(METRICS, BEARER).replace("{host}", host));
    for (host, status) in [
        (format!("localhost:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        ("localhost".to_owned(), 421),
        (here.address().to_string(), 421),
        ("evil.example".to_owned(), 421),
    ] {
        assert_eq!(asked(&here, &host).status, status, "{host}");
    }
    let named = howdah(&service, r#", hosts = ["rm.example", "other.example:80"]"#);
    let port = named.own_address().port();
    for (host, status) in [
        (format!("rm.example:{port}"), 200),
        ("other.example:80".to_owned(), 200),
        ("rm.example".to_owned(), 421),
        (format!("localhost:{port}"), 421),
    ] {
        assert_eq!(asked(&named, &host).status, status, "{host}");
    }
}

#[test]
fn what_is_changed_of_it_waits_for_the_next_start() {
    let service = manager("ACTIVE");
    let howdah = howdah(&service, "");
    let told = howdah.reload(|text| text.replacen("listen = { address", "listen = { hosts = [\"a\"], address", 1));
    assert!(told.contains("\"keys\":\"connections.NAME.listen\""), "{told}");
    assert_eq!(ask(&howdah, &get(METRICS, BEARER)).status, 200);
    let gone = howdah.reload(|text| text.replacen("[connections.rm]", "[connections.other]", 1));
    assert!(gone.contains("connections.NAME.listen"), "{gone}");
    assert_eq!(ask(&howdah, &get(METRICS, BEARER)).code().as_deref(), Some("connection_not_found"));
}

#[test]
fn told_to_stop_it_closes_this_address_too() {
    let service = manager("ACTIVE");
    let mut howdah = howdah(&service, "");
    let own = howdah.own_address();
    assert_eq!(ask(&howdah, &get(METRICS, BEARER)).status, 200);
    howdah.stop();
    assert!(std::net::TcpStream::connect(own).is_err());
}
