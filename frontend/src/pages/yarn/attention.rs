//! What in a cluster needs somebody: nodes that are away, queues at their limit, applications that wait long and why,
//! and what failed in the last hour. Each line leads to its cause.

use std::sync::Arc;

use howdah_shared::systems::yarn::{
    ApplicationQuery, ClusterMetrics, ClusterMetricsReply, Level, ListApplications, ShowApplication,
};
use leptos::prelude::*;

use super::applications::everything;
use super::queue_tree::queues;
use super::rows::Row;
use crate::api::{Watched, watched};
use crate::components::listing::Listed;
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::list::List;
use crate::routes::Place;
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::time::use_clock;

/// An application that has waited so long, in ms, waits long.
const LONG: i64 = 120_000;
/// What failed is told of for so long, in ms.
const RECENT: i64 = 3_600_000;
/// So many of a kind are named, the others are counted.
const NAMED: usize = 3;

/// The list.
#[component]
pub(super) fn Attention(
    /// The connection's name.
    connection: String,
    /// The cluster's figures.
    metrics: Reply<ClusterMetricsReply>,
) -> impl IntoView {
    let Watched { list, complete } = watched::<_, Row>(&connection, &ListApplications {}, &everything());
    let scheduler = queues(&connection);
    let clock = use_clock();
    let minute = memo(move || (clock.server() / 60_000.0) as i64 * 60_000);
    let waiting = memo(move || list.value.with(|rows| rows.as_ref().map(|rows| waiting(rows, minute.get()))));
    let failed = memo(move || list.value.with(|rows| rows.as_ref().map_or(0, |rows| failed(rows, minute.get()))));
    let full = memo(move || scheduler.levels.with(|levels| full(levels)));
    let away = memo(move || metrics.map(|reply| away(&reply.cluster_metrics)).unwrap_or_default());
    let known = memo(move || {
        complete.get() && list.value.with(Option::is_some) && scheduler.polled.value.with(Option::is_some)
    });
    let quiet = memo(move || {
        known.get()
            && away.with(Vec::is_empty)
            && full.with(Vec::is_empty)
            && failed.get() == 0
            && waiting.with(|waiting| waiting.as_ref().is_none_or(|waiting| waiting.is_empty()))
    });
    let place = StoredValue::new(connection);
    view! {
        <section aria-labelledby="attention" class="attention-part">
            <h2 id="attention">{words!(overview.attention)}</h2>
            {when(move || quiet.get(), || view! {
                <p><Mark kind=Kind::Good word=words!(overview.quiet) /></p>
            }.into_any())}
            {when(move || !quiet.get(), move || view! {
                <ul class="attention">
                    {live(move || away.get().into_iter().map(|(state, count)| node_line(place, state, count)).collect_view().into_any())}
                    {live(move || queue_lines(place, full.get()))}
                    {live(move || waiting.get().map(|waiting| waiting_lines(place, &waiting)).into_any())}
                    {live(move || failed_line(place, failed.get()))}
                    {when(move || !known.get(), || view! {
                        <li class="attention-line attention-more" role="status">{words!(overview.looking)}</li>
                    }.into_any())}
                </ul>
            }.into_any())}
        </section>
    }
}

/// How many nodes are in each state in which they are of no use and should not be.
fn away(metrics: &ClusterMetrics) -> Vec<(&'static str, i64)> {
    let states = [("UNHEALTHY", metrics.unhealthy_nodes), ("LOST", metrics.lost_nodes)];
    states.into_iter().filter_map(|(state, count)| Some((state, count.filter(|count| *count > 0)?))).collect()
}

/// The queues without queues below them that hold as much as they may.
fn full(tree: &[Arc<Level>]) -> Vec<String> {
    tree.iter().filter(|level| level.leaf && level.is_full()).map(|level| level.queue.path.clone()).collect()
}

/// Those that have waited long, the longest first.
fn waiting(rows: &List<Row>, now: i64) -> Vec<Arc<Row>> {
    let waits = |row: &&Arc<Row>| {
        Row::kind(row.standing()) == Some(Kind::Waiting) && row.started().is_some_and(|since| now - since >= LONG)
    };
    let mut waiting: Vec<_> = rows.iter().filter(waits).cloned().collect();
    waiting.sort_by_key(|row| row.started());
    waiting
}

/// How many failed lately.
fn failed(rows: &List<Row>, now: i64) -> usize {
    let lately = |row: &&Arc<Row>| {
        row.standing() == "FAILED" && row.application().finished_time.is_some_and(|at| now - at < RECENT)
    };
    rows.iter().filter(lately).count()
}

type At = StoredValue<String>;

