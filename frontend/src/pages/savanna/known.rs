//! What a form knows: whose rules the service has, what a plugin runs, and what others are made of, as far as that can be
//! asked.

use std::sync::Arc;

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{
    Cluster, Dialect, Image, ImagesQuery, ImagesReply, ListImages, ListPlugins, NodeGroup, Plugin, ShowPluginVersion,
    ShowVersions, TenantId,
};
use leptos::prelude::*;

use super::told;
use crate::api::{At, bad_path, call};
use crate::components::reply::reply;
use crate::ui::live::{effect, memo};

/// Whose rules a service has; those of today until it tells that it has others.
pub(super) fn dialect(connection: &str) -> Memo<Dialect> {
    let versions = reply(connection, &ShowVersions {}, &Nothing {});
    memo(move || {
        let is_today = versions.map(|reply| {
            reply.versions.is_empty() || reply.versions.iter().any(|version| version.id.as_deref() != Some("v1.0"))
        });
        if is_today == Some(false) { Dialect::Reference } else { Dialect::Today }
    })
}

/// What is known of the plugins.
#[derive(Clone, Copy)]
pub(super) struct Plugins {
    /// Each with its versions.
    pub(super) versions: Memo<Vec<(String, Vec<String>)>>,
    /// The one that is chosen, once it is known.
    pub(super) chosen: RwSignal<Option<Arc<Plugin>>>,
    /// Why it is not.
    pub(super) problem: RwSignal<Option<Problem>>,
}

