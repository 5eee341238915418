//! Each sentinel fails as its name says, and starts a run exactly where it says so.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::super::hadoop_eco::Sentinel;
use super::super::{Options, Simulators, start};
use super::client::{Client, Reply, ask, get, headers, named, post, runs};

async fn sandbox() -> Simulators {
    start(Options { slow: Duration::from_millis(1), ..Options::default() }).await.unwrap()
}

async fn posted(run: &Simulators, name: &str) -> Option<Reply> {
    post(&run.hadoop_eco, named(&run.hadoop_eco.sentinels, name), "{}").await
}

async fn got(run: &Simulators, name: &str) -> Option<Reply> {
    let cluster = named(&run.hadoop_eco.sentinels, name);
    get(&run.hadoop_eco, cluster, &cluster.past[0], "").await
}

#[tokio::test]
async fn runs_are_started_where_the_sentinel_says_so() {
    let run = sandbox().await;
    let service = &run.hadoop_eco;
    assert_eq!(service.sentinels.len(), Sentinel::ALL.len());
    for sentinel in Sentinel::ALL {
        let cluster = named(&service.sentinels, sentinel.name());
        match sentinel {
            Sentinel::Hang | Sentinel::Endless => continue,
            _ => drop(post(service, cluster, "{}").await),
        }
        assert_eq!(runs(service, cluster).await.len(), usize::from(sentinel.starts()), "{}", sentinel.name());
        // Bad callers are refused by sentinels too, where anything is read at all.
        if !matches!(sentinel, Sentinel::ResetBefore) {
            let target = format!("/v2/hadoop-eco/clusters/{}", cluster.id);
            let bad = headers(service, cluster).replace(service.credential_secret.expose_secret(), "wrong");
            assert_eq!(ask(service.address, "POST", &target, &bad, "{}").await.unwrap().status, 401);
        }
    }
}

#[tokio::test]
async fn there_are_none_unless_wanted() {
    let run = start(Options { sentinels: false, ..Options::default() }).await.unwrap();
    assert!(run.hadoop_eco.sentinels.is_empty());
}

