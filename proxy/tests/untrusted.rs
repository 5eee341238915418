//! Whatever bytes come in, nothing panics, and what is let through is what it was taken for.
//!
//! `cargo verify test` tries some hundred cases of each; for a long run, in hours:
//! `PROPTEST_CASES=10000000 cargo test --release --package howdah-proxy --test untrusted`.

use std::path::Path;

use howdah_proxy::config::Config;
use howdah_proxy::front::{self, Allowed};
use howdah_proxy::gateway::route::{Routed, route};
use howdah_shared::console;
use howdah_shared::door::{Row, member};
use howdah_shared::lenient;
use howdah_shared::systems::{SYSTEMS, Spelling};
use howdah_shared::watch::Version;
use howdah_shared::watch::lines;
use howdah_shared::watch::messages::Ask;
use http::header::{HOST, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Uri};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Map, Value};

const HOSTS: [&str; 2] = ["howdah.example", "127.0.0.1:8700"];

fn rows() -> Vec<Row> {
    console::TABLE.iter().chain(SYSTEMS.iter().flat_map(|system| system.table)).copied().collect()
}

fn tables() -> Vec<&'static [Row]> {
    std::iter::once(console::TABLE).chain(SYSTEMS.iter().map(|system| system.table)).collect()
}

fn passes(parts: &Parts, slashed: &[String]) -> bool {
    let hosts = HOSTS.map(str::to_owned);
    let (header_lines, header_bytes) = (64, 16 * 1024);
    let allowed = Allowed { hosts: &hosts, socket: Some("/api/watch"), slashed, header_lines, header_bytes };
    front::check(parts, &allowed).is_ok()
}

/// Paths made of what attacks are made of, and of anything.
fn path() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => prop::sample::select(vec![
            "/", "//", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "\\", ";", "%00", "%ff", "%", "%4", "api", "ws/v1/cluster",
            "connections", "apps", "clusters", "v2/hadoop-eco", "요청", "%ED%95%9C", "?", "#", ":", "@",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[ -~]{0,12}",
    ];
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| format!("/{}", pieces.concat()))
}

/// Any bytes, and JSON that is nearly what an operation takes.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["MASTER", "WORKER", "TASK", "hive", "spark", "***", "1", "-1"]).prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "instanceSpecs",
        "type",
        "nodeCnt",
        "volumeSize",
        "cluster",
        "connection",
        "serviceId",
        "token",
        "code",
        "execOpts",
        "configuration",
        "workerCnt",
        "",
    ]);
    let document = leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..5).prop_map(|members| {
                Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
            }),
        ]
    });
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..200),
        3 => document.prop_map(|value| value.to_string().into_bytes()),
    ]
}

