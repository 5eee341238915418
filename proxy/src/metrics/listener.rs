//! The listener of the numbers: one address, for whoever may reach it. It shares nothing with the console's.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::listening::Stalling;

/// The format of OpenMetrics.
const FORMAT: HeaderValue = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
/// Connections that are open at once; more than a few who look on are none.
const CONNECTIONS: usize = 16;
/// How long a caller may take to send its request: it holds one of few places.
const REQUEST: Duration = Duration::from_secs(2);
/// How long it may take nothing of the reply.
const REPLY: Duration = Duration::from_secs(10);

/// Serves the numbers until it is dropped.
pub async fn serve(app: Arc<App>, listener: TcpListener) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(REQUEST).keep_alive(false).max_buf_size(16 * 1024);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others must end first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let app = app.clone();
        let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
            let app = app.clone();
            async move { Ok::<_, Infallible>(answer(&app, request.method(), request.uri().path()).await) }
        });
        let connection = http.serve_connection(TokioIo::new(Stalling::new(stream, REPLY)), answer);
        tokio::spawn(async move {
            // Whoever goes away has heard enough.
            let _ = connection.await;
            drop(place);
        });
    }
}

async fn answer(app: &Arc<App>, method: &Method, path: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    if (method, path) != (&Method::GET, "/metrics") {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    match app.metrics.text(app).await {
        Ok(text) => {
            response.headers_mut().insert(CONTENT_TYPE, FORMAT);
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            *response.body_mut() = Body::from(text);
        }
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response
}
