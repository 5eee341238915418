//! From the spans of `tracing` to those that are sent.

use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::counter::Counter;
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::random;

/// The layer that sees spans begin and end.
pub(super) struct Spans {
    sender: Sender<Value>,
    dropped: Counter,
    ratio: f64,
}

/// A span that has not ended.
struct Open {
    name: &'static str,
    trace: String,
    id: String,
    parent: Option<String>,
    /// Whether it is sent: decided for a whole trace.
    chosen: bool,
    begun: (SystemTime, Instant),
    ended: Option<Instant>,
    fields: Fields,
}

/// What a span says of itself.
#[derive(Default)]
struct Fields {
    /// The trace's id, where the span begins one.
    trace: Option<String>,
    written: Vec<(&'static str, Value)>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "trace" => self.trace = Some(value.to_owned()),
            name => self.written.push((name, json!({ "stringValue": value }))),
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        // The format has 64-bit numbers as text.
        self.written.push((field.name(), json!({ "intValue": value.to_string() })));
    }

    /// There are no others: what could be told without having been thought of is not told.
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl Fields {
    fn text(&self, name: &str) -> Option<&str> {
        self.written.iter().rev().find(|(written, _)| *written == name)?.1["stringValue"].as_str()
    }
}

impl Spans {
    pub(super) fn new(sender: Sender<Value>, dropped: Counter, ratio: f64) -> Spans {
        Spans { sender, dropped, ratio }
    }

    /// Whether a trace is among those that are sent, by its id, which is random.
    fn chooses(&self, trace: &str) -> bool {
        let place = trace.get(16..).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(u64::MAX);
        // The last places of 64 bits are one as a float, so all are not found by comparing.
        self.ratio >= 1.0 || (place as f64) < self.ratio * 2_f64.powi(64)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let above = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            let open = extensions.get::<Open>()?;
            Some((open.trace.clone(), open.id.clone(), open.chosen))
        });
        let (trace, parent, chosen) = match above {
            Some((trace, parent, chosen)) => (trace, Some(parent), chosen),
            None => {
                let Some(trace) = fields.trace.take().or_else(|| random::word().ok()) else { return };
                let chosen = self.chooses(&trace);
                (trace, None, chosen)
            }
        };
        let Ok(word) = random::word() else { return };
        let (id, name) = (word[..16].to_owned(), span.name());
        let begun = (SystemTime::now(), Instant::now());
        span.extensions_mut().insert(Open { name, trace, id, parent, chosen, begun, ended: None, fields });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            values.record(&mut open.fields);
            // What a request has begun may go on when it is answered.
            open.ended = Some(Instant::now());
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let open = context.span(&id).and_then(|span| span.extensions_mut().remove::<Open>());
        let Some(open) = open.filter(|open| open.chosen) else { return };
        // Who cannot keep up, or is away, holds up nobody.
        if self.sender.try_send(open.written()).is_err() {
            self.dropped.inc();
        }
    }
}

impl Open {
    /// As OTLP has it in JSON.
    fn written(self) -> Value {
        let (since, instant) = self.begun;
        let begun = since.duration_since(UNIX_EPOCH).unwrap_or_default();
        let ended = begun + self.ended.unwrap_or_else(Instant::now).saturating_duration_since(instant);
        let nanoseconds = |time: Duration| time.as_nanos().to_string();
        let name = match self.fields.text("howdah.operation") {
            Some(operation) if !operation.is_empty() => format!("{} {operation}", self.name),
            _ => self.name.to_owned(),
        };
        let (kind, server) = match self.name {
            "request" => (2, true),
            "call" => (3, false),
            _ => (1, false),
        };
        let status = self.fields.written.iter().find(|(name, _)| *name == "http.response.status_code");
        let status = status.and_then(|(_, value)| value["intValue"].as_str()?.parse::<u16>().ok());
        // What a caller did wrong is no failure of the server's.
        let failed = self.fields.text("error.type").is_some() && !(server && status.is_some_and(|status| status < 500));
        let attributes: Vec<Value> =
            self.fields.written.into_iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        let mut span = json!({
            "traceId": self.trace,
            "spanId": self.id,
            "name": name,
            "kind": kind,
            "startTimeUnixNano": nanoseconds(begun),
            "endTimeUnixNano": nanoseconds(ended),
            "attributes": attributes,
            "status": { "code": if failed { 2 } else { 0 } },
        });
        if let Some(parent) = self.parent {
            span["parentSpanId"] = parent.into();
        }
        span
    }
}
