//! A row as the console is sent it: a JSON array with the value of each member that it reads, in the order in which the
//! table names them. Of a long list the names would be most of the text.

/// Writes a row of values as they are written, each of one line; `None` where the row does not have the member.
pub fn write<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let mut out = String::new();
    for value in values {
        out.push(if out.is_empty() { '[' } else { ',' });
        out.push_str(value.unwrap_or("null"));
    }
    out + "]"
}

/// The row as an object again, without the members that it does not have; `None` where it is no row of so many values.
pub fn object(names: &[&str], row: &[u8]) -> Option<Vec<u8>> {
    let mut out = b"{".to_vec();
    let mut rest = row.strip_prefix(b"[")?;
    for (at, name) in names.iter().enumerate() {
        let (value, end) = rest.split_at(length(rest));
        rest = end.strip_prefix(if at + 1 < names.len() { b"," } else { b"]" })?;
        if value != b"null" {
            out.extend_from_slice(if out.len() > 1 { b",\"" } else { b"\"" });
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
            out.extend_from_slice(value);
        }
    }
    out.push(b'}');
    rest.is_empty().then_some(out)
}

/// How many bytes a value has that a comma or a bracket follows.
fn length(text: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b',' | b']' if depth == 0 => break,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => at += string(&text[at + 1..]),
            _ => {}
        }
        at += 1;
    }
    at.min(text.len())
}

/// How many bytes what follows the quote of a string has, the quote at its end among them; all, where it has no end.
fn string(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += found + 1;
        if text[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<i16>().prop_map(|number| json!(f64::from(number) / 4.0)),
            "[a,\"\\\\\\[\\]{}]{0,5}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a\"\\\\]{0,2}", inner, 0..4)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(row in prop::collection::vec(values(), 3)) {
            let names = ["a", "b", "c"];
            let texts: Vec<_> = row.iter().map(Value::to_string).collect();
            let written = write(texts.iter().map(|text| Some(text.as_str())));
            prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), Value::from(row.clone()));
            let read: Value = serde_json::from_slice(&object(&names, written.as_bytes()).unwrap()).unwrap();
            for (name, value) in names.iter().zip(row) {
                prop_assert_eq!(&read[*name], &value);
            }
        }
    }

    #[test]
    fn what_a_row_does_not_have_is_not_in_the_object() {
        assert_eq!(write([None, Some("\"x\""), None]), "[null,\"x\",null]");
        assert_eq!(object(&["a", "b", "c"], b"[null,\"x\",null]").unwrap(), br#"{"b":"x"}"#);
        assert_eq!(object(&["a"], b"[null]").unwrap(), b"{}");
    }

    #[test]
    fn what_is_no_such_row_is_none() {
        for text in ["", "[", "[1]", "[1,2,3]", "[1,2]x", "{\"a\":1}", "[1,\"2]", "[1,\"\\", "[1,[2]"] {
            assert_eq!(object(&["a", "b"], text.as_bytes()), None, "{text}");
        }
    }
}
