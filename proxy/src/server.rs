//! The layers above a connection ([`crate::listening`]), in one place and in order.
//!
//! From the outside in: the trace id and the log line, what we refuse at the door
//! ([`crate::front`]), the headers of every reply, panics, CORS for portals, cross-site requests, and then the paths.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::body::Body;
use howdah_shared::problem::{Code, Problem};
use http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY, SERVER,
};
use http::{Method, Request, Response};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::csrf::CsrfLayer;
use tracing::Instrument;

use crate::app::{App, Snapshot};
use crate::assets::Assets;
#[cfg(feature = "first-picture")]
use crate::first_picture;
use crate::front::Allowed;
use crate::gateway::changing::{JOURNAL, REQUEST_ID};
use crate::gateway::reply::{self, Unwritten};
use crate::gateway::route::other_methods;
use crate::listening::Peer;
use crate::watching::socket;
use crate::{access, console, front, gateway, metrics, random, traces};

/// The header that names an exchange; log lines carry it too.
pub const TRACE_ID: HeaderName = HeaderName::from_static("howdah-trace-id");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What stands at an address that is listened on.
#[derive(Clone)]
pub enum Entrance {
    /// The console, and all that Howdah answers.
    Console,
    /// The paths of one connection's service, at the root: for clients that take a host and a port and nothing else.
    Connection {
        /// The connection's name.
        name: String,
        /// Values of `Host` that are ours there.
        hosts: Vec<String>,
    },
}

/// The layers, outermost first.
pub(crate) fn layers(
    app: &Arc<App>,
    entrance: Entrance,
) -> impl Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + 'static {
    let doors = Arc::new(Doors::new(app.clone(), Arc::new(entrance)));
    tower::service_fn(move |request: Request<Body>| {
        let (door, metrics) = (doors.current(), doors.app.metrics.clone());
        async move {
            let begun = Instant::now();
            let trace = random::word().unwrap_or_default();
            let span = traces::request(&trace, request.method());
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let (parts, body) = request.into_parts();
            let has_place = parts.extensions.get::<Peer>().is_none_or(|peer| peer.has_place);
            let response = match front::check(&parts, &door.allowed()) {
                Err(problem) => metrics::asked("", metrics::DOOR, reply::problem(problem)),
                Ok(()) if !has_place => metrics::asked("", metrics::DOOR, reply::problem(no_place())),
                Ok(()) => {
                    let answering = door.inner.clone().oneshot(Request::from_parts(parts, body));
                    let Ok(response) = answering.instrument(span.clone()).await;
                    response
                }
            };
            let (response, code) = written(response, &trace);
            let mut response = dressed(response, &trace, &door.policy);
            metrics.answered(&mut response, code, begun.elapsed(), &span);
            // The query is left out: callers put secrets there.
            tracing::info!(
                trace, %method, path, status = response.status().as_u16(),
                code = code.map(Code::as_str),
                ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), "answered"
            );
            Ok(response)
        }
    })
}

fn no_place() -> Problem {
    let detail = "Howdah holds as many connections as it may. Try again in a moment; nothing was done.";
    Problem { retry_after: Some(1), ..Problem::new(Code::TooManyConnections, detail) }
}

/// The layers that know the portals, made anew when the configuration is.
struct Doors {
    app: Arc<App>,
    entrance: Arc<Entrance>,
    held: RwLock<Arc<Door>>,
}

/// The layers as a configuration wants them.
struct Door {
    snapshot: Arc<Snapshot>,
    entrance: Arc<Entrance>,
    policy: HeaderValue,
    /// The path of the WebSocket, where there is one.
    socket: Option<String>,
    /// Where paths begin in which a name may hold an encoded slash.
    slashed: Vec<String>,
    // The layers' types are erased: the compiler cannot see through all of them.
    inner: BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>,
}

impl Doors {
    fn new(app: Arc<App>, entrance: Arc<Entrance>) -> Doors {
        let held = RwLock::new(Arc::new(Door::new(&app, &entrance, app.snapshot())));
        Doors { app, entrance, held }
    }

    fn current(&self) -> Arc<Door> {
        let snapshot = self.app.snapshot();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        if Arc::ptr_eq(&held.snapshot, &snapshot) {
            return held;
        }
        let fresh = Arc::new(Door::new(&self.app, &self.entrance, snapshot));
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        fresh
    }
}

