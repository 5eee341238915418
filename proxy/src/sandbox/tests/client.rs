//! A client that hides nothing of what a server does.

use std::net::SocketAddr;

use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::{HadoopEco, SimCluster};

pub(super) struct Client {
    stream: TcpStream,
    seen: Vec<u8>,
    pub(super) reset: bool,
}

/// A reply that has come to its end, good or bad.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
    /// Whether the body is as long as its head announced.
    pub(super) whole: bool,
    /// The sizes of the chunks, where there were any.
    pub(super) chunks: Vec<usize>,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

impl Client {
    pub(super) async fn connect(address: SocketAddr) -> Client {
        Client { stream: TcpStream::connect(address).await.unwrap(), seen: Vec::new(), reset: false }
    }

    pub(super) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads more; `false` at the end.
    async fn read(&mut self) -> bool {
        // Not within the future, which would be copied from stack to stack.
        let mut buffer = vec![0; 65_536];
        match self.stream.read(&mut buffer).await {
            Ok(0) => false,
            Ok(count) => {
                self.seen.extend_from_slice(&buffer[..count]);
                true
            }
            Err(_) => {
                self.reset = true;
                false
            }
        }
    }

    /// The head of a reply.
    pub(super) async fn head(&mut self) -> String {
        while !self.seen.windows(4).any(|window| window == b"\r\n\r\n") {
            assert!(self.read().await, "no head in {:?}", String::from_utf8_lossy(&self.seen));
        }
        String::from_utf8_lossy(&self.seen).split("\r\n\r\n").next().unwrap().to_owned()
    }

    /// Reads at least so many bytes.
    pub(super) async fn at_least(&mut self, count: usize) {
        while self.seen.len() < count {
            assert!(self.read().await);
        }
    }

    /// Everything until the connection ends.
    pub(super) async fn rest(&mut self) -> Vec<u8> {
        while self.read().await {}
        std::mem::take(&mut self.seen)
    }

    /// Whether nothing at all has come so far.
    pub(super) fn silent(&self) -> bool {
        let error = self.stream.try_read(&mut [0; 1]).err();
        self.seen.is_empty() && error.is_some_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

/// Sends a request and reads until the connection ends; `None` if it was reset without a reply.
pub(super) async fn ask(address: SocketAddr, method: &str, target: &str, headers: &str, body: &str) -> Option<Reply> {
    let mut client = Client::connect(address).await;
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    client.send(&request).await;
    let bytes = client.rest().await;
    if client.reset && bytes.is_empty() {
        return None;
    }
    Some(parse(&bytes))
}

fn parse(bytes: &[u8]) -> Reply {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {text:?}"));
    let head = head.to_lowercase();
    let status = head[9..12].parse().unwrap();
    let announced =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map(|n| n.parse::<usize>().unwrap());
    let (body, chunks) = match head.contains("transfer-encoding: chunked") {
        true => dechunk(body),
        false => (body.to_owned(), Vec::new()),
    };
    let whole = announced.is_none_or(|length| length == body.len());
    Reply { status, head, body, whole, chunks }
}

fn dechunk(mut rest: &str) -> (String, Vec<usize>) {
    let (mut body, mut sizes) = (String::new(), Vec::new());
    loop {
        let (size, tail) = rest.split_once("\r\n").expect("a chunk's size");
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return (body, sizes);
        }
        sizes.push(size);
        body.push_str(&tail[..size]);
        rest = tail[size..].strip_prefix("\r\n").unwrap();
    }
}

/// The headers that a good caller sends for a cluster.
pub(super) fn headers(service: &HadoopEco, cluster: &SimCluster) -> String {
    let key =
        cluster.key.as_ref().map_or(String::new(), |key| format!("hadoop-eco-api-key: {}\r\n", key.expose_secret()));
    format!(
        "{key}credential-id: {}\r\ncredential-secret: {}\r\ncontent-type: application/json\r\n",
        service.credential_id,
        service.credential_secret.expose_secret()
    )
}

/// Runs a cluster again.
pub(super) async fn post(service: &HadoopEco, cluster: &SimCluster, body: &str) -> Option<Reply> {
    let target = format!("/v2/hadoop-eco/clusters/{}", cluster.id);
    ask(service.address, "POST", &target, &headers(service, cluster), body).await
}

/// Asks for a run.
pub(super) async fn get(service: &HadoopEco, cluster: &SimCluster, id: &str, query: &str) -> Option<Reply> {
    let target = format!("/v2/hadoop-eco/clusters/{}/requests/{id}{query}", cluster.id);
    ask(service.address, "GET", &target, &headers(service, cluster), "").await
}

/// What was really started for a cluster.
pub(super) async fn runs(service: &HadoopEco, cluster: &SimCluster) -> Vec<String> {
    let reply = ask(service.address, "GET", "/_sandbox/runs", "", "").await.unwrap().json();
    let of_cluster = reply.as_array().unwrap().iter().filter(|run| run["clusterId"] == cluster.id.as_str());
    of_cluster.map(|run| run["requestId"].as_str().unwrap().to_owned()).collect()
}

/// The cluster of a name.
pub(super) fn named<'a>(clusters: &'a [SimCluster], name: &str) -> &'a SimCluster {
    clusters.iter().find(|cluster| cluster.name == name).unwrap_or_else(|| panic!("no cluster {name}"))
}
