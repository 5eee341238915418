//! Nothing of a caller goes on to the service but what the table says: not its path, not its query, not its headers.

use super::support::{Howdah, Service};

const MARK: &str = "smuggled";

fn get(target: &str, lines: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n{lines}\r\n")
}

/// Header names of a request, in lower case and in order of the alphabet.
fn names(request: &str) -> Vec<String> {
    let head = request.split("\r\n\r\n").next().unwrap();
    let mut names: Vec<String> =
        head.lines().skip(1).map(|line| line.split(':').next().unwrap().to_ascii_lowercase()).collect();
    names.sort();
    names
}

#[test]
fn headers_of_a_caller_stay_here() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let odd = [
        "Accept-Encoding",
        "Accept-Language",
        "Cookie",
        "User-Agent",
        "Referer",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "Forwarded",
        "Via",
        "Range",
        "If-None-Match",
        "If-Modified-Since",
        "Cache-Control",
        "Pragma",
        "TE",
        "Trailer",
        "X-HTTP-Method-Override",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Auth-Token",
        "Credential-ID",
        "Credential-Secret",
        "Hadoop-Eco-Api-Key",
        "Hadoop-YARN-RM-Delegation-Token",
        "Hadoop-YARN-Auth-Delegation-Token",
        "X-Hadoop-Delegation-Token",
        "X-XSRF-Header",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "Proxy-Authorization",
        "X-Remote-User",
        "DNT",
        "Idempotency-Key",
        "Traceparent",
    ];
    let lines: String = odd.iter().map(|name| format!("{name}: {MARK}\r\n")).collect();
    assert_eq!(howdah.ask(&get("/api/connections/rm/ws/v1/cluster/apps", &lines)).status, 200);
    let body = r#"{"instanceSpecs":[]}"#;
    let change = get("/api/connections/eco/v2/hadoop-eco/clusters/c1", &lines).replacen("GET", "POST", 1);
    let change = change.replacen(
        "\r\n\r\n",
        &format!("\r\nContent-Type: application/json; {MARK}\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
        1,
    );
    howdah.ask(&change);
    let received = service.received();
    assert_eq!(received.len(), 2);
    for request in &received {
        assert!(!request.contains(MARK), "{request}");
        assert!(!request.contains("attack-token"), "the caller's token went on: {request}");
    }
    assert_eq!(names(&received[0]), ["accept", "host", "user-agent"]);
    let of_a_change = [
        "accept",
        "content-length",
        "content-type",
        "credential-id",
        "credential-secret",
        "hadoop-eco-api-key",
        "host",
        "user-agent",
    ];
    assert_eq!(names(&received[1]), of_a_change);
}

#[test]
fn a_query_is_written_anew() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let apps = |query: &str| get(&format!("/api/connections/rm/ws/v1/cluster/apps?{query}"), "");
    let good = "queue=a%26user.name%3Droot%23x&user.name=root&User%2Ename=root&doAs=root&delegation=t&Proxyapproved=true\
                &limit=007";
    assert_eq!(howdah.ask(&apps(good)).status, 200);
    let target = service.received()[0].lines().next().unwrap().to_owned();
    assert!(target.starts_with("GET /below/ws/v1/cluster/apps?"), "{target}");
    let mut pairs: Vec<&str> = target.split(['?', ' ', '&']).skip(2).collect();
    pairs.pop();
    pairs.sort_unstable();
    assert_eq!(pairs, ["limit=7", "queue=a%26user.name%3Droot%23x", "user.name=howdah"]);
    for bad in [MARK, "smuggled=1", "queue=a&queue=b&smuggled", "limit=1;x=2", "limit=-1", "limit=1e3"] {
        let reply = howdah.ask(&apps(bad));
        assert_eq!((reply.status, reply.code().as_deref()), (400, Some("bad_query")), "{bad}");
    }
    assert_eq!(service.received().len(), 1);
}

#[test]
fn a_path_is_written_anew() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let rework = |id: &str| get(&format!("/api/connections/eco/v2/hadoop-eco/clusters/c1/requests/{id}"), "");
    howdah.ask(&rework("r%3F%23%20%25%3B%26%ED%95%9C"));
    assert_eq!(
        service.received()[0].lines().next().unwrap(),
        "GET /v2/hadoop-eco/clusters/c1/requests/r%3F%23%20%25%3B%26%ED%95%9C HTTP/1.1"
    );
    for other in ["c2", "c1%20", "C1"] {
        let reply = howdah.ask(&get(&format!("/api/connections/eco/v2/hadoop-eco/clusters/{other}/requests/r"), ""));
        assert_eq!((reply.status, reply.code().as_deref()), (404, Some("cluster_not_configured")), "{other}");
    }
    assert_eq!(service.received().len(), 1);
}

