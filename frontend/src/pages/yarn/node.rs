//! One node: whether it is well, how much of it is used, and what it is.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::yarn::{Node as Brief, NodeDetails, NodeReply, ShowNode};
use leptos::prelude::*;

use super::acts::bad_path;
use super::application_facts::safe;
use super::node_rows::Row;
use super::raw::Raw;
use super::whole::{Reply, reply};
use crate::components::freshness::{StaleNote, watch};
use crate::components::listing::Listed;
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::i18n::*;
use crate::ui::copyable::Copyable;
use crate::ui::facts::{Fact, Facts};
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::meter::{Meter, Share};
use crate::ui::time::{self, Precision};

/// The page.
#[component]
pub(super) fn NodePage(
    /// The connection's name.
    connection: String,
    /// The node's id: its host and port.
    id: String,
) -> impl IntoView {
    match id.parse() {
        Ok(node_id) => view! { <Found connection id show=ShowNode { node_id } /> }.into_any(),
        // No service would know it.
        Err(why) => {
            let problem = bad_path(why);
            view! { <PageHead title=id /> <ProblemView problem=Signal::stored(problem) /> }.into_any()
        }
    }
}

type Told = Reply<NodeReply>;

#[component]
fn Found(connection: String, id: String, show: ShowNode) -> impl IntoView {
    let i18n = use_i18n();
    let told = reply(&connection, &show, &Nothing {});
    watch(told.polled);
    let row = memo(move || told.map(|reply| Row::from(reply.node.brief.clone())));
    let own = id.clone();
    let title =
        string(move || row.with(|row| row.as_ref().map(|row| row.host().to_owned())).unwrap_or_else(|| own.clone()));
    let state = memo(move || row.with(|row| row.as_ref().map(|row| row.standing().to_owned())));
    let facts = move || {
        view! {
            {live(move || match state.get() {
                Some(state) => {
                    let kind = Row::kind(&state).unwrap_or(Kind::Unknown);
                    view! { <Mark kind=kind word=string(move || Row::word(i18n, &state)) /> }.into_any()
                }
                None => ().into_any(),
            })}
            <Copyable text=Signal::stored(id.clone()) limit=60 />
        }
        .into_any()
    };
    let report = memo(move || {
        told.map(|reply| reply.node.brief.health_report.clone()).flatten().filter(|text| !text.trim().is_empty())
    });
    let raw = show.clone();
    let connection = StoredValue::new(connection);
    view! {
        <PageHead title=title facts=facts />
        <StaleNote seen=told.polled.seen problem=told.polled.problem />
        {told.shown(words!(nodes.loading_one), move || view! {
            {when(move || report.with(Option::is_some), move || view! {
                <section class="diagnostics">
                    <h2>{words!(nodes.health)}</h2>
                    <Copyable text=string(move || report.get().unwrap_or_default()) block=Some(words!(nodes.health)) />
                </section>
            }.into_any())}
            <ul class="tiles">
                {tile(words!(nodes.memory), row, Row::memory, |row| {
                    row.node.used_memory_mb.map(format::mebibytes).zip(row.all_memory().map(format::mebibytes))
                })}
                {tile(words!(nodes.cores), row, Row::cores, |row| {
                    row.node.used_virtual_cores.map(format::count).zip(row.all_cores().map(format::count))
                })}
            </ul>
            {facts_of(told)}
            <Raw connection=connection.get_value() operation=raw.clone() />
        }.into_any())}
    }
}

