//! What real servers said: the recordings that stand here, and any folder of captures by hand
//! (`HOWDAH_CAPTURES=DIR`). Each is read as it is, and with anything done to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use howdah_shared::lenient;
use howdah_shared::systems::cyclecloud::{ClusterStatus, NodeList};
use howdah_shared::systems::savanna::{
    ClusterReply, ClusterTemplateReply, ClusterTemplatesReply, ClustersReply, ImageReply, ImagesReply, NodeGroup,
    NodeGroupTemplate, NodeGroupTemplateReply, NodeGroupTemplatesReply, PluginReply, PluginsReply, VersionsReply,
};
use howdah_shared::systems::yarn::{
    ApplicationQueue, ApplicationReply, ApplicationState, ApplicationsReply, AttemptsReply, ClusterInfoReply,
    ClusterMetricsReply, DelegationToken, Level, NewApplicationReply, NodeReply, NodesReply, QueueRow, SchedulerReply,
    StatisticsItem, StatisticsReply, TokenExpiration, levels,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::anything::{changed, changes};
use crate::read;

/// By the outermost member of a reply: whether the reader of its type takes it.
type Takes = fn(&str) -> Result<(), String>;

const YARN: &[(&str, Takes)] = &[
    ("apps", takes::<ApplicationsReply>),
    ("app", takes::<ApplicationReply>),
    ("appAttempts", takes::<AttemptsReply>),
    ("appStatInfo", takes::<StatisticsReply>),
    ("clusterInfo", takes::<ClusterInfoReply>),
    ("clusterMetrics", takes::<ClusterMetricsReply>),
    ("nodes", takes::<NodesReply>),
    ("node", takes::<NodeReply>),
    ("scheduler", takes_queues),
    ("state", takes::<ApplicationState>),
    ("queue", takes::<ApplicationQueue>),
    ("maximum-resource-capability", takes::<NewApplicationReply>),
    ("token", takes::<DelegationToken>),
    ("expiration-time", takes::<TokenExpiration>),
];

const SAVANNA: &[(&str, Takes)] = &[
    ("versions", takes::<VersionsReply>),
    ("plugins", takes::<PluginsReply>),
    ("plugin", takes::<PluginReply>),
    ("images", takes::<ImagesReply>),
    ("image", takes::<ImageReply>),
    ("node_group_templates", takes::<NodeGroupTemplatesReply>),
    ("node_group_template", takes::<NodeGroupTemplateReply>),
    ("cluster_templates", takes::<ClusterTemplatesReply>),
    ("cluster_template", takes::<ClusterTemplateReply>),
    ("clusters", takes::<ClustersReply>),
    ("cluster", takes::<ClusterReply>),
];

const CYCLECLOUD: &[(&str, Takes)] = &[("nodearrays", takes::<ClusterStatus>), ("nodes", takes::<NodeList>)];

fn takes<T: DeserializeOwned>(body: &str) -> Result<(), String> {
    lenient::reply::<T>(body.as_bytes()).map(drop).map_err(|error| error.to_string())
}

/// The tree, too, is made of whatever was read.
fn takes_queues(body: &str) -> Result<(), String> {
    takes::<SchedulerReply>(body)?;
    QueueRow::all(body).map(|rows| drop(levels(&rows))).map_err(|error| error.to_string())
}

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/contract/recordings")
}

#[test]
fn recordings_are_read() {
    for (version, readers) in [("yarn-3.4.2", YARN), ("yarn-3.5.0", YARN), ("savanna-sahara-19", SAVANNA)] {
        let read = read_all(&own().join(version));
        // Of these only a cluster with Kerberos makes any.
        let missing = readers.iter().map(|(name, _)| name).filter(|name| !["token", "expiration-time"].contains(name));
        let missing: Vec<_> = missing.filter(|name| !read.contains_key(**name)).collect();
        assert!(missing.is_empty(), "{version}: {missing:?}");
    }
}

