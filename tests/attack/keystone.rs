//! Tokens of Keystone: fetched once for all, renewed once, and never shown; a tenant that is not ours; a token of ours in
//! `X-Auth-Token`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use super::support::{Howdah, Reply, Service};

const TENANT: &str = "5c0b7a2f6e5d3c4e1a9f602c8d4b1e7a";
const PASSWORD: &str = "hunter2-\"\\/+%of-keystone";
/// What tokens begin with; a number follows.
const TOKEN: &str = "gAAAAABmade-up-token-of-keystone-";
const BEARER: &str = "Authorization: Bearer {token}\r\n";

/// A Keystone and the service behind it at one address: `serves` answers what is asked with one of its tokens.
fn cloud(
    project: &'static str,
    serves: impl Fn(&str, usize) -> Vec<u8> + Send + Sync + 'static,
) -> (Service, Arc<AtomicUsize>) {
    let given = Arc::new(AtomicUsize::new(0));
    let count = given.clone();
    let service = Service::answering(move |request| {
        if request.starts_with("POST /v3/auth/tokens ") {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            let body = format!(
                r#"{{"token":{{"issued_at":"2026-11-22T10:00:00.000000Z","expires_at":"2026-11-22T11:00:00.000000Z","project":{{"id":"{project}"}}}}}}"#
            );
            let length = body.len();
            let head = format!(
                "HTTP/1.1 201 Created\r\nX-Subject-Token: {TOKEN}{number}\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\n\r\n"
            );
            return vec![[head.as_bytes(), body.as_bytes()].concat()];
        }
        vec![serves(request, count.load(Ordering::SeqCst))]
    });
    (service, given)
}

fn json(status: &str, body: &str) -> Vec<u8> {
    Service::reply(status, "application/json", body.as_bytes())
}

fn howdah(service: &Service, credentials: &str) -> Howdah {
    howdah_with(service, credentials, "")
}

fn howdah_with(service: &Service, credentials: &str, more: &str) -> Howdah {
    let mut howdah = Howdah::before(service);
    howdah.write("password", PASSWORD);
    let connection = format!(
        "[connections.os]\nsystem = \"savanna\"\nurl = \"http://{0}\"\ntenant = \"{TENANT}\"\n{more}credentials = {{ url = \
         \"http://{0}/v3\", {credentials} }}\n",
        service.address()
    );
    howdah.start_with(|text| format!("{text}{connection}"));
    howdah
}

/// How one asks for a token by a password.
const BY_PASSWORD: &str = "kind = \"keystone-password\", user = \"minji\", password = { file = \"password\" }";

fn with_password(service: &Service) -> Howdah {
    howdah(service, BY_PASSWORD)
}

fn get(howdah: &Howdah, path: &str, lines: &str) -> Reply {
    howdah.ask(&format!("GET /api/connections/os{path} HTTP/1.1\r\nHost: {{host}}\r\n{lines}\r\n"))
}

fn plugins(howdah: &Howdah) -> Reply {
    get(howdah, &format!("/v1.0/{TENANT}/plugins"), BEARER)
}

/// The requests to the service itself.
fn served(service: &Service) -> Vec<String> {
    service.received().into_iter().filter(|request| !request.contains("/v3/auth/tokens")).collect()
}

