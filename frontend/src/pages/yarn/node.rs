//! One node: whether it is well, how much of it is used, and what it is.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::yarn::{NodeDetails, NodeReply, ShowNode};
use leptos::prelude::*;

use super::node_rows::Row;
use crate::api::bad_path;
use crate::components::freshness::{StaleNote, watch};
use crate::components::listing::Listed;
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::raw::Raw;
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::ui::copyable::Copyable;
use crate::ui::facts::{self, Fact, Facts};
use crate::ui::format;
use crate::ui::link::safe;
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
                    row.node().used_memory_mb.map(format::mebibytes).zip(row.all_memory().map(format::mebibytes))
                })}
                {tile(words!(nodes.cores), row, Row::cores, |row| {
                    row.node().used_virtual_cores.map(format::count).zip(row.all_cores().map(format::count))
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

/// What is told of a node by one fact.
type Of = fn(Locale, &NodeDetails) -> Option<String>;

/// What it is; what is not told is left out.
fn facts_of(told: Told) -> AnyView {
    let i18n = use_i18n();
    let fact = move |(name, of): (Signal<String>, Of)| {
        facts::told(name, move || told.map(|reply| of(i18n.get_locale(), &reply.node)).flatten())
    };
    let address = memo(move || told.map(|reply| reply.node.brief.node_http_address.clone()).flatten());
    let address = live(move || {
        let Some(address) = address.get().filter(|address| !address.is_empty()) else { return ().into_any() };
        let shown = match safe(&format!("http://{address}")) {
            Some(href) => view! {
                <a href=href target="_blank" rel="noopener noreferrer"><code>{address}</code></a>
            }
            .into_any(),
            None => view! { <code>{address}</code> }.into_any(),
        };
        view! { <Fact name=words!(nodes.address)>{shown}</Fact> }.into_any()
    });
    view! { <Facts>{all().into_iter().map(fact).collect_view()} {address}</Facts> }.into_any()
}

fn all() -> Vec<(Signal<String>, Of)> {
    vec![
        (words!(nodes.rack), |_, node| node.brief.rack.clone()),
        (words!(nodes.labels), |_, node| Some(node.brief.node_labels.join(", "))),
        (words!(nodes.attributes), |_, node| {
            let attributes = node.node_attributes_info.node_attribute_info.iter();
            let written = attributes.filter_map(|one| {
                Some(format!("{}={}", one.name.as_deref()?, one.value.as_deref().unwrap_or_default()))
            });
            Some(written.collect::<Vec<_>>().join(", "))
        }),
        (words!(nodes.version), |_, node| node.brief.version.clone()),
        (words!(nodes.status), |_, node| node.brief.health_status.clone()),
        (words!(nodes.seen), |language, node| {
            let at = node.brief.last_health_update.filter(|at| *at > 0)?;
            Some(time::short(language, at, Precision::Second))
        }),
        (words!(overview.containers), |_, node| some(node.brief.num_containers).map(format::count)),
        (words!(nodes.opportunistic), |_, node| {
            some(node.num_running_opport_containers).filter(|count| *count > 0).map(format::count)
        }),
        (words!(nodes.queued), |_, node| {
            some(node.num_queued_containers).filter(|count| *count > 0).map(format::count)
        }),
        (words!(nodes.others), |_, node| {
            let all = node.total_resource.resource_informations.resource_information.iter();
            let others = all.filter(|one| !matches!(one.name.as_deref(), Some("memory-mb" | "vcores")));
            let written =
                others.filter_map(|one| Some(format!("{} {}", one.name.as_deref()?, format::count(one.value?))));
            Some(written.collect::<Vec<_>>().join(", "))
        }),
        (words!(nodes.really_memory), |_, node| {
            some(node.resource_utilization.node_physical_memory_mb).map(format::mebibytes)
        }),
        (words!(nodes.really_cores), |_, node| cores(node.resource_utilization.node_cpu_usage)),
        (words!(nodes.containers_memory), |_, node| {
            some(node.resource_utilization.aggregated_containers_physical_memory_mb).map(format::mebibytes)
        }),
        (words!(nodes.containers_cores), |_, node| cores(node.resource_utilization.containers_cpu_usage)),
    ]
}

/// What cannot be told is written as a number below zero.
fn some(figure: Option<i64>) -> Option<i64> {
    figure.filter(|figure| *figure >= 0)
}

fn cores(cores: Option<f64>) -> Option<String> {
    let real = cores.filter(|cores| cores.is_finite() && *cores >= 0.0);
    real.map(|cores| format!("{} vcores", format::decimal(cores)))
}