#[test]
fn captures_are_read() {
    let Some(folder) = std::env::var_os("HOWDAH_CAPTURES") else {
        println!("skipped: HOWDAH_CAPTURES names no folder of captures");
        return;
    };
    let read = read_all(Path::new(&folder));
    assert!(!read.is_empty(), "nothing to read in {}", folder.display());
    println!("{} captured replies were read: {read:?}", read.values().sum::<usize>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_recording_is_read_whatever_is_done_to_it(which in any::<prop::sample::Index>(), changes in changes(10)) {
        thread_local! {
            static REPLIES: Vec<(Value, Takes)> = small_replies();
        }
        REPLIES.with(|replies| {
            let (document, takes) = which.get(replies);
            let document = changed(document.clone(), &changes).to_string();
            takes(&document).map_err(|error| TestCaseError::fail(format!("{error} in {document}")))
        })?;
    }
}

/// Each recorded reply that has a reader. Of long lists a few items tell as much.
fn small_replies() -> Vec<(Value, Takes)> {
    let replies = bodies(&own()).into_iter().filter_map(|(_, body)| {
        let mut document: Value = serde_json::from_str(&body).ok()?;
        let takes = reader(&document)?.1;
        shorten(&mut document);
        Some((document, takes))
    });
    let replies: Vec<_> = replies.collect();
    assert!(replies.len() > 50);
    replies
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(2);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}

/// The bodies of all replies below a folder.
fn bodies(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    let read = files.into_iter().filter_map(|file| {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        // A recording holds the reply as text beside what was asked.
        let body = serde_json::from_str::<Value>(&text).ok()?.get("body").and_then(Value::as_str).map(str::to_owned);
        Some((file, body.unwrap_or(text)))
    });
    read.collect()
}

fn reader(document: &Value) -> Option<(&'static str, Takes)> {
    // Nodes are a list at the one and wrapped at the other.
    let listed = CYCLECLOUD.iter().find(|(name, _)| document.get(name).is_some_and(Value::is_array));
    if listed.is_some() {
        return listed.copied();
    }
    // Keystone calls a description by the name that YARN has for the token itself.
    let has = |name: &str| document.get(name).is_some_and(|member| name != "token" || member.is_string());
    YARN.iter().chain(SAVANNA).find(|(name, _)| has(name)).copied()
}

/// Reads every reply below a folder that we have a reader for; counts them by their outermost members.
fn read_all(folder: &Path) -> BTreeMap<&'static str, usize> {
    let mut read = BTreeMap::new();
    for (file, body) in bodies(folder) {
        let Ok(document) = serde_json::from_str::<Value>(&body) else { continue };
        let Some((name, takes)) = reader(&document) else { continue };
        takes(&body).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(told(name, &document[name], &body), "{}: not all was read", file.display());
        *read.entry(name).or_default() += 1;
    }
    read
}

/// Whether what every server tells was read of a reply.
fn told(name: &str, within: &Value, body: &str) -> bool {
    match name {
        "apps" => {
            let apps = read::<ApplicationsReply>(body).apps.app;
            apps.len() == items(&within["app"]) && apps.iter().all(|app| app.id.is_some() && app.state.is_some())
        }
        "app" => {
            let app = read::<ApplicationReply>(body).app;
            app.brief.id.is_some() && app.brief.state.is_some() && app.cluster_id.is_some()
        }
        "appAttempts" => {
            let attempts = read::<AttemptsReply>(body).app_attempts.app_attempt;
            attempts.len() == items(&within["appAttempt"]) && attempts.iter().all(|attempt| attempt.id.is_some())
        }
        "appStatInfo" => {
            let items = read::<StatisticsReply>(body).app_stat_info.stat_item;
            let told = |item: &StatisticsItem| item.state.is_some() && item.kind.is_some() && item.count.is_some();
            !items.is_empty() && items.iter().all(told)
        }
        "clusterInfo" => read::<ClusterInfoReply>(body).cluster_info.started_on.is_some(),
        "clusterMetrics" => read::<ClusterMetricsReply>(body).cluster_metrics.apps_submitted.is_some(),
        "nodearrays" => read::<ClusterStatus>(body).nodearrays.iter().all(|array| {
            array.name.is_some() && array.buckets.iter().all(|bucket| bucket.definition.machine_type.is_some())
        }),
        "nodes" if within.is_array() => {
            let nodes = read::<NodeList>(body).nodes;
            nodes.len() == items(within) && nodes.iter().all(|node| node.id().is_some() && node.status().is_some())
        }
        "nodes" => {
            let nodes = read::<NodesReply>(body).nodes.node;
            nodes.len() == items(&within["node"]) && nodes.iter().all(|node| node.id.is_some())
        }
        "node" => read::<NodeReply>(body).node.brief.id.is_some(),
        "scheduler" => {
            let (_, tree) = levels(&QueueRow::all(body).unwrap()).unwrap();
            let expected = count_named(within);
            for Level { queue, .. } in &tree {
                assert!(queue.used.is_some() || queue.used_of_configured.is_none(), "{}", queue.path);
                assert!(queue.configured.is_some() && queue.max.is_some(), "{}", queue.path);
            }
            let paths: BTreeSet<&str> = tree.iter().map(|level| level.queue.path.as_str()).collect();
            // The FIFO scheduler's only queue has no name on old servers.
            (tree.len(), paths.len()) == (expected.max(1), tree.len())
        }
        "state" => read::<ApplicationState>(body).state.is_some(),
        "queue" => read::<ApplicationQueue>(body).queue.is_some(),
        "maximum-resource-capability" => read::<NewApplicationReply>(body).maximum_resource_capability.memory.is_some(),
        "token" => read::<DelegationToken>(body).max_validity.is_some(),
        name if SAVANNA.iter().any(|(known, _)| *known == name) => told_of_savanna(name, within, body),
        _ => read::<TokenExpiration>(body).expiration_time.is_some(),
    }
}

