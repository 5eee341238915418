//! Whatever is done to a document that a service may send, reading it never fails as long as it is a JSON object.

use howdah_shared::systems::hadoop_eco::v2::{Rework, ReworkAccepted};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// What is done to one place of a document.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Replace(Value),
    Remove,
    AsText,
    IntoList,
    IntoObject,
    Unwrap,
    Twice,
    InSnakeCase,
    InBothSpellings,
}

fn change() -> impl Strategy<Value = Change> {
    let values = prop_oneof![
        Just(Value::Null),
        Just(json!("")),
        Just(json!({})),
        Just(json!([])),
        Just(json!("NaN")),
        Just(json!([null, [], {}, "x", 1])),
        Just(json!({"deep": {"deeper": [{"deepest": 1}]}})),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    prop_oneof![
        8 => values.prop_map(Change::Replace),
        1 => Just(Change::Remove),
        1 => Just(Change::AsText),
        1 => Just(Change::IntoList),
        1 => Just(Change::IntoObject),
        1 => Just(Change::Unwrap),
        1 => Just(Change::Twice),
        2 => Just(Change::InSnakeCase),
        2 => Just(Change::InBothSpellings),
    ]
}

/// Changes, each at a place up to so deep below the top that is found by going down as the numbers say.
pub(crate) fn changes(deep: usize) -> impl Strategy<Value = Vec<(Vec<u8>, Change)>> {
    prop::collection::vec((prop::collection::vec(any::<u8>(), 1..=deep), change()), 1..6)
}

pub(crate) fn changed(mut document: Value, changes: &[(Vec<u8>, Change)]) -> Value {
    for (way, change) in changes {
        apply(&mut document, way, change);
    }
    document
}

fn apply(value: &mut Value, way: &[u8], change: &Change) {
    let Some((step, rest)) = way.split_first() else { return };
    match value {
        Value::Object(members) if !members.is_empty() => {
            let name = members.keys().nth(usize::from(*step) % members.len()).cloned().unwrap_or_default();
            match members.get_mut(&name) {
                Some(inner) if !rest.is_empty() && (inner.is_object() || inner.is_array()) => {
                    apply(inner, rest, change)
                }
                _ => change_member(members, &name, change),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let index = usize::from(*step) % items.len();
            if rest.is_empty() || !(items[index].is_object() || items[index].is_array()) {
                change_value(&mut items[index], change);
            } else {
                apply(&mut items[index], rest, change);
            }
        }
        // The reply itself stays an object, though it may have lost all its members.
        Value::Object(_) => {}
        other => change_value(other, change),
    }
}

fn change_member(members: &mut Map<String, Value>, name: &str, change: &Change) {
    let Some(mut value) = members.remove(name) else { return };
    let snake = |name: &str| {
        let letters =
            name.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() });
        letters.collect::<String>()
    };
    match change {
        Change::Remove => return,
        Change::InSnakeCase => {
            members.insert(snake(name), value);
            return;
        }
        Change::InBothSpellings => {
            members.insert(snake(name), value.clone());
        }
        _ => change_value(&mut value, change),
    }
    members.insert(name.to_owned(), value);
}

fn change_value(value: &mut Value, change: &Change) {
    let old = value.take();
    *value = match change {
        Change::Replace(new) => new.clone(),
        Change::AsText => json!(old.to_string()),
        Change::IntoList => json!([old]),
        Change::Twice => json!([old.clone(), old]),
        Change::IntoObject => json!({"value": old}),
        Change::Unwrap => match old {
            Value::Array(items) => items.into_iter().next().unwrap_or_default(),
            Value::Object(members) => members.into_iter().next().map(|(_, value)| value).unwrap_or_default(),
            other => other,
        },
        Change::Remove => Value::Null,
        Change::InSnakeCase | Change::InBothSpellings => old,
    };
}

fn rework() -> Value {
    json!({
        "clusterId": "c", "clusterName": "n", "requestId": "r", "requestStatus": "Running", "requestResult": null,
        "clusterType": "t", "clusterVersion": "v", "isHa": true, "installComponents": ["Hadoop"],
        "masterInfo": [{"instanceGroupId": "g", "flavorId": "f", "flavorName": "x", "volumeSize": 50, "nodeCnt": 1}],
        "workerInfo": [{"volumeSize": 100, "nodeCnt": 3}], "taskInfo": [], "imageName": "i", "securityGroupIds": ["s"],
        "keypairName": "k", "owner": "o",
        "config": {"hdfsBlockSize": 128, "hdfsReplication": 2, "configText": "", "userScript": ""},
        "userTask": {"type": "hive", "terminationPolicy": "always", "fileUrl": null, "hiveQuery": "q", "deployMode": null,
            "execOpts": "", "execParams": "", "logUrl": "l"},
    })
}

fn is_read<T: DeserializeOwned>(document: &Value) -> Result<(), TestCaseError> {
    // As text, so that every number takes the way that it takes in earnest.
    match serde_json::from_str::<T>(&document.to_string()) {
        Ok(_) => Ok(()),
        Err(error) => Err(TestCaseError::fail(format!("{error} in {document}"))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rework_is_read_whatever_it_holds(changes in changes(4)) {
        let document = changed(rework(), &changes);
        is_read::<Rework>(&document)?;
        is_read::<ReworkAccepted>(&document)?;
    }
}
