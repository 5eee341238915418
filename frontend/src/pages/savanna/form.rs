//! The form of a template or a cluster: what is typed, what it comes to, and what is wrong with it.

use howdah_shared::sensitive::hidden;
use howdah_shared::systems::savanna::{
    ClusterRequest, ClusterTemplateEdit, ClusterTemplateRequest, Dialect, Fault, NodeGroupTemplateEdit,
    NodeGroupTemplateRequest, PluginConfig,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::groups::{Group, KeptGroup, texts};
use super::members::{CLUSTER, NODES, TEMPLATE, Texts};
use super::options::Options;
use super::shares::{KeptShare, Shares};
use super::words::Said;

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A template of a group of nodes.
    Nodes,
    /// A template of a cluster.
    Template,
    /// A cluster.
    Cluster,
}

impl What {
    /// The member that holds its options.
    pub(super) fn options(self) -> &'static str {
        if self == What::Nodes { "node_configs" } else { "cluster_configs" }
    }

    /// The member that is a choice of processes.
    pub(super) fn processes(self) -> &'static str {
        if self == What::Nodes { "node_processes" } else { "anti_affinity" }
    }

    /// Whether an option of the plugin is for it.
    pub(super) fn has(self, config: &PluginConfig) -> bool {
        config.scope.as_deref() == Some(if self == What::Nodes { "node" } else { "cluster" })
    }
}

/// What is typed.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// What is made of it.
    pub(super) what: What,
    /// Its texts.
    pub(super) texts: Texts,
    /// The processes that are chosen.
    pub(super) processes: RwSignal<Vec<String>>,
    /// The options.
    pub(super) options: Options,
    /// What is mounted on its nodes.
    pub(super) shares: Shares,
    /// The groups, of what has groups.
    pub(super) groups: RwSignal<Vec<Group>>,
    /// Whether a cluster of a template has groups of its own.
    pub(super) own_groups: RwSignal<bool>,
}

/// What a form comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Come {
    /// The body.
    pub(super) body: Value,
    /// What is wrong, at which place.
    pub(super) wrong: Vec<(String, Said)>,
}

/// A form as it is kept through a reload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    texts: std::collections::BTreeMap<String, String>,
    processes: Vec<String>,
    options: Vec<(String, String, String)>,
    shares: Vec<KeptShare>,
    groups: Vec<KeptGroup>,
    own_groups: bool,
    /// Whether secrets were typed that are not kept.
    pub(super) lacks: bool,
}

impl Form {
    /// An empty one.
    pub(super) fn new(what: What) -> Form {
        let members = match what {
            What::Nodes => NODES,
            What::Template => TEMPLATE,
            What::Cluster => CLUSTER,
        };
        Form {
            what,
            texts: Texts::new(members),
            processes: RwSignal::new(Vec::new()),
            options: Options::new(),
            shares: Shares::new(),
            groups: RwSignal::new(Vec::new()),
            own_groups: RwSignal::new(false),
        }
    }

    /// Types what a template or a cluster has; gives whether it has secrets that are not told.
    pub(super) fn fill(self, told: &Value) -> bool {
        self.texts.fill(told);
        self.processes.set(texts(told.get(self.what.processes())));
        self.shares.fill(told.get("shares"));
        let mut lacks = self.options.fill(told.get(self.what.options()));
        let groups = told.get("node_groups").and_then(Value::as_array).into_iter().flatten().map(|told| {
            let (group, more) = Group::of(told);
            lacks |= more;
            group
        });
        self.groups.set(groups.collect());
        self.own_groups.set(false);
        lacks
    }

    /// Whether its groups are those of a template.
    pub(super) fn of_template(self) -> bool {
        self.what == What::Cluster && !self.texts.get("cluster_template_id").is_empty() && !self.own_groups.get()
    }

