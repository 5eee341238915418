//! TLS on the program's own listener, and HTTP/2 over it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::support::{Howdah, Limits, Service};

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);
const INFO: &str = "/api/connections/rm/ws/v1/cluster/info";

/// A certificate of its own authority, with its key, as PEM.
struct Pair {
    certificate: String,
    key: String,
}

impl Pair {
    fn new() -> Pair {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        Pair { certificate: made.cert.pem(), key: made.signing_key.serialize_pem() }
    }

    fn put(&self, howdah: &Howdah) {
        howdah.write("certificate.pem", &self.certificate);
        howdah.write("key.pem", &self.key);
    }
}

fn encrypted(service: &Service, limits: Limits) -> (Howdah, Pair) {
    let mut howdah = Howdah::with(service, limits);
    let pair = Pair::new();
    pair.put(&howdah);
    let tls = "[tls]\ncertificate_file = \"certificate.pem\"\nkey_file = \"key.pem\"\n[journal]";
    howdah.start_with(|text| text.replace("[journal]", tls));
    (howdah, pair)
}

/// Shakes hands as somebody who trusts the certificate alone and speaks one protocol.
async fn shake(howdah: &Howdah, pair: &Pair, protocol: &[u8]) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pair.certificate.as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let stream = TcpStream::connect(howdah.address()).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

type Client = http2::SendRequest<Empty<Bytes>>;

/// A connection of HTTP/2, whose caller makes room for so many bytes of each reply.
async fn over_http_2(howdah: &Howdah, pair: &Pair, room: u32) -> Client {
    let stream = shake(howdah, pair, b"h2").await.unwrap();
    let mut builder = http2::Builder::new(TokioExecutor::new());
    let (client, connection) = builder.initial_stream_window_size(room).handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    client
}

fn get(howdah: &Howdah, target: &str) -> Request<Empty<Bytes>> {
    let request = Request::get(howdah.fill(target)).header("authorization", howdah.fill("Bearer {token}"));
    request.body(Empty::new()).unwrap()
}

async fn body(reply: hyper::Response<Incoming>) -> Bytes {
    reply.into_body().collect().await.unwrap().to_bytes()
}

#[tokio::test]
async fn both_protocols_are_spoken() {
    let service = Service::plain();
    let (howdah, pair) = encrypted(&service, Limits::default());
    let mut newer = over_http_2(&howdah, &pair, 65_535).await;
    let reply = newer.send_request(get(&howdah, &format!("https://{{host}}{INFO}"))).await.unwrap();
    assert_eq!((reply.status(), reply.version()), (StatusCode::OK, http::Version::HTTP_2));
    let newer = body(reply).await;

    let stream = shake(&howdah, &pair, b"http/1.1").await.unwrap();
    let (mut older, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut request = get(&howdah, INFO);
    request.headers_mut().insert("host", howdah.fill("{host}").parse().unwrap());
    let reply = older.send_request(request).await.unwrap();
    assert_eq!((reply.status(), reply.version()), (StatusCode::OK, http::Version::HTTP_11));
    assert_eq!(body(reply).await, newer);
}

#[tokio::test]
async fn the_door_is_the_same_for_http_2() {
    let service = Service::plain();
    let (howdah, pair) = encrypted(&service, Limits::default());
    let mut client = over_http_2(&howdah, &pair, 65_535).await;
    let mut code = async |request: Request<Empty<Bytes>>| {
        let reply = client.send_request(request).await.unwrap();
        let problem: serde_json::Value = serde_json::from_slice(&body(reply).await).unwrap();
        problem["code"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(code(get(&howdah, &format!("https://evil.example{INFO}"))).await, "host_not_allowed");
    let mut two = get(&howdah, &format!("https://{{host}}{INFO}"));
    two.headers_mut().insert("host", "evil.example".parse().unwrap());
    assert_eq!(code(two).await, "bad_request");
    assert_eq!(code(get(&howdah, "https://{host}/api//me")).await, "bad_path");
    let mut other = get(&howdah, &format!("https://{{host}}{INFO}"));
    other.headers_mut().insert("authorization", "Bearer of-another-kind".parse().unwrap());
    assert_eq!(code(other).await, "bad_token");
    assert_eq!(service.received(), Vec::<String>::new());
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_to_whoever_comes_next() {
    let service = Service::plain();
    let (howdah, before) = encrypted(&service, Limits::default());
    let mut open = over_http_2(&howdah, &before, 65_535).await;
    let after = Pair::new();
    // Half of a pair is none: the old one goes on.
    howdah.write("certificate.pem", &after.certificate);
    howdah.line("the listener's certificate stays as it was");
    assert!(shake(&howdah, &before, b"h2").await.is_ok());
    after.put(&howdah);
    howdah.line("the listener shows a new certificate");
    assert!(shake(&howdah, &after, b"h2").await.is_ok());
    assert!(shake(&howdah, &before, b"h2").await.is_err());
    let reply = open.send_request(get(&howdah, &format!("https://{{host}}{INFO}"))).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
}

/// Whether the program ends a connection by itself.
async fn is_ended(stream: &mut (impl AsyncReadExt + Unpin)) -> bool {
    let mut rest = Vec::new();
    // An error is an end as well.
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test]
async fn whoever_does_not_go_on_is_let_go() {
    let service = Service::plain();
    let (howdah, pair) = encrypted(&service, Limits { header_seconds: 1, reply_seconds: 1, ..Limits::default() });
    let mut silent = TcpStream::connect(howdah.address()).await.unwrap();
    assert!(is_ended(&mut silent).await, "before the handshake");
    let mut plain = TcpStream::connect(howdah.address()).await.unwrap();
    plain.write_all(howdah.fill("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    assert!(is_ended(&mut plain).await, "without TLS");
    for (said, when) in [
        (&b""[..], "after the handshake"),
        (b"PRI * HTTP/2.0\r\n", "within the preface"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "after the settings"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\0\0\0\0\x01\x82", "within the headers"),
    ] {
        let mut stream = shake(&howdah, &pair, b"h2").await.unwrap();
        stream.write_all(said).await.unwrap();
        assert!(is_ended(&mut stream).await, "{when}");
    }
}

#[tokio::test]
async fn a_reply_that_is_not_taken_gives_its_place_to_the_next() {
    let row = format!("\"{}\",", "x".repeat(64 * 1024 - 3));
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n[", 512 * row.len() + 3);
    let service = Service::answering(move |_| {
        let rows = std::iter::repeat_n(row.clone().into_bytes(), 512);
        std::iter::once(head.clone().into_bytes()).chain(rows).chain([b"1]".to_vec()]).collect()
    });
    let (howdah, pair) = encrypted(&service, Limits { reply_seconds: 1, connections: 1, ..Limits::default() });
    let apps = "https://{host}/api/connections/rm/ws/v1/cluster/apps";
    let mut slow = over_http_2(&howdah, &pair, 1024).await;
    let left = slow.send_request(get(&howdah, apps)).await.unwrap();
    assert_eq!(left.status(), StatusCode::OK);
    // Only one connection may be open: this one is taken when the other has ended.
    let begun = Instant::now();
    let reply = loop {
        let mut next = over_http_2(&howdah, &pair, 1 << 20).await;
        let reply = next.send_request(get(&howdah, apps)).await.unwrap();
        if reply.status() != StatusCode::SERVICE_UNAVAILABLE {
            break reply;
        }
        assert!(begun.elapsed() < PATIENCE, "there was never a place");
    };
    assert_eq!(body(reply).await.len(), 512 * 64 * 1024 + 3);
    assert!(left.into_body().collect().await.is_err());
}
