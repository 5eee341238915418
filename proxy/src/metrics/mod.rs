//! What Howdah tells of itself in numbers, for Prometheus: counted as it happens, or looked up when it is asked for.
//!
//! What stands in a label is a name of the configuration's connections, of the table's operations or of
//! [`Code`], never anything that a caller or a service wrote: the number of series is bounded, and no series tells of a
//! user.

mod gather;
mod listener;
mod process;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use axum::body::Body;
use howdah_shared::problem::Code;
use http::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tracing::Span;

pub use self::listener::serve;
use crate::console::BUILD;
use crate::traces;

/// The upper bounds of durations that are counted, in seconds: from a reply of Howdah's own to the slowest service.
const DURATIONS: [f64; 13] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// The operation of what was refused before anything looked at its path.
pub const DOOR: &str = "Door";
/// The operation of the console's files.
pub const FILES: &str = "Files";
/// The operation of the checks of health.
pub const HEALTH: &str = "Health";
/// The operation of the console's WebSocket.
pub const SOCKET: &str = "Socket";

/// What a request asked for, as far as that is known: it waits in the response's extensions.
#[derive(Clone, Debug, Default, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Asked {
    connection: String,
    operation: &'static str,
}

/// How something ended.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// One of a connection's ways out.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Way {
    connection: String,
    pool: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfConnection {
    connection: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct InState {
    connection: String,
    state: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: &'static str,
    build: &'static str,
}

type Durations<S> = Family<S, Histogram, fn() -> Histogram>;

/// All numbers. Clones are the same numbers.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<(Asked, Outcome), Counter>,
    request_duration: Durations<Asked>,
    calls: Family<(Way, Outcome), Counter>,
    call_duration: Durations<Way>,
    connections: Gauge,
    spans_dropped: Counter,
    now: Now,
    /// One scrape at a time sets what is looked up.
    turn: tokio::sync::Mutex<()>,
}

/// What is looked up when it is asked for.
#[derive(Default)]
struct Now {
    breaker_open: Family<Way, Gauge>,
    pollers: Family<OfConnection, Gauge>,
    pollers_failing: Family<OfConnection, Gauge>,
    watchers: Family<OfConnection, Gauge>,
    sockets: Gauge,
    resets: Counter,
    pictures: Gauge,
    pictures_limit: Gauge,
    appended: Counter,
    write_failures: Counter,
    writable: Gauge,
    unfinished: Family<InState, Gauge>,
    unwritten: Gauge,
    journal: Gauge,
    sessions: Gauge,
    process: process::Numbers,
}

impl Metrics {
    /// Of a Howdah that begins now.
    #[expect(clippy::new_without_default, reason = "a start is not something by default")]
    pub fn new() -> Metrics {
        let durations: fn() -> Histogram = || Histogram::new(DURATIONS);
        let (requests, calls, connections, now) =
            (Family::default(), Family::default(), Gauge::default(), Now::default());
        let (request_duration, call_duration) =
            (Family::new_with_constructor(durations), Family::new_with_constructor(durations));
        let mut all = Registry::default();
        now.process.register(all.sub_registry_with_prefix("process"));
        let registry = all.sub_registry_with_prefix("howdah");
        registry.register("requests", "Requests that were answered", requests.clone());
        registry.register_with_unit(
            "request_duration",
            "From a request's head to the head of its reply",
            Unit::Seconds,
            request_duration.clone(),
        );
        registry.register("upstream_calls", "Calls to services", calls.clone());
        registry.register_with_unit(
            "upstream_duration",
            "How long calls to services took, with the wait for a free connection",
            Unit::Seconds,
            call_duration.clone(),
        );
        registry.register("connections", "Connections that are open", connections.clone());
        let spans_dropped = Counter::default();
        registry.register("spans_dropped", "Spans that the collector has not taken", spans_dropped.clone());
        now.register(registry);
        let build = Build { version: env!("CARGO_PKG_VERSION"), build: BUILD };
        registry.register("build", "Which Howdah this is", Info::new(build));
        let turn = tokio::sync::Mutex::default();
        let inner = Inner {
            registry: all,
            requests,
            request_duration,
            calls,
            call_duration,
            connections,
            spans_dropped,
            now,
            turn,
        };
        Metrics(Arc::new(inner))
    }

