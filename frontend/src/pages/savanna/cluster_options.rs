//! The options of a cluster that are not as its plugin has them unless told otherwise.

use std::collections::HashMap;

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{
    Cluster, ConfigValue, Configs, NodeGroup, PluginReply, ShowPluginVersion, TenantId,
};
use leptos::prelude::*;

use super::cluster::Told;
use crate::api::{At, call};
use crate::components::problem::ProblemLine;
use crate::i18n::*;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{effect, live, memo, string, when};

/// What the plugin has unless told otherwise, by what an option is for and its name.
type Defaults = HashMap<(String, String), Option<ConfigValue>>;

/// An option that was set: the group of nodes that it is for where it is not for all, what it is for, its name, its value
/// and what it would be; `None` where that is not known.
#[derive(Clone, Debug, PartialEq)]
struct Setting {
    group: Option<String>,
    target: String,
    name: String,
    value: ConfigValue,
    default: Option<ConfigValue>,
}

/// The options.
#[component]
pub(super) fn Options(
    /// What is told of the cluster.
    told: Told,
    /// The connection's name.
    connection: String,
    /// The tenant that it works for.
    tenant: TenantId,
) -> impl IntoView {
    let i18n = use_i18n();
    let plugin = memo(move || {
        let of = |cluster: &Cluster| Some((cluster.plugin_name.clone()?, cluster.hadoop_version.clone()?));
        told.map(|reply| of(&reply.cluster)).flatten()
    });
    let known: RwSignal<Option<Result<Defaults, Problem>>> = RwSignal::new(None);
    effect(move || {
        let Some((plugin, version)) = plugin.get() else { return };
        let (Ok(plugin_name), Ok(version)) = (plugin.parse(), version.parse()) else {
            return known.set(Some(Ok(Defaults::default())));
        };
        let show = ShowPluginVersion { tenant_id: tenant.clone(), plugin_name, version };
        let connection = connection.clone();
        leptos::task::spawn_local(async move {
            let answer = call(At::Connection(&connection), &show, &Nothing {}, &Nothing {}).await;
            // The page may be gone by now.
            known.try_set(Some(answer.map(|reply| defaults(&reply))));
        });
    });
    let sets = memo(move || {
        known.with(|known| {
            let defaults = known.as_ref()?.as_ref().ok();
            let none = Defaults::default();
            told.map(|reply| differing(&reply.cluster, defaults.unwrap_or(&none)))
        })
    });
    let problem = memo(move || known.with(|known| known.as_ref().and_then(|known| known.as_ref().err().cloned())));
    let same = string(move || {
        let same = sets.with(|sets| sets.as_ref().map_or(0, |(_, same)| *same));
        match same {
            0 => String::new(),
            1 => t_string!(i18n, savanna.options_same_one).to_string(),
            count => t_string!(i18n, savanna.options_same, count = format::count(count as i64)).to_string(),
        }
    });
    view! {
        <h2>{words!(savanna.options)}</h2>
        {live(move || match problem.get() {
            Some(problem) => view! {
                <p>{words!(savanna.options_unread)}</p>
                <ProblemLine problem=Signal::stored(problem) />
            }
            .into_any(),
            None => ().into_any(),
        })}
        {live(move || match sets.get() {
            None => view! { <p class="listing-quiet" role="status">{words!(savanna.options_loading)}</p> }.into_any(),
            Some((sets, _)) if sets.is_empty() => {
                view! { <p class="listing-quiet">{words!(savanna.options_none)}</p> }.into_any()
            }
            Some((sets, _)) => table(&sets),
        })}
        {when(move || !same.with(String::is_empty), move || view! { <p class="field-hint">{same}</p> }.into_any())}
    }
}

fn table(sets: &[Setting]) -> AnyView {
    let row = |set: &Setting| {
        view! {
            <tr>
                <td>{set.group.clone().unwrap_or_else(|| UNKNOWN.to_owned())}</td>
                <td class="from-tablet">{set.target.clone()}</td>
                <td><code>{set.name.clone()}</code></td>
                <td><code>{set.value.to_string()}</code></td>
                <td class="from-tablet"><code>{set.default.as_ref().map_or_else(|| UNKNOWN.to_owned(), ToString::to_string)}</code></td>
            </tr>
        }
    };
    view! {
        <div class="listing-box">
            <table class="listing" aria-label=words!(savanna.options)>
                <thead>
                    <tr>
                        <th scope="col">{words!(savanna.option_group)}</th>
                        <th scope="col" class="from-tablet">{words!(savanna.option_target)}</th>
                        <th scope="col">{words!(savanna.option)}</th>
                        <th scope="col">{words!(savanna.option_value)}</th>
                        <th scope="col" class="from-tablet">{words!(savanna.option_default)}</th>
                    </tr>
                </thead>
                <tbody>{sets.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn defaults(reply: &PluginReply) -> Defaults {
    let each = reply.plugin.configs.iter().filter_map(|option| {
        let key = (option.applicable_target.clone()?, option.name.clone()?);
        Some((key, option.default_value.clone()))
    });
    each.collect()
}

/// What is set otherwise than it would be, and how many are set to what they would be anyway.
fn differing(cluster: &Cluster, defaults: &Defaults) -> (Vec<Setting>, usize) {
    let of_group = |group: &NodeGroup| (Some(group.name.clone().unwrap_or_default()), group.node_configs.clone());
    let groups = cluster.node_groups.iter().map(of_group);
    let (mut sets, mut same) = (Vec::new(), 0);
    for (group, Configs(targets)) in std::iter::once((None, cluster.cluster_configs.clone())).chain(groups) {
        for (target, options) in targets {
            for (name, value) in options {
                let default = defaults.get(&(target.clone(), name.clone())).cloned().flatten();
                // Some services write numbers as text.
                if default.as_ref().is_some_and(|default| default.to_string() == value.to_string()) {
                    same += 1;
                    continue;
                }
                sets.push(Setting { group: group.clone(), target: target.clone(), name, value, default });
            }
        }
    }
    (sets, same)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_from_the_plugin_is_told() {
        let plugin: PluginReply = serde_json::from_value(json!({"plugin": {"configs": [
            {"name": "dfs.replication", "applicable_target": "HDFS", "default_value": 3},
            {"name": "heap", "applicable_target": "HDFS", "default_value": "1024"},
            {"name": "none", "applicable_target": "general", "default_value": null},
        ]}}))
        .unwrap();
        let cluster: Cluster = serde_json::from_value(json!({
            "cluster_configs": {"HDFS": {"dfs.replication": 2, "heap": 1024}, "general": {"none": "x", "new": true}},
            "node_groups": [{"name": "worker", "node_configs": {"HDFS": {"heap": 2048}}}],
        }))
        .unwrap();
        let (sets, same) = differing(&cluster, &defaults(&plugin));
        let told: Vec<_> = sets.iter().map(|set| (set.group.as_deref(), set.name.as_str())).collect();
        assert_eq!(told, [(None, "dfs.replication"), (None, "new"), (None, "none"), (Some("worker"), "heap")]);
        assert_eq!((same, sets[0].default.clone()), (1, Some(ConfigValue::Integer(3))));
    }
}
