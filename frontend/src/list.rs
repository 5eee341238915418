//! Lists of rows that are shared and compared by what they are, not by what is in them.

use std::ops::{Deref, Range};
use std::sync::Arc;

use howdah_shared::lenient;
use howdah_shared::watch::columns;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// A row that can be told from others.
pub(crate) trait Keyed {
    /// What it is called; unique in its list.
    fn key(&self) -> &str;
    /// What it was made of, where it is read when it is wanted: one that comes again with the same text stays as it is,
    /// with what has been read of it.
    fn text(&self) -> Option<&Text> {
        None
    }
    /// Takes over what has been read of the row as it was before, as far as it is so still.
    fn inherit(&self, _before: &Self) {}
}

/// The JSON of a row, in the picture that it came with.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The picture, for all of its rows.
    pub(crate) picture: Arc<Vec<u8>>,
    /// Where the row stands in it.
    pub(crate) at: Range<usize>,
    /// Where it is the values of members alone, what these are called.
    pub(crate) names: &'static [&'static str],
}

impl From<Box<RawValue>> for Text {
    fn from(row: Box<RawValue>) -> Text {
        let text = Box::<str>::from(row).into_string().into_bytes();
        Text { at: 0..text.len(), picture: Arc::new(text), names: &[] }
    }
}

impl Text {
    /// Reads some of it, or all; what cannot be read is missing.
    pub(crate) fn read<T: DeserializeOwned + Default>(&self) -> T {
        let object = if self.names.is_empty() { None } else { columns::object(self.names, self.bytes()) };
        lenient::reply(object.as_deref().unwrap_or_else(|| self.bytes())).unwrap_or_default()
    }

    /// The members from a place on, up to the first that is not simple.
    pub(crate) fn members(&self, from: Place) -> Members<'_> {
        Members { text: self, place: from }
    }

    fn bytes(&self) -> &[u8] {
        self.picture.get(self.at.clone()).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

/// A place between two members of a row, or before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Place {
    /// How many members stand before it.
    member: usize,
    /// How many bytes they take.
    pub(crate) byte: usize,
}

/// The members of a row of values. Of ten thousand rows a reader of JSON finds the first few members in more time than
/// all else takes before the rows are shown.
pub(crate) struct Members<'a> {
    text: &'a Text,
    place: Place,
}

/// The value of a member.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// The row does not have the member.
    None,
    /// A string without escapes.
    Text(&'a str),
    /// A whole number.
    Number(i64),
    /// A list of such strings.
    Texts(Vec<&'a str>),
    /// Anything else; nothing is told of what follows it.
    Other,
}

impl Members<'_> {
    /// Where those end that have been told of.
    pub(crate) fn place(&self) -> Place {
        self.place
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'static str, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, bytes) = (*self.text.names.get(self.place.member)?, self.text.bytes());
        let [b'[' | b',', rest @ ..] = bytes.get(self.place.byte..)? else { return None };
        let (value, rest) = match value(rest) {
            Some((value, rest @ [b',' | b']', ..])) => (value, rest),
            _ => (Value::Other, &[][..]),
        };
        self.place = Place { member: self.place.member + 1, byte: bytes.len() - rest.len() };
        Some((name, value))
    }
}

