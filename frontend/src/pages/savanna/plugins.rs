//! The plugins: what clusters can be made of.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::savanna::{Label, ListPlugins, Plugin, TenantId};
use leptos::prelude::*;

use super::tenant::place;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::reply::reply;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::live::live;

/// The page.
#[component]
pub(super) fn Plugins(
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
) -> impl IntoView {
    let told = reply(&connection, &ListPlugins { tenant_id: tenant }, &Nothing {});
    watch(told.polled);
    let facts = place(&connection);
    view! {
        <PageHead title=words!(frame.plugins) facts=facts />
        <StaleNote seen=told.polled.seen problem=told.polled.problem />
        {told.shown(words!(plugins.loading), move || {
            let connection = connection.clone();
            live(move || {
                let plugins = told.map(|reply| reply.plugins.clone()).unwrap_or_default();
                if plugins.is_empty() {
                    return view! { <Blank title=words!(plugins.empty) text=words!(plugins.empty_text) /> }.into_any();
                }
                let cards = plugins.iter().map(|plugin| card(&connection, plugin)).collect_view();
                view! { <ul class="cards">{cards}</ul> }.into_any()
            })
        })}
    }
}

/// One of them.
fn card(connection: &str, plugin: &Plugin) -> AnyView {
    let name = plugin.name.clone().unwrap_or_default();
    let title = plugin.title.clone().filter(|title| !title.is_empty()).unwrap_or_else(|| name.clone());
    let versions = plugin.versions.iter().map(|version| {
        let place = Place::PluginVersion(connection.to_owned(), name.clone(), version.clone());
        let labels = plugin.version_labels.get(version).and_then(on);
        view! {
            <li>
                <a class="chip" href=place.href()>{version.clone()}</a>
                {labels.map(|labels| view! { <span class="chip-note">{labels}</span> })}
            </li>
        }
    });
    let labels = on(&plugin.plugin_labels);
    view! {
        <li class="tile plugin">
            <h2>{title}</h2>
            <p class="plugin-name"><code>{name.clone()}</code> " " {labels.map(|labels| view! { <span class="chip-note">{labels}</span> })}</p>
            <p>{plugin.description.clone()}</p>
            <ul class="plugin-versions" aria-label=words!(plugins.versions)>{versions.collect_view()}</ul>
        </li>
    }
    .into_any()
}

/// The labels that are on.
fn on(labels: &std::collections::BTreeMap<String, Label>) -> Option<String> {
    let on = labels.iter().filter(|(_, label)| label.status == Some(true)).map(|(name, _)| name.as_str());
    let on = on.collect::<Vec<_>>().join(", ");
    (!on.is_empty()).then_some(on)
}
