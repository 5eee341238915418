//! Records of a service that may have any member, credentials among them: what is not known, and not named by the
//! configuration, stays here. A reply is gone through as it comes, whatever its length.

use std::sync::Arc;

use howdah_shared::door::Row;
use howdah_shared::operation::{HELD_BACK, Records};

use super::connection::Connection;
use super::reply::{Reply, ReplyBody};

/// The most bytes of a member's name that are looked at. A longer one is none that is known.
const LONGEST_NAME: usize = 1024;

/// A reply with what may leave of its records. Each of which something was held back tells of how many members.
pub(super) fn of_reply(connection: &Connection, row: &Row, reply: Reply) -> Reply {
    match (Keeper::new(connection, row), reply.body) {
        (Some(mut keeper), ReplyBody::Json(body)) => {
            let kept = keeper.push(body.as_bytes());
            Reply::json(reply.status, String::from_utf8(kept).unwrap_or_default())
        }
        (_, body) => Reply { body, ..reply },
    }
}

/// Lets through what may leave of a JSON document that comes in pieces. Beside the records every byte stays as it is.
pub(super) struct Keeper {
    records: Records,
    /// Members beside the known ones.
    named: Arc<[String]>,
    levels: Vec<Level>,
    state: State,
    /// The name that is being read, as it is written, with its quotes.
    name: Vec<u8>,
    /// Where records are below the next value, from there; an empty place is the value itself.
    places: Vec<&'static str>,
}

/// An object or a list that is open, in which there may be records.
struct Level {
    object: bool,
    /// Where records are below it.
    places: Vec<&'static str>,
    /// Of an object, whether the next string is a member's name.
    name_is_next: bool,
    /// Of a record, what became of its members.
    record: Option<Members>,
}

/// How many members of a record have left, and how many have not.
#[derive(Clone, Copy, Default)]
struct Members {
    kept: u64,
    held_back: u64,
}

#[derive(Clone, Copy)]
enum State {
    /// Between the parts of what is open.
    Between,
    /// Within a member's name.
    Name { escaped: bool },
    /// Within a value in which there are no records; `shown` or not.
    Value(Within),
}

/// A place within a value.
#[derive(Clone, Copy)]
struct Within {
    shown: bool,
    /// How many objects and lists of it are open.
    depth: usize,
    text: Option<Text>,
}

/// Within a text, right after a backslash or not.
#[derive(Clone, Copy)]
struct Text {
    escaped: bool,
}

impl Keeper {
    /// For the replies to an operation; `None` where they have no records.
    pub(super) fn new(connection: &Connection, row: &Row) -> Option<Keeper> {
        Some(Keeper::of(row.spec.tail.records?, connection.attributes.clone()))
    }

    fn of(records: Records, named: Arc<[String]>) -> Keeper {
        let places = records.places.to_vec();
        Keeper { records, named, levels: Vec::new(), state: State::Between, name: Vec::new(), places }
    }