#[tokio::test]
async fn connections_are_reset() {
    let run = sandbox().await;
    for name in ["sentinel-reset", "sentinel-reset-before"] {
        assert!(posted(&run, name).await.is_none(), "{name}");
        assert!(got(&run, name).await.is_none(), "{name}");
    }
    assert!(posted(&run, "sentinel-lost-reply").await.is_none());
    let cluster = named(&run.hadoop_eco.sentinels, "sentinel-lost-reply");
    let started = runs(&run.hadoop_eco, cluster).await;
    assert_eq!(get(&run.hadoop_eco, cluster, &started[0], "").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_kept_connection_is_reset_too_and_nothing_is_started() {
    let run = sandbox().await;
    let service = &run.hadoop_eco;
    let cluster = named(&service.sentinels, "sentinel-reset-before");
    let mut client = Client::connect(service.address).await;
    client.send("GET /_sandbox/calls HTTP/1.1\r\nhost: x\r\n\r\n").await;
    client.head().await;
    let target = format!("POST /v2/hadoop-eco/clusters/{} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n", cluster.id);
    client.send(&format!("{target}{}\r\n{{}}", headers(service, cluster))).await;
    client.rest().await;
    assert!(client.reset);
    assert!(runs(service, cluster).await.is_empty());
}

#[tokio::test]
async fn some_never_answer_and_some_never_end() {
    let run = sandbox().await;
    let service = &run.hadoop_eco;
    for name in ["sentinel-hang", "sentinel-endless"] {
        let cluster = named(&service.sentinels, name);
        let mut client = Client::connect(service.address).await;
        let target =
            format!("POST /v2/hadoop-eco/clusters/{} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n", cluster.id);
        client.send(&format!("{target}{}\r\n{{}}", headers(service, cluster))).await;
        while runs(service, cluster).await.is_empty() {
            tokio::task::yield_now().await;
        }
        if name == "sentinel-hang" {
            assert!(client.silent());
        } else {
            client.at_least(8 << 20).await;
        }
    }
}

#[tokio::test]
async fn replies_are_broken_as_named() {
    let run = sandbox().await;
    let reply = |name: &'static str| {
        let run = &run;
        async move { [posted(run, name).await.unwrap(), got(run, name).await.unwrap()] }
    };
    for reply in reply("sentinel-truncated").await {
        assert!(reply.status == 200 && !reply.whole && serde_json::from_str::<Value>(&reply.body).is_err());
    }
    for (name, status, kind) in [
        ("sentinel-slow", 200, "application/json"),
        ("sentinel-html-200", 200, "text/html"),
        ("sentinel-html-502", 502, "text/html"),
        ("sentinel-500", 500, "application/json"),
        ("sentinel-401", 401, "application/json"),
        ("sentinel-echo-400", 400, "application/json"),
        ("sentinel-echo-text", 500, "text/plain"),
        ("sentinel-echo-html", 200, "text/html"),
    ] {
        for reply in reply(name).await {
            assert_eq!(reply.status, status, "{name}");
            assert!(reply.head.contains(&format!("content-type: {kind}")), "{name}: {}", reply.head);
        }
    }
    for reply in reply("sentinel-empty").await {
        assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    }
    for (name, status) in [("sentinel-202", 202), ("sentinel-202-without-id", 202), ("sentinel-200-without-id", 200)] {
        let [posted, got] = reply(name).await;
        assert_eq!((posted.status, got.status), (status, 200), "{name}");
        assert_eq!(posted.json().get("requestId").is_some(), name == "sentinel-202", "{name}");
    }
    let [posted, got] = reply("sentinel-forgets").await;
    assert_eq!((posted.status, got.status), (200, 404));
}

#[tokio::test]
async fn redirects_lead_to_another_host_which_counts_who_comes() {
    let run = sandbox().await;
    let address = run.hadoop_eco.address;
    let calls = || async { ask(address, "GET", "/_sandbox/calls", "", "").await.unwrap().json() };
    for (name, status) in [("sentinel-redirect-302", 302), ("sentinel-redirect-307", 307)] {
        let reply = posted(&run, name).await.unwrap();
        assert_eq!(reply.status, status);
        let location = format!("location: http://localhost:{}/_sandbox/redirected", address.port());
        assert!(reply.head.contains(&location), "{}", reply.head);
    }
    assert_eq!(calls().await.get("redirected"), None);
    ask(address, "GET", "/_sandbox/redirected", "", "").await;
    ask(address, "POST", "/_sandbox/redirected", "credential-secret: x\r\n", "").await;
    let calls = calls().await;
    assert_eq!((&calls["redirected"], &calls["redirected with keys"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn keys_are_echoed_whole_and_in_pieces() {
    let run = sandbox().await;
    let secret = run.hadoop_eco.credential_secret.expose_secret();
    for name in ["sentinel-echo", "sentinel-echo-chunks", "sentinel-echo-headers", "sentinel-echo-400"] {
        for reply in [posted(&run, name).await.unwrap(), got(&run, name).await.unwrap()] {
            assert_eq!(reply.json()["echo"]["secret"]["plain"], secret, "{name}");
        }
    }
    let status = got(&run, "sentinel-echo").await.unwrap().json()["requestStatus"].to_string();
    assert!(status.contains(&secret[..16]), "{status}");
    let cut = got(&run, "sentinel-echo-chunks").await.unwrap();
    assert!(cut.chunks.len() > 100 && cut.chunks.iter().all(|size| *size < secret.len()));
    for name in ["sentinel-echo-text", "sentinel-echo-html"] {
        assert!(posted(&run, name).await.unwrap().body.contains(&secret[..16]), "{name}");
    }
    // The client gives heads in lower case.
    let in_head = secret.to_lowercase();
    let headers = posted(&run, "sentinel-echo-headers").await.unwrap().head;
    assert!(headers.contains(&format!("x-echo: {in_head}\r\n")), "{headers}");
    let redirect = posted(&run, "sentinel-echo-redirect").await.unwrap();
    assert!(redirect.status == 307 && redirect.head.contains(&in_head[..16]), "{}", redirect.head);
}