impl Door {
    fn allowed(&self) -> Allowed<'_> {
        let hosts = match &*self.entrance {
            Entrance::Console => &self.snapshot.hosts,
            Entrance::Connection { hosts, .. } => hosts,
        };
        let (socket, limits) = (self.socket.as_deref(), &self.snapshot.limits);
        let (header_lines, header_bytes) = (limits.header_lines, limits.header_bytes);
        Allowed { hosts, socket, slashed: &self.slashed, header_lines, header_bytes }
    }

    fn new(app: &Arc<App>, entrance: &Arc<Entrance>, snapshot: Arc<Snapshot>) -> Door {
        // At a connection's own address there is no page, so no page of another origin has anything to do there.
        let (origin, portals) = match &**entrance {
            Entrance::Console => (Some(snapshot.public.origin.as_str()), snapshot.portals.as_slice()),
            Entrance::Connection { .. } => (None, &[][..]),
        };
        let policy = policy(portals, &app.assets);
        let inner = BoxCloneSyncService::new(inner(app, entrance, origin, portals));
        let base = snapshot.public.base.trim_end_matches('/');
        let socket = origin.map(|_| format!("{base}{}", socket::PATH));
        let slashed = slashed(&snapshot, entrance, base);
        Door { snapshot, entrance: entrance.clone(), policy, socket, slashed, inner }
    }
}

/// Where the paths of the connections begin whose names may hold a slash: those of their operations and their pages.
fn slashed(snapshot: &Snapshot, entrance: &Entrance, base: &str) -> Vec<String> {
    let of_system = |name: &str| snapshot.connections.get(name).is_some_and(|one| one.system.has_slashed_names());
    match entrance {
        Entrance::Connection { name, .. } => of_system(name).then(|| "/".to_owned()).into_iter().collect(),
        Entrance::Console => {
            let names = snapshot.connections.keys().filter(|name| of_system(name));
            names.flat_map(|name| ["/api", ""].map(|place| format!("{base}{place}/connections/{name}/"))).collect()
        }
    }
}

fn inner(
    app: &Arc<App>,
    entrance: &Arc<Entrance>,
    origin: Option<&str>,
    portals: &[String],
) -> impl Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
+ Clone
+ Send
+ Sync
+ 'static
+ use<> {
    let allowed: Vec<HeaderValue> = portals.iter().filter_map(|origin| origin.parse().ok()).collect();
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list(allowed))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE, IDEMPOTENCY_KEY, LAST_EVENT_ID])
        .expose_headers([TRACE_ID, REQUEST_ID, JOURNAL])
        .max_age(Duration::from_secs(600));
    let mut csrf = CsrfLayer::new();
    for origin in portals.iter().map(String::as_str).chain(origin) {
        csrf = match csrf.clone().add_trusted_origin(origin) {
            Ok(trusting) => trusting,
            Err(error) => {
                tracing::error!(%error, "an origin cannot be trusted");
                csrf
            }
        };
    }
    let refused = |_: tower_http::csrf::ProtectionError| {
        reply::problem(Problem::new(
            Code::CrossSite,
            "Another site asked for this with your browser. Nothing was done.",
        ))
    };
    ServiceBuilder::new()
        .layer(cors)
        .layer(csrf.with_rejection_response(refused))
        .map_response(|response: Response<_>| response.map(Body::new))
        .layer(CatchPanicLayer::custom(panicked))
        .service(tower::service_fn({
            let (app, entrance) = (app.clone(), entrance.clone());
            move |request: Request<Body>| {
                let (app, entrance) = (app.clone(), entrance.clone());
                // In one place on the heap: the layers would move it, with all that it may ever hold, again and again.
                Box::pin(async move {
                    Ok::<_, Infallible>(match &*entrance {
                        Entrance::Console => answer(&app, request).await,
                        Entrance::Connection { name, .. } => answer_connection(&app, name, request).await,
                    })
                })
            }
        }))
}

/// Writes a problem's body, now that its trace id is known; gives its code, also where the service's own words stand in
/// its place.
fn written(mut response: Response<Body>, trace: &str) -> (Response<Body>, Option<Code>) {
    let Some(Unwritten(mut problem)) = response.extensions_mut().remove::<Unwritten>() else {
        let code = response.extensions_mut().remove::<Code>();
        return (response, code);
    };
    problem.trace_id = trace.to_owned();
    let code = problem.code;
    *response.body_mut() = Body::from(serde_json::to_string(&problem).unwrap_or_default());
    (response, Some(code))
}

