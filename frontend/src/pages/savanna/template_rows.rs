//! What a template of a list means, whether of a group of nodes or of a cluster.

use howdah_shared::systems::savanna::{ClusterTemplate, NodeGroupTemplate};
use leptos::prelude::*;

use crate::components::listing::{By, Facet, Listed, Of, Rank, text, way};
use crate::i18n::*;
use crate::list::{Keyed, Text};
use crate::routes::Place;
use crate::ui::mark::Kind;
use crate::ui::table::{Column, From};

/// A template with what is looked for in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    id: String,
    name: String,
    plugin: String,
    version: String,
    description: String,
    flavor: String,
    /// What runs on its nodes.
    processes: Vec<String>,
    /// Its groups, each with its count.
    groups: String,
    haystack: String,
}

impl std::convert::From<Text> for Row {
    fn from(text: Text) -> Row {
        // A template has the members of the one kind or of the other.
        Row::of(text.read(), text.read())
    }
}

impl Row {
    fn of(nodes: NodeGroupTemplate, whole: ClusterTemplate) -> Row {
        let text = |text: Option<String>| text.unwrap_or_default();
        let groups = whole.node_groups.iter().map(|group| {
            let count = group.count.map_or_else(|| "?".to_owned(), |count| count.to_string());
            format!("{}: {count}", group.name.as_deref().unwrap_or_default())
        });
        let groups = groups.collect::<Vec<_>>().join(", ");
        let mut row = Row {
            id: text(whole.id),
            name: text(whole.name),
            plugin: text(whole.plugin_name),
            version: text(whole.hadoop_version),
            description: text(whole.description),
            flavor: text(nodes.group.flavor_id),
            processes: nodes.group.node_processes,
            groups,
            haystack: String::new(),
        };
        let texts = [&row.id, &row.name, &row.plugin, &row.version, &row.description, &row.groups];
        let texts = texts.into_iter().chain(&row.processes).map(|text| text.to_lowercase());
        row.haystack = texts.collect::<Vec<_>>().join("\n");
        row
    }

    fn cell(&self, column: &str) -> Option<String> {
        let text = match column {
            "id" => self.id.clone(),
            "plugin" => self.plugin.clone(),
            "version" => self.version.clone(),
            "processes" => self.processes.join(", "),
            "groups" => self.groups.clone(),
            "flavor" => self.flavor.clone(),
            "description" => self.description.clone(),
            _ => self.name.clone(),
        };
        (!text.is_empty()).then_some(text)
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.id
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn standing(&self) -> &str {
        &self.plugin
    }

    fn standings_word(i18n: I18nContext<Locale>) -> String {
        t_string!(i18n, form.plugin).to_string()
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        Some(Rank::Text(match column {
            "id" => &self.id,
            "plugin" => &self.plugin,
            "version" => &self.version,
            "processes" => self.processes.first()?,
            "groups" => &self.groups,
            "flavor" => &self.flavor,
            "description" => &self.description,
            _ => &self.name,
        }))
    }

    fn plain(&self, column: &str, _: i64) -> String {
        self.cell(column).unwrap_or_default()
    }

    fn facets() -> Vec<Facet> {
        fn as_it_is(_: I18nContext<Locale>, value: &str) -> String {
            value.to_owned()
        }
        vec![Facet { id: "version", menu: "menu-version", title: words!(form.version), by: By::Value(as_it_is) }]
    }

    fn each_value(&self, _: &str, take: &mut dyn FnMut(&str)) {
        take(&self.version);
    }

    fn level(&self) -> impl Ord {
        self.key().to_owned()
    }

    fn place(_: &str) -> usize {
        0
    }

    fn kind(_: &str) -> Option<Kind> {
        None
    }

    fn word(_: I18nContext<Locale>, standing: &str) -> String {
        standing.to_owned()
    }
}

/// The columns of the list of templates of groups of nodes.
pub(super) fn of_nodes() -> Vec<Column<Row>> {
    let name: fn(Of<Row>) -> AnyView = |row| way(row, Place::NodeGroupTemplate, |row| Some(row.name.clone()));
    let processes: fn(Of<Row>) -> AnyView = |row| text(row, |row| row.cell("processes"));
    let flavor: fn(Of<Row>) -> AnyView = |row| text(row, |row| row.cell("flavor"));
    let mut columns = vec![
        Column::new("name", words!(form.name), "col-name", From::Phone, name),
        Column::new("processes", words!(form.processes), "col-name", From::Phone, processes),
        Column::new("flavor", words!(form.flavor), "col-short", From::Tablet, flavor),
    ];
    columns.extend(of_both());
    columns
}

/// The columns of the list of templates of clusters.
pub(super) fn of_clusters() -> Vec<Column<Row>> {
    let name: fn(Of<Row>) -> AnyView = |row| way(row, Place::ClusterTemplate, |row| Some(row.name.clone()));
    let groups: fn(Of<Row>) -> AnyView = |row| text(row, |row| row.cell("groups"));
    let mut columns = vec![
        Column::new("name", words!(form.name), "col-name", From::Phone, name),
        Column::new("groups", words!(form.groups), "col-name", From::Phone, groups),
    ];
    columns.extend(of_both());
    columns
}

fn of_both() -> [Column<Row>; 4] {
    [
        Column::new("plugin", words!(form.plugin), "col-word", From::Tablet, |row| text(row, |row| row.cell("plugin"))),
        Column::new("version", words!(form.version), "col-short", From::Tablet, |row| {
            text(row, |row| row.cell("version"))
        }),
        Column::new("description", words!(form.description), "col-name", From::Desktop, |row| {
            text(row, |row| row.cell("description"))
        }),
        Column::new("id", words!(images.id), "col-name", From::Never, |row| text(row, |row| row.cell("id"))),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row(told: Value) -> Row {
        Row::of(serde_json::from_value(told.clone()).unwrap(), serde_json::from_value(told).unwrap())
    }

    #[test]
    fn a_template_of_either_kind_is_a_row() {
        let nodes = row(json!({"id": "a", "name": "worker", "plugin_name": "vanilla", "hadoop_version": "1.2.1",
            "flavor_id": "42", "node_processes": ["datanode", "tasktracker"]}));
        assert_eq!(
            (nodes.plain("processes", 0).as_str(), nodes.plain("flavor", 0).as_str()),
            ("datanode, tasktracker", "42")
        );
        let whole = row(json!({"id": "b", "name": "one", "node_groups": [{"name": "m", "count": 1}, {"name": "w"}]}));
        assert_eq!((whole.plain("groups", 0).as_str(), whole.standing()), ("m: 1, w: ?", ""));
        assert!(nodes.haystack().contains("tasktracker"));
    }
}