    /// What it comes to, and what is wrong with it by the rules of the service.
    pub(super) fn come(self, dialect: Dialect, known: &[PluginConfig]) -> Come {
        let (mut body, mut wrong) = (Map::new(), Vec::new());
        let today = dialect != Dialect::Reference;
        self.texts.write(today, &mut body, "", &mut wrong);
        for name in ["name", "plugin_name", "hadoop_version"] {
            body.entry(name).or_insert_with(|| "".into());
        }
        let processes = self.processes.get();
        if self.what == What::Nodes {
            body.insert("node_processes".to_owned(), processes.into());
            body.entry("flavor_id").or_insert_with(|| "".into());
        } else {
            if !processes.is_empty() {
                body.insert("anti_affinity".to_owned(), processes.into());
            }
            let groups = self.groups.get();
            if !groups.is_empty() && !self.of_template() {
                let groups = groups.iter().enumerate();
                let groups =
                    groups.map(|(at, group)| group.body(today, known, &format!("node_groups[{at}]."), &mut wrong));
                body.insert("node_groups".to_owned(), groups.collect());
            }
        }
        if let Some(options) = self.options.body(known, self.what.options(), &mut wrong) {
            body.insert(self.what.options().to_owned(), options);
        }
        if let Some(shares) = self.shares.body().filter(|_| today) {
            body.insert("shares".to_owned(), shares);
        }
        let body = Value::Object(body);
        for Fault { field, rule } in faults(self.what, dialect, &body) {
            if !wrong.iter().any(|(other, _)| *other == field) {
                wrong.push((field, Said::Rule(rule)));
            }
        }
        Come { body, wrong }
    }

    /// What may be kept of it.
    pub(super) fn kept(self) -> Kept {
        let (options, mut lacks) = self.options.kept();
        let groups = self.groups.get().into_iter().map(|group| {
            let (kept, more) = group.kept();
            lacks |= more;
            kept
        });
        let groups = groups.collect();
        let (texts, processes, own_groups) = (self.texts.kept(), self.processes.get(), self.own_groups.get());
        Kept { texts, processes, options, shares: self.shares.kept(), groups, own_groups, lacks }
    }

    /// Types what was kept.
    pub(super) fn keep(self, kept: Kept) {
        kept.texts.into_iter().for_each(|(name, text)| self.texts.set(&name, text));
        self.processes.set(kept.processes);
        self.options.keep(kept.options);
        self.shares.keep(kept.shares);
        self.groups.set(kept.groups.into_iter().map(Group::restored).collect());
        self.own_groups.set(kept.own_groups);
    }
}

fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Option<T> {
    serde_json::from_value(body.clone()).ok()
}

/// What the service refuses of a body.
fn faults(what: What, dialect: Dialect, body: &Value) -> Vec<Fault> {
    match what {
        What::Nodes => read::<NodeGroupTemplateRequest>(body).map(|body| body.faults(dialect)),
        What::Template => read::<ClusterTemplateRequest>(body).map(|body| body.faults(dialect)),
        What::Cluster => read::<ClusterRequest>(body).map(|body| body.faults(dialect)),
    }
    .unwrap_or_default()
}

/// A body as it will be written, its secrets hidden.
pub(super) fn shown(what: What, body: &Value) -> String {
    let written = hidden(|| match what {
        What::Nodes => read::<NodeGroupTemplateRequest>(body).and_then(|body| serde_json::to_string_pretty(&body).ok()),
        What::Template => {
            read::<ClusterTemplateRequest>(body).and_then(|body| serde_json::to_string_pretty(&body).ok())
        }
        What::Cluster => read::<ClusterRequest>(body).and_then(|body| serde_json::to_string_pretty(&body).ok()),
    });
    written.unwrap_or_default()
}

/// The same of an edit.
pub(super) fn shown_edit(what: What, body: &Value) -> String {
    let written = hidden(|| match what {
        What::Nodes => read::<NodeGroupTemplateEdit>(body).and_then(|body| serde_json::to_string_pretty(&body).ok()),
        _ => read::<ClusterTemplateEdit>(body).and_then(|body| serde_json::to_string_pretty(&body).ok()),
    });
    written.unwrap_or_default()
}