#[test]
fn one_token_is_fetched_for_all_and_shown_to_nobody() {
    let (service, given) = cloud(TENANT, |request, _| {
        let token = request.lines().find_map(|line| line.strip_prefix("x-auth-token: ")).unwrap_or_default();
        json("200 OK", &format!(r#"{{"plugins":[{{"name":"echo","title":"{token}"}}]}}"#))
    });
    let howdah = with_password(&service);
    let together = Barrier::new(40);
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                together.wait();
                let reply = plugins(&howdah);
                let text = String::from_utf8_lossy(&reply.bytes()).into_owned();
                assert!(reply.status == 200 && text.contains(r#""title":"***""#) && !text.contains(TOKEN), "{text}");
            });
        }
    });
    assert_eq!(given.load(Ordering::SeqCst), 1);
    let asked = service.received().into_iter().find(|request| request.contains("/v3/auth/tokens")).unwrap();
    let body: serde_json::Value = serde_json::from_str(asked.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["auth"]["identity"]["password"]["user"]["password"], PASSWORD);
    assert_eq!(body["auth"]["identity"]["password"]["user"]["domain"]["name"], "Default");
    assert_eq!(body["auth"]["scope"]["project"]["id"], TENANT);
    assert!(served(&service).iter().all(|request| request.contains(&format!("x-auth-token: {TOKEN}1\r\n"))));
    for shown in [howdah.log(), howdah.journal(), howdah.metrics().into_bytes()] {
        let shown = String::from_utf8_lossy(&shown).into_owned();
        assert!(!shown.contains(TOKEN) && !shown.contains(PASSWORD), "{shown}");
    }
}

