//! The text of JSON by its members, without reading what they hold.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What stands at the end of a path of names with dots between them, if there is something; of several members of a
/// name, the last. A long reply is gone through once.
pub fn find<'a>(reply: &'a str, path: &str) -> serde_json::Result<Option<&'a RawValue>> {
    let mut reader = serde_json::Deserializer::from_str(reply);
    let found = At(Some(path).filter(|path| !path.is_empty())).deserialize(&mut reader)?;
    reader.end()?;
    Ok(found)
}

/// At this place below, or here.
struct At<'p>(Option<&'p str>);

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        match self.0 {
            Some(_) => reader.deserialize_any(self),
            None => <&RawValue>::deserialize(reader).map(Some),
        }
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (first, rest) = match self.0.and_then(|path| path.split_once('.')) {
            Some((first, rest)) => (Some(first), Some(rest)),
            None => (self.0, None),
        };
        let mut found = None;
        while let Some(Name(name)) = map.next_key()? {
            if first == Some(&*name) {
                found = map.next_value_seed(At(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Goes through the members of an object; `None` where it is none. `each` gets the name and the value.
pub fn each_member<'a>(of: &'a RawValue, each: impl FnMut(&str, &'a RawValue)) -> Option<()> {
    serde_json::Deserializer::from_str(of.get()).deserialize_map(Members(each)).ok()
}

struct Members<F>(F);

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for Members<F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            (self.0)(&name, map.next_value()?);
        }
        Ok(())
    }
}

/// The items of a list; one element is written as itself by some services.
pub fn items(list: &RawValue) -> Vec<&RawValue> {
    match list.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str(list.get()).unwrap_or_default(),
        Some(b'{') => vec![list],
        _ => Vec::new(),
    }
}

/// The text or the number that a value is; `None` where it is empty or neither.
pub fn named(value: &str) -> Option<String> {
    match value.as_bytes().first()? {
        b'"' => serde_json::from_str(value).ok().filter(|name: &String| !name.is_empty()),
        b'0'..=b'9' | b'-' => Some(value.to_owned()),
        _ => None,
    }
}