    /// Takes the next piece and gives what leaves.
    pub(super) fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(piece.len());
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            at += match self.state {
                State::Between => self.between(*byte, &mut out),
                State::Name { escaped } => self.within_name(*byte, escaped, &mut out),
                State::Value(within) => self.within_value(*byte, within, &mut out),
            };
        }
        out
    }

    /// Gives how many bytes were taken: none where the byte is the first of a value.
    fn between(&mut self, byte: u8, out: &mut Vec<u8>) -> usize {
        let level = self.levels.last_mut();
        let is_record = level.as_ref().is_some_and(|level| level.record.is_some());
        match byte {
            b'"' if level.as_ref().is_some_and(|level| level.name_is_next) => {
                self.name.clear();
                self.name.push(byte);
                // Beside the records a name leaves as it comes.
                if !is_record {
                    out.push(byte);
                }
                self.state = State::Name { escaped: false };
            }
            b'}' | b']' => {
                if let Some(Level { record: Some(members), .. }) = self.levels.pop()
                    && members.held_back > 0
                {
                    let comma = if members.kept > 0 { "," } else { "" };
                    out.extend_from_slice(format!("{comma}\"{HELD_BACK}\":{}", members.held_back).as_bytes());
                }
                out.push(byte);
            }
            b',' => {
                if let Some(level) = level {
                    level.name_is_next = level.object;
                    if !level.object {
                        self.places.clone_from(&level.places);
                    }
                }
                if !is_record {
                    out.push(byte);
                }
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => {
                if !is_record {
                    out.push(byte);
                }
            }
            _ => return self.begin(byte, out),
        }
        1
    }

    /// A value begins here.
    fn begin(&mut self, byte: u8, out: &mut Vec<u8>) -> usize {
        let places = std::mem::take(&mut self.places);
        let is_place = places.contains(&"");
        match byte {
            b'{' | b'[' if !places.is_empty() => {
                let object = byte == b'{';
                let record = (object && is_place).then(Members::default);
                self.places = if object { Vec::new() } else { places.clone() };
                self.levels.push(Level { object, places, name_is_next: object, record });
                out.push(byte);
                1
            }
            // Where a record may be, a text tells nothing that is known.
            b'"' if is_place => {
                out.extend_from_slice(b"null");
                self.value(false)
            }
            _ => self.value(true),
        }
    }

    fn value(&mut self, shown: bool) -> usize {
        self.state = State::Value(Within { shown, depth: 0, text: None });
        0
    }

    fn within_name(&mut self, byte: u8, escaped: bool, out: &mut Vec<u8>) -> usize {
        if self.name.len() <= LONGEST_NAME {
            self.name.push(byte);
        }
        let is_record = self.levels.last().is_some_and(|level| level.record.is_some());
        if !is_record {
            out.push(byte);
        }
        if escaped || byte != b'"' {
            self.state = State::Name { escaped: !escaped && byte == b'\\' };
            return 1;
        }
        self.state = State::Between;
        self.named(out);
        1
    }

    /// A name has come whole.
    fn named(&mut self, out: &mut Vec<u8>) {
        let name: Option<String> = match self.name.len() <= LONGEST_NAME {
            true => serde_json::from_slice(&self.name).ok(),
            false => None,
        };
        let name = name.as_deref();
        let Some(level) = self.levels.last_mut() else { return };
        level.name_is_next = false;
        let Some(members) = &mut level.record else {
            self.places = level.places.iter().filter_map(|place| after(place, name?)).collect();
            return;
        };
        let is_known =
            name.is_some_and(|name| self.records.known.contains(&name) || self.named.iter().any(|named| named == name));
        self.places.clear();
        if is_known {
            if members.kept > 0 {
                out.push(b',');
            }
            members.kept += 1;
            out.extend_from_slice(&self.name);
            out.push(b':');
        } else {
            // A count is ours to tell.
            members.held_back += u64::from(name != Some(HELD_BACK));
            self.state = State::Value(Within { shown: false, depth: 0, text: None });
        }
    }

    fn within_value(&mut self, byte: u8, mut within: Within, out: &mut Vec<u8>) -> usize {
        let mut ends = false;
        match (within.text, byte) {
            (Some(Text { escaped: true }), _) => within.text = Some(Text { escaped: false }),
            (Some(_), b'\\') => within.text = Some(Text { escaped: true }),
            (Some(_), b'"') => {
                within.text = None;
                ends = within.depth == 0;
            }
            (Some(_), _) => {}
            (None, b'"') => within.text = Some(Text { escaped: false }),
            (None, b'{' | b'[') => within.depth += 1,
            // The end of a number or a word, which is not its own.
            (None, b',' | b'}' | b']') if within.depth == 0 => {
                self.state = State::Between;
                return 0;
            }
            (None, b'}' | b']') => {
                within.depth -= 1;
                ends = within.depth == 0;
            }
            (None, _) => {}
        }
        if within.shown {
            out.push(byte);
        }
        self.state = if ends { State::Between } else { State::Value(within) };
        1
    }
}

/// What is left of a place below a member.
fn after(place: &'static str, name: &str) -> Option<&'static str> {
    let (first, rest) = place.split_once('.').unwrap_or((place, ""));
    (first == name && !place.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::cyclecloud::{SYSTEM, TABLE};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn kept(operation: &str, named: &[&str], reply: &str) -> String {
        let records = SYSTEM.row(operation).unwrap().spec.tail.records.unwrap();
        let named: Arc<[String]> = named.iter().map(|name| (*name).to_owned()).collect();
        let whole = Keeper::of(records, named.clone()).push(reply.as_bytes());
        for size in 1..8 {
            let mut keeper = Keeper::of(records, named.clone());
            let pieces: Vec<u8> = reply.as_bytes().chunks(size).flat_map(|piece| keeper.push(piece)).collect();
            assert_eq!(pieces, whole, "in pieces of {size}");
        }
        // None of the texts here has a blank.
        String::from_utf8(whole).unwrap().replace([' ', '\n'], "")
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
        let meant = r#"{"nodes":[{"Tags":{"a":"b"}},{"\u004eame":"a","HowdahHeldBack":1}]}"#;
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
        fn beside_records_every_byte_stays(value in values(), pretty: bool) {
            let reply = json!({"state": value, "nodearrays": [{"buckets": value, "name": "nodes"}]});
            let text = if pretty { format!("{reply:#}") } else { reply.to_string() };
            let records = SYSTEM.row("ShowStatus").unwrap().spec.tail.records.unwrap();
            let kept = Keeper::of(records, Arc::from([])).push(text.as_bytes());
            prop_assert_eq!(String::from_utf8(kept).unwrap(), text);
        }

        #[test]
        fn nothing_unknown_leaves_a_record(nodes in values(), array in values()) {
            let reply = json!({"nodes": &nodes, "nodearrays": [{"nodearray": array, "name": "a"}], "state": "Started"});
            let kept = kept("ShowStatus", &[], &reply.to_string());
            let kept: Value = serde_json::from_str(&kept).unwrap();
            let told = |value: &Value| value.as_object().map(|members| members.len() as u64);
            if let (Some(members), Some(left)) = (told(&nodes), told(&kept["nodes"])) {
                let held_back = kept["nodes"][HELD_BACK].as_u64().unwrap_or(0);
                prop_assert_eq!(members, left + held_back - u64::from(held_back > 0), "{}", kept);
            }
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