/// Follows a choice of a plugin and a version.
pub(super) fn plugins(connection: &str, tenant: &TenantId, choice: Memo<(String, String)>) -> Plugins {
    let list = reply(connection, &ListPlugins { tenant_id: tenant.clone() }, &Nothing {});
    let versions = memo(move || {
        let of = |plugin: &Plugin| (plugin.name.clone().unwrap_or_default(), plugin.versions.clone());
        list.map(|reply| reply.plugins.iter().map(of).collect()).unwrap_or_default()
    });
    let (chosen, problem) = (RwSignal::new(None), RwSignal::new(None));
    let at = StoredValue::new((connection.to_owned(), tenant.clone()));
    effect(move || {
        let (name, version) = choice.get();
        chosen.set(None);
        problem.set(None);
        if name.is_empty() || version.is_empty() {
            return;
        }
        leptos::task::spawn_local(async move {
            let (connection, tenant_id) = at.get_value();
            let told = async {
                let (plugin_name, of) = (name.parse().map_err(bad_path)?, version.parse().map_err(bad_path)?);
                let show = ShowPluginVersion { tenant_id, plugin_name, version: of };
                call(At::Connection(&connection), &show, &Nothing {}, &Nothing {}).await
            };
            let told = told.await;
            // Another may be chosen by now, or the page may be gone.
            if choice.try_get_untracked() != Some((name, version)) {
                return;
            }
            match told {
                Ok(reply) => drop(chosen.try_set(Some(Arc::new(reply.plugin)))),
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    });
    Plugins { versions, chosen, problem }
}

impl Plugins {
    /// What can run, by service.
    pub(super) fn processes(self) -> Vec<(String, Vec<String>)> {
        self.chosen.with(|plugin| {
            let processes = plugin.as_ref().map(|plugin| plugin.node_processes.clone()).unwrap_or_default();
            processes.into_iter().filter(|(_, processes)| !processes.is_empty()).collect()
        })
    }

    /// The tags that its images need.
    pub(super) fn tags(self) -> Vec<String> {
        self.chosen.with(|plugin| plugin.as_ref().map(|plugin| plugin.required_image_tags.clone()).unwrap_or_default())
    }
}

/// What others are made of: suggestions, as no operation of the service lists them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Others {
    /// Key pairs.
    pub(super) key_pairs: Vec<String>,
    /// Networks.
    pub(super) networks: Vec<String>,
    /// Flavors.
    pub(super) flavors: Vec<String>,
    /// Networks of addresses that are reached from outside.
    pub(super) pools: Vec<String>,
    /// The registered images.
    pub(super) images: Vec<Image>,
    /// Templates of groups of nodes: id, name, plugin and version.
    pub(super) groups: Vec<[String; 4]>,
    /// Templates of clusters: the same.
    pub(super) templates: Vec<[String; 4]>,
}

impl Others {
    fn nodes(&mut self, group: &NodeGroup) {
        add(&mut self.flavors, group.flavor_id.as_ref());
        add(&mut self.pools, group.floating_ip_pool.as_ref());
    }

    /// The images that have all of some tags.
    pub(super) fn images_with(&self, tags: &[String]) -> Vec<Image> {
        let fits = |image: &&Image| tags.iter().all(|tag| image.tags.contains(tag));
        self.images.iter().filter(fits).cloned().collect()
    }
}

fn add(list: &mut Vec<String>, found: Option<&String>) {
    if let Some(found) = found.filter(|found| !found.is_empty() && !list.contains(*found)) {
        list.push(found.clone());
    }
}

/// Asks for them; what cannot be had suggests nothing. `again` asks once more.
pub(super) fn others(connection: &str, tenant: &TenantId, again: RwSignal<u32>) -> RwSignal<Others> {
    let known = RwSignal::new(Others::default());
    let at = StoredValue::new((connection.to_owned(), tenant.clone()));
    effect(move || {
        again.track();
        leptos::task::spawn_local(async move {
            let (connection, tenant_id) = at.get_value();
            let clusters = told::clusters(&connection, tenant_id.clone()).await.unwrap_or_default();
            let (place, list) = (At::Connection(&connection), ListImages { tenant_id: tenant_id.clone() });
            let images = call(place, &list, &ImagesQuery::default(), &Nothing {}).await.unwrap_or_default();
            let groups = told::node_group_templates(&connection, tenant_id.clone()).await.unwrap_or_default();
            let templates = told::cluster_templates(&connection, tenant_id).await.unwrap_or_default();
            let mut others = of(&clusters, images);
            for template in &groups {
                others.nodes(&template.group);
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                let [id, name] = [&template.group.id, &template.group.name].map(text);
                let [plugin, version] = [&template.plugin_name, &template.hadoop_version].map(text);
                others.groups.push([id, name, plugin, version]);
            }
            for template in &templates {
                template.node_groups.iter().for_each(|group| others.nodes(group));
                add(&mut others.networks, template.neutron_management_network.as_ref());
                let parts = [&template.id, &template.name, &template.plugin_name, &template.hadoop_version];
                others.templates.push(parts.map(|text| text.clone().unwrap_or_default()));
            }
            // The page may be gone by now.
            drop(known.try_set(others));
        });
    });
    known
}

fn of(clusters: &[Cluster], images: ImagesReply) -> Others {
    let mut others = Others { images: images.images, ..Others::default() };
    for cluster in clusters {
        add(&mut others.key_pairs, cluster.user_keypair_id.as_ref());
        add(&mut others.networks, cluster.neutron_management_network.as_ref());
        cluster.node_groups.iter().for_each(|group| others.nodes(group));
    }
    others
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_clusters_are_made_of_is_suggested_once() {
        let cluster = json!({
            "user_keypair_id": "team", "neutron_management_network": "n",
            "node_groups": [{"flavor_id": "42"}, {"flavor_id": "42", "floating_ip_pool": ""}]
        });
        let clusters: Vec<Cluster> = serde_json::from_value(json!([cluster, cluster])).unwrap();
        let images = serde_json::from_value(json!({"images": [{"id": "a", "tags": ["x", "y"]}, {"id": "b"}]})).unwrap();
        let others = of(&clusters, images);
        assert_eq!((others.key_pairs.len(), others.networks.len(), others.flavors.len()), (1, 1, 1));
        assert!(others.pools.is_empty());
        let named = |tags: &[&str]| {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            others.images_with(&tags).len()
        };
        assert_eq!((named(&[]), named(&["y", "x"]), named(&["z"])), (2, 1, 0));
    }
}
