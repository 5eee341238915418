//! The simulators' HTTP server: hyper for what it can do, and the bare socket for what no good server would.

use std::future::{Future, poll_fn};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::routes::lock;

/// The most bytes that a request body may have.
const BODY_LIMIT: usize = 1 << 20;
/// How much of a request is looked at to see whether its connection is to be reset unread.
const PEEK_LIMIT: usize = 2048;
/// How long one waits for enough of a request to see that.
const PEEK_TIME: Duration = Duration::from_secs(1);

/// A request, read whole.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What is answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// A reply as HTTP has it.
    Reply(Box<Response<Full<Bytes>>>),
    /// The connection is taken from the HTTP server, and this is done with it.
    Raw(Vec<Step>),
}

/// One thing to do with a bare connection. After the last one it is closed.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Write these bytes, by a write of their own.
    Write(Bytes),
    /// Write these bytes until the caller has had enough.
    WriteForEver(Bytes),
    /// Stay silent until the caller gives up.
    Hang,
    /// End the connection with a TCP reset.
    Reset,
}

impl Answer {
    /// A JSON reply.
    pub(super) fn json(status: StatusCode, body: &Value) -> Answer {
        Answer::text(status, "application/json", body.to_string())
    }

    /// A reply of any other type.
    pub(super) fn text(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Answer {
        let mut reply = Response::new(Full::new(body.into()));
        *reply.status_mut() = status;
        reply.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
        Answer::Reply(Box::new(reply))
    }
}

/// What a simulator does.
pub(super) trait Service: Send + Sync + 'static {
    /// Answers a request.
    fn answer(&self, asked: Asked) -> impl Future<Output = Answer> + Send;

    /// Whether the connection is reset before its first request is read, by the beginning of that request.
    fn resets_unread(&self, _beginning: &[u8]) -> bool {
        false
    }
}

/// What a conversation goes over.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin + 'static {
    /// The connection below.
    fn tcp(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// The running servers; they end when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Servers {
    accepting: Vec<AbortHandle>,
}

impl Servers {
    /// Serves on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If no port can be had.
    pub(super) async fn serve<S: Service>(&mut self, service: Arc<S>) -> io::Result<SocketAddr> {
        self.listen(service, None).await
    }

    /// As [`Servers::serve`], with TLS. No connection is reset unread there.
    ///
    /// # Errors
    /// If no port can be had.
    pub(super) async fn serve_tls<S: Service>(
        &mut self,
        service: Arc<S>,
        acceptor: TlsAcceptor,
    ) -> io::Result<SocketAddr> {
        self.listen(service, Some(acceptor)).await
    }

    async fn listen<S: Service>(&mut self, service: Arc<S>, tls: Option<TlsAcceptor>) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        self.accepting.push(tokio::spawn(accept(listener, service, tls)).abort_handle());
        Ok(address)
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for accepting in &self.accepting {
            accepting.abort();
        }
    }
}

async fn accept<S: Service>(listener: TcpListener, service: Arc<S>, tls: Option<TlsAcceptor>) {
    // Dropping the set ends the connections with the listener.
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(greet(stream, service.clone(), tls.clone()));
            }
            // Out of file descriptors, or a caller that has gone already: the next one may do better.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn greet<S: Service>(stream: TcpStream, service: Arc<S>, tls: Option<TlsAcceptor>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    if let Some(acceptor) = tls {
        if let Ok(stream) = acceptor.accept(stream).await {
            converse(stream, service).await;
        }
    } else if service.resets_unread(&beginning(&stream).await) {
        reset(&stream);
    } else {
        converse(stream, service).await;
    }
}

async fn converse<W: Wire, S: Service>(stream: W, service: Arc<S>) {
    let taken: Arc<Mutex<Option<Vec<Step>>>> = Arc::default();
    let take = taken.clone();
    type Reply = Result<Response<Full<Bytes>>, io::Error>;
    let handle = service_fn(move |request: http::Request<Incoming>| {
        let (service, take) = (service.clone(), take.clone());
        let reply: Pin<Box<dyn Future<Output = Reply> + Send>> = Box::pin(async move {
            match answer(&*service, request).await {
                Answer::Reply(reply) => Ok(*reply),
                Answer::Raw(steps) => {
                    *lock(&take) = Some(steps);
                    Err(io::Error::other("the connection is taken over"))
                }
            }
        });
        reply
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), handle);
    // Either the caller is done, or the handler has refused to answer through HTTP: both end here.
    let _ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    let steps = lock(&taken).take();
    if let Some(steps) = steps {
        act(stream, steps).await;
    }
}

async fn answer<S: Service>(service: &S, request: http::Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => {
            let asked = Asked { method: head.method, uri: head.uri, headers: head.headers, body: body.to_bytes() };
            service.answer(asked).await
        }
        Err(_) => Answer::text(StatusCode::BAD_REQUEST, "text/plain", "the request body is too large or broken"),
    }
}

/// The beginning of the first request, which stays unread: its first line, or what there is of it after a while.
async fn beginning(stream: &TcpStream) -> Vec<u8> {
    let mut seen = vec![0; PEEK_LIMIT];
    let mut length = 0;
    let look = async {
        loop {
            match stream.peek(&mut seen).await {
                Ok(0) | Err(_) => return,
                Ok(count) => length = count,
            }
            if length == PEEK_LIMIT || seen[..length].contains(&b'\n') {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let _whole_or_not = tokio::time::timeout(PEEK_TIME, look).await;
    seen.truncate(length);
    seen
}

async fn act<W: Wire>(mut stream: W, steps: Vec<Step>) {
    for step in steps {
        let done = match step {
            Step::Write(bytes) => stream.write_all(&bytes).await.is_ok(),
            Step::WriteForEver(bytes) => {
                while stream.write_all(&bytes).await.is_ok() {}
                false
            }
            Step::Hang => {
                let mut ignored = [0; 512];
                while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
                false
            }
            Step::Reset => {
                reset(stream.tcp());
                return;
            }
        };
        if !done {
            return;
        }
    }
    let _gone_already = stream.shutdown().await;
}

/// Makes closing the stream a TCP reset: what is unread or unsent is thrown away.
fn reset(stream: &TcpStream) {
    let _gone_already = stream.set_zero_linger();
}