#[test]
fn a_refused_token_is_renewed_once() {
    let (service, given) = cloud(TENANT, |request, given| {
        // Tokens of before the latest are good no more, and before there are two none is.
        match given >= 2 && request.contains(&format!("x-auth-token: {TOKEN}{given}\r\n")) {
            true => json("200 OK", r#"{"plugins":[]}"#),
            false => json("401 Unauthorized", r#"{"error":{"code":401,"message":"The request needs a token."}}"#),
        }
    });
    let howdah = with_password(&service);
    // A token that is refused as soon as it is fetched is not the reason.
    assert_eq!(plugins(&howdah).code().as_deref(), Some("upstream_refused_credential"));
    assert_eq!((given.load(Ordering::SeqCst), served(&service).len()), (1, 2));
    // A password that has changed is worth another one.
    howdah.write("password", "another-password-of-keystone");
    assert_eq!(plugins(&howdah).status, 200);
    assert_eq!((given.load(Ordering::SeqCst), served(&service).len()), (2, 4));
    assert_eq!(plugins(&howdah).status, 200);
    assert_eq!(given.load(Ordering::SeqCst), 2);
}

#[test]
fn another_tenant_is_refused_before_anything_is_sent() {
    let (service, _) = cloud(TENANT, |_, _| json("200 OK", "{}"));
    let howdah = with_password(&service);
    let other = "e7a2c8d4b15c0b7a2f6e5d3c4e1a9f60";
    for path in
        [format!("/v1.0/{other}/plugins"), format!("/v1.1/{other}/clusters.json"), "/v1.0/775181/images".to_owned()]
    {
        let reply = get(&howdah, &path, BEARER);
        assert_eq!((reply.status, reply.code().as_deref()), (404, Some("tenant_not_configured")), "{path}");
    }
    let delete =
        format!("DELETE /api/connections/os/v1.0/{other}/clusters/c HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n");
    assert_eq!(howdah.ask(&delete).code().as_deref(), Some("tenant_not_configured"));
    let watched = get(&howdah, &format!("/v1.0/{other}/clusters"), &format!("{BEARER}Accept: text/event-stream\r\n"));
    assert_eq!(watched.code().as_deref(), Some("tenant_not_configured"));
    assert_eq!(service.received(), Vec::<String>::new());
    assert!(
        howdah
            .ask(&format!("GET /api/requests HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n"))
            .body
            .ends_with(br#""requests":[]}"#)
            || !String::from_utf8_lossy(&howdah.journal()).contains("TerminateCluster")
    );
}

#[test]
fn what_was_done_to_a_cluster_is_listed_by_its_id_and_not_by_the_tenant() {
    let (service, _) = cloud(TENANT, |_, _| json("204 No Content", ""));
    let howdah = with_password(&service);
    let path = format!("/v1.0/{TENANT}/clusters/c1");
    let reply = howdah.ask(&format!("DELETE /api/connections/os{path} HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n"));
    assert_eq!(reply.status, 204);
    let listed = |target: &str| {
        let path = format!("/api/requests?target={target}");
        let reply = howdah.ask(&format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n"));
        String::from_utf8_lossy(&reply.bytes()).matches("TerminateCluster").count()
    };
    assert_eq!((listed("c1"), listed(TENANT)), (1, 0));
}

#[test]
fn clients_of_the_service_bring_a_token_of_ours() {
    let (service, _) = cloud(TENANT, |_, _| json("200 OK", r#"{"plugins":[]}"#));
    let howdah = with_password(&service);
    let path = format!("/v1.1/{TENANT}/plugins");
    assert_eq!(get(&howdah, &path, "X-Auth-Token: {token}\r\n").status, 200);
    assert_eq!(get(&howdah, &path, "X-Auth-Token: wrong\r\n").code().as_deref(), Some("bad_token"));
    assert_eq!(get(&howdah, &path, "").code().as_deref(), Some("sign_in_required"));
    assert_eq!(get(&howdah, &path, "X-Auth-Token: {token}\r\nX-Auth-Token: {token}\r\n").status, 400);
    assert_eq!(get(&howdah, &path, "X_Auth_Token: {token}\r\n").status, 400);
    let request = served(&service).pop().unwrap();
    assert!(request.starts_with(&format!("GET /v1.0/{TENANT}/plugins ")) && !request.contains(&howdah.fill("{token}")));
    // Elsewhere the header is nothing.
    let elsewhere =
        "GET /api/connections/rm/ws/v1/cluster/metrics HTTP/1.1\r\nHost: {host}\r\nX-Auth-Token: {token}\r\n\r\n";
    assert_eq!(howdah.ask(elsewhere).code().as_deref(), Some("sign_in_required"));
    assert_eq!(howdah.ask("GET /api/me HTTP/1.1\r\nHost: {host}\r\nX-Auth-Token: {token}\r\n\r\n").status, 401);
}

#[test]
fn what_keystone_refuses_is_told_without_the_password() {
    let said = serde_json::to_string(&format!("Wrong: {PASSWORD}")).unwrap();
    let refusal = format!(r#"{{"error":{{"code":401,"message":{said}}}}}"#);
    let service = Service::answering(move |_| vec![json("401 Unauthorized", &refusal)]);
    let howdah = with_password(&service);
    let reply = plugins(&howdah);
    assert_eq!(reply.code().as_deref(), Some("upstream_refused_credential"));
    let text = String::from_utf8(reply.body).unwrap();
    assert!(text.contains("Keystone at") && text.contains("Wrong: ***") && !text.contains("hunter2"), "{text}");
    let change =
        format!("DELETE /api/connections/os/v1.0/{TENANT}/clusters/c HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}\r\n");
    assert_eq!(howdah.ask(&change).code().as_deref(), Some("upstream_refused_credential"));
    assert!(service.received().iter().all(|request| request.starts_with("POST /v3/auth/tokens ")));
    let checked = howdah.command(&["check"]);
    let checked = [checked.stdout, checked.stderr].concat();
    let checked = String::from_utf8_lossy(&checked);
    assert!(checked.contains("os") && checked.contains("Keystone at") && !checked.contains("hunter2"), "{checked}");
}

#[test]
fn an_application_credential_of_another_project_is_of_no_use() {
    let credentials = "kind = \"keystone-application-credential\", id = \"21dced\", secret = { file = \"password\" }";
    let (service, _) = cloud(TENANT, |_, _| json("200 OK", r#"{"plugins":[]}"#));
    assert_eq!(plugins(&howdah(&service, credentials)).status, 200);
    let asked = service.received().remove(0);
    let body: serde_json::Value = serde_json::from_str(asked.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["auth"]["identity"]["application_credential"]["id"], "21dced");
    assert!(body["auth"].get("scope").is_none(), "{body}");
    let (other, _) = cloud("e7a2c8d4b15c0b7a2f6e5d3c4e1a9f60", |_, _| json("200 OK", r#"{"plugins":[]}"#));
    let reply = plugins(&howdah(&other, credentials));
    assert_eq!(reply.code().as_deref(), Some("upstream_refused_credential"));
    assert!(served(&other).is_empty());
}

#[test]
fn versions_are_told_with_links_to_ourselves_and_files_are_sent_as_they_are() {
    let (service, _) = cloud(TENANT, |request, _| {
        if request.starts_with("GET / ") {
            let link = r#"{"rel":"self","href":"http://sahara.internal:8386/v1.0/"}"#;
            return json("300 Multiple Choices", &format!(r#"{{"versions":[{{"id":"v1.0","links":[{link}]}}]}}"#));
        }
        json("202 Accepted", r#"{"cluster_template":{"name":"n"},"cluster":{"id":"c","status":"Active"}}"#)
    });
    let howdah = with_password(&service);
    let reply = get(&howdah, "/", BEARER);
    let text = String::from_utf8(reply.body).unwrap();
    assert!(reply.status == 300 && text.contains(r#""href":"v1.0/""#) && !text.contains("internal"), "{text}");
    let send = |method: &str, path: &str, kind: &str, body: &str| {
        let length = body.len();
        howdah.ask(&format!(
            "{method} /api/connections/os{path} HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}Content-Type: {kind}\r\nContent-Length: \
             {length}\r\n\r\n{body}"
        ))
    };
    let file = "[general]\npassword = 7\n";
    let convert = format!("/v1.0/{TENANT}/plugins/p/1/convert-config");
    assert_eq!(send("POST", &convert, "text/plain", file).status, 202);
    assert!(served(&service).pop().unwrap().ends_with(&format!("\r\n\r\n{file}")));
    let verify = r#"{"verification":{"status":"START"}}"#;
    assert_eq!(send("PATCH", &format!("/v1.0/{TENANT}/clusters/c"), "application/json", verify).status, 202);
    assert!(served(&service).pop().unwrap().starts_with(&format!("PATCH /v1.1/{TENANT}/clusters/c ")));
    assert_eq!(send("PATCH", &format!("/v1.0/{TENANT}/clusters/c"), "text/plain", verify).status, 415);
}

#[test]
fn what_an_option_calls_a_password_leaves_as_a_mask() {
    const SECRET: &str = "tiger-of-the-kdc";
    let configs = format!(r#"{{"Kerberos":{{"Admin password":"{SECRET}","Realm Name":"HERE"}}}}"#);
    let group = format!(r#"{{"id":"g","name":"worker","node_configs":{configs}}}"#);
    let cluster =
        format!(r#"{{"id":"c","status":"Active","cluster_configs":{configs},"node_groups":[{group}],"name":"n"}}"#);
    let (service, _) = cloud(TENANT, move |request, _| {
        let (path, kind) = (request.split(' ').nth(1).unwrap_or_default(), request.split(' ').next());
        match (kind, path.rsplit('/').next()) {
            (Some("GET"), Some("clusters")) => json("200 OK", &format!(r#"{{"clusters":[{cluster}]}}"#)),
            (Some("GET"), Some("c")) => json("200 OK", &format!(r#"{{"cluster":{cluster}}}"#)),
            (Some("GET"), Some("cluster-templates")) => {
                json("200 OK", &format!(r#"{{"cluster_templates":[{cluster}]}}"#))
            }
            (Some("GET"), _) => json("200 OK", &format!(r#"{{"node_group_template":{group}}}"#)),
            // It quotes what it does not like, as Python writes it.
            _ if request.contains("refuse-me") => json(
                "400 Bad Request",
                &format!(
                    r#"{{"error_code":400,"error_message":"{{'Kerberos': {{'Admin password': '{SECRET}'}}}} is not good","error_name":"VALIDATION_ERROR"}}"#
                ),
            ),
            _ => json("202 Accepted", &format!(r#"{{"node_group_template":{group},"cluster":{cluster}}}"#)),
        }
    });
    let howdah = with_password(&service);
    let masked = |text: String| {
        assert!(text.contains(r#""Admin password":"***""#) && text.contains(r#""Realm Name":"HERE""#), "{text}");
        assert!(!text.contains(SECRET), "{text}");
    };
    for path in ["clusters", "clusters/c", "cluster-templates", "node-group-templates/g"] {
        let reply = get(&howdah, &format!("/v1.0/{TENANT}/{path}"), BEARER);
        masked(String::from_utf8(reply.bytes()).unwrap());
    }
    let export = get(&howdah, &format!("/v1.1/{TENANT}/node-group-templates/g/export"), BEARER);
    masked(String::from_utf8(export.bytes()).unwrap());
    let create = |name: &str, password: &str| {
        let body = format!(
            r#"{{"name":"{name}","plugin_name":"p","hadoop_version":"1","flavor_id":"1","node_processes":["a"],"node_configs":{{"Kerberos":{{"Admin password":"{password}"}}}}}}"#
        );
        let length = body.len();
        howdah.ask(&format!(
            "POST /api/connections/os/v1.0/{TENANT}/node-group-templates HTTP/1.1\r\nHost: {{host}}\r\n{BEARER}Content-Type: \
             application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    };
    let made = create("worker", SECRET);
    assert_eq!(made.status, 202);
    masked(String::from_utf8(made.bytes()).unwrap());
    assert!(served(&service).pop().unwrap().contains(SECRET), "what is sent is whole");
    let refused = create("refuse-me", SECRET);
    let text = String::from_utf8(refused.bytes()).unwrap();
    assert!(refused.status == 400 && text.contains("is not good") && !text.contains(SECRET), "{text}");
    // What was shown is not what is meant.
    let sent = served(&service).len();
    let back = create("worker", "***");
    assert_eq!(back.code().as_deref(), Some("masked_value"));
    assert_eq!(served(&service).len(), sent);
    for shown in [howdah.log(), howdah.journal()] {
        assert!(!String::from_utf8_lossy(&shown).contains(SECRET));
    }
}

#[test]
fn a_service_beside_gets_the_same_token_at_its_own_address_and_is_sick_alone() {
    let (service, given) = cloud(TENANT, |_, _| json("200 OK", r#"{"plugins":[]}"#));
    let compute = Service::answering(|request| {
        let token = format!("x-auth-token: {TOKEN}1\r\n");
        let told = json("200 OK", &format!(r#"{{"flavors":[{{"id":"1","echo":"{TOKEN}1"}}]}}"#));
        let wrong = json("503 Service Unavailable", r#"{"computeFault":{"code":503,"message":"No cell is there."}}"#);
        vec![if request.starts_with("GET /v2.1/flavors/detail?limit=5 ") && request.contains(&token) {
            told
        } else {
            wrong
        }]
    });
    let services = format!("services = {{ compute = \"http://{}/v2.1\" }}\n", compute.address());
    let howdah = howdah_with(&service, BY_PASSWORD, &services);
    let flavors = get(&howdah, "/v2.1/flavors/detail?limit=5", BEARER);
    assert_eq!(
        (flavors.status, String::from_utf8_lossy(&flavors.body).as_ref()),
        (200, r#"{"flavors":[{"id":"1","echo":"***"}]}"#)
    );
    assert_eq!(get(&howdah, "/v2.1/flavors/detail?all_tenants=1", BEARER).code().as_deref(), Some("bad_query"));
    // Of a service that nobody told of nothing is asked anywhere.
    for path in ["/v2.0/networks", "/v2/images"] {
        let reply = get(&howdah, path, BEARER);
        assert_eq!((reply.status, reply.code().as_deref()), (404, Some("service_not_configured")), "{path}");
    }
    let sick: Vec<_> = (0..8).map(|_| get(&howdah, "/v2.1/os-keypairs", BEARER).code().unwrap_or_default()).collect();
    assert_eq!(sick.last().map(String::as_str), Some("upstream_paused"), "{sick:?}");
    assert_eq!(plugins(&howdah).status, 200);
    assert_eq!(given.load(Ordering::SeqCst), 1);
    assert_eq!(served(&service).len(), 1);
}
