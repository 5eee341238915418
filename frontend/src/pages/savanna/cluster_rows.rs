//! What a cluster of a list means.

use howdah_shared::systems::savanna::{Cluster, Step};

use super::lifecycle::{self, STATUSES};
use crate::components::listing::{By, Facet, Listed, Rank};
use crate::i18n::*;
use crate::list::{Keyed, Text};
use crate::ui::mark::Kind;
use crate::ui::time;

/// A cluster with what is looked for in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) cluster: Cluster,
    /// When it was made, in ms since the epoch.
    pub(super) made: Option<i64>,
    /// How many nodes it has.
    pub(super) nodes: i64,
    /// Its groups with their counts.
    pub(super) groups: String,
    haystack: String,
}

impl From<Cluster> for Row {
    fn from(mut cluster: Cluster) -> Row {
        let mut haystack = String::new();
        let mut add = |text: &Option<String>| {
            if let Some(text) = text {
                haystack.push_str(&text.to_lowercase());
                haystack.push('\n');
            }
        };
        for text in [
            &cluster.id,
            &cluster.name,
            &cluster.description,
            &cluster.plugin_name,
            &cluster.hadoop_version,
            &cluster.status_description,
            &cluster.user_keypair_id,
        ] {
            add(text);
        }
        for group in &cluster.node_groups {
            add(&group.name);
            for instance in &group.instances {
                add(&instance.instance_name);
                add(&instance.internal_ip);
                // Often it is the same.
                if instance.management_ip != instance.internal_ip {
                    add(&instance.management_ip);
                }
            }
        }
        let (made, nodes) = (cluster.made(), cluster.nodes());
        let groups = cluster.node_groups.iter().map(|group| {
            let name = group.name.as_deref().unwrap_or_default();
            format!("{name}: {}", group.count.unwrap_or(group.instances.len() as i64))
        });
        let groups = groups.collect::<Vec<_>>().join(", ");
        // Of a thousand clusters the nodes are most of what there is to keep, and no more is said of them here.
        cluster.node_groups.clear();
        Row { cluster, made, nodes, groups, haystack }
    }
}

impl From<Text> for Row {
    fn from(text: Text) -> Row {
        text.read::<Cluster>().into()
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        self.cluster.id.as_deref().unwrap_or_default()
    }
}

