//! Each way of authenticating with a ResourceManager: what is sent is Howdah's own, whatever the caller brings, and comes
//! through to nobody.

use std::sync::Mutex;

use super::support::{Howdah, Service};

const FIRST: &str = "LgoSaG93ZGFoQEhPV0RBSC5URVNUEgZob3dkYWg";
const SECOND: &str = "JBAcaG93ZGFoQEhPV0RBSC5URVNUEgZob3dkYWg";
const READ: &str = "GET /api/connections/rm/ws/v1/cluster/metrics?delegation=smuggled&user.name=smuggled HTTP/1.1\r\n\
                    Host: {host}\r\nAuthorization: Bearer {token}\r\nX-Hadoop-Delegation-Token: smuggled\r\n\
                    Hadoop-YARN-Auth-Delegation-Token: smuggled\r\nCookie: hadoop.auth=smuggled\r\n\r\n";

/// In front of a service, as whom these lines say; with a secret in a file.
fn howdah(service: &Service, credentials: &str, secret: &str) -> Howdah {
    let mut howdah = Howdah::before(service);
    howdah.write("secret-of-rm", secret);
    howdah.start_with(|text| text.replacen(r#"{ kind = "user-name", user = "howdah" }"#, credentials, 1));
    howdah
}

/// Says what it was sent.
fn echo() -> Service {
    Service::answering(|request| {
        let body = serde_json::json!({ "clusterMetrics": { "heard": request } }).to_string();
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    })
}

/// The value of a header of a request, by its name in lower case.
fn header(request: &str, name: &str) -> Option<String> {
    let lines = request.split("\r\n\r\n").next().unwrap().lines().skip(1);
    let mut found = lines.filter_map(|line| line.split_once(':')).filter(|(key, _)| key.eq_ignore_ascii_case(name));
    let value = found.next().map(|(_, value)| value.trim().to_owned());
    assert!(found.next().is_none(), "{name} stands twice: {request}");
    value
}

#[test]
fn a_delegation_token_stands_in_its_header_and_nowhere_else() {
    let service = echo();
    let howdah = howdah(&service, r#"{ kind = "delegation-token", token = { file = "secret-of-rm" } }"#, FIRST);
    let reply = howdah.ask(READ);
    let [heard] = service.received().try_into().unwrap();
    assert_eq!(header(&heard, "x-hadoop-delegation-token").as_deref(), Some(FIRST));
    assert!(heard.starts_with("GET /below/ws/v1/cluster/metrics HTTP"), "{heard}");
    for name in ["hadoop-yarn-auth-delegation-token", "authorization", "cookie"] {
        assert_eq!(header(&heard, name), None, "{name}");
    }
    let told = String::from_utf8(reply.body).unwrap();
    assert!(told.contains("***") && !told.contains(FIRST), "{told}");
    assert!(!String::from_utf8_lossy(&howdah.log()).contains(FIRST));
}

#[test]
fn a_new_delegation_token_is_taken_up_when_the_old_one_is_refused() {
    let good = Mutex::new(FIRST);
    let service = Service::answering(move |request| {
        let mut good = good.lock().unwrap();
        let known = header(request, "x-hadoop-delegation-token").as_deref() == Some(*good);
        *good = SECOND;
        match known {
            true => vec![Service::reply("200 OK", "application/json", b"{}")],
            false => vec![Service::reply("401 Unauthorized", "text/html", b"<html>Authentication required</html>")],
        }
    });
    let howdah = howdah(&service, r#"{ kind = "delegation-token", token = { file = "secret-of-rm" } }"#, FIRST);
    assert_eq!(howdah.ask(READ).status, 200);
    assert_eq!(howdah.ask(READ).code().as_deref(), Some("upstream_refused_credential"));
    howdah.write("secret-of-rm", SECOND);
    assert_eq!(howdah.ask(READ).status, 200);
}

#[test]
fn basic_is_that_of_howdah() {
    let service = echo();
    let password = "p\u{e4}ss:w\"rd\\1";
    let howdah =
        howdah(&service, r#"{ kind = "basic", user = "howdah", password = { file = "secret-of-rm" } }"#, password);
    let reply = howdah.ask(READ);
    let [heard] = service.received().try_into().unwrap();
    let sent = header(&heard, "authorization").unwrap();
    assert_eq!(sent, format!("Basic {}", base64(&format!("howdah:{password}"))));
    assert!(!heard.contains("smuggled"), "{heard}");
    let told = String::from_utf8(reply.body).unwrap();
    assert!(!told.contains(sent.split_once(' ').unwrap().1), "{told}");
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
