//! Lists of rows that are shared and compared by what they are, not by what is in them.

use std::ops::{Deref, Range};
use std::sync::Arc;

use howdah_shared::lenient;
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
}

impl From<Box<RawValue>> for Text {
    fn from(row: Box<RawValue>) -> Text {
        let text = Box::<str>::from(row).into_string().into_bytes();
        Text { at: 0..text.len(), picture: Arc::new(text) }
    }
}

impl Text {
    /// Reads some of it, or all; what cannot be read is missing.
    pub(crate) fn read<T: DeserializeOwned + Default>(&self) -> T {
        lenient::reply(self.bytes()).unwrap_or_default()
    }

    /// The members from a place between two on, or from its beginning, up to the first that is not simple.
    pub(crate) fn members(&self, from: usize) -> Members<'_> {
        Members(self.bytes().get(from..).unwrap_or_default())
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

/// The members of an object that was written without blanks, as the proxy writes rows. Of ten thousand rows a reader of
/// JSON finds the first few members in more time than all else takes before the rows are shown.
pub(crate) struct Members<'a>(&'a [u8]);

/// The value of a member.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
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
    /// How many bytes follow those that have been told of.
    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let [b'{' | b',', rest @ ..] = std::mem::take(&mut self.0) else { return None };
        let (name, [b':', rest @ ..]) = string(rest)? else { return None };
        if let Some((text, rest)) = string(rest) {
            self.0 = rest;
            return Some((name, Value::Text(text)));
        }
        if let Some((texts, rest)) = strings(rest) {
            self.0 = rest;
            return Some((name, Value::Texts(texts)));
        }
        let length = rest.iter().position(|byte| !matches!(byte, b'-' | b'0'..=b'9')).unwrap_or(rest.len());
        let (digits, rest) = rest.split_at(length);
        let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        let value = match (number, rest) {
            (Some(number), [b',' | b'}', ..]) => Value::Number(number),
            _ => return Some((name, Value::Other)),
        };
        self.0 = rest;
        Some((name, value))
    }
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
mod tests {
    use super::*;

    #[test]
    fn members_are_read_up_to_the_first_that_is_not_simple() {
        let read = |text: &'static str| Members(text.as_bytes()).collect::<Vec<_>>();
        let simple = [("a", Value::Text("ä")), ("b", Value::Texts(vec!["x", ""])), ("c", Value::Number(-7))];
        assert_eq!(read(r#"{"a":"ä","b":["x",""],"c":-7}"#), simple);
        assert_eq!(read(r#"{"a":[]}"#), [("a", Value::Texts(Vec::new()))]);
        for other in [
            "null",
            "1.5",
            "1e3",
            "-",
            "\"x\\n\"",
            "[1]",
            "[\"x\",]",
            "[\"x\" ]",
            "[,\"x\"]",
            "[\"x\"\"y\"]",
            "[[]]",
            "{}",
            "true",
            "99999999999999999999",
        ] {
            let text = format!(r#"{{"a":{other},"b":-7}}"#);
            let found: Vec<_> = Members(text.as_bytes()).map(|(name, value)| (name.to_owned(), value)).collect();
            assert_eq!(found, [("a".to_owned(), Value::Other)], "{text}");
        }
        for none in ["", "{", "{}", "[1]", r#"{"a"}"#, r#"{"a\n":1}"#, r#"{ "a":1}"#, r#"{"a":1"#] {
            assert!(read(none).iter().all(|(_, value)| *value == Value::Other), "{none}");
        }
    }
}
