//! Secrets among options: of a member that holds options by their names, those whose names call them secrets lose their
//! values, in a document that may come in pieces.

use serde_json::Value;

use super::{DEEPEST, MASK, names_a_secret};

/// The most bytes of a member's name that are looked at. A longer one is none that is looked for, and a secret's.
const LONGEST_NAME: usize = 1024;

/// Masks options in a JSON document as it comes. Every other byte stays as it is; `true`, `false` and `null` are no
/// secrets.
#[derive(Debug)]
pub struct Options {
    members: &'static [&'static str],
    levels: Vec<Level>,
    state: State,
    /// The name that is being read, as it is written.
    name: Vec<u8>,
}

/// Of what a value is a part.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// Of options.
    options: bool,
    /// Of a secret.
    secret: bool,
}

/// An object or a list that is open.
#[derive(Debug)]
struct Level {
    object: bool,
    /// Of an object, whether the next string is a member's name.
    name_is_next: bool,
    of: Part,
    /// Of what the next value in it is a part.
    next: Part,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Between,
    Name {
        escaped: bool,
    },
    Text {
        escaped: bool,
        hidden: bool,
    },
    /// Within a number that is hidden.
    Number,
}

impl Options {
    /// Masks the options that members of these names hold.
    pub fn new(members: &'static [&'static str]) -> Options {
        Options { members, levels: Vec::new(), state: State::Between, name: Vec::new() }
    }

    /// Takes the next piece and gives what it comes to; `None` when the document is no JSON, or is nested deeper than
    /// 128 levels.
    pub fn take(&mut self, piece: Vec<u8>) -> Option<Vec<u8>> {
        // Most replies have no options: their pieces are not looked at.
        if self.members.is_empty() { Some(piece) } else { self.push(&piece) }
    }

    fn push(&mut self, piece: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(piece.len());
        let mut at = 0;
        while at < piece.len() {
            at += match self.state {
                State::Between => self.between(piece[at], &mut out)?,
                State::Number => self.number(piece[at]),
                State::Name { escaped } => self.within_name(&piece[at..], escaped, &mut out),
                State::Text { escaped, hidden } => self.within_text(&piece[at..], escaped, hidden, &mut out),
            };
        }
        Some(out)
    }

    /// Whether the document may end here.
    pub fn is_whole(&self) -> bool {
        matches!(self.state, State::Between | State::Number)
    }

    /// The same of a whole document.
    pub fn json(members: &'static [&'static str], document: Vec<u8>) -> Option<Vec<u8>> {
        let mut options = Options::new(members);
        let out = options.take(document)?;
        options.is_whole().then_some(out)
    }

    /// Of what a value that begins now is a part.
    fn next(&self) -> Part {
        self.levels.last().map(|level| level.next).unwrap_or_default()
    }

    fn between(&mut self, byte: u8, out: &mut Vec<u8>) -> Option<usize> {
        match byte {
            b'{' | b'[' if self.levels.len() == DEEPEST => return None,
            b'{' | b'[' => {
                let (object, of) = (byte == b'{', self.next());
                self.levels.push(Level { object, name_is_next: object, of, next: of });
            }
            b'}' | b']' => _ = self.levels.pop(),
            b',' => self.levels.iter_mut().last().into_iter().for_each(|level| level.name_is_next = level.object),
            b'"' => match self.levels.last_mut().filter(|level| level.name_is_next) {
                Some(level) => {
                    level.name_is_next = false;
                    self.name.clear();
                    self.state = State::Name { escaped: false };
                }
                None => {
                    let hidden = self.next().secret;
                    self.state = State::Text { escaped: false, hidden };
                    if hidden {
                        out.push(b'"');
                        out.extend_from_slice(MASK.as_bytes());
                        return Some(1);
                    }
                }
            },
            b'-' | b'0'..=b'9' if self.next().secret => {
                out.push(b'"');
                out.extend_from_slice(MASK.as_bytes());
                out.push(b'"');
                self.state = State::Number;
                return Some(1);
            }
            byte if b" \t\r\n:+-.0123456789eEtrufalsn".contains(&byte) => {}
            _ => return None,
        }
        out.push(byte);
        Some(1)
    }

    /// How much of the number is there: its last byte is followed by one of another kind, which is not taken.
    fn number(&mut self, byte: u8) -> usize {
        match byte {
            b'+' | b'-' | b'.' | b'0'..=b'9' | b'e' | b'E' => 1,
            _ => {
                self.state = State::Between;
                0
            }
        }
    }

    fn within_name(&mut self, rest: &[u8], escaped: bool, out: &mut Vec<u8>) -> usize {
        let byte = rest[0];
        out.push(byte);
        match (byte, escaped) {
            (b'"', false) => self.named(),
            _ => {
                if self.name.len() <= LONGEST_NAME {
                    self.name.push(byte);
                }
                self.state = State::Name { escaped: byte == b'\\' && !escaped };
            }
        }
        1
    }

    /// A member's name has been read.
    fn named(&mut self) {
        self.state = State::Between;
        let written = [b"\"", &self.name[..], b"\""].concat();
        let is_long = self.name.len() > LONGEST_NAME;
        // A name that has no reading may be anything.
        let name = (!is_long).then(|| serde_json::from_slice::<String>(&written).ok()).flatten();
        let Some(level) = self.levels.last_mut() else { return };
        let is_secret = || name.as_deref().is_none_or(names_a_secret);
        level.next = Part {
            options: level.of.options || name.as_deref().is_some_and(|name| self.members.contains(&name)),
            secret: level.of.secret || (level.of.options && is_secret()),
        };
    }

    fn within_text(&mut self, rest: &[u8], escaped: bool, hidden: bool, out: &mut Vec<u8>) -> usize {
        let mut give = |part: &[u8]| {
            if !hidden {
                out.extend_from_slice(part);
            }
        };
        if escaped {
            give(&rest[..1]);
            self.state = State::Text { escaped: false, hidden };
            return 1;
        }
        let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) else {
            give(rest);
            return rest.len();
        };
        give(&rest[..at]);
        if rest[at] == b'"' {
            out.push(b'"');
            self.state = State::Between;
        } else {
            give(b"\\");
            self.state = State::Text { escaped: true, hidden };
        }
        at + 1
    }
}