/// What changes a body into another: members that are otherwise, and as null those that are there no more.
pub(super) fn edit(before: &Value, after: &Value) -> Value {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else { return Value::Null };
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    let mut out: Map<String, Value> = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        // Some have something that means none, and take no null.
        let none = match name.as_str() {
            "volumes_per_node" => 0.into(),
            "shares" => Value::Array(Vec::new()),
            _ => Value::Null,
        };
        out.insert(name.clone(), none);
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        json!({
            "id": "b2f7", "name": "one", "plugin_name": "vanilla", "hadoop_version": "2.7.5", "created_at": "2013",
            "default_image_id": null, "description": "What it is", "anti_affinity": ["namenode"], "is_public": false,
            "cluster_configs": {"HDFS": {"dfs.replication": 3}, "Kerberos": {"Admin password": "***"}},
            "node_groups": [{"id": "g", "name": "m", "count": 1, "flavor_id": "42", "node_processes": ["namenode"],
                "node_group_template_id": "e017fdde-a2f7-41ed-b342-2d63083e7772", "volumes_per_node": 0}],
        })
    }

    #[test]
    fn a_copy_has_what_a_body_may_have() {
        Owner::new().with(|| {
            let form = Form::new(What::Template);
            assert!(form.fill(&whole()));
            let come = form.come(Dialect::Today, &[]);
            assert_eq!(come.wrong, []);
            assert_eq!(
                come.body,
                json!({
                    "name": "one", "plugin_name": "vanilla", "hadoop_version": "2.7.5", "description": "What it is",
                    "anti_affinity": ["namenode"], "is_public": false, "cluster_configs": {"HDFS": {"dfs.replication": 3}},
                    "node_groups": [{"name": "m", "count": 1,
                        "node_group_template_id": "e017fdde-a2f7-41ed-b342-2d63083e7772"}],
                })
            );
        });
    }

    #[test]
    fn an_edit_is_what_differs() {
        let before =
            json!({"name": "a", "description": "b", "volumes_per_node": 2, "flavor_id": "1", "shares": [{"id": "s"}]});
        let after = json!({"name": "a", "flavor_id": "2"});
        let meant = json!({"description": null, "volumes_per_node": 0, "flavor_id": "2", "shares": []});
        assert_eq!(edit(&before, &after), meant);
        assert_eq!(edit(&before, &before), json!({}));
        assert!(!shown_edit(What::Nodes, &meant).is_empty());
    }

    #[test]
    fn what_is_missing_is_wrong_where_it_is() {
        Owner::new().with(|| {
            let form = Form::new(What::Cluster);
            form.groups.set(vec![Group::new()]);
            let wrong = form.come(Dialect::Today, &[]).wrong;
            let places: Vec<&str> = wrong.iter().map(|(place, _)| place.as_str()).collect();
            for place in ["name", "plugin_name", "default_image_id", "node_groups[0].name", "node_groups[0].flavor_id"]
            {
                assert!(places.contains(&place), "{place}: {places:?}");
            }
            let form = Form::new(What::Cluster);
            form.texts.set("volumes", "x".to_owned());
            let reference = form.come(Dialect::Reference, &[]).wrong;
            assert!(!reference.iter().any(|(place, _)| place == "neutron_management_network"));
        });
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let name = prop::sample::select(vec![
                "name",
                "node_groups",
                "node_configs",
                "cluster_configs",
                "count",
                "flavor_id",
                "node_processes",
                "a",
            ]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map(name, inner, 0..5).prop_map(|map| Value::Object(
                    map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
                )),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_brought_makes_a_form_and_a_body(value in values()) {
            Owner::new().with(|| {
                for what in [What::Nodes, What::Template, What::Cluster] {
                    let form = Form::new(what);
                    form.fill(&value);
                    let come = form.come(Dialect::Today, &[]);
                    let kept = form.kept();
                    let again = Form::new(what);
                    again.keep(kept.clone());
                    assert_eq!(again.kept().texts, kept.texts);
                    super::super::portable::portable(what, &come.body);
                }
            });
        }
    }
}