    /// Counts a request that is answered, with the code of its problem, if it has one; its span ends.
    pub fn answered(&self, response: &mut Response<Body>, code: Option<Code>, took: Duration, span: &Span) {
        let asked: Asked = response.extensions_mut().remove().unwrap_or_default();
        traces::concerns(span, &asked.connection, asked.operation);
        traces::ended(span, response.status().as_u16(), code);
        self.0.request_duration.get_or_create(&asked).observe(took.as_secs_f64());
        let outcome = Outcome::of(response.status().as_u16(), code);
        self.0.requests.get_or_create(&(asked, outcome)).inc();
    }

    /// Counts a connection as long as this is held.
    pub fn connection(&self) -> Open {
        self.0.connections.inc();
        Open(self.0.connections.clone())
    }

    /// Counts spans that are not sent.
    pub fn spans_dropped(&self) -> Counter {
        self.0.spans_dropped.clone()
    }

    /// What counts the calls of a connection by one of its pools.
    pub fn calls(&self, connection: &str, pool: &'static str) -> Calls {
        Calls { metrics: self.clone(), way: Way { connection: connection.to_owned(), pool } }
    }
}

impl Now {
    fn register(&self, registry: &mut Registry) {
        registry.register("breaker_open", "1 while calls are paused after failures", self.breaker_open.clone());
        registry.register("pollers", "Pollers, each of one thing that is watched", self.pollers.clone());
        registry.register("pollers_failing", "Pollers whose last look failed", self.pollers_failing.clone());
        registry.register("watchers", "Those who watch something", self.watchers.clone());
        registry.register("sockets", "WebSockets of consoles", self.sockets.clone());
        registry.register("watch_resets", "Watchers that had to begin anew", self.resets.clone());
        registry.register_with_unit("pictures", "What pictures hold", Unit::Bytes, self.pictures.clone());
        registry.register_with_unit("pictures_limit", "What they may hold", Unit::Bytes, self.pictures_limit.clone());
        registry.register("journal_appended", "Requests that were written down", self.appended.clone());
        registry.register("journal_write_failures", "Writes that failed", self.write_failures.clone());
        registry.register("journal_writable", "1 while the journal can be written", self.writable.clone());
        registry.register("journal_unfinished", "Requests without an end", self.unfinished.clone());
        registry.register("journal_unwritten", "Outcomes that wait to be written down", self.unwritten.clone());
        registry.register_with_unit("journal", "The size of the database's files", Unit::Bytes, self.journal.clone());
        registry.register("sessions", "Sessions that are valid", self.sessions.clone());
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Outcome {
    /// The code of a problem; where there is none, the class of the status.
    fn of(status: u16, code: Option<Code>) -> Outcome {
        let class = || match status {
            100..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        Outcome { outcome: code.map_or_else(class, Code::as_str) }
    }
}

/// Says of a response which operation it is of: of a connection's by that connection's name in the configuration, or of
/// Howdah's own.
pub fn asked(connection: &str, operation: &'static str, mut response: Response<Body>) -> Response<Body> {
    response.extensions_mut().insert(Asked { connection: connection.to_owned(), operation });
    response
}

/// A connection that is open.
pub struct Open(Gauge);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Counts calls to a service.
pub struct Calls {
    metrics: Metrics,
    way: Way,
}

impl Calls {
    /// A call of an operation begins. One that nobody waits for to its end is not counted.
    pub fn begin(&self, operation: &'static str) -> Call<'_> {
        let span = traces::call(&self.way.connection, self.way.pool, operation);
        Call { calls: self, begun: Instant::now(), span }
    }
}

/// A call that is under way.
pub struct Call<'a> {
    calls: &'a Calls,
    begun: Instant,
    span: Span,
}

impl Call<'_> {
    /// It ended, with the service's status or the code of what went wrong.
    pub fn ended(self, status: u16, code: Option<Code>) {
        let Calls { metrics, way } = self.calls;
        traces::ended(&self.span, status, code);
        metrics.0.call_duration.get_or_create(way).observe(self.begun.elapsed().as_secs_f64());
        metrics.0.calls.get_or_create(&(way.clone(), Outcome::of(status, code))).inc();
    }
}

/// Sets a counter that is kept elsewhere.
fn count(counter: &Counter, value: u64) {
    let counted: &AtomicU64 = counter.inner();
    counted.store(value, std::sync::atomic::Ordering::Relaxed);
}

/// Sets a gauge.
fn set(gauge: &Gauge, value: impl TryInto<i64>) {
    gauge.set(value.try_into().unwrap_or(i64::MAX));
}
