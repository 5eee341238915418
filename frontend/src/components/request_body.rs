//! What was sent, told member by member.

use serde_json::Value;

use crate::ui::format::cut_middle;

/// The most characters of a value that [`brief`] shows.
const BRIEF: usize = 32;

/// Every member of a body that is no structure itself, with the path to it.
pub(crate) fn leaves(body: &Value) -> Vec<(String, String)> {
    fn walk(path: String, value: &Value, out: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    walk(if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, value, out);
                }
            }
            Value::Array(items) => {
                for (at, value) in items.iter().enumerate() {
                    walk(format!("{path}[{at}]"), value, out);
                }
            }
            Value::String(text) => out.push((path, text.clone())),
            other => out.push((path, other.to_string())),
        }
    }
    let mut out = Vec::new();
    walk(String::new(), body, &mut out);
    out
}

/// The members in a line, each by the last part of its path: `WORKER, nodeCnt 6`.
pub(crate) fn brief(body: &Value) -> String {
    let mut members = leaves(body);
    // The type of a group says of what its other members are.
    members.sort_by_cached_key(|(path, _)| {
        let (place, name) = path.rsplit_once('.').unwrap_or(("", path));
        (place.to_owned(), name != "type")
    });
    let member = |(path, value): (String, String)| {
        let value = cut_middle(&value, BRIEF);
        match path.rsplit('.').next().unwrap_or_default() {
            "type" => value,
            name => format!("{name} {value}"),
        }
    };
    members.into_iter().map(member).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_is_told_member_by_member() {
        let body = json!({
            "instanceSpecs": [{"type": "WORKER", "nodeCnt": 6}], "userTaskInfo": {"execOpts": "--a b"}
        });
        let mut told = leaves(&body);
        told.sort();
        let told: Vec<(&str, &str)> = told.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let meant = [
            ("instanceSpecs[0].nodeCnt", "6"),
            ("instanceSpecs[0].type", "WORKER"),
            ("userTaskInfo.execOpts", "--a b"),
        ];
        assert_eq!(told, meant);
        assert!(leaves(&json!({})).is_empty());
    }

    #[test]
    fn a_body_fits_a_line() {
        let long = "x".repeat(100);
        let body =
            json!({"instanceSpecs": [{"type": "WORKER", "volumeSize": 200}], "userTaskInfo": {"execOpts": long}});
        let told = brief(&body);
        assert!(told.starts_with("WORKER, volumeSize 200, execOpts xxx"), "{told}");
        assert!(told.chars().count() < 80, "{told}");
    }
}
