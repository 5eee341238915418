//! Spans as a collector gets them: what happened, nothing that anybody wrote; and collectors that are no help.

use std::net::TcpListener;

use serde_json::Value;

use super::support::{Howdah, KEY, SECRET, SECRET_ID, Samples, Service};

const HEAD: &str = "HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n";
/// What is sent to the collector in a header.
const COLLECTOR_KEY: &str = "key-of-the-collector-77";

fn collector() -> Service {
    Service::answering(|_| vec![Service::reply("200 OK", "application/json", b"{}")])
}

fn sending_to(address: impl std::fmt::Display, service: &Service, more: &str) -> Howdah {
    let mut howdah = Howdah::before(service);
    howdah.write("collector", COLLECTOR_KEY);
    let traces =
        format!("[traces]\nendpoint = \"http://{address}/v1/traces\"\n{more}\n[limits]\ncalls_per_second = 100000\n");
    howdah.start_with(|text| text.replace("[limits]\n", &traces));
    howdah
}

/// The spans that a collector was sent.
fn spans(collector: &Service) -> Vec<Value> {
    let mut spans = Vec::new();
    for request in collector.received() {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
        assert!(head.to_lowercase().contains("content-type: application/json"), "{head}");
        let mut sent: Value = serde_json::from_str(body).unwrap();
        let resource = &sent["resourceSpans"][0]["resource"]["attributes"][0];
        assert_eq!((&resource["key"], &resource["value"]["stringValue"]), (&"service.name".into(), &"howdah".into()));
        spans.append(sent["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array_mut().unwrap());
    }
    spans
}

fn named<'a>(spans: &'a [Value], name: &str) -> &'a Value {
    spans.iter().find(|span| span["name"] == name).unwrap_or_else(|| panic!("no {name} in {spans:?}"))
}

/// An attribute's value, as text.
fn attribute<'a>(span: &'a Value, key: &str) -> Option<&'a str> {
    let found = span["attributes"].as_array()?.iter().rev().find(|attribute| attribute["key"] == key)?;
    found["value"].as_object()?.values().next()?.as_str()
}

#[test]
fn a_collector_is_told_what_happens_and_nothing_that_anybody_wrote() {
    let service = Service::answering(|request| {
        let body = if request.starts_with("POST") { r#"{"clusterId":"c1","requestId":"run-9"}"# } else { "{}" };
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    });
    let collector = collector();
    let mut howdah =
        sending_to(collector.address(), &service, "headers = { x-collector-key = { file = \"collector\" } }");
    let foreign = "traceparent: 00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01\r\ntracestate: a=b\r\n";
    let change = howdah.ask(&format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 {HEAD}{foreign}Idempotency-Key: wort-1\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    ));
    assert_eq!(change.status, 200);
    let read = howdah.ask(&format!("GET /api/connections/rm/ws/v1/cluster/apps?user=eulalia {HEAD}{foreign}\r\n"));
    assert_eq!(read.status, 200);
    let missing = howdah.ask(&format!("GET /api/connections/nowhere/eulalia {HEAD}\r\n"));
    assert_eq!(missing.status, 404);
    howdah.stop();

    let spans = spans(&collector);
    let request = named(&spans, "request StartRework");
    assert_eq!(request["traceId"].as_str(), change.header("howdah-trace-id"));
    assert_eq!((&request["kind"], &request["parentSpanId"]), (&2.into(), &Value::Null));
    let told = |key| attribute(request, key);
    assert_eq!((told("http.request.method"), told("http.response.status_code")), (Some("POST"), Some("200")));
    assert_eq!((told("howdah.connection"), told("error.type")), (Some("eco"), None));
    for below in ["journal intend", "journal mark sent", "call StartRework", "journal settle"] {
        let below = named(&spans, below);
        let place = (&below["traceId"], &below["parentSpanId"]);
        assert_eq!(place, (&request["traceId"], &request["spanId"]), "{below}");
    }
    let call = named(&spans, "call ListApplications");
    assert_eq!(call["traceId"].as_str(), read.header("howdah-trace-id"));
    assert_eq!((attribute(call, "howdah.pool"), &call["kind"]), (Some("reads"), &3.into()));
    let missed = spans.iter().find(|span| attribute(span, "error.type") == Some("connection_not_found")).unwrap();
    assert_eq!((&missed["name"], attribute(missed, "howdah.connection")), (&"request".into(), Some("")));

    let told: Vec<&Value> =
        spans.iter().flat_map(|span| [&span["name"], &span["attributes"], &span["status"]]).collect();
    let told = serde_json::to_string(&told).unwrap();
    for word in ["attacker", "c1", "run-9", "eulalia", "nowhere", "wort-1", "/", SECRET, SECRET_ID, KEY, "token"] {
        assert!(!told.contains(word), "{word}: {told}");
    }
    let keys: Vec<&str> = spans.iter().flat_map(|span| span.as_object().unwrap().keys().map(String::as_str)).collect();
    let known = ["traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano"];
    assert!(keys.iter().all(|key| known.contains(key) || ["attributes", "status"].contains(key)), "{keys:?}");
    for request in collector.received() {
        assert!(request.contains(&format!("\r\nx-collector-key: {COLLECTOR_KEY}\r\n")), "{request}");
        assert!(!request.contains(&"a".repeat(32)), "the trace of a caller: {request}");
    }
    for request in service.received() {
        let head = request.to_lowercase();
        assert!(!head.contains("traceparent") && !head.contains("tracestate"), "{head}");
    }
    assert!(!String::from_utf8_lossy(&howdah.log()).contains(COLLECTOR_KEY));
}