fn told_of_savanna(name: &str, within: &Value, body: &str) -> bool {
    let grouped = |groups: &[NodeGroup]| {
        groups.iter().all(|group| group.name.is_some() && group.count.is_some() && !group.node_processes.is_empty())
    };
    match name {
        "versions" => {
            let versions = read::<VersionsReply>(body).versions;
            versions.len() == items(within) && versions.iter().all(|version| version.links[0].href.is_some())
        }
        "plugins" => {
            let plugins = read::<PluginsReply>(body).plugins;
            plugins.len() == items(within) && plugins.iter().all(|plugin| !plugin.versions.is_empty())
        }
        "plugin" => {
            let plugin = read::<PluginReply>(body).plugin;
            plugin.name.is_some() && plugin.configs.len() == items(&within["configs"])
        }
        "images" => {
            let images = read::<ImagesReply>(body).images;
            images.len() == items(within) && images.iter().all(|image| image.id.is_some() && image.username.is_some())
        }
        "image" => {
            let image = read::<ImageReply>(body).image;
            image.id.is_some() && image.tags.len() == items(&within["tags"]) && !image.metadata.is_empty()
        }
        "node_group_templates" => {
            let reply: NodeGroupTemplatesReply = read(body);
            let is_told = |one: &NodeGroupTemplate| one.group.id.is_some() && one.plugin_name.is_some();
            reply.node_group_templates.len() == items(within) && reply.node_group_templates.iter().all(is_told)
        }
        "node_group_template" => {
            let template = read::<NodeGroupTemplateReply>(body).node_group_template;
            template.group.name.is_some() && template.group.flavor_id.is_some() && template.plugin_name.is_some()
        }
        "cluster_templates" => {
            let templates = read::<ClusterTemplatesReply>(body).cluster_templates;
            templates.len() == items(within)
                && templates.iter().all(|one| one.id.is_some() && grouped(&one.node_groups))
        }
        "cluster_template" => {
            let template = read::<ClusterTemplateReply>(body).cluster_template;
            // One that is taken elsewhere has a word in the place of its groups.
            template.name.is_some()
                && template.node_groups.len() == within["node_groups"].as_array().map_or(0, Vec::len)
        }
        "clusters" => {
            let clusters = read::<ClustersReply>(body).clusters;
            clusters.len() == items(within)
                && clusters.iter().all(|one| one.status.is_some() && grouped(&one.node_groups))
        }
        _ => {
            let cluster = read::<ClusterReply>(body).cluster;
            let groups = within["node_groups"].as_array().map_or(0, Vec::len);
            let steps = within["provision_progress"].as_array().map_or(0, Vec::len);
            cluster.status.is_some()
                && (cluster.node_groups.len(), cluster.provision_progress.len()) == (groups, steps)
                && grouped(&cluster.node_groups)
        }
    }
}

/// How many items there are in a list, which one alone may stand for.
fn items(list: &Value) -> usize {
    match list {
        Value::Array(items) => items.len(),
        Value::Object(item) => usize::from(!item.is_empty()),
        _ => 0,
    }
}

/// How many queues there are in a document, by their names.
fn count_named(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count_named).sum(),
        Value::Object(members) => {
            usize::from(members.contains_key("queueName")) + members.values().map(count_named).sum::<usize>()
        }
        _ => 0,
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "json") {
            files.push(path);
        }
    }
    files.sort();
}
