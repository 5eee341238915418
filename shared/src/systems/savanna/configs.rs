//! Options of a cluster and of its nodes: by what they are for, by name.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::mask::{self, MASK};
use crate::sensitive;

/// The value of an option. The service refuses fractions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ConfigValue {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Integer(i64),
    /// Text.
    Text(String),
}

impl ConfigValue {
    /// A value as a service writes it; what is none of these shows as the JSON that it is.
    fn read(value: Value) -> Option<ConfigValue> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(flag) => ConfigValue::Flag(flag),
            Value::String(text) => ConfigValue::Text(text),
            other => match other.as_i64() {
                Some(number) => ConfigValue::Integer(number),
                None => ConfigValue::Text(other.to_string()),
            },
        })
    }
}

impl fmt::Display for ConfigValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigValue::Flag(flag) => flag.fmt(f),
            ConfigValue::Integer(number) => number.fmt(f),
            ConfigValue::Text(text) => text.fmt(f),
        }
    }
}

/// The options of what an option is for, by their names.
type Named = BTreeMap<String, ConfigValue>;

/// Options by what they are for (`HDFS`, `MapReduce`, `general`), by name. What a name calls a secret is written as it is
/// where it is sent, and hidden elsewhere.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
pub struct Configs(pub BTreeMap<String, Named>);

impl fmt::Debug for Configs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sensitive::hidden(|| serde_json::to_string(self)).unwrap_or_default())
    }
}

impl Serialize for Configs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Shown<'a>(&'a Named);
        impl Serialize for Shown<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                for (name, value) in self.0 {
                    let is_secret = mask::names_a_secret(name) && !matches!(value, ConfigValue::Flag(_));
                    match sensitive::is_hidden() && is_secret {
                        true => map.serialize_entry(name, MASK)?,
                        false => map.serialize_entry(name, value)?,
                    }
                }
                map.end()
            }
        }
        serializer.collect_map(self.0.iter().map(|(target, named)| (target, Shown(named))))
    }
}

/// Options as a service writes them.
pub(super) fn configs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Configs, D::Error> {
    let Value::Object(targets) = Value::deserialize(deserializer)? else { return Ok(Configs::default()) };
    let named = |(target, options)| match options {
        Value::Object(options) => {
            let read = options.into_iter().filter_map(|(name, value)| Some((name, ConfigValue::read(value)?)));
            Some((target, read.collect()))
        }
        _ => None,
    };
    Ok(Configs(targets.into_iter().filter_map(named).collect()))
}

/// The value of an option as a service writes it.
pub(super) fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ConfigValue>, D::Error> {
    Value::deserialize(deserializer).map(ConfigValue::read)
}

/// Values to choose from. Some versions write each with what it is called.
pub(super) fn choices<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ConfigValue>, D::Error> {
    let Value::Array(choices) = Value::deserialize(deserializer)? else { return Ok(Vec::new()) };
    let first = |choice| match choice {
        Value::Array(pair) => pair.into_iter().next(),
        other => Some(other),
    };
    Ok(choices.into_iter().filter_map(first).filter_map(ConfigValue::read).collect())
}

/// A map of things that are read leniently by themselves; what is no map is empty.
pub(super) fn by_name<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let Value::Object(members) = Value::deserialize(deserializer)? else { return Ok(BTreeMap::new()) };
    Ok(members.into_iter().map(|(name, value)| (name, serde_json::from_value(value).unwrap_or_default())).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_name_calls_a_secret_is_sent_and_not_shown() {
        let sent = json!({"Kerberos": {"Admin password": "hunter22", "Realm Name": "A", "Check tokens": true}, "general": {"a": 1}});
        let configs: Configs = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(serde_json::to_value(&configs).unwrap(), sent);
        let shown = sensitive::hidden(|| serde_json::to_value(&configs).unwrap());
        assert_eq!(shown["Kerberos"], json!({"Admin password": "***", "Realm Name": "A", "Check tokens": true}));
        assert!(!format!("{configs:?}").contains("hunter22"));
    }

    #[test]
    fn fractions_and_lists_are_read_and_not_sent() {
        for refused in [json!({"a": {"b": 1.5}}), json!({"a": {"b": []}}), json!({"a": {"b": null}}), json!({"a": 1})] {
            assert!(serde_json::from_value::<Configs>(refused.clone()).is_err(), "{refused}");
            configs(&refused).unwrap();
        }
        let read = configs(&json!({"a": {"b": 1.5, "c": [1], "d": null}, "e": null})).unwrap();
        assert_eq!(read.0["a"]["b"], ConfigValue::Text("1.5".to_owned()));
        assert_eq!(read.0["a"].len(), 2);
        assert_eq!(choices(&json!([["a", "A"], "b", 3])).unwrap().len(), 3);
    }
}
