//! Records of a service that may have any member, credentials among them: what is not known, and not named by the
//! configuration, stays here.

use howdah_shared::operation::{HELD_BACK, Records};
use serde_json::Value;
use serde_json::value::RawValue;

use super::connection::Connection;
use super::reply::{Reply, ReplyBody};
use crate::watching::rows::each_member;

/// A reply with what may leave of its records. Each of which something was held back tells of how many members.
pub(super) fn of_reply(connection: &Connection, records: Option<Records>, reply: Reply) -> Reply {
    match (records, reply.body) {
        (Some(records), ReplyBody::Json(body)) => {
            let kept = Keeper { records, named: &connection.attributes }.apply(&body);
            Reply::json(reply.status, kept)
        }
        (_, body) => Reply { body, ..reply },
    }
}

/// Lets through what may leave.
#[derive(Clone, Copy)]
struct Keeper<'a> {
    records: Records,
    /// Members beside the known ones.
    named: &'a [String],
}

impl Keeper<'_> {
    /// Beside the records every value stays as it is written.
    fn apply(self, reply: &str) -> String {
        let mut out = String::with_capacity(reply.len());
        if let Ok(document) = serde_json::from_str(reply) {
            self.walk(document, self.records.places, &mut out);
        }
        out
    }

    /// Goes down to the places of records, as far as they lie below this value.
    fn walk(self, value: &RawValue, places: &[&str], out: &mut String) {
        let text = value.get();
        match text.as_bytes().first() {
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
                out.push('[');
                for (at, item) in items.into_iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    self.walk(item, places, out);
                }
                out.push(']');
            }
            Some(b'{') if places.contains(&"") => self.record(value, out),
            Some(b'{') => {
                let mut comma = "{";
                each_member(value, |name, _, member| {
                    begin(&mut comma, name, out);
                    let below: Vec<&str> = places.iter().filter_map(|place| after(place, name)).collect();
                    if below.is_empty() { out.push_str(member.get()) } else { self.walk(member, &below, out) }
                });
                end(comma, out);
            }
            // Where a record may be, what is none tells nothing that is known.
            Some(b'"') if places.contains(&"") => out.push_str("null"),
            _ => out.push_str(text),
        }
    }

    fn record(self, value: &RawValue, out: &mut String) {
        let mut held_back = 0_u64;
        let mut comma = "{";
        each_member(value, |name, _, member| {
            if name == HELD_BACK {
                return;
            }
            if self.records.known.contains(&name) || self.named.iter().any(|named| named == name) {
                begin(&mut comma, name, out);
                out.push_str(member.get());
            } else {
                held_back += 1;
            }
        });
        if held_back > 0 {
            begin(&mut comma, HELD_BACK, out);
            out.push_str(&held_back.to_string());
        }
        end(comma, out);
    }
}

/// Begins a member of an object: with a brace the first, with a comma the others.
fn begin(comma: &mut &'static str, name: &str, out: &mut String) {
    out.push_str(comma);
    out.push_str(&Value::from(name).to_string());
    out.push(':');
    *comma = ",";
}

/// Ends an object, which may have had no members.
fn end(comma: &str, out: &mut String) {
    out.push_str(if comma == "{" { "{}" } else { "}" });
}

/// What is left of a place below a member.
fn after<'p>(place: &'p str, name: &str) -> Option<&'p str> {
    let (first, rest) = place.split_once('.').unwrap_or((place, ""));
    (first == name && !place.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::cyclecloud::{SYSTEM, TABLE};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn kept(operation: &str, named: &[&str], reply: &str) -> String {
        let records = SYSTEM.row(operation).unwrap().spec.tail.records.unwrap();
        let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
        Keeper { records, named: &named }.apply(reply)
    }

    #[test]
    fn what_is_known_leaves_and_the_rest_is_counted() {
        let reply = r#"{ "nodes": [ {"Name":"a","CoreCount": 8.50,"Credentials":"cloud","AdminPassword":"x","Name":"b"},
            {"State":"Off"}, {}, "text", null, [{"Secret":1}] ], "operation" : {"action":"create","Secret":1}, "big":1e400 }"#;
        let meant = concat!(
            r#"{"nodes":[{"Name":"a","CoreCount":8.50,"Name":"b","HowdahHeldBack":2},{"State":"Off"},{},null,null,"#,
            r#"[{"HowdahHeldBack":1}]],"operation":{"action":"create","Secret":1},"big":1e400}"#
        );
        assert_eq!(kept("ListNodes", &[], reply), meant);
        let with = kept("ListNodes", &["Credentials"], reply);
        assert!(with.contains(r#""Credentials":"cloud""#) && with.contains(r#""HowdahHeldBack":1"#), "{with}");
    }

    #[test]
    fn a_count_is_howdah_s_own() {
        let reply = r#"{"nodes":[{"HowdahHeldBack":99,"Tags":{"a":"b"}},{"\u004eame":"a","Other":1}]}"#;
        let meant = r#"{"nodes":[{"Tags":{"a":"b"}},{"Name":"a","HowdahHeldBack":1}]}"#;
        assert_eq!(kept("ListNodes", &[], reply), meant);
    }

    #[test]
    fn a_status_has_records_in_two_places() {
        let reply = r#"{"state":"Started","nodearrays":[{"name":"a","nodearray":{"Name":"a","CloudInit":"x"},"buckets":[{"x":1}]},
            {"nodearray":[{"CloudInit":"y"}]}],"nodes":{"NodeId":"n","Password":"z"}}"#;
        let meant = concat!(
            r#"{"state":"Started","nodearrays":[{"name":"a","nodearray":{"Name":"a","HowdahHeldBack":1},"buckets":[{"x":1}]},"#,
            r#"{"nodearray":[{"HowdahHeldBack":1}]}],"nodes":{"NodeId":"n","HowdahHeldBack":1}}"#
        );
        assert_eq!(kept("ShowStatus", &[], reply), meant);
        let list = r#"[{"ClusterName":"a","State":"Off","Parameters":{"Password":"x"},"Nodes":[]}]"#;
        assert_eq!(kept("ListClusters", &[], list), r#"[{"ClusterName":"a","State":"Off","HowdahHeldBack":2}]"#);
    }

    #[test]
    fn every_reply_with_nodes_has_its_records_named() {
        for row in TABLE {
            let has = matches!(row.spec.name, "ListNodes" | "ShowStatus" | "ListClusters");
            assert_eq!(row.spec.tail.records.is_some(), has, "{}", row.spec.name);
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<i32>().prop_map(Value::from),
            Just(json!("the-secret")),
            "[a-z]{0,3}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let names = prop::sample::select(vec!["Name", "Hidden", "Password", "nodes", "nodearray", "é\"", ""]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((names, inner), 0..5)
                    .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_unknown_leaves_a_record(nodes in values(), array in values()) {
            let reply = json!({"nodes": nodes, "nodearrays": [{"nodearray": array, "name": "a"}], "state": "Started"});
            let kept = kept("ShowStatus", &[], &reply.to_string());
            let kept: Value = serde_json::from_str(&kept).unwrap();
            prop_assert_eq!(&kept["state"], "Started");
            for place in [&kept["nodes"], &kept["nodearrays"][0]["nodearray"]] {
                prop_assert!(is_clean(place), "{}", kept);
            }
        }
    }

    fn is_clean(place: &Value) -> bool {
        match place {
            Value::Array(items) => items.iter().all(is_clean),
            Value::Object(members) => members.keys().all(|name| name == "Name" || name == HELD_BACK),
            Value::String(_) => false,
            _ => true,
        }
    }
}