#[test]
fn a_share_of_nothing_sends_nothing() {
    let (service, collector) = (Service::plain(), collector());
    let mut howdah = sending_to(collector.address(), &service, "ratio = 0.0");
    assert_eq!(howdah.ask(&format!("GET /api/connections/rm/ws/v1/cluster/info {HEAD}\r\n")).status, 200);
    howdah.stop();
    assert_eq!(collector.received(), Vec::<String>::new());
}

/// More requests than there is room for spans, all answered in the face of this collector; then a stop.
#[track_caller]
fn holds_up_nobody(address: impl std::fmt::Display) {
    let service = Service::plain();
    let mut howdah = sending_to(address, &service, "");
    let request = howdah.fill(&format!("GET /api/connections/rm/ws/v1/cluster/info {HEAD}\r\n"));
    let mut wire = howdah.wire();
    for _ in 0..1500 {
        wire.send(request.as_bytes());
        assert_eq!(wire.reply().unwrap().status, 200);
    }
    assert!(Samples::of(&howdah.metrics()).value("howdah_spans_dropped_total") > 0.0);
    drop(wire);
    howdah.stop();
}

#[test]
fn a_collector_that_is_away_holds_up_nobody() {
    // A port on which nobody listens any more.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    holds_up_nobody(address);
}

#[test]
fn a_collector_that_says_nothing_holds_up_nobody() {
    // It takes connections, by way of the operating system, and never reads.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    holds_up_nobody(silent.local_addr().unwrap());
}

#[test]
fn a_collector_that_refuses_is_named_in_the_log_once() {
    let service = Service::plain();
    let collector = Service::answering(|_| vec![Service::reply("503 Busy", "text/plain", b"no")]);
    let mut howdah = sending_to(collector.address(), &service, "");
    while collector.received().len() < 2 {
        assert_eq!(howdah.ask(&format!("GET /api/me {HEAD}\r\n")).status, 200);
    }
    howdah.stop();
    let log = String::from_utf8_lossy(&howdah.log()).into_owned();
    assert_eq!(log.matches("traces cannot be sent").count(), 1, "{log}");
    assert!(log.contains("the collector answered 503"), "{log}");
}
