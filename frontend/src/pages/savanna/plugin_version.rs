//! A plugin in one version: what it runs, which tags its images need, and its options, of which there may be thousands.

use std::sync::Arc;

use howdah_shared::operation::Nothing;
use howdah_shared::systems::savanna::{Plugin, PluginConfig, ShowPluginVersion, TenantId};
use leptos::prelude::*;

use crate::components::freshness::watch;
use crate::components::listing::{By, Facet, ListPage, Listed, Rank, Rows, Words, text};
use crate::components::page::PageFoot;
use crate::components::problem::ProblemView;
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::routes::Place;
use crate::ui::button::ButtonLink;
use crate::ui::facts::{Fact, Facts};
use crate::ui::live::{live, memo};
use crate::ui::mark::Kind;
use crate::ui::table::{Column, From};

/// An option with what is looked for in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    config: PluginConfig,
    key: String,
    haystack: String,
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.key
    }
}

impl std::convert::From<PluginConfig> for Row {
    fn from(config: PluginConfig) -> Row {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let (target, name) = (part(&config.applicable_target), part(&config.name));
        let default = config.default_value.as_ref().map(ToString::to_string).unwrap_or_default();
        let haystack =
            [&name, &target, &part(&config.description), &default].map(|text| text.to_lowercase()).join("\n");
        Row { key: format!("{target}/{name}"), haystack, config }
    }
}

impl Row {
    fn default(&self) -> Option<String> {
        self.config.default_value.as_ref().map(ToString::to_string)
    }

    fn choices(&self) -> Option<String> {
        let choices = &self.config.config_values;
        (!choices.is_empty()).then(|| choices.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }

    fn cell(&self, column: &str) -> Option<String> {
        let config = &self.config;
        match column {
            "service" => config.applicable_target.clone(),
            "default" => self.default(),
            "type" => config.config_type.clone(),
            "choices" => self.choices(),
            "scope" => config.scope.clone(),
            "priority" => config.priority.map(|priority| priority.to_string()),
            "description" => config.description.clone(),
            _ => config.name.clone(),
        }
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn standing(&self) -> &str {
        self.config.applicable_target.as_deref().unwrap_or("general")
    }

    fn standings_word(i18n: I18nContext<Locale>) -> String {
        t_string!(i18n, plugins.service).to_string()
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        let config = &self.config;
        match column {
            "priority" => config.priority.map(Rank::Figure),
            "service" => config.applicable_target.as_deref().map(Rank::Text),
            "type" => config.config_type.as_deref().map(Rank::Text),
            "scope" => config.scope.as_deref().map(Rank::Text),
            "description" => config.description.as_deref().map(Rank::Text),
            _ => config.name.as_deref().map(Rank::Text),
        }
    }

    fn plain(&self, column: &str, _: i64) -> String {
        self.cell(column).unwrap_or_default()
    }

    fn facets() -> Vec<Facet> {
        fn as_it_is(_: I18nContext<Locale>, value: &str) -> String {
            value.to_owned()
        }
        fn scope(i18n: I18nContext<Locale>, value: &str) -> String {
            scope_word(i18n, value)
        }
        vec![
            Facet { id: "type", menu: "menu-type", title: words!(plugins.kind), by: By::Value(as_it_is) },
            Facet { id: "scope", menu: "menu-scope", title: words!(plugins.scope), by: By::Value(scope) },
        ]
    }

    fn each_value(&self, facet: &str, take: &mut dyn FnMut(&str)) {
        let value = if facet == "type" { &self.config.config_type } else { &self.config.scope };
        value.iter().for_each(|value| take(value));
    }

    fn level(&self) -> impl Ord {
        self.key.clone()
    }

    fn place(standing: &str) -> usize {
        // What is for all of it comes first.
        usize::from(standing != "general")
    }

    fn kind(_: &str) -> Option<Kind> {
        None
    }

    fn word(_: I18nContext<Locale>, standing: &str) -> String {
        standing.to_owned()
    }
}

fn scope_word(i18n: I18nContext<Locale>, scope: &str) -> String {
    match scope {
        "cluster" => t_string!(i18n, plugins.scope_cluster).to_string(),
        "node" => t_string!(i18n, plugins.scope_node).to_string(),
        other => other.to_owned(),
    }
}

fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("name", words!(plugins.option), "col-name", From::Phone, |row| text(row, |row| row.cell("name"))),
        Column::new("default", words!(plugins.default), "col-word", From::Phone, |row| {
            text(row, |row| row.cell("default"))
        }),
        Column::new("service", words!(plugins.service), "col-word", From::Tablet, |row| {
            text(row, |row| row.cell("service"))
        }),
        Column::new("type", words!(plugins.kind), "col-short", From::Desktop, |row| text(row, |row| row.cell("type"))),
        Column::new("scope", words!(plugins.scope), "col-word", From::Desktop, |row| {
            let i18n = use_i18n();
            let words = crate::ui::live::string(move || {
                row.with(|row| row.config.scope.as_deref().map(|scope| scope_word(i18n, scope))).unwrap_or_default()
            });
            view! { <span class="cell-text" title=words>{words}</span> }.into_any()
        }),
        Column::new("choices", words!(plugins.choices), "col-word", From::Never, |row| {
            text(row, |row| row.cell("choices"))
        }),
        Column::number("priority", words!(plugins.priority), "col-tiny", From::Never, |row| {
            text(row, |row| row.cell("priority"))
        }),
        Column::new("description", words!(plugins.description), "col-name", From::Desktop, |row| {
            text(row, |row| row.cell("description"))
        }),
    ]
}