impl Row {
    /// What people call it.
    pub(super) fn name(&self) -> &str {
        self.cluster.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| self.key())
    }

    /// The step that is under way, or that failed, with how many of how many it is done for where that is told.
    pub(super) fn step(&self) -> Option<&Step> {
        let settled = matches!(self.standing(), "Active" | "Deleting");
        let steps = self.cluster.provision_progress.iter().filter(|step| !settled && step.successful != Some(true));
        steps.max_by(|one, other| one.created_at.cmp(&other.created_at))
    }

    /// The health that was found last.
    pub(super) fn health(&self) -> Option<&str> {
        self.cluster.verification.status.as_deref().filter(|status| !status.is_empty())
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn standing(&self) -> &str {
        self.cluster.status.as_deref().unwrap_or_default()
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        let cluster = &self.cluster;
        match column {
            "status" => Some(Rank::Text(self.standing())),
            "step" => self.step().and_then(|step| step.step_name.as_deref()).map(Rank::Text),
            "health" => self.health().map(Rank::Text),
            "plugin" => cluster.plugin_name.as_deref().map(Rank::Text),
            "version" => cluster.hadoop_version.as_deref().map(Rank::Text),
            "nodes" => Some(Rank::Figure(self.nodes)),
            "groups" => Some(Rank::Text(&self.groups)),
            // The oldest last: what is sorted by is its age.
            "age" => self.made.map(|made| Rank::Figure(-made)),
            "why" => cluster.status_description.as_deref().filter(|why| !why.is_empty()).map(Rank::Text),
            "description" => cluster.description.as_deref().map(Rank::Text),
            "id" => Some(Rank::Text(self.key())),
            _ => Some(Rank::Text(self.name())),
        }
    }

    fn plain(&self, column: &str, _: i64) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let cluster = &self.cluster;
        match column {
            "status" => self.standing().to_owned(),
            "step" => self.step().map(|step| text(&step.step_name)).unwrap_or_default(),
            "health" => self.health().unwrap_or_default().to_owned(),
            "plugin" => text(&cluster.plugin_name),
            "version" => text(&cluster.hadoop_version),
            "nodes" => self.nodes.to_string(),
            "groups" => self.groups.clone(),
            "age" => self.made.map(time::iso).unwrap_or_default(),
            "why" => text(&cluster.status_description),
            "description" => text(&cluster.description),
            "id" => self.key().to_owned(),
            _ => self.name().to_owned(),
        }
    }

    fn facets() -> Vec<Facet> {
        fn as_it_is(_: I18nContext<Locale>, value: &str) -> String {
            value.to_owned()
        }
        fn health(i18n: I18nContext<Locale>, value: &str) -> String {
            lifecycle::health(i18n, value).1
        }
        vec![
            Facet { id: "plugin", menu: "menu-plugin", title: words!(savanna.plugin), by: By::Value(as_it_is) },
            Facet { id: "health", menu: "menu-health", title: words!(savanna.health), by: By::Value(health) },
        ]
    }

    fn each_value(&self, facet: &str, take: &mut dyn FnMut(&str)) {
        match facet {
            "health" => self.health().into_iter().for_each(take),
            _ => {
                let version = self.cluster.hadoop_version.as_deref().unwrap_or_default();
                if let Some(plugin) = &self.cluster.plugin_name {
                    take(format!("{plugin} {version}").trim());
                }
            }
        }
    }

    fn level(&self) -> impl Ord {
        self.key().to_owned()
    }

    fn place(standing: &str) -> usize {
        STATUSES.iter().position(|other| *other == standing).unwrap_or(STATUSES.len())
    }

    fn kind(standing: &str) -> Option<Kind> {
        Some(lifecycle::kind(standing))
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        lifecycle::word(i18n, standing)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(told: serde_json::Value) -> Row {
        serde_json::from_value::<Cluster>(told).unwrap().into()
    }

    #[test]
    fn a_cluster_is_found_by_the_addresses_of_its_nodes() {
        let instances =
            json!([{"instance_name": "Night-worker-0", "internal_ip": "10.1.0.2", "management_ip": "10.1.0.2"}]);
        let found = row(json!({"id": "a", "node_groups": [{"name": "worker", "count": 3, "instances": instances}]}));
        assert_eq!(found.haystack(), "a\nworker\nnight-worker-0\n10.1.0.2\n");
        assert_eq!((found.nodes, found.groups.as_str(), found.name()), (1, "worker: 3", "a"));
    }

    #[test]
    fn the_step_is_the_latest_that_has_not_ended_well() {
        let step = |at: &str, good: Option<bool>| json!({"step_name": at, "created_at": at, "successful": good});
        let steps = json!([step("2", None), step("3", Some(true)), step("1", Some(false))]);
        let on_its_way = row(json!({"status": "Waiting", "provision_progress": steps}));
        assert_eq!(on_its_way.step().and_then(|step| step.step_name.as_deref()), Some("2"));
        let active = row(json!({"status": "Active", "provision_progress": steps}));
        assert_eq!(active.step(), None);
    }

    #[test]
    fn a_younger_cluster_comes_before_an_older_one() {
        let of = |at: &str| row(json!({"id": at, "created_at": at}));
        let (old, young) = (of("2020-01-01T00:00:00"), of("2024-01-01T00:00:00"));
        assert!(young.rank("age", 0) < old.rank("age", 0));
        assert!(row(json!({})).rank("age", 0).is_none());
    }
}
