//! What a form that adds nodes comes to: which array and kind of machine is meant, how many fit, and what is wrong.

use howdah_shared::systems::cyclecloud::{Bucket, ClusterStatus, NodeArray};

use super::arrays::machine_type;
use super::limits::{Limits, cores_of, limits};

/// The names of the arrays.
pub(super) fn array_names(status: &ClusterStatus) -> Vec<String> {
    status.nodearrays.iter().filter_map(|array| array.name.clone()).collect()
}

/// The array of a name.
pub(super) fn array_named<'a>(status: &'a ClusterStatus, name: &str) -> Option<&'a NodeArray> {
    status.nodearrays.iter().find(|array| array.name.as_deref() == Some(name))
}

/// The machine types of an array, each with whether new nodes may be made of it.
pub(super) fn machines(array: &NodeArray) -> Vec<(String, bool)> {
    let of = |bucket: &Bucket| Some((machine_type(bucket)?, bucket.valid != Some(false)));
    array.buckets.iter().filter_map(of).collect()
}

/// The bucket of a machine type; of none the first that has a place, as the service picks it.
pub(super) fn bucket_for<'a>(array: &'a NodeArray, machine: &str) -> Option<&'a Bucket> {
    let may = |bucket: &&Bucket| bucket.valid != Some(false);
    let has_room = |bucket: &&Bucket| may(bucket) && bucket.available_count.is_none_or(|count| count > 0);
    match machine {
        "" => array.buckets.iter().find(has_room).or_else(|| array.buckets.iter().find(may)),
        _ => array.buckets.iter().find(|bucket| machine_type(bucket).as_deref() == Some(machine)),
    }
}

/// The cores of each node that is made of a machine type; of none where all that may be have the same.
pub(super) fn cores_each(array: &NodeArray, machine: &str) -> Option<i64> {
    let may = |bucket: &&Bucket| match machine {
        "" => bucket.valid != Some(false),
        _ => machine_type(bucket).as_deref() == Some(machine),
    };
    let mut each = array.buckets.iter().filter(may).map(cores_of);
    let first = each.next()??;
    each.all(|other| other == Some(first)).then_some(first)
}

/// The limits of what is chosen; of a placement group where one is named.
pub(super) fn limits_for(status: &ClusterStatus, array: &str, machine: &str, group: &str) -> Option<Limits> {
    let array = array_named(status, array)?;
    let bucket = bucket_for(array, machine)?;
    let limits = limits(status, array, bucket);
    Some(if group.is_empty() { limits } else { limits.in_group(bucket, group) })
}

/// A whole number that is typed.
pub(super) fn number(text: &str) -> Option<i64> {
    text.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn without_a_machine_type_the_first_with_room_is_meant() {
        let bucket = |machine: &str, valid: bool, available: i64| json!({"definition": {"machineType": machine}, "valid": valid, "availableCount": available});
        let array: NodeArray = serde_json::from_value(json!({
            "name": "execute", "buckets": [bucket("a", false, 9), bucket("b", true, 0), bucket("c", true, 2)]
        }))
        .unwrap();
        let found = |machine: &str| bucket_for(&array, machine).and_then(machine_type);
        assert_eq!((found("").as_deref(), found("b").as_deref(), found("d")), (Some("c"), Some("b"), None));
        assert_eq!(machines(&array), [("a".into(), false), ("b".into(), true), ("c".into(), true)]);
    }

    #[test]
    fn the_cores_of_a_node_are_those_of_its_machine_type() {
        let bucket = |machine: &str, valid: bool, cores: i64| json!({"definition": {"machineType": machine}, "valid": valid, "virtualMachine": {"vcpuCount": cores}});
        let of = |buckets: &[serde_json::Value]| -> NodeArray {
            serde_json::from_value(json!({"name": "execute", "buckets": buckets})).unwrap()
        };
        let (a, b, c) = (bucket("a", false, 4), bucket("b", true, 32), bucket("c", true, 32));
        let array = of(&[a, b, c.clone()]);
        let each = |machine: &str| cores_each(&array, machine);
        assert_eq!((each("a"), each("b"), each("d"), each("")), (Some(4), Some(32), None, Some(32)));
        assert_eq!(cores_each(&of(&[c, bucket("e", true, 64)]), ""), None);
        assert_eq!(cores_each(&of(&[]), ""), None);
    }

    #[test]
    fn numbers_are_read_with_their_separators() {
        assert_eq!((number(" 1,200 "), number("12.5"), number("")), (Some(1200), None, None));
    }
}