/// A simple value at the beginning of a text, and what follows it.
fn value(text: &[u8]) -> Option<(Value<'_>, &[u8])> {
    if let Some(rest) = text.strip_prefix(b"null") {
        return Some((Value::None, rest));
    }
    if let Some((one, rest)) = string(text) {
        return Some((Value::Text(one), rest));
    }
    if let Some((texts, rest)) = strings(text) {
        return Some((Value::Texts(texts), rest));
    }
    let length = text.iter().position(|byte| !matches!(byte, b'-' | b'0'..=b'9')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(length);
    Some((Value::Number(std::str::from_utf8(digits).ok()?.parse().ok()?), rest))
}

/// A string at the beginning of a text, if it has no escapes, and what follows it.
fn string(text: &[u8]) -> Option<(&str, &[u8])> {
    let [b'"', text @ ..] = text else { return None };
    let end = text.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let [b'"', rest @ ..] = &text[end..] else { return None };
    Some((std::str::from_utf8(&text[..end]).ok()?, rest))
}

/// A list of such strings, and what follows it.
fn strings(text: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let mut text = text.strip_prefix(b"[")?;
    let mut texts = Vec::new();
    loop {
        let (one, rest) = match text {
            [b']', rest @ ..] => return Some((texts, rest)),
            [b',', rest @ ..] if !texts.is_empty() => string(rest)?,
            text if texts.is_empty() => string(text)?,
            _ => return None,
        };
        texts.push(one);
        text = rest;
    }
}

/// A list of rows. Two are equal when they are the same list: comparing 100,000 rows would take longer than drawing
/// those that can be seen.
#[derive(Debug)]
pub(crate) struct List<R>(Arc<Vec<Arc<R>>>);

impl<R> List<R> {
    /// Its rows by their keys; of a list in the order of its keys, and of no other.
    pub(crate) fn row(&self, key: &str) -> Option<&Arc<R>>
    where
        R: Keyed,
    {
        let at = self.0.binary_search_by(|row| row.key().cmp(key)).ok()?;
        self.0.get(at)
    }

    /// The rows that another list does not have, or has otherwise; both in the order of their keys.
    pub(crate) fn without(&self, other: &List<R>) -> Vec<&Arc<R>>
    where
        R: Keyed,
    {
        let mut others = other.iter().peekable();
        let differs = |row: &&Arc<R>| {
            let before = |other: &&Arc<R>| !Arc::ptr_eq(other, row) && other.key() < row.key();
            while others.next_if(before).is_some() {}
            others.next_if(|other| Arc::ptr_eq(other, row)).is_none()
        };
        self.iter().filter(differs).collect()
    }
}

impl<R> FromIterator<Arc<R>> for List<R> {
    fn from_iter<I: IntoIterator<Item = Arc<R>>>(rows: I) -> Self {
        List(Arc::new(rows.into_iter().collect()))
    }
}

impl<R> Deref for List<R> {
    type Target = [Arc<R>];

    fn deref(&self) -> &[Arc<R>] {
        &self.0
    }
}

impl<R> Clone for List<R> {
    fn clone(&self) -> Self {
        List(self.0.clone())
    }
}

impl<R> PartialEq for List<R> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<R> Default for List<R> {
    fn default() -> Self {
        List(Arc::default())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashMap;

    use super::*;

    /// A row as the proxy sends an object.
    pub(crate) fn sent(object: &str, names: &'static [&'static str]) -> Text {
        let members: HashMap<String, Box<RawValue>> = serde_json::from_str(object).unwrap();
        let row = columns::write(names.iter().map(|name| members.get(*name).map(|value| value.get())));
        Text { names, ..Text::from(RawValue::from_string(row).unwrap()) }
    }

    #[test]
    fn members_are_read_up_to_the_first_that_is_not_simple() {
        const NAMES: &[&str] = &["a", "b", "c", "d"];
        let text = |row: &str| Text { picture: Arc::new(row.into()), at: 0..row.len(), names: NAMES };
        let simple = text(r#"["ä",["x",""],null,-7]"#);
        let read: Vec<_> = simple.members(Place::default()).collect();
        let meant = [Value::Text("ä"), Value::Texts(vec!["x", ""]), Value::None, Value::Number(-7)];
        assert_eq!(read, NAMES.iter().copied().zip(meant).collect::<Vec<_>>());
        let mut members = simple.members(Place::default());
        members.by_ref().take(3).for_each(drop);
        assert_eq!(simple.members(members.place()).collect::<Vec<_>>(), [("d", Value::Number(-7))]);
        for other in [
            "1.5",
            "1e3",
            "-",
            "\"x\\n\"",
            "\"x",
            "[1]",
            "[\"x\",]",
            "[\"x\" ]",
            "[,\"x\"]",
            "[\"x\"\"y\"]",
            "[[]]",
            "{}",
            "true",
            "nullx",
            "99999999999999999999",
        ] {
            let text = text(&format!("[{other},-7,1,1]"));
            assert_eq!(text.members(Place::default()).collect::<Vec<_>>(), [("a", Value::Other)], "{other}");
        }
        for none in ["", "{\"a\":1}", "7"] {
            assert_eq!(text(none).members(Place::default()).count(), 0, "{none}");
        }
    }

    #[test]
    fn a_row_of_values_is_read_by_its_names() {
        let row = sent(r#"{"b":{"x":[1]},"a":null,"d":"\u00e4"}"#, &["a", "b", "d"]);
        assert_eq!(row.as_ref(), r#"[null,{"x":[1]},"\u00e4"]"#.as_bytes());
        assert_eq!(row.read::<serde_json::Value>(), serde_json::json!({"b": {"x": [1]}, "d": "ä"}));
        let whole = Text::from(RawValue::from_string(r#"{"e":1}"#.to_owned()).unwrap());
        assert_eq!(whole.read::<serde_json::Value>(), serde_json::json!({"e": 1}));
    }
}
