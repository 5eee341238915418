//! The listener: connections, their limits, TLS, and how they end.

mod http2;
mod stalling;
mod tls;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures_util::future::join_all;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2 as h2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::util::Oneshot;
use tower::{Service, ServiceExt};

use self::http2::Exchanges;
pub(crate) use self::stalling::Stalling;
pub use self::tls::Tls;
use crate::app::App;
use crate::config::LimitsConfig;
use crate::server::{self, Entrance};

/// Requests that one connection of HTTP/2 may have under way at once.
const STREAMS: u32 = 100;
/// What may be held for one of them, in bytes, in either direction.
const STREAM_BYTES: u32 = 64 * 1024;

/// Connections beyond those that are served: each waits a little for a place, and is then told that there is none.
const WAITING: usize = 256;
/// How long it waits.
const WAIT: Duration = Duration::from_secs(5);

/// Who is at the other end of the connection.
#[derive(Clone, Copy)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether there is a place for it; without one it is told so and nothing else.
    pub has_place: bool,
}

/// What every connection is served with.
struct Serving<S> {
    http_1: http1::Builder,
    http_2: h2::Builder<TokioExecutor>,
    /// How long a caller may take for its headers, and to take something of its reply.
    header_time: Duration,
    reply_time: Duration,
    tls: Option<Arc<Tls>>,
    service: S,
    stopping: CancellationToken,
}

/// An address that is listened on, and what stands there.
pub struct Listening {
    /// The listener.
    pub listener: TcpListener,
    /// What stands there.
    pub entrance: Entrance,
}

/// Places for connections, of all addresses together.
#[derive(Clone)]
struct Places {
    /// With those who wait for one.
    open: Arc<Semaphore>,
    served: Arc<Semaphore>,
}

/// Serves until `stop` resolves, then waits for what is under way, for as long as the limits allow.
pub async fn serve(
    app: Arc<App>,
    listening: Vec<Listening>,
    tls: Option<Arc<Tls>>,
    limits: &LimitsConfig,
    stop: impl Future<Output = ()>,
) {
    let header_time = Duration::from_secs(limits.header_seconds.into());
    // The parsers take twice what is allowed, so that it is the door which answers, with a problem.
    let mut http_1 = http1::Builder::new();
    http_1
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_headers(2 * limits.header_lines as usize)
        .max_buf_size(2 * limits.header_bytes as usize);
    let mut http_2 = h2::Builder::new(TokioExecutor::new());
    http_2
        .timer(TokioTimer::new())
        .max_header_list_size(2 * limits.header_bytes)
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(STREAM_BYTES)
        .max_send_buf_size(STREAM_BYTES as usize)
        .keep_alive_interval(header_time)
        .keep_alive_timeout(header_time);
    let connections = TaskTracker::new();
    let most = usize::try_from(limits.connections).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS - WAITING);
    let places = Places { open: Arc::new(Semaphore::new(most + WAITING)), served: Arc::new(Semaphore::new(most)) };
    let stopping = CancellationToken::new();
    let accepting = listening.into_iter().map(|Listening { listener, entrance }| {
        let serving = Arc::new(Serving {
            http_1: http_1.clone(),
            http_2: http_2.clone(),
            header_time,
            reply_time: Duration::from_secs(limits.reply_seconds.into()),
            tls: tls.clone(),
            service: server::layers(&app, entrance),
            stopping: stopping.clone(),
        });
        accept(&app, listener, serving, &connections, places.clone())
    });
    // Nobody is let in any more once this is dropped.
    tokio::select! {
        _ = join_all(accepting) => {}
        () = stop => {}
    }
    app.changes.close();
    app.watching.stop();
    stopping.cancel();
    connections.close();
    let all = async { tokio::join!(connections.wait(), app.changes.wait()) };
    if timeout(Duration::from_secs(limits.stop_seconds.into()), all).await.is_err() {
        tracing::warn!("stopped while something was under way; the journal knows what");
    }
}

/// Takes in connections, without an end.
async fn accept<S, F>(
    app: &App,
    listener: TcpListener,
    serving: Arc<Serving<S>>,
    connections: &TaskTracker,
    places: Places,
) where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future = F>
        + Clone
        + Send
        + Sync
        + 'static,
    F: Future<Output = Result<Response<Body>, Infallible>> + Send + 'static,
{
    loop {
        let held = places.open.clone().acquire_owned().await;
        let (Ok((stream, address)), Ok(held)) = (listener.accept().await, held) else {
            // Out of file descriptors, most likely: others must end first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (serving, served, counted) = (serving.clone(), places.served.clone(), app.metrics.connection());
        connections.spawn(async move {
            let place = timeout(WAIT, served.acquire_owned()).await;
            serving.connection(stream, Peer { address, has_place: place.is_ok() }).await;
            drop((place, held, counted));
        });
    }
}

impl<S, F> Serving<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future = F> + Clone + Send + 'static,
    F: Future<Output = Result<Response<Body>, Infallible>> + Send + 'static,
{
    async fn connection(&self, stream: TcpStream, peer: Peer) {
        let _ = stream.set_nodelay(true);
        let stream = Stalling::new(stream, self.reply_time);
        let Some(tls) = &self.tls else { return self.over_http_1(stream, peer).await };
        let shaken = timeout(self.header_time, tls.acceptor.accept(stream)).await;
        match shaken {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(tls::HTTP_2) => {
                self.over_http_2(stream, peer).await;
            }
            Ok(Ok(stream)) => self.over_http_1(stream, peer).await,
            Ok(Err(error)) => tracing::debug!(%error, peer = %peer.address, "no handshake"),
            Err(_) => tracing::debug!(peer = %peer.address, "a handshake took too long"),
        }
    }

    async fn over_http_1(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: Peer) {
        let inner = self.service.clone();
        let service = service_fn(move |request: Request<Incoming>| answer(inner.clone(), request, peer));
        let mut http_1 = self.http_1.clone();
        let connection =
            http_1.keep_alive(peer.has_place).serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        note(ended, peer);
    }

    async fn over_http_2(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: Peer) {
        let exchanges = Exchanges::default();
        let begun = exchanges.clone();
        let inner = self.service.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            let exchange = begun.begin();
            http2::as_http_1(&mut request);
            let answer = answer(inner.clone(), request, peer);
            async move { answer.await.map(|response| http2::watched(response, exchange)) }
        });
        let mut connection = pin!(self.http_2.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = exchanges.stall(self.header_time, self.reply_time) => {
                connection.as_mut().graceful_shutdown();
                // Whoever does not talk to us may not listen either; the rest of a reply may still be on its way.
                timeout(self.reply_time, connection).await.unwrap_or(Ok(()))
            }
        };
        note(ended, peer);
    }
}

/// Has the layers answer a request.
fn answer<S>(service: S, request: Request<Incoming>, peer: Peer) -> Oneshot<S, Request<Body>>
where
    S: Service<Request<Body>>,
{
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    service.oneshot(request)
}

fn note(ended: hyper::Result<()>, peer: Peer) {
    if let Err(error) = ended {
        tracing::debug!(%error, peer = %peer.address, "a connection ended badly");
    }
}
