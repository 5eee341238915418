//! What HTTP/2 needs beyond HTTP/1.1: its requests in the form of that, and an end for connections on which nothing
//! happens. HTTP/1.1's own parser sees to the latter, HTTP/2's does not.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http::header::{COOKIE, HOST, HeaderValue};
use http::{Request, Response, Uri};
use http_body::{Frame, SizeHint};
use tokio::time::Instant;

/// Writes a request as HTTP/1.1 would have it, so that everything behind reads one form: a `Host` and a path in place
/// of the whole address, and one `Cookie` in place of its crumbs. A `Host` that differs from the address stays beside
/// it, and is refused at the door as a repeated one.
pub(super) fn as_http_1<B>(request: &mut Request<B>) {
    let Some(authority) = request.uri().authority().cloned() else { return };
    let host = HeaderValue::from_str(authority.as_str());
    let mut parts = std::mem::take(request.uri_mut()).into_parts();
    (parts.scheme, parts.authority) = (None, None);
    *request.uri_mut() = Uri::from_parts(parts).unwrap_or_default();
    let headers = request.headers_mut();
    if let Ok(host) = host
        && headers.get(HOST) != Some(&host)
    {
        headers.append(HOST, host);
    }
    if headers.get_all(COOKIE).iter().nth(1).is_some() {
        let crumbs: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
        // Made of values alone, it is one.
        if let Ok(whole) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..])) {
            headers.insert(COOKIE, whole);
        }
    }
}

/// The exchanges of a connection that are under way.
#[derive(Clone, Default)]
pub(super) struct Exchanges(Arc<Mutex<Vec<Weak<Exchange>>>>);

/// An exchange, from its request's head to its reply's last byte.
#[derive(Default)]
pub(super) struct Exchange {
    /// Since when a part of the reply has been there that the caller has not made room for.
    waiting: Mutex<Option<Instant>>,
}

impl Exchange {
    fn waits(&self, since: Option<Instant>) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

impl Exchanges {
    /// Another one has begun; it ends with what is returned.
    pub(super) fn begin(&self) -> Arc<Exchange> {
        let exchange = Arc::default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&exchange));
        exchange
    }

    /// Resolves when there has been none for so long, or when the caller of one takes nothing of its reply for so long.
    pub(super) async fn stall(&self, idle: Duration, reply: Duration) {
        let mut last = Instant::now();
        loop {
            tokio::time::sleep(idle.min(reply) / 4).await;
            let now = Instant::now();
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|exchange| exchange.strong_count() > 0);
            let since = |exchange: Arc<Exchange>| *exchange.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if !all.is_empty() {
                last = now;
            }
            let is_stuck = |exchange: &Weak<Exchange>| {
                exchange.upgrade().and_then(since).is_some_and(|since| now - since >= reply)
            };
            if now - last >= idle || all.iter().any(is_stuck) {
                return;
            }
        }
    }
}

/// A reply whose caller is watched.
pub(super) fn watched(response: Response<Body>, exchange: Arc<Exchange>) -> Response<Watched> {
    response.map(|body| Watched { body, exchange })
}

/// A body that knows whether the caller has made room for more of it: only then it is asked.
pub(super) struct Watched {
    body: Body,
    exchange: Arc<Exchange>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.exchange.waits(None);
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.exchange.waits(Some(Instant::now()));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[test]
    fn a_request_is_written_as_of_http_1() {
        let mut request = Request::get("https://howdah.example:8443/api/me?a=b")
            .header("cookie", "a=b")
            .header("cookie", "c=d")
            .body(())
            .unwrap();
        as_http_1(&mut request);
        assert_eq!(request.uri(), "/api/me?a=b");
        assert_eq!(request.headers()[HOST], "howdah.example:8443");
        assert_eq!(request.headers().get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=b; c=d"]);
    }

    #[test]
    fn another_host_than_the_addressed_one_stays_beside_it() {
        let mut request = Request::get("https://howdah.example/").header(HOST, "evil.example").body(()).unwrap();
        as_http_1(&mut request);
        assert_eq!(request.headers().get_all(HOST).iter().count(), 2);
        let mut request = Request::get("https://howdah.example/").header(HOST, "howdah.example").body(()).unwrap();
        as_http_1(&mut request);
        assert_eq!(request.headers().get_all(HOST).iter().count(), 1);
    }

    const IDLE: Duration = Duration::from_secs(10);
    const REPLY: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_an_exchange_has_stalled() {
        let (exchanges, begun) = (Exchanges::default(), Instant::now());
        let exchange = exchanges.begin();
        let stalled = tokio::spawn({
            let exchanges = exchanges.clone();
            async move { exchanges.stall(IDLE, REPLY).await }
        });
        tokio::time::sleep(REPLY * 2).await;
        assert!(!stalled.is_finished());
        drop(exchange);
        stalled.await.unwrap();
        assert!((REPLY * 2 + IDLE * 3 / 4..REPLY * 2 + IDLE * 2).contains(&begun.elapsed()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reply_that_nobody_takes_has_stalled_and_one_that_is_taken_has_not() {
        let exchanges = Exchanges::default();
        let mut taken = watched(
            Response::new(Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>())),
            exchanges.begin(),
        );
        let reading = tokio::spawn(async move { taken.body_mut().frame().await });
        let stalled = exchanges.stall(IDLE, REPLY);
        assert!(tokio::time::timeout(REPLY * 3, stalled).await.is_err());
        let mut left = watched(Response::new(Body::from("all of it")), exchanges.begin());
        left.body_mut().frame().await.unwrap().unwrap();
        exchanges.stall(IDLE, REPLY).await;
        reading.abort();
    }
}
