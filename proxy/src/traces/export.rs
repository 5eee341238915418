//! Sending spans to a collector: OTLP over HTTP, as JSON.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use prometheus_client::metrics::counter::Counter;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::config::TracesConfig;
use crate::gateway::lane::{Connector, connector};
use crate::gateway::reading::chain;
use crate::gateway::trust::Trust;
use crate::secrets::Secret;

/// Spans that wait to be sent; what comes beyond them is dropped.
const WAITING: usize = 2048;
/// Spans that are sent together.
const TOGETHER: usize = 512;
/// How long the first of them waits for others.
const GATHERS: Duration = Duration::from_secs(2);
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a stop waits until what is left is sent.
const STOP: Duration = Duration::from_secs(2);
/// The most of the collector's reply that is read.
const REPLY: usize = 64 * 1024;

/// Sends until it is stopped.
pub struct Exporter {
    stop: CancellationToken,
    work: JoinHandle<()>,
}

impl Exporter {
    /// Begins to send what the sender is given.
    ///
    /// # Errors
    /// A sentence for a header or an address that is not one.
    pub(super) fn start(config: &TracesConfig, dropped: Counter) -> Result<(Sender<Value>, Exporter), String> {
        let collector = Collector::of(config, dropped)?;
        let (sender, spans) = channel(WAITING);
        let stop = CancellationToken::new();
        let work = tokio::spawn(collector.run(spans, stop.clone()));
        Ok((sender, Exporter { stop, work }))
    }

    /// Sends what is left, if that is possible soon.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if timeout(STOP, &mut self.work).await.is_err() {
            self.work.abort();
        }
    }
}

struct Collector {
    client: Client<Connector, Full<Bytes>>,
    endpoint: Uri,
    headers: Vec<(HeaderName, Secret)>,
    dropped: Counter,
    /// Whether it took what it was sent last.
    well: bool,
}

impl Collector {
    fn of(config: &TracesConfig, dropped: Counter) -> Result<Collector, String> {
        let header = |(name, secret): (&String, _)| {
            let name = name.parse().map_err(|_| format!("traces.headers: {name:?} is no header"))?;
            Ok((name, Secret::open(secret)?))
        };
        Ok(Collector {
            client: Client::builder(TokioExecutor::new())
                .pool_idle_timeout(Duration::from_secs(30))
                .pool_max_idle_per_host(1)
                .pool_timer(TokioTimer::new())
                .build(connector(Trust::Machine)?),
            endpoint: config.endpoint.parse().map_err(|_| "traces.endpoint is not an address")?,
            headers: config.headers.iter().map(header).collect::<Result<_, String>>()?,
            dropped,
            well: true,
        })
    }

    async fn run(mut self, mut spans: Receiver<Value>, stop: CancellationToken) {
        let mut batch = Vec::new();
        while !stop.is_cancelled() {
            let gather = async {
                spans.recv_many(&mut batch, TOGETHER).await;
                let others = async {
                    while batch.len() < TOGETHER
                        && let Some(span) = spans.recv().await
                    {
                        batch.push(span);
                    }
                };
                let _ = timeout(GATHERS, others).await;
            };
            tokio::select! {
                () = gather => {}
                () = stop.cancelled() => while let Ok(span) = spans.try_recv() {
                    batch.push(span);
                }
            }
            if !batch.is_empty() {
                self.deliver(std::mem::take(&mut batch)).await;
            }
        }
    }

    /// Sends spans, once: a collector that is away is not owed what happened meanwhile.
    async fn deliver(&mut self, spans: Vec<Value>) {
        let count = spans.len();
        let sent = timeout(PATIENCE, self.send(spans)).await;
        match sent.unwrap_or_else(|_| Err(format!("no answer within {} s", PATIENCE.as_secs()))) {
            Ok(()) if self.well => {}
            Ok(()) => tracing::info!("traces are taken again"),
            Err(why) => {
                self.dropped.inc_by(count as u64);
                if self.well {
                    tracing::warn!(why, "traces cannot be sent; they are dropped until the collector takes them");
                }
                self.well = false;
                return;
            }
        }
        self.well = true;
    }

    async fn send(&self, spans: Vec<Value>) -> Result<(), String> {
        let mut request = Request::new(Full::new(Bytes::from(document(spans).to_string())));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.endpoint.clone();
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, secret) in &self.headers {
            secret.refresh()?;
            let value = HeaderValue::from_str(secret.current().expose_secret());
            let mut value = value.map_err(|_| format!("the secret of the header {name} cannot be sent"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(name.clone(), value);
        }
        let response = self.client.request(request).await.map_err(|error| chain(&error))?;
        let status = response.status();
        // Read, so that the connection can be used again.
        let _ = Limited::new(response.into_body(), REPLY).collect().await;
        if status.is_success() { Ok(()) } else { Err(format!("the collector answered {}", status.as_u16())) }
    }
}

fn document(spans: Vec<Value>) -> Value {
    let attribute = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    let version = env!("CARGO_PKG_VERSION");
    json!({ "resourceSpans": [{
        "resource": { "attributes": [attribute("service.name", "howdah"), attribute("service.version", version)] },
        "scopeSpans": [{ "scope": { "name": "howdah", "version": version }, "spans": spans }],
    }] })
}