#[test]
fn a_body_is_written_anew() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    let post = |body: &str| {
        let length = body.len();
        get(
            "/api/connections/eco/v2/hadoop-eco/clusters/c1",
            &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        )
        .replacen("GET", "POST", 1)
            + body
    };
    for bad in [
        r#"{"smuggled":1}"#,
        r#"{"config":{"smuggled":1}}"#,
        "[]",
        r#"{"config":[128,3]}"#,
        r#"{"instanceSpecs":[["WORKER",6,200]]}"#,
        "{",
        "null",
        r#"{} {}"#,
        "\u{feff}{}",
    ] {
        let reply = howdah.ask(&post(bad));
        assert_eq!((reply.status, reply.code().as_deref()), (400, Some("bad_body")), "{bad}");
    }
    assert_eq!(service.received(), Vec::<String>::new());
}

#[test]
fn headers_of_a_service_stay_there() {
    let service = Service::answering(|_| {
        let lines = [
            "Set-Cookie: smuggled=1",
            "Server: smuggled",
            "X-Powered-By: smuggled",
            "Content-Encoding: smuggled",
            "Content-Security-Policy: smuggled",
            "Access-Control-Allow-Origin: *",
            "Location: http://smuggled.example/",
            "Refresh: 0; url=smuggled",
            "WWW-Authenticate: Basic realm=smuggled",
            "ETag: \"smuggled\"",
            "Cache-Control: public",
            "Content-Type: text/html; smuggled",
            "Trailer: smuggled",
        ];
        vec![
            format!("HTTP/1.1 200 OK\r\n{}\r\nContent-Length: 13\r\n\r\n{{\"apps\":null}}", lines.join("\r\n"))
                .into_bytes(),
        ]
    });
    let howdah = Howdah::before(&service);
    for path in ["rm/ws/v1/cluster/apps", "rm/ws/v1/cluster/info", "eco/v2/hadoop-eco/clusters/c1/requests/r"] {
        let reply = howdah.ask(&get(&format!("/api/connections/{path}"), ""));
        let head = reply.head.to_ascii_lowercase();
        assert_eq!(reply.status, 200, "{path}: {head}");
        assert!(!head.contains(MARK), "{path}: {head}");
        assert!(!head.contains("access-control-allow"), "{path}: {head}");
        assert_eq!(reply.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Service::plain();
    let target = elsewhere.address();
    let service = Service::answering(move |_| {
        vec![
            format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://{target}/\r\nContent-Length: 0\r\n\r\n")
                .into_bytes(),
        ]
    });
    let howdah = Howdah::before(&service);
    for path in ["rm/ws/v1/cluster/info", "eco/v2/hadoop-eco/clusters/c1/requests/r"] {
        let reply = howdah.ask(&get(&format!("/api/connections/{path}"), ""));
        assert_eq!((reply.status, reply.code().as_deref()), (502, Some("upstream_redirected")), "{path}");
        assert_eq!(reply.header("location"), None);
    }
    assert_eq!(elsewhere.received(), Vec::<String>::new());
}

#[test]
fn xml_is_neither_spoken_nor_read() {
    let service = Service::plain();
    let howdah = Howdah::before(&service);
    for path in ["rm/ws/v1/cluster/info", "eco/v2/hadoop-eco/clusters/c1/requests/r"] {
        let reply = howdah.ask(&get(&format!("/api/connections/{path}"), "Accept: application/xml\r\n"));
        assert_eq!((reply.status, reply.code().as_deref()), (406, Some("not_acceptable")), "{path}");
        assert!(String::from_utf8_lossy(&reply.body).contains("accept application/json"), "{path}");
    }
    for kind in ["application/xml", "text/xml; charset=utf-8", ""] {
        let lines = format!("Content-Type: {kind}\r\nContent-Length: 15\r\n");
        let change = get("/api/connections/eco/v2/hadoop-eco/clusters/c1", &lines).replacen("GET", "POST", 1);
        let reply = howdah.ask(&(change + "<instanceSpecs>"));
        assert_eq!((reply.status, reply.code().as_deref()), (415, Some("unsupported_media_type")), "{kind}");
        assert!(String::from_utf8_lossy(&reply.body).contains("Send the body as application/json"), "{kind}");
    }
    assert_eq!(service.received(), Vec::<String>::new());
}

#[test]
fn a_503_that_gives_a_reason_is_an_answer_and_pauses_nothing() {
    let service = Service::answering(|_| {
        let body =
            br#"{"RemoteException":{"exception":"WebApplicationException","message":"java.lang.Exception: No."}}"#;
        vec![Service::reply("503 Service Unavailable", "application/json", body)]
    });
    let howdah = Howdah::before(&service);
    for time in 1..=20 {
        for path in ["rm/ws/v1/cluster/apps", "rm/ws/v1/cluster/metrics"] {
            let accept = "Accept: application/problem+json\r\n";
            let reply = howdah.ask(&get(&format!("/api/connections/{path}"), accept));
            assert_eq!((reply.status, reply.code().as_deref()), (503, Some("service_answered")), "{path}, {time}");
            assert!(String::from_utf8_lossy(&reply.body).contains(r#""detail":"No.""#));
        }
    }
    assert_eq!(service.received().len(), 40);
}