fn dressed(mut response: Response<Body>, trace: &str, policy: &HeaderValue) -> Response<Body> {
    let headers = response.headers_mut();
    if let Ok(trace) = HeaderValue::from_str(trace) {
        headers.insert(TRACE_ID, trace);
    }
    headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("permissions-policy", HeaderValue::from_static("camera=(), geolocation=(), microphone=()"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.remove(SERVER);
    response
}

/// What a page of ours may load, and who may frame it.
fn policy(portals: &[String], assets: &Assets) -> HeaderValue {
    let ancestors = if portals.is_empty() { "'none'".to_owned() } else { format!("'self' {}", portals.join(" ")) };
    let text = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {}; style-src 'self' {}; img-src 'self' data:; \
         connect-src 'self'; font-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors {ancestors}",
        assets.script_hashes().join(" "),
        assets.style_hashes().join(" ")
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response<Body> {
    let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    tracing::error!(cause = text.unwrap_or("unknown"), "a panic");
    reply::problem(Problem::new(Code::Internal, "Howdah met a fault of its own. The trace id finds it in the log."))
}

async fn answer(app: &Arc<App>, mut request: Request<Body>) -> Response<Body> {
    let peer = peer(&request);
    let whole = request.uri().path().to_owned();
    let snapshot = app.snapshot();
    if matches!(whole.as_str(), "/healthz" | "/readyz") {
        let response = match (request.method(), whole.as_str()) {
            (&Method::GET | &Method::HEAD, "/healthz") => text(200, "ok\n"),
            (&Method::GET | &Method::HEAD, _) if app.is_ready().await => text(200, "ready\n"),
            (&Method::GET | &Method::HEAD, _) => text(503, "the journal cannot be written\n"),
            _ => reply::problem(other_methods(&["GET", "HEAD"])),
        };
        return metrics::asked("", metrics::HEALTH, response);
    }
    let base = snapshot.public.base.trim_end_matches('/');
    let Some(path) = whole.strip_prefix(base).filter(|path| path.starts_with('/')) else {
        if whole == base {
            return moved(&snapshot.public.base);
        }
        return reply::problem(Problem::new(Code::NotFound, "There is nothing at this address."));
    };
    if path != "/api" && !path.starts_with("/api/") {
        #[cfg(feature = "first-picture")]
        if request.method() == Method::GET
            && let Some(response) =
                Box::pin(first_picture::answer(app, &snapshot, peer, request.uri(), request.headers())).await
        {
            return metrics::asked("", metrics::FILES, response);
        }
        let response = app.assets.answer(request.method().clone(), &path[1..], request.headers().clone()).await;
        return metrics::asked("", metrics::FILES, response);
    }
    if let Some(rest) = path.strip_prefix("/api/connections/") {
        let (name, below) = rest.split_once('/').map_or((rest, ""), |(name, _)| (name, &rest[name.len()..]));
        if !below.is_empty() {
            let own = token_header(&snapshot, name);
            return match access::authenticate(app, &snapshot, request.headers(), own, peer).await {
                Ok(principal) => {
                    let response = gateway::answer(app, principal, name, below, request).await;
                    reply::placed(response, &format!("{base}/api/connections/{name}"))
                }
                Err(problem) => reply::problem(*problem),
            };
        }
    }
    if path == socket::PATH {
        let response = match access::authenticate(app, &snapshot, request.headers(), None, peer).await {
            Ok(principal) => Box::pin(socket::answer(app, principal, request)).await,
            Err(problem) => reply::problem(*problem),
        };
        return metrics::asked("", metrics::SOCKET, response);
    }
    if !base.is_empty() {
        let target = &whole[base.len()..];
        let target = request.uri().query().map_or(target.to_owned(), |query| format!("{target}?{query}"));
        if let Ok(uri) = target.parse() {
            *request.uri_mut() = uri;
        }
    }
    Box::pin(console::answer(app, peer, request)).await
}

/// Answers at a connection's own address: its service's paths, for whoever brings a token.
async fn answer_connection(app: &Arc<App>, name: &str, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let snapshot = app.snapshot();
    let own = token_header(&snapshot, name);
    match access::authenticate_script(app, &snapshot, request.headers(), own, peer(&request)) {
        Ok(principal) => gateway::answer(app, principal, name, &path, request).await,
        Err(problem) => reply::problem(*problem),
    }
}

/// The header in which clients of a connection's service bring a token.
fn token_header(snapshot: &Snapshot, name: &str) -> Option<&'static str> {
    snapshot.connections.get(name)?.system.token_header
}

/// Who is at the other end.
fn peer(request: &Request<Body>) -> IpAddr {
    request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.address.ip())
}

/// A short text that Howdah itself has to say.
pub(crate) fn text(status: u16, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    reply::set_api_headers(response.headers_mut(), "text/plain; charset=utf-8");
    response
}

fn moved(to: &str) -> Response<Body> {
    let mut response = text(308, "");
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(http::header::LOCATION, to);
    }
    response
}
