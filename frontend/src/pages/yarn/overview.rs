//! A ResourceManager at a glance: how much of it is used now and was in the last hour, and what needs somebody.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::yarn::{ClusterInfo, ClusterMetrics, ShowCluster, ShowMetrics};
use leptos::prelude::*;

use super::attention::Attention;
use super::history::{self, REACH, Sample};
use crate::components::fleet::{health, use_connection};
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::{PageFoot, PageHead};
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{ButtonLink, Weight};
use crate::ui::format;
use crate::ui::live::{effect, live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::meter::{Meter, Share};
use crate::ui::spark::{Line, Spark};
use crate::ui::time::{self, Ago, Precision};

/// The page.
#[component]
pub(super) fn Overview(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let info = reply(&connection, &ShowCluster {}, &Nothing {});
    let metrics = reply(&connection, &ShowMetrics {}, &Nothing {});
    watch(metrics.polled);
    let samples = RwSignal::new(Vec::<Sample>::new());
    let name = connection.clone();
    effect(move || {
        let Some(at) = metrics.polled.seen.get() else { return };
        // Known already when it is said to be seen.
        if let Some(taken) = untrack(|| metrics.map(|reply| history::take(&name, at, &reply.cluster_metrics))) {
            samples.set(taken);
        }
    });
    let known = use_connection(&connection);
    let place = string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    let submit = Place::Submit(connection.clone()).href();
    let health = health(&connection);
    // Of several servers the one that is active.
    let server = memo(move || health.value.with(|health| health.as_ref().and_then(|health| health.server.clone())));
    let acts = move || {
        view! { <ButtonLink weight=Weight::Primary href=submit.clone()>{words!(overview.submit)}</ButtonLink> }
            .into_any()
    };
    let facts = move || {
        view! {
            <span class="page-head-fact">{place}</span>
            <ClusterFacts info=info />
            {live(move || match server.get() {
                Some(server) => view! { <span class="page-head-fact"><code>{server}</code></span> }.into_any(),
                None => ().into_any(),
            })}
        }
        .into_any()
    };
    let connection = StoredValue::new(connection);
    view! {
        <PageHead title=words!(frame.overview) facts=facts acts=acts.clone() />
        <StaleNote seen=metrics.polled.seen problem=metrics.polled.problem />
        {metrics.shown(words!(overview.loading), move || view! {
            <Figures connection=connection.get_value() metrics=metrics samples=samples />
            <Attention connection=connection.get_value() metrics=metrics />
            <AsTable samples=samples />
        }.into_any())}
        <PageFoot>{acts()}</PageFoot>
    }
}

/// Whether the ResourceManager is the active one, which version it is, and since when it runs.
#[component]
fn ClusterFacts(info: Reply<howdah_shared::systems::yarn::ClusterInfoReply>) -> impl IntoView {
    let i18n = use_i18n();
    let of = move |of: fn(&ClusterInfo) -> Option<String>| info.map(|reply| of(&reply.cluster_info)).flatten();
    let started = memo(move || info.map(|reply| reply.cluster_info.started_on).flatten());
    live(move || {
        let state = of(|info| info.ha_state.clone().or(info.state.clone()));
        let version = of(|info| info.resource_manager_version.clone());
        let kind = match state.as_deref() {
            Some("ACTIVE" | "STARTED") => Kind::Good,
            Some("STANDBY") => Kind::Ended,
            Some("INITIALIZING" | "INITED" | "NOTINITED") => Kind::Waiting,
            Some("STOPPED") => Kind::Broken,
            _ => Kind::Unknown,
        };
        let word = match state.as_deref() {
            Some("ACTIVE" | "STARTED") => t_string!(i18n, overview.active).to_string(),
            Some("STANDBY") => t_string!(i18n, overview.standby).to_string(),
            Some(other) => other.to_owned(),
            None => return ().into_any(),
        };
        view! {
            <Mark kind=kind word=Signal::stored(word) />
            {version.map(|version| view! { <span class="page-head-fact">{format!("ResourceManager {version}")}</span> })}
            {started.get().filter(|at| *at > 0).map(|at| view! {
                <span class="page-head-fact">{words!(overview.started)} " " <Ago at=Signal::stored(Some(at)) /></span>
            })}
        }
        .into_any()
    })
}

type Metrics = Reply<howdah_shared::systems::yarn::ClusterMetricsReply>;
type Of = fn(&ClusterMetrics) -> Option<i64>;

/// The figures, a tile each.
#[component]
fn Figures(connection: String, metrics: Metrics, samples: RwSignal<Vec<Sample>>) -> impl IntoView {
    let i18n = use_i18n();
    let figure = move |of: Of| metrics.map(|reply| of(&reply.cluster_metrics)).flatten().filter(|figure| *figure >= 0);
    let count = |figure: Option<i64>| figure.map_or_else(|| "—".to_owned(), format::count);
    let size = |figure: Option<i64>| figure.map_or_else(|| "—".to_owned(), format::mebibytes);
    let share = move |used: Of, reserved: Of, all: Of| {
        Signal::derive(move || {
            let part = |of: Of| figure(of).unwrap_or(0) as f64 / figure(all).unwrap_or(0).max(1) as f64;
            Share { used: part(used), reserved: part(reserved), ..Share::default() }
        })
    };
    let line = move |of: fn(&Sample) -> Option<f64>, all: Option<Of>, name: Signal<String>| {
        Signal::derive(move || {
            samples.with(|samples| {
                let points: Vec<_> = samples.iter().map(|sample| (sample.at, of(sample))).collect();
                let highest = points.iter().filter_map(|(_, figure)| *figure).fold(1.0, f64::max);
                let top = all.and_then(figure).map_or(highest, |all| highest.max(all as f64));
                let end = samples.last().map_or(0.0, |sample| sample.at);
                let label = t_string!(i18n, overview.hour, what = name.get()).to_string();
                Line { points, span: (end - REACH, end), top, label }
            })
        })
    };
    let applications = |states: &str| Place::Applications(connection.clone()).href_with(&[("state", states)]);
    let place = connection.clone();
    let nodes = move |states: &str| Place::Nodes(place.clone()).href_with(&[("state", states)]);
    let waiting = applications("NEW,NEW_SAVING,SUBMITTED,ACCEPTED");
    let (memory, cores) = (words!(overview.memory), words!(overview.cores));
    let (containers, running, all_nodes) = (words!(overview.containers), words!(overview.running), words!(frame.nodes));
    view! {
        <ul class="tiles">
            <Tile
                title=memory
                figure=string(move || size(figure(|m| m.allocated_mb)))
                of=string(move || t_string!(i18n, overview.of, all = size(figure(|m| m.total_mb))).to_string())
                href=Place::Queues(connection.clone()).href()
            >
                <Meter share=share(|m| m.allocated_mb, |m| m.reserved_mb, |m| m.total_mb) />
                <Spark line=line(|sample| sample.memory, Some(|m| m.total_mb), memory) />
                <p class="tile-more number">{string(move || t_string!(
                    i18n,
                    overview.asked,
                    reserved = size(figure(|m| m.reserved_mb)),
                    pending = size(figure(|m| m.pending_mb)),
                ).to_string())}</p>
            </Tile>
            <Tile
                title=cores
                figure=string(move || count(figure(|m| m.allocated_virtual_cores)))
                of=string(move || t_string!(i18n, overview.of, all = count(figure(|m| m.total_virtual_cores))).to_string())
                href=Place::Queues(connection.clone()).href()
            >
                <Meter share=share(|m| m.allocated_virtual_cores, |m| m.reserved_virtual_cores, |m| m.total_virtual_cores) />
                <Spark line=line(|sample| sample.cores, Some(|m| m.total_virtual_cores), cores) />
                <p class="tile-more number">{string(move || t_string!(
                    i18n,
                    overview.asked,
                    reserved = count(figure(|m| m.reserved_virtual_cores)),
                    pending = count(figure(|m| m.pending_virtual_cores)),
                ).to_string())}</p>
            </Tile>
            <Tile
                title=containers
                figure=string(move || count(figure(|m| m.containers_allocated)))
                href=applications("RUNNING")
            >
                <Spark line=line(|sample| sample.containers, None, containers) />
                <p class="tile-more number">{string(move || t_string!(
                    i18n,
                    overview.asked,
                    reserved = count(figure(|m| m.containers_reserved)),
                    pending = count(figure(|m| m.containers_pending)),
                ).to_string())}</p>
            </Tile>
            <Tile title=running figure=string(move || count(figure(|m| m.apps_running))) href=applications("RUNNING")>
                <Spark line=line(|sample| sample.running, None, running) />
                <p class="tile-more number">
                    <a href=waiting>{string(move || t_string!(
                        i18n,
                        overview.waiting,
                        count = count(figure(|m| m.apps_pending)),
                    ).to_string())}</a>
                </p>
            </Tile>
            <Tile
                title=all_nodes
                figure=string(move || count(figure(|m| m.active_nodes)))
                of=words!(overview.nodes_active)
                href=nodes("RUNNING")
            >
                <p class="tile-more tile-nodes number">
                    {[
                        ("UNHEALTHY", words!(nodes.state_unhealthy), (|m| m.unhealthy_nodes) as Of),
                        ("LOST", words!(nodes.state_lost), |m| m.lost_nodes),
                        ("DECOMMISSIONING", words!(nodes.state_decommissioning), |m| m.decommissioning_nodes),
                        ("DECOMMISSIONED", words!(nodes.state_decommissioned), |m| m.decommissioned_nodes),
                        ("REBOOTED", words!(nodes.state_rebooted), |m| m.rebooted_nodes),
                        ("SHUTDOWN", words!(nodes.state_shutdown), |m| m.shutdown_nodes),
                    ]
                    .map(|(state, word, of)| {
                        let href = nodes(state);
                        when(
                            move || figure(of).is_some_and(|count| count > 0),
                            move || view! {
                                <a href=href.clone()>{string(move || format!("{} {}", count(figure(of)), word.get()))}</a>
                            }.into_any(),
                        )
                    })}
                </p>
            </Tile>
        </ul>
    }
}

/// One figure, which leads to the list that it counts.
#[component]
fn Tile(
    title: Signal<String>,
    figure: Signal<String>,
    #[prop(optional, into)] of: Option<Signal<String>>,
    href: String,
    children: Children,
) -> impl IntoView {
    view! {
        <li class="tile">
            <h2 class="tile-title">{title}</h2>
            <p class="tile-figure">
                <a class="number" href=href aria-label=move || format!("{}: {}", title.get(), figure.get())>{figure}</a>
                {of.map(|of| view! { " " <span class="tile-of number">{of}</span> })}
            </p>
            {children()}
        </li>
    }
}

/// Every so many ms there is a row in the table behind the lines.
const STEP: f64 = 300_000.0;

/// The last hour in figures.
#[component]
fn AsTable(samples: RwSignal<Vec<Sample>>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        let mut rows: Vec<Sample> = Vec::new();
        samples.with(|samples| {
            for sample in samples.iter().rev() {
                if rows.last().is_none_or(|last| last.at - sample.at >= STEP) {
                    rows.push(*sample);
                }
            }
        });
        let count = |figure: Option<f64>| figure.map_or_else(|| "—".to_owned(), |figure| format::count(figure as i64));
        let size =
            |figure: Option<f64>| figure.map_or_else(|| "—".to_owned(), |figure| format::mebibytes(figure as i64));
        let row = |sample: Sample| {
            view! {
                <tr>
                    <th scope="row">{time::short(i18n.get_locale(), sample.at as i64, Precision::Minute)}</th>
                    <td>{size(sample.memory)}</td>
                    <td>{count(sample.cores)}</td>
                    <td>{count(sample.containers)}</td>
                    <td>{count(sample.running)}</td>
                    <td>{count(sample.pending)}</td>
                </tr>
            }
        };
        rows.into_iter().map(row).collect_view().into_any()
    };
    view! {
        <details class="folded">
            <summary>{words!(overview.table)}</summary>
            <div class="figures-scroll" tabindex="0">
                <table class="figures">
                    <thead>
                        <tr>
                            <th scope="col">{words!(overview.when)}</th>
                            <th scope="col">{words!(overview.memory)}</th>
                            <th scope="col">{words!(overview.cores)}</th>
                            <th scope="col">{words!(overview.containers)}</th>
                            <th scope="col">{words!(overview.running)}</th>
                            <th scope="col">{words!(overview.pending)}</th>
                        </tr>
                    </thead>
                    <tbody>{live(rows)}</tbody>
                </table>
            </div>
            <p class="field-hint">{words!(overview.table_hint)}</p>
        </details>
    }
}