fn tile(
    title: Signal<String>,
    row: Memo<Option<Row>>,
    part: fn(&Row) -> Option<f64>,
    figures: fn(&Row) -> Option<(String, String)>,
) -> AnyView {
    let i18n = use_i18n();
    let share = Signal::derive(move || {
        let used = row.with(|row| row.as_ref().and_then(part)).unwrap_or(0.0);
        Share { used, ..Share::default() }
    });
    let of = move || row.with(|row| row.as_ref().and_then(figures));
    view! {
        <li class="tile">
            <h2 class="tile-title">{title}</h2>
            <p class="tile-figure number">
                {string(move || of().map_or_else(|| "—".to_owned(), |(used, _)| used))}
                " "
                <span class="tile-of number">
                    {string(move || of().map(|(_, all)| t_string!(i18n, overview.of, all = all).to_string()).unwrap_or_default())}
                </span>
            </p>
            <Meter share=share />
        </li>
    }
    .into_any()
}

/// What it is; what is not told is left out.
fn facts_of(told: Told) -> AnyView {
    let i18n = use_i18n();
    live(move || {
        let Some(node) = told.map(|reply| reply.node.clone()) else { return ().into_any() };
        let facts = rows(i18n.get_locale(), &node).into_iter().filter_map(|(name, value)| {
            let value = value.filter(|value| !value.trim().is_empty())?;
            Some(view! { <Fact name=name>{value}</Fact> }.into_any())
        });
        let address = node.brief.node_http_address.clone().filter(|address| !address.is_empty()).map(|address| {
            let shown = match safe(&format!("http://{address}")) {
                Some(href) => view! {
                    <a href=href target="_blank" rel="noopener noreferrer"><code>{address}</code></a>
                }
                .into_any(),
                None => view! { <code>{address}</code> }.into_any(),
            };
            view! { <Fact name=words!(nodes.address)>{shown}</Fact> }
        });
        view! { <Facts>{facts.collect::<Vec<_>>()}{address}</Facts> }.into_any()
    })
}

fn rows(language: Locale, node: &NodeDetails) -> Vec<(Signal<String>, Option<String>)> {
    let Brief { rack, node_labels, version, num_containers, last_health_update, health_status, .. } = &node.brief;
    let used = &node.resource_utilization;
    let some = |figure: Option<i64>| figure.filter(|figure| *figure >= 0);
    // What cannot be told is written as a number below zero.
    let real = |figure: Option<f64>| figure.filter(|figure| figure.is_finite() && *figure >= 0.0);
    let cores = |cores: Option<f64>| real(cores).map(|cores| format!("{} vcores", format::decimal(cores)));
    let others = node.total_resource.resource_informations.resource_information.iter();
    let others = others.filter(|one| !matches!(one.name.as_deref(), Some("memory-mb" | "vcores")));
    let others: Vec<String> =
        others.filter_map(|one| Some(format!("{} {}", one.name.as_deref()?, format::count(one.value?)))).collect();
    let attributes: Vec<String> = (node.node_attributes_info.node_attribute_info.iter())
        .filter_map(|one| Some(format!("{}={}", one.name.as_deref()?, one.value.as_deref().unwrap_or_default())))
        .collect();
    vec![
        (words!(nodes.rack), rack.clone()),
        (words!(nodes.labels), Some(node_labels.join(", "))),
        (words!(nodes.attributes), Some(attributes.join(", "))),
        (words!(nodes.version), version.clone()),
        (words!(nodes.status), health_status.clone()),
        (
            words!(nodes.seen),
            last_health_update.filter(|at| *at > 0).map(|at| time::short(language, at, Precision::Second)),
        ),
        (words!(overview.containers), some(*num_containers).map(format::count)),
        (
            words!(nodes.opportunistic),
            some(node.num_running_opport_containers).filter(|count| *count > 0).map(format::count),
        ),
        (words!(nodes.queued), some(node.num_queued_containers).filter(|count| *count > 0).map(format::count)),
        (words!(nodes.others), Some(others.join(", "))),
        (words!(nodes.really_memory), some(used.node_physical_memory_mb).map(format::mebibytes)),
        (words!(nodes.really_cores), cores(used.node_cpu_usage)),
        (words!(nodes.containers_memory), some(used.aggregated_containers_physical_memory_mb).map(format::mebibytes)),
        (words!(nodes.containers_cores), cores(used.containers_cpu_usage)),
    ]
}
