//! Traces for OpenTelemetry: a span for each request at the door, with one for each call to a service and each writing
//! of the journal below it, and one for each look of a poller.
//!
//! They are spans of `tracing` with a target of their own, so they cost next to nothing where no collector is
//! configured. Only what the functions here name is ever sent: no principal, path, id or query has a field.
//!
//! A request's trace id is the one that its reply and its log line carry. A caller's `traceparent` is not taken over:
//! whoever calls could then write into the traces of others and choose what is kept. None is sent to a service either,
//! as no header of a caller is.

mod export;
mod spans;
#[cfg(test)]
mod tests;

use howdah_shared::problem::Code;
use http::Method;
use tracing::field::Empty;
use tracing::{Metadata, Span, info_span};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{Directive, LevelFilter, filter_fn};
use tracing_subscriber::registry::LookupSpan;

pub use self::export::Exporter;
use crate::config::TracesConfig;
use crate::metrics::Metrics;

/// By which these spans are told from all others.
const TARGET: &str = "howdah::spans";

/// Begins to send spans to the configured collector. What is returned belongs into the subscriber, and is to be stopped
/// at the end.
///
/// # Errors
/// A sentence for a header or an address that is not one.
pub fn start<S>(config: &TracesConfig, metrics: &Metrics) -> Result<(impl Layer<S> + use<S>, Exporter), String>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let (sender, exporter) = Exporter::start(config, metrics.spans_dropped())?;
    let ours = |metadata: &Metadata<'_>| metadata.is_span() && metadata.target() == TARGET;
    let filter = filter_fn(ours).with_max_level_hint(LevelFilter::INFO);
    Ok((spans::Spans::new(sender, metrics.spans_dropped(), config.ratio).with_filter(filter), exporter))
}

/// Keeps them out of the log, which has lines of its own.
pub fn unlogged() -> Directive {
    format!("{TARGET}=off").parse().unwrap_or_else(|_| LevelFilter::INFO.into())
}

/// A request at the door, in the trace of this id.
pub fn request(trace: &str, method: &Method) -> Span {
    info_span!(
        target: TARGET,
        parent: None,
        "request",
        trace,
        "http.request.method" = method.as_str(),
        "howdah.operation" = Empty,
        "howdah.connection" = Empty,
        "http.response.status_code" = Empty,
        "error.type" = Empty,
    )
}

/// A call to a service by one of its connection's pools.
pub fn call(connection: &str, pool: &'static str, operation: &'static str) -> Span {
    info_span!(
        target: TARGET,
        "call",
        "howdah.operation" = operation,
        "howdah.connection" = connection,
        "howdah.pool" = pool,
        "http.response.status_code" = Empty,
        "error.type" = Empty,
    )
}

/// A writing of the journal.
pub fn journal(step: &'static str) -> Span {
    info_span!(target: TARGET, "journal", "howdah.operation" = step)
}

/// A look of a poller.
pub fn poll(connection: &str, operation: &'static str) -> Span {
    info_span!(
        target: TARGET,
        parent: None,
        "poll",
        "howdah.operation" = operation,
        "howdah.connection" = connection,
    )
}

/// Tells a span what it is of.
pub fn concerns(span: &Span, connection: &str, operation: &'static str) {
    span.record("howdah.operation", operation);
    span.record("howdah.connection", connection);
}

/// Tells a span of a request or a call how it ended; it ends with this.
pub fn ended(span: &Span, status: u16, code: Option<Code>) {
    if let Some(code) = code {
        span.record("error.type", code.as_str());
    }
    span.record("http.response.status_code", status);
}
