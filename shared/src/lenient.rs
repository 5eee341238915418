//! Reading JSON as services really write it.
//!
//! Numbers come as text, text as numbers, lists as null, an empty object, an empty string or a single element. Each
//! function here is for `#[serde(default, deserialize_with = "…")]` and never fails on a shape that it did not
//! expect: what cannot be read is missing, and the page shows it as unknown.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A word of an enumeration that may grow: one that we know, or the service's own text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Open<T> {
    /// A word of the reference.
    Known(T),
    /// Any other.
    Other(String),
}

/// Reads a whole reply. A member that is there twice, which the readers' types refuse, counts as its last one.
///
/// # Errors
/// Where the text is no JSON, or no JSON object where `T` is one.
pub fn reply<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(body).or_else(|_| serde_json::from_value(serde_json::from_slice(body)?))
}

macro_rules! scalar_visitor {
    ($visitor:ident -> $out:ty { $($body:tt)* }) => {
        struct $visitor;
        impl<'de> Visitor<'de> for $visitor {
            type Value = Option<$out>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
            fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
                d.deserialize_any(self)
            }
            $($body)*
        }
    };
}

macro_rules! ignore_compound {
    () => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(None)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(None)
        }
    };
}

scalar_visitor! { Integer -> i64 {
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_i64<E>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Some(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Self::Value, E> {
        Ok(Some(i64::try_from(v).unwrap_or(i64::MAX)))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Self::Value, E> {
        // `as` saturates: a rounded 2^63 is "as much as there can be", not an error.
        Ok(v.is_finite().then_some(v as i64))
    }
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        let v = v.trim();
        Ok(v.parse().ok().or_else(|| v.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| v as i64)))
    }
    ignore_compound!();
} }

scalar_visitor! { Float -> f64 {
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_i64<E>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Some(v as f64))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Self::Value, E> {
        Ok(Some(v as f64))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Self::Value, E> {
        Ok(v.is_finite().then_some(v))
    }
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(v.trim().parse::<f64>().ok().filter(|v| v.is_finite()))
    }
    ignore_compound!();
} }

scalar_visitor! { Flag -> bool {
    fn visit_bool<E>(self, v: bool) -> Result<Self::Value, E> {
        Ok(Some(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Some(v != 0))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Self::Value, E> {
        Ok(Some(v != 0))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(match v.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        })
    }
    ignore_compound!();
} }

scalar_visitor! { Text -> String {
    fn visit_bool<E>(self, v: bool) -> Result<Self::Value, E> {
        Ok(Some(v.to_string()))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Some(v.to_string()))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Self::Value, E> {
        Ok(Some(v.to_string()))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Self::Value, E> {
        Ok(Some(v.to_string()))
    }
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Some(v.to_owned()))
    }
    fn visit_string<E>(self, v: String) -> Result<Self::Value, E> {
        Ok(Some(v))
    }
    // A compound where a word was expected shows up as itself.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(|v| Some(v.to_string()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(|v| Some(v.to_string()))
    }
} }

/// A whole number, also as text or with a fraction; what lies beyond 64 bits is cut to the nearest that fits.
///
/// # Errors
/// Only where the JSON itself is broken.
pub fn integer<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    d.deserialize_any(Integer)
}

/// A number, also as text; `NaN` and the infinities are missing.
///
/// # Errors
/// Only where the JSON itself is broken.
pub fn float<'de, D: Deserializer<'de>>(d: D) -> Result<Option<f64>, D::Error> {
    d.deserialize_any(Float)
}

/// A yes or no, also as text or number.
///
/// # Errors
/// Only where the JSON itself is broken.
pub fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    d.deserialize_any(Flag)
}

/// Text; any other value as the JSON that it is.
///
/// # Errors
/// Only where the JSON itself is broken.
pub fn text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    d.deserialize_any(Text)
}

/// An object; its default where there is null, text or anything else.
///
/// # Errors
/// Only where the JSON itself is broken, or where `T` refuses an object.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(d: D) -> Result<T, D::Error> {
    d.deserialize_any(Object(PhantomData)).map(Option::unwrap_or_default)
}

/// A list of objects: null, missing, `{}`, `""` and `[]` are empty, a single object is a list of one, and what is no
/// object within a list is passed over.
///
/// # Errors
/// Only where the JSON itself is broken, or where `T` refuses an object.
pub fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Result<Vec<T>, D::Error> {
    d.deserialize_any(Objects(PhantomData))
}

/// A list of words: as [`objects`], and a single word is a list of one.
///
/// # Errors
/// Only where the JSON itself is broken.
pub fn texts<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::Array(items) => items.into_iter().filter(|item| !item.is_null()).map(plain).collect(),
        Value::Null => Vec::new(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::Object(members) if members.is_empty() => Vec::new(),
        single => vec![plain(single)],
    })
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

macro_rules! nothing_for_scalars {
    ($nothing:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("anything")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($nothing)
        }
    };
}
pub(crate) use nothing_for_scalars;

struct Object<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Object<T> {
    type Value = Option<T>;
    nothing_for_scalars!(None);
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// One element of a list: an object, or nothing.
struct Element<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(Object(PhantomData)).map(Element)
    }
}

struct Objects<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Objects<T> {
    type Value = Vec<T>;
    nothing_for_scalars!(Vec::new());
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let members = serde_json::Map::deserialize(MapAccessDeserializer::new(map))?;
        if members.is_empty() {
            return Ok(Vec::new());
        }
        let single = T::deserialize(Value::Object(members)).map_err(serde::de::Error::custom)?;
        Ok(vec![single])
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut out = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1 << 16));
        while let Some(Element(item)) = seq.next_element()? {
            out.extend(item);
        }
        Ok(out)
    }
}