/// The path of the first option that holds a mask in place of its value, in a member of one of these names.
pub fn holds_masked_option(value: &Value, members: &[&str]) -> Option<String> {
    fn find(value: &Value, members: &[&str], options: bool, path: &str) -> Option<String> {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match value {
            Value::Object(object) => object.iter().find_map(|(name, member)| {
                let is_mask = member.as_str() == Some(MASK);
                match options && is_mask && names_a_secret(name) {
                    true => Some(below(name)),
                    false => find(member, members, options || members.contains(&name.as_str()), &below(name)),
                }
            }),
            Value::Array(items) => {
                items.iter().enumerate().find_map(|(at, item)| find(item, members, options, &format!("{path}[{at}]")))
            }
            _ => None,
        }
    }
    if members.is_empty() { None } else { find(value, members, false, "") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const MEMBERS: &[&str] = &["node_configs"];

    fn masked(document: &str) -> Option<String> {
        Options::json(MEMBERS, document.into()).map(|masked| String::from_utf8(masked).unwrap())
    }

    #[test]
    fn what_a_name_calls_a_secret_loses_its_value_among_options_alone() {
        for (document, meant) in [
            (
                r#"{"password":"a","node_configs":{"Kerberos":{"Admin password":"hunter22","Realm":"A"}}}"#,
                r#"{"password":"a","node_configs":{"Kerberos":{"Admin password":"***","Realm":"A"}}}"#,
            ),
            (
                r#"[{"node_configs" : { "a" : {"pass\u0077ord":"x\"y\\", "b":"c\"" ,"Secret Key": -12.5e3 } }, "token":1}]"#,
                r#"[{"node_configs" : { "a" : {"pass\u0077ord":"***", "b":"c\"" ,"Secret Key": "***" } }, "token":1}]"#,
            ),
            (
                r#"{"node_configs":{"a":{"token":true,"secret":null,"credentials":["a",{"b":7}],"c":1}},"d":"e"}"#,
                r#"{"node_configs":{"a":{"token":true,"secret":null,"credentials":["***",{"b":"***"}],"c":1}},"d":"e"}"#,
            ),
            (r#"{"node_configs":{"a":{"\ud800":"x","b":""}}}"#, r#"{"node_configs":{"a":{"\ud800":"***","b":""}}}"#),
        ] {
            assert_eq!(masked(document).as_deref(), Some(meant));
        }
    }

    #[test]
    fn a_name_without_an_end_is_not_kept_and_what_it_names_is_a_secret() {
        let name = "n".repeat(4 * LONGEST_NAME);
        let document = format!(r#"{{"{name}":"a","node_configs":{{"a":{{"{name}":"b"}}}}}}"#);
        let meant = format!(r#"{{"{name}":"a","node_configs":{{"a":{{"{name}":"***"}}}}}}"#);
        assert_eq!(masked(&document), Some(meant));
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_refused() {
        for bad in ["<html>", "{'node_configs': {}}", r#"{"a"#, r#"{"a":"b"#] {
            assert_eq!(masked(bad), None, "{bad}");
        }
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(masked(&nested(DEEPEST)).is_some());
        assert_eq!(masked(&nested(DEEPEST + 1)), None);
    }

    #[test]
    fn a_mask_that_comes_back_is_found_where_it_stands() {
        let body = json!({"name": "***", "node_groups": [{"node_configs": {"Kerberos": {"Realm": "***", "password": "***"}}}]});
        let found = holds_masked_option(&body, MEMBERS);
        assert_eq!(found.as_deref(), Some("node_groups[0].node_configs.Kerberos.password"));
        assert_eq!(holds_masked_option(&body, &[]), None);
        assert_eq!(holds_masked_option(&json!({"node_configs": {"a": {"token": true}}}), MEMBERS), None);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i16>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
            ".{0,8}".prop_map(Value::from)
        ];
        leaf.prop_recursive(5, 48, 4, |inner| {
            let name = prop_oneof![Just("node_configs".to_owned()), Just("Admin password".to_owned()), ".{0,6}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// The same by a walk through the whole tree.
    fn hidden(value: &mut Value, options: bool, secret: bool) {
        match value {
            Value::Object(object) => {
                for (name, member) in object {
                    let is_secret = secret || (options && names_a_secret(name));
                    hidden(member, options || MEMBERS.contains(&name.as_str()), is_secret);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| hidden(item, options, secret)),
            Value::String(_) | Value::Number(_) if secret => *value = MASK.into(),
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn in_any_pieces_it_is_what_a_walk_through_the_tree_gives(value in values(), pretty: bool, size in 1_usize..9) {
            let document = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let document = document.unwrap();
            let mut options = Options::new(MEMBERS);
            let pieces = document.as_bytes().chunks(size).map(|piece| options.push(piece).unwrap());
            let out = pieces.collect::<Vec<_>>().concat();
            prop_assert!(options.is_whole());
            let mut meant = value;
            hidden(&mut meant, false, false);
            prop_assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), meant);
        }

        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>) {
            Options::json(MEMBERS, bytes);
        }
    }
}