proptest! {
    #[test]
    fn a_path_that_passes_stays_below_where_it_points(raw in path()) {
        let Ok(uri) = raw.parse::<Uri>() else { return Ok(()) };
        let mut parts = Request::new(()).into_parts().0;
        parts.headers.insert(HOST, HeaderValue::from_static(HOSTS[0]));
        parts.uri = uri;
        let strict = passes(&parts, &[]);
        if !passes(&parts, &["/".to_owned()]) {
            prop_assert!(!strict, "what holds no slash is judged as ever");
            return Ok(());
        }
        for segment in parts.uri.path().split('/') {
            let decoded = percent_decode_str(segment).decode_utf8().expect("it passed, and is no text");
            prop_assert!(!decoded.contains(['\\', '\0']) && (!strict || !decoded.contains('/')), "{decoded:?}");
            prop_assert!(decoded.split('/').all(|part| part != "." && part != ".."), "{decoded:?}");
        }
        for table in tables() {
            for row in table {
                if let Routed::Found(row, segments) = route(table, &Spelling::ONE, row.spec.method.as_str(), parts.uri.path())
                    && let Ok(call) = row.admit(&segments, "", b"")
                {
                    let same = call.path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned());
                    let given = parts.uri.path().split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned());
                    prop_assert!(same.eq(given), "{} became {}", parts.uri.path(), call.path);
                }
            }
        }
    }

    #[test]
    fn headers_that_pass_are_few_short_and_of_one_reading(
        lines in prop::collection::vec(("[a-zA-Z_.-]{1,20}|host|cookie|connection|upgrade|content-length|transfer-encoding", prop::collection::vec(any::<u8>(), 0..40)), 0..80),
        method in prop::sample::select(vec!["GET", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT"]),
    ) {
        let mut parts = Request::new(()).into_parts().0;
        parts.method = method.parse::<Method>().expect("a method");
        parts.headers.insert(HOST, HeaderValue::from_static(HOSTS[1]));
        for (name, value) in lines {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_bytes(&value)) {
                parts.headers.append(name, value);
            }
        }
        if passes(&parts, &[]) {
            prop_assert!(parts.headers.len() <= 64);
            for name in ["host", "cookie", "content-length", "transfer-encoding"] {
                prop_assert!(parts.headers.get_all(name).iter().count() <= 1, "{name}");
            }
            prop_assert!(parts.headers.get("upgrade").is_none(), "nothing but the socket is upgraded");
        }
    }

    #[test]
    fn what_is_admitted_is_written_in_one_way(raw in body(), query in "[ -~]{0,60}|(states=[A-Z,]{0,20}&?){0,3}|limit=[0-9]{0,25}") {
        for row in rows() {
            let segments: Vec<String> = row.spec.holes.iter().map(|_| "application_1700000000000_0001".to_owned()).collect();
            if let Ok(call) = row.admit(&segments, &query, &raw) {
                let again = row.admit(&segments, &call.query, call.body.as_deref().unwrap_or("").as_bytes());
                prop_assert_eq!(again.as_ref(), Ok(&call), "{}", row.spec.name);
            }
        }
    }

    #[test]
    fn a_configuration_is_taken_or_refused_in_a_line(
        lines in prop::collection::vec(prop_oneof![
            4 => prop::sample::select(include_str!("../../README.md").split("```toml\n").nth(1).expect("an example").split("```").next().expect("its end").lines().collect::<Vec<_>>()).prop_map(str::to_owned),
            1 => any::<String>(),
            1 => "[a-z_]{1,12} = ([0-9]{1,12}|\"[ -~]{0,20}\"|\\{[ -~]{0,20}\\})",
        ], 0..40),
    ) {
        if let Err(error) = Config::parse(&lines.join("\n"), Path::new("/folder")) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn a_reply_of_any_bytes_is_read_or_refused(raw in prop_oneof![prop::collection::vec(any::<u8>(), 0..300), body()]) {
        let _ = lenient::reply::<Value>(&raw);
        let _ = member(&raw, "requestId");
        for at in lines::rows(&raw).into_iter().flatten() {
            prop_assert!(raw.get(at).is_some_and(|row| !row.is_empty() && !row.contains(&b'\n')));
        }
    }

    #[test]
    fn a_message_of_the_socket_is_written_as_it_was_read(
        raw in prop_oneof![
            any::<String>(),
            "\\{\"(subscribe|unsubscribe|look)\":([0-9]{0,12}|\\{\"id\":[0-9]{1,11},\"path\":\"[ -!#-\\[\\]-~]{0,30}\"(,\"query\":\"[a-z=&%]{0,20}\")?\\})\\}",
        ],
        version in "[0-9a-f]{0,20}\\.?[0-9]{0,22}",
    ) {
        if let Ok(ask) = serde_json::from_str::<Ask>(&raw) {
            let written = serde_json::to_string(&ask).expect("written");
            prop_assert_eq!(serde_json::from_str::<Ask>(&written).expect("read again"), ask);
        }
        if let Ok(version) = version.parse::<Version>() {
            prop_assert_eq!(version.to_string().parse::<Version>().ok(), Some(version));
        }
    }
}