/// The page.
#[component]
pub(super) fn PluginVersionPage(
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
    /// The plugin's name.
    name: String,
    /// The version.
    version: String,
) -> impl IntoView {
    let operation = name
        .parse()
        .and_then(|plugin_name| Ok(ShowPluginVersion { tenant_id: tenant, plugin_name, version: version.parse()? }));
    let operation = match operation {
        Ok(operation) => operation,
        Err(why) => {
            let problem = crate::api::bad_path(why);
            return view! { <ProblemView problem=Signal::stored(problem) /> }.into_any();
        }
    };
    let told = reply(&connection, &operation, &Nothing {});
    watch(told.polled);
    let list = memo(move || {
        told.map(|reply| {
            let mut rows: Vec<Arc<Row>> = reply.plugin.configs.iter().cloned().map(|c| Arc::new(c.into())).collect();
            rows.sort_by(|one, other| one.key.cmp(&other.key));
            rows.into_iter().collect::<List<Row>>()
        })
    });
    let rows = Rows {
        list,
        complete: Signal::stored(true),
        seen: told.polled.seen,
        problem: told.polled.problem,
        retry: Callback::new(move |()| told.polled.refresh()),
    };
    let title = Signal::stored(format!("{name} {version}"));
    let words = Words {
        title,
        loading: words!(plugins.loading_one),
        search: words!(plugins.search),
        empty: words!(plugins.no_options),
        empty_text: words!(plugins.no_options_text),
        none_fit: words!(plugins.none_fit),
    };
    let launch = Place::Launch(connection.clone()).href_with(&[("plugin", &name), ("version", &version)]);
    let template = Place::NewClusterTemplate(connection.clone()).href_with(&[("plugin", &name), ("version", &version)]);
    let acts = ViewFn::from(move || {
        view! {
            <ButtonLink href=Signal::stored(launch.clone())>{words!(launch.title)}</ButtonLink>
            <ButtonLink href=Signal::stored(template.clone())>{words!(templates.new_cluster)}</ButtonLink>
        }
    });
    let foot = acts.clone();
    view! {
        <ListPage
            id="options"
            connection
            words
            rows
            columns=columns()
            first_sort="name"
            acts=move || acts.run()
            notes=move || notes(told)
        />
        <PageFoot>{foot.run()}</PageFoot>
    }
    .into_any()
}

/// What it is besides its options.
fn notes(told: Reply<howdah_shared::systems::savanna::PluginReply>) -> AnyView {
    live(move || match told.map(|reply| reply.plugin.clone()) {
        Some(plugin) => about(plugin),
        None => ().into_any(),
    })
}

fn about(plugin: Plugin) -> AnyView {
    let services = plugin.node_processes.into_iter().map(|(service, processes)| {
        let processes = if processes.is_empty() { "—".to_owned() } else { processes.join(", ") };
        view! { <Fact name=Signal::stored(service)>{processes}</Fact> }
    });
    let tags = plugin.required_image_tags.join(", ");
    view! {
        <div class="plugin-about">
            <p>{plugin.title} {plugin.description.map(|text| format!(". {text}"))}</p>
            <details class="folded">
                <summary>{words!(plugins.processes)}</summary>
                <Facts>
                    {services.collect_view()}
                    <Fact name=words!(plugins.tags)>{tags}</Fact>
                </Facts>
            </details>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_option_is_found_by_all_that_is_said_of_it() {
        let config: PluginConfig = serde_json::from_value(json!({
            "name": "dfs.replication", "applicable_target": "HDFS", "default_value": 3, "description": "Copies",
            "config_type": "int", "scope": "cluster", "priority": 1, "config_values": null
        }))
        .unwrap();
        let row = Row::from(config);
        assert_eq!((row.key(), row.standing()), ("HDFS/dfs.replication", "HDFS"));
        for word in ["dfs.repl", "hdfs", "copies", "3"] {
            assert!(row.haystack().contains(word), "{word}");
        }
        assert_eq!((row.plain("default", 0), row.plain("choices", 0)), ("3".to_owned(), String::new()));
    }

    #[test]
    fn an_option_of_which_little_is_said_is_an_option() {
        let row = Row::from(PluginConfig::default());
        assert_eq!((row.key(), row.standing(), row.cell("name")), ("/", "general", None));
    }
}
