//! What is sent of spans, and what is not.

use prometheus_client::metrics::counter::Counter;
use serde_json::Value;
use tokio::sync::mpsc::{Receiver, channel};
use tracing::{Span, info_span};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use super::spans::Spans;
use super::*;

/// The spans that are sent while `work` is done, as many as fit, and the number of those dropped.
fn sent(ratio: f64, room: usize, work: impl FnOnce()) -> (Vec<Value>, u64) {
    let (sender, mut spans): (_, Receiver<Value>) = channel(room);
    let dropped = Counter::default();
    tracing::subscriber::with_default(registry().with(Spans::new(sender, dropped.clone(), ratio)), work);
    (std::iter::from_fn(|| spans.try_recv().ok()).collect(), dropped.get())
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[test]
fn what_is_below_a_request_is_in_its_trace() {
    let (spans, dropped) = sent(1.0, 9, || {
        let request = request(TRACE, &Method::POST);
        request.in_scope(|| {
            ended(&call("eco", "changes", "StartRework"), 200, None);
            drop(journal("settle"));
        });
        concerns(&request, "eco", "StartRework");
        ended(&request, 200, None);
        drop(request);
        drop(poll("rm", "ListApplications"));
    });
    assert_eq!(dropped, 0);
    let names: Vec<&str> = spans.iter().filter_map(|span| span["name"].as_str()).collect();
    assert_eq!(names, ["call StartRework", "journal settle", "request StartRework", "poll ListApplications"]);
    let [call, journal, request, poll] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!(request["traceId"], TRACE);
    assert_eq!((&request["parentSpanId"], &request["kind"]), (&Value::Null, &Value::from(2)));
    for below in [call, journal] {
        assert_eq!((&below["traceId"], &below["parentSpanId"]), (&request["traceId"], &request["spanId"]));
    }
    assert!(poll["traceId"] != TRACE && poll["parentSpanId"] == Value::Null);
    for span in &spans {
        assert_eq!(span["spanId"].as_str().map(str::len), Some(16), "{span}");
        let time = |key: &str| span[key].as_str().unwrap().parse::<u64>().unwrap();
        assert!(time("startTimeUnixNano") <= time("endTimeUnixNano"), "{span}");
    }
}

#[test]
fn a_caller_s_fault_is_no_failure_of_the_server_s() {
    let (spans, _) = sent(1.0, 9, || {
        ended(&request(TRACE, &Method::GET), 404, Some(Code::NotFound));
        ended(&request(TRACE, &Method::GET), 503, Some(Code::JournalUnavailable));
        ended(&call("rm", "reads", "ShowCluster"), 404, Some(Code::ServiceAnswered));
    });
    let codes: Vec<&Value> = spans.iter().map(|span| &span["status"]["code"]).collect();
    assert_eq!(codes, [0, 2, 2]);
}

#[test]
fn only_whole_traces_are_chosen() {
    let below = |trace: &str| {
        let request = request(trace, &Method::GET);
        request.in_scope(|| drop(journal("intend")));
    };
    let low = "ffffffffffffffff0fffffffffffffff";
    assert_eq!(sent(0.1, 9, || below(low)).0.len(), 2);
    assert_eq!(sent(0.05, 9, || below(low)), (Vec::new(), 0));
    assert_eq!(sent(0.0, 9, || below(&"0".repeat(32))), (Vec::new(), 0));
    assert_eq!(sent(1.0, 9, || below(&"f".repeat(32))).0.len(), 2);
}

#[test]
fn what_is_too_much_is_dropped_and_counted() {
    let (spans, dropped) = sent(1.0, 3, || (0..10).for_each(|_| drop(journal("intend"))));
    assert_eq!((spans.len(), dropped), (3, 7));
}

#[test]
fn what_was_not_thought_of_is_not_told() {
    let (spans, _) = sent(1.0, 9, || {
        let span: Span = info_span!(target: TARGET, "request", path = %"/secret", body = ?"secret");
        drop(span);
    });
    assert!(!spans[0].to_string().contains("secret"), "{spans:?}");
}