fn node_line(connection: At, state: &'static str, count: i64) -> AnyView {
    let i18n = use_i18n();
    let href = Place::Nodes(connection.get_value()).href_with(&[("state", state)]);
    let word = match state {
        "LOST" => words!(nodes.state_lost),
        _ => words!(nodes.state_unhealthy),
    };
    view! {
        <li class="attention-line">
            <Mark kind=Kind::Broken word=word />
            <a class="attention-what" href=href>
                {string(move || t_string!(i18n, overview.nodes_away, count = format::count(count)).to_string())}
            </a>
        </li>
    }
    .into_any()
}

fn queue_lines(connection: At, full: Vec<String>) -> AnyView {
    let line = |path: String| {
        let href = Place::Queues(connection.get_value()).href_with(&[("at", &path)]);
        view! {
            <li class="attention-line">
                <Mark kind=Kind::Caution word=words!(overview.queue_full) />
                <a class="attention-what" href=href>{path}</a>
            </li>
        }
    };
    full.into_iter().map(line).collect_view().into_any()
}

fn waiting_lines(connection: At, waiting: &[Arc<Row>]) -> AnyView {
    let i18n = use_i18n();
    let others = waiting.len().saturating_sub(NAMED);
    let href = Place::Applications(connection.get_value())
        .href_with(&[("state", "NEW,NEW_SAVING,SUBMITTED,ACCEPTED"), ("sort", "started")]);
    let named = waiting.iter().take(NAMED).map(|row| view! { <WaitingLine connection=connection row=row.clone() /> });
    view! {
        {named.collect_view()}
        {(others > 0).then(|| view! {
            <li class="attention-line">
                <a href=href>{string(move || {
                    t_string!(i18n, overview.waiting_others, count = format::count(others as i64)).to_string()
                })}</a>
            </li>
        })}
    }
    .into_any()
}

/// One that has waited long, and why, as the scheduler says.
#[component]
fn WaitingLine(connection: At, row: Arc<Row>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let id = row.id().to_owned();
    let asked = id.parse().ok().map(|application_id| ShowApplication { application_id });
    let why =
        asked.map(|show| connection.with_value(|connection| reply(connection, &show, &ApplicationQuery::default())));
    let why = memo(move || why.and_then(|why| why.map(|reply| reply.app.diagnostics.clone()).flatten()));
    let since = row.started().unwrap_or_default();
    let name = row.application().name.clone().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| id.clone());
    let href = Place::Application(connection.get_value(), id).href();
    view! {
        <li class="attention-line">
            <Mark
                kind=Kind::Waiting
                word=string(move || {
                    let waited = format::duration(i18n.get_locale(), clock.server() - since as f64);
                    t_string!(i18n, overview.waits, time = waited).to_string()
                })
            />
            <span class="attention-what">
                <a href=href>{name}</a>
                {when(move || why.with(Option::is_some), move || view! {
                    <span class="attention-more">" " {string(move || short(&why.get().unwrap_or_default()))}</span>
                }.into_any())}
            </span>
        </li>
    }
}

/// As much of a diagnosis as a line holds.
fn short(text: &str) -> String {
    const SHOWN: usize = 200;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn failed_line(connection: At, count: usize) -> AnyView {
    let i18n = use_i18n();
    if count == 0 {
        return ().into_any();
    }
    let href = Place::Applications(connection.get_value()).href_with(&[("state", "FAILED"), ("sort", "-started")]);
    view! {
        <li class="attention-line">
            <Mark kind=Kind::Broken word=words!(applications.state_failed) />
            <a class="attention-what" href=href>
                {string(move || t_string!(i18n, overview.failed, count = format::count(count as i64)).to_string())}
            </a>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::{NOW, row};
    use super::*;

    #[test]
    fn those_that_wait_longest_come_first() {
        let waits = |id: u32, since: i64| {
            row(id, |a| {
                a.state = Some("ACCEPTED".into());
                a.started_time = Some(NOW - since);
            })
        };
        let rows: List<Row> = [waits(1, 130_000), waits(2, 10_000), waits(3, 900_000), row(4, |_| ())]
            .map(Arc::new)
            .into_iter()
            .collect();
        let found: Vec<u64> = waiting(&rows, NOW).iter().map(|row| row.number.1).collect();
        assert_eq!(found, [3, 1]);
    }

    #[test]
    fn only_what_failed_lately_is_told() {
        let ended = |id: u32, state: &str, ago: i64| {
            row(id, |a| {
                a.state = Some(state.into());
                a.finished_time = Some(NOW - ago);
            })
        };
        let rows: List<Row> = [ended(1, "FAILED", 1000), ended(2, "FAILED", RECENT), ended(3, "KILLED", 1000)]
            .map(Arc::new)
            .into_iter()
            .collect();
        assert_eq!(failed(&rows, NOW), 1);
    }

    #[test]
    fn a_long_diagnosis_is_one_line() {
        assert_eq!(short("a \n b"), "a b");
        assert_eq!(short(&"가".repeat(500)).chars().count(), 201);
    }
}
