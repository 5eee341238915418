//! The groups of nodes of a cluster or of a template, as they are typed.

use std::cell::Cell;

use howdah_shared::systems::savanna::PluginConfig;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::members::{GROUP, Texts};
use super::options::Options;
use super::shares::{KeptShare, Shares};
use super::words::Said;

/// A group.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// By which it is told from the others, whatever its name is.
    pub(super) number: u32,
    /// Its name.
    pub(super) name: RwSignal<String>,
    /// How many nodes it has.
    pub(super) count: RwSignal<String>,
    /// The id of its template; empty where it has none.
    pub(super) template: RwSignal<String>,
    /// What it has besides, where it has no template.
    pub(super) texts: Texts,
    /// What runs on its nodes.
    pub(super) processes: RwSignal<Vec<String>>,
    /// Their options.
    pub(super) options: Options,
    /// What is mounted on them.
    pub(super) shares: Shares,
}

/// A group as it is kept through a reload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptGroup {
    name: String,
    count: String,
    template: String,
    texts: std::collections::BTreeMap<String, String>,
    processes: Vec<String>,
    options: Vec<(String, String, String)>,
    shares: Vec<KeptShare>,
}

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// A number that nothing else that is typed here has.
pub(super) fn number() -> u32 {
    let number = NUMBER.get() + 1;
    NUMBER.set(number);
    number
}

impl Group {
    /// One of which nothing is typed but the number of its nodes.
    pub(super) fn new() -> Group {
        let text = |text: &str| RwSignal::new(text.to_owned());
        Group {
            number: number(),
            name: text(""),
            count: text("1"),
            template: text(""),
            texts: Texts::new(GROUP),
            processes: RwSignal::new(Vec::new()),
            options: Options::new(),
            shares: Shares::new(),
        }
    }

    /// The one that a body tells; with whether it has secrets that are not told.
    pub(super) fn of(told: &Value) -> (Group, bool) {
        let group = Group::new();
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        group.name.set(text("name"));
        group.count.set(told["count"].as_i64().unwrap_or(1).to_string());
        group.template.set(text("node_group_template_id"));
        group.texts.fill(told);
        group.processes.set(texts(told.get("node_processes")));
        group.shares.fill(told.get("shares"));
        let lacks = group.options.fill(told.get("node_configs"));
        (group, lacks)
    }

    /// What it comes to.
    pub(super) fn body(
        self,
        today: bool,
        known: &[PluginConfig],
        place: &str,
        wrong: &mut Vec<(String, Said)>,
    ) -> Value {
        let mut body = Map::new();
        body.insert("name".to_owned(), self.name.get().trim().into());
        match self.count.get().trim().parse::<i64>() {
            Ok(count) => drop(body.insert("count".to_owned(), count.into())),
            Err(_) => {
                body.insert("count".to_owned(), 0.into());
                wrong.push((format!("{place}count"), Said::Number));
            }
        }
        let template = self.template.get();
        if !template.is_empty() {
            // It says everything else.
            body.insert("node_group_template_id".to_owned(), template.into());
            return Value::Object(body);
        }
        self.texts.write(today, &mut body, place, wrong);
        body.insert("node_processes".to_owned(), self.processes.get().into());
        if let Some(options) = self.options.body(known, &format!("{place}node_configs"), wrong) {
            body.insert("node_configs".to_owned(), options);
        }
        if let Some(shares) = self.shares.body().filter(|_| today) {
            body.insert("shares".to_owned(), shares);
        }
        Value::Object(body)
    }

    /// What may be kept of it, and whether something may not.
    pub(super) fn kept(self) -> (KeptGroup, bool) {
        let (options, lacks) = self.options.kept();
        let kept = KeptGroup {
            name: self.name.get(),
            count: self.count.get(),
            template: self.template.get(),
            texts: self.texts.kept(),
            processes: self.processes.get(),
            options,
            shares: self.shares.kept(),
        };
        (kept, lacks)
    }

    /// The one that was kept.
    pub(super) fn restored(kept: KeptGroup) -> Group {
        let group = Group::new();
        let KeptGroup { name, count, template, texts, processes, options, shares } = kept;
        group.name.set(name);
        group.count.set(count);
        group.template.set(template);
        texts.into_iter().for_each(|(name, text)| group.texts.set(&name, text));
        group.processes.set(processes);
        group.options.keep(options);
        group.shares.keep(shares);
        group
    }
}

/// The texts of a list.
pub(super) fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_of_a_template_is_that_and_a_count() {
        Owner::new().with(|| {
            let id = "e017fdde-a2f7-41ed-b342-2d63083e7772";
            let told = json!({
                "name": "worker", "count": 3, "node_group_template_id": id, "flavor_id": "42", "volumes_size": 10,
                "node_processes": ["datanode"], "node_configs": {"HDFS": {}}, "instances": [], "created": "2013"
            });
            let (group, lacks) = Group::of(&told);
            let mut wrong = Vec::new();
            let body = group.body(true, &[], "", &mut wrong);
            assert_eq!(body, json!({"name": "worker", "count": 3, "node_group_template_id": id}));
            group.template.set(String::new());
            let body = group.body(true, &[], "", &mut wrong);
            let meant = json!({"name": "worker", "count": 3, "flavor_id": "42", "volumes_size": 10, "node_processes": ["datanode"]});
            assert_eq!((body, lacks, wrong), (meant, false, vec![]));
        });
    }

    #[test]
    fn what_is_kept_comes_back_without_secrets() {
        Owner::new().with(|| {
            let told = json!({
                "name": "worker", "count": 3, "flavor_id": "42", "node_processes": ["datanode"],
                "node_configs": {"HDFS": {"dfs.a": "b", "admin.password": "hunter2"}}
            });
            let (kept, lacks) = Group::of(&told).0.kept();
            assert!(lacks && !serde_json::to_string(&kept).unwrap().contains("hunter2"));
            let (again, _) = Group::restored(kept.clone()).kept();
            assert_eq!(again, kept);
        });
    }
}
