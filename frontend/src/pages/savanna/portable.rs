//! Templates as texts: taken elsewhere, and brought from elsewhere.

use howdah_shared::systems::savanna::Dialect;
use leptos::prelude::*;
use serde_json::Value;

use super::form::{Form, What};
use super::groups::Group;

/// A template or a cluster as it can be taken elsewhere: what a body may have, without ids of its own and secrets.
pub(super) fn portable(what: What, told: &Value) -> Value {
    let owner = Owner::new();
    owner.with(|| {
        let form = Form::new(what);
        form.fill(told);
        let mut come = form.come(Dialect::Today, &[]);
        for group in come.body.get_mut("node_groups").and_then(Value::as_array_mut).into_iter().flatten() {
            // The template of a group is not taken along: what it says is in the group.
            let whole = told["node_groups"].as_array().into_iter().flatten().find(|one| one["name"] == group["name"]);
            if let (Some(whole), true) = (whole, group.get("node_group_template_id").is_some()) {
                let (inline, _) = Group::of(whole);
                inline.template.set(String::new());
                *group = inline.body(true, &[], "", &mut Vec::new());
            }
        }
        come.body
    })
}

/// What somebody brings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Brought {
    /// What a form may be filled with.
    pub(super) told: Value,
    /// The members that it leaves to whoever makes something of it.
    pub(super) open: Vec<String>,
}

/// What stands in a text that somebody brings: a template, a reply or a file that holds one, or what the service itself
/// exports.
///
/// # Errors
/// Why there is none.
pub(super) fn imported(text: &str) -> Result<Brought, String> {
    let mut value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let within = ["node_group_template", "cluster_template", "cluster"];
    let told = match within.iter().find(|name| value.get(name).is_some()) {
        Some(name) => value[name].take(),
        None => value,
    };
    if !told.is_object() {
        return Err("no object".to_owned());
    }
    let mut brought = Brought { told, open: Vec::new() };
    leave_open(&mut brought.told, &mut brought.open);
    Ok(brought)
}

/// Takes out what an export has in the place of what other clouds do not have: `{flavor_id}` for a flavor. The newest of
/// the service's versions has another word for the version of a plugin.
fn leave_open(value: &mut Value, open: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(version) = members.remove("plugin_version") {
                members.entry("hadoop_version").or_insert(version);
            }
            members.retain(|name, value| {
                let is_open = value.as_str().is_some_and(|text| text == format!("{{{name}}}"));
                if is_open && !open.contains(name) {
                    open.push(name.clone());
                }
                !is_open
            });
            members.values_mut().for_each(|value| leave_open(value, open));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| leave_open(value, open)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// What a Sahara 19 exported.
    fn exported(recording: &str) -> String {
        let recording: Value = serde_json::from_str(recording).unwrap();
        recording["body"].as_str().unwrap().to_owned()
    }

    #[test]
    fn what_is_taken_elsewhere_needs_no_other_template() {
        let whole = json!({
            "id": "b2f7", "name": "one", "plugin_name": "vanilla", "hadoop_version": "2.7.5",
            "node_groups": [{"id": "g", "name": "m", "count": 1, "flavor_id": "42", "node_processes": ["namenode"],
                "node_group_template_id": "e017fdde-a2f7-41ed-b342-2d63083e7772",
                "shares": [{"id": "s", "path": "/data", "access_level": "ro"}]}],
        });
        let taken = portable(What::Template, &whole);
        assert_eq!(taken["node_groups"][0]["flavor_id"], "42");
        assert_eq!(taken["node_groups"][0]["shares"][0]["path"], "/data");
        assert!(taken["node_groups"][0].get("node_group_template_id").is_none() && taken.get("id").is_none());
        let brought = imported(&json!({"cluster_template": taken}).to_string());
        assert_eq!(brought, Ok(Brought { told: taken, open: Vec::new() }));
    }

    #[test]
    fn what_the_service_exports_leaves_what_other_clouds_do_not_have() {
        let nodes = include_str!("../../../../tests/contract/recordings/savanna-sahara-19/ngt-export.json");
        let Brought { told, mut open } = imported(&exported(nodes)).unwrap();
        open.sort();
        assert_eq!(open, ["flavor_id", "floating_ip_pool", "image_id", "security_groups"]);
        Owner::new().with(|| {
            let form = Form::new(What::Nodes);
            form.fill(&told);
            let come = form.come(Dialect::Today, &[]);
            assert_eq!((&come.body["name"], &come.body["flavor_id"]), (&json!("worker"), &json!("")));
            assert_eq!(come.body["node_processes"], json!(["datanode", "tasktracker"]));
            let wrong: Vec<_> = come.wrong.iter().map(|(place, _)| place.as_str()).collect();
            assert_eq!(wrong, ["flavor_id"]);
        });
        let template = include_str!("../../../../tests/contract/recordings/savanna-sahara-19/ct-export.json");
        let Brought { told, mut open } = imported(&exported(template)).unwrap();
        open.sort();
        assert_eq!(open, ["default_image_id", "node_groups"]);
        assert_eq!(told["cluster_configs"], json!({"general": {"Enable NTP service": true}}));
    }

    #[test]
    fn the_newest_word_for_a_version_is_understood() {
        let text = json!({"name": "a", "plugin_version": "3.0", "description": "{braces}"}).to_string();
        let Brought { told, open } = imported(&text).unwrap();
        assert_eq!(told, json!({"name": "a", "hadoop_version": "3.0", "description": "{braces}"}));
        assert!(open.is_empty());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_import(text in ".{0,40}") {
            drop(imported(&text));
        }
    }
}
