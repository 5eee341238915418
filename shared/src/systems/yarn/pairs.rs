//! Maps as a ResourceManager writes them.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// A map. Written as `{"entry": [{"key": …, "value": …}]}`; one entry stands as itself, and 3.4 writes several entries
/// as so many members of the one name. A list of entries and an object with the keys as names are read too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
pub struct Pairs {
    /// The entries, in the order in which they came.
    pub entry: Vec<Pair>,
}

/// An entry of [`Pairs`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The value, a number too, as text.
    pub value: String,
}

impl Pairs {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entry.iter().find(|pair| pair.key == key).map(|pair| pair.value.as_str())
    }

    /// Takes what stands for one entry or for several.
    fn take(&mut self, value: Value) {
        match value {
            Value::Array(items) => items.into_iter().for_each(|item| self.take(item)),
            Value::Object(mut members) => {
                let (key, value) = (members.remove("key"), members.remove("value"));
                if let Some(key) = key.and_then(text) {
                    self.entry.push(Pair { key, value: value.and_then(text).unwrap_or_default() });
                }
            }
            _ => {}
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
        deserializer.deserialize_any(Forms)
    }
}

struct Forms;

impl<'de> Visitor<'de> for Forms {
    type Value = Pairs;
    crate::lenient::nothing_for_scalars!(Pairs::default());

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Pairs::default();
        let (mut key, mut value) = (None, None);
        while let Some((name, member)) = map.next_entry::<String, Value>()? {
            match name.as_str() {
                "entry" if !member.is_string() => pairs.take(member),
                "key" => key = text(member),
                "value" => value = text(member),
                _ => pairs.entry.extend(text(member).map(|value| Pair { key: name, value })),
            }
        }
        if let Some(key) = key {
            pairs.entry.push(Pair { key, value: value.unwrap_or_default() });
        }
        Ok(pairs)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Pairs, A::Error> {
        let mut pairs = Pairs::default();
        while let Some(item) = seq.next_element()? {
            pairs.take(item);
        }
        Ok(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_has_many_forms() {
        for body in [
            r#"{"entry":[{"key":"a","value":"1"},{"key":"b","value":2}]}"#,
            r#"{"entry":{"key":"a","value":"1"},"entry":{"key":"b","value":"2"}}"#,
            r#"[{"key":"a","value":1},{"key":"b","value":"2"}]"#,
            r#"{"a":1,"b":"2"}"#,
        ] {
            let pairs: Pairs = serde_json::from_str(body).unwrap();
            assert_eq!((pairs.get("a"), pairs.get("b"), pairs.entry.len()), (Some("1"), Some("2"), 2), "{body}");
        }
        for body in [r#"{"entry":{"key":"a","value":"1"}}"#, r#"{"key":"a","value":"1"}"#, r#"{"a":"1"}"#] {
            let pairs: Pairs = serde_json::from_str(body).unwrap();
            assert_eq!((pairs.get("a"), pairs.entry.len()), (Some("1"), 1), "{body}");
        }
        for body in ["null", "{}", "\"\"", "[]", "0", "true", r#"{"entry":null}"#, r#"{"entry":[]}"#, r#"[null,7]"#] {
            assert!(serde_json::from_str::<Pairs>(body).unwrap().entry.is_empty(), "{body}");
        }
        let without: Pairs =
            serde_json::from_str(r#"{"entry":[{"value":"1"},{"key":"a"},{"key":"b","value":null}]}"#).unwrap();
        assert_eq!((without.get("a"), without.get("b"), without.entry.len()), (Some(""), Some(""), 2));
    }
}
