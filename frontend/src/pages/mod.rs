//! The screens, a folder a system. This is the only place of the console that knows the systems by name.

mod activity;
mod activity_csv;
mod cyclecloud;
pub(crate) mod fleet;
mod hadoop_eco;
pub(crate) mod not_found;
mod palette;
pub(crate) mod parts;
pub(crate) mod run;
mod run_advice;
mod savanna;
pub(crate) mod sign_in;
mod waiting;
mod yarn;

use crate::i18n::*;
use crate::routes::Place;
use crate::ui::icon::Glyph;

/// A page of a connection, as the rail lists it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// The segment of the address after the connection.
    pub(crate) segment: &'static str,
    /// Its drawing.
    pub(crate) glyph: Glyph,
    /// Its address, by the connection's name.
    pub(crate) place: fn(String) -> Place,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.segment == other.segment
    }
}

const CLUSTERS: Entry = Entry { segment: "clusters", glyph: Glyph::Stack, place: Place::Clusters };
const OVERVIEW: Entry = Entry { segment: "overview", glyph: Glyph::Gauge, place: Place::Overview };
const APPLICATIONS: Entry = Entry { segment: "applications", glyph: Glyph::List, place: Place::Applications };
const QUEUES: Entry = Entry { segment: "queues", glyph: Glyph::Tree, place: Place::Queues };
const NODES: Entry = Entry { segment: "nodes", glyph: Glyph::Grid, place: Place::Nodes };
const STATISTICS: Entry = Entry { segment: "statistics", glyph: Glyph::Sum, place: Place::Statistics };
const CLUSTER_TEMPLATES: Entry =
    Entry { segment: "cluster-templates", glyph: Glyph::Tiles, place: Place::ClusterTemplates };
const NODE_GROUP_TEMPLATES: Entry =
    Entry { segment: "node-group-templates", glyph: Glyph::Grid, place: Place::NodeGroupTemplates };
const IMAGES: Entry = Entry { segment: "images", glyph: Glyph::Copy, place: Place::Images };
const PLUGINS: Entry = Entry { segment: "plugins", glyph: Glyph::List, place: Place::Plugins };
const TOKENS: Entry = Entry { segment: "tokens", glyph: Glyph::Key, place: Place::Tokens };

/// The pages of a system; the first is where a connection's link leads.
pub(crate) fn entries(system: &str) -> &'static [Entry] {
    match system {
        "cyclecloud" | "hadoop-eco-v1" | "hadoop-eco-v2" => &[CLUSTERS],
        "savanna" => &[CLUSTERS, CLUSTER_TEMPLATES, NODE_GROUP_TEMPLATES, IMAGES, PLUGINS],
        "yarn" => &[OVERVIEW, APPLICATIONS, QUEUES, NODES, STATISTICS, TOKENS],
        _ => &[],
    }
}

/// Whether a place is the entry's page or a page below it.
pub(crate) fn is_within(place: Option<&Place>, entry: Entry) -> bool {
    let Some(connection) = place.and_then(Place::connection) else { return false };
    let root = (entry.place)(connection.to_owned()).path();
    place.is_some_and(|place| {
        place.path().strip_prefix(&root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// What an entry is called.
pub(crate) fn entry_word(i18n: I18nContext<Locale>, entry: Entry) -> String {
    match entry.segment {
        "clusters" => t_string!(i18n, frame.clusters).to_string(),
        "applications" => t_string!(i18n, frame.applications).to_string(),
        "overview" => t_string!(i18n, frame.overview).to_string(),
        "queues" => t_string!(i18n, frame.queues).to_string(),
        "nodes" => t_string!(i18n, frame.nodes).to_string(),
        "statistics" => t_string!(i18n, frame.statistics).to_string(),
        "tokens" => t_string!(i18n, frame.tokens).to_string(),
        "cluster-templates" => t_string!(i18n, frame.cluster_templates).to_string(),
        "node-group-templates" => t_string!(i18n, frame.node_group_templates).to_string(),
        "images" => t_string!(i18n, frame.images).to_string(),
        "plugins" => t_string!(i18n, frame.plugins).to_string(),
        other => other.to_owned(),
    }
}

/// What a system is called; a name, so the same in every language.
pub(crate) fn system_name(system: &str) -> &str {
    match system {
        "hadoop-eco-v1" => "Hadoop Eco v1",
        "hadoop-eco-v2" => "Hadoop Eco v2",
        "cyclecloud" => "CycleCloud",
        "savanna" => "Savanna",
        "yarn" => "YARN",
        other => other,
    }
}
