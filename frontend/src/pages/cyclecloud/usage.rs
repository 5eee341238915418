//! What a cluster used and what that costs by estimate: over time, and by parts.

use std::sync::Arc;

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::cyclecloud::{ClusterUsage, Granularity, Rule, ShowUsage, Timeframe, UsageQuery};
use leptos::prelude::*;

use super::frame::{Cluster, Part, parts as ways};
use super::usage_figures::{By, file, intervals};
use super::usage_view::Figures;
use crate::api::{At, call};
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::reply::reply;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::csv;
use crate::ui::field::Field;
use crate::ui::live::{live, memo, when};
use crate::ui::skeleton::Skeleton;
use crate::ui::toast::use_toasts;

/// What is known of the usage.
#[derive(Clone, Copy)]
struct Told {
    usage: Memo<Option<Arc<ClusterUsage>>>,
    seen: Signal<Option<f64>>,
    problem: Signal<Option<Problem>>,
    again: Callback<()>,
}

/// Follows what is asked for. Ranges of one's own cannot be watched: they are asked for once.
fn told(cluster: &Cluster, query: &UsageQuery) -> Told {
    let operation = ShowUsage { cluster: cluster.name.clone() };
    if query.timeframe != Some(Timeframe::Custom) {
        let reply = reply(&cluster.connection, &operation, query);
        watch(reply.polled);
        let usage = memo(move || reply.map(|usage| Arc::new(usage.clone())));
        let again = Callback::new(move |()| reply.polled.refresh());
        return Told { usage, seen: reply.polled.seen.into(), problem: reply.polled.problem.into(), again };
    }
    let (answer, problem) = (RwSignal::new(None::<Arc<ClusterUsage>>), RwSignal::new(None));
    let asked = StoredValue::new((cluster.connection.clone(), operation, query.clone()));
    let again = Callback::new(move |()| {
        let (connection, operation, query) = asked.get_value();
        problem.set(None);
        leptos::task::spawn_local(async move {
            // The page may be gone by then, or ask for something else.
            match call(At::Connection(&connection), &operation, &query, &Nothing {}).await {
                Ok(usage) => drop(answer.try_set(Some(Arc::new(usage)))),
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    });
    again.run(());
    Told { usage: memo(move || answer.get()), seen: Signal::stored(None), problem: problem.into(), again }
}

/// A choice of one of several, as buttons beside each other; the first is what an empty text means.
fn chips<const N: usize>(
    label: Signal<String>,
    value: RwSignal<String>,
    choices: [(&'static str, Signal<String>); N],
) -> AnyView {
    let buttons = choices.map(|(name, word)| {
        view! {
            <button
                class="chip"
                type="button"
                aria-pressed=move || if value.with(|value| value == name) { "true" } else { "false" }
                on:click=move |_| value.set(name.to_owned())
            >
                {word}
            </button>
        }
    });
    view! {
        <div class="usage-choice">
            <span class="field-label" aria-hidden="true">{label}</span>
            <div class="chips" role="group" aria-label=label>{buttons}</div>
        </div>
    }
    .into_any()
}

fn timeframe(text: &str) -> Timeframe {
    match text {
        "last-month" => Timeframe::LastMonth,
        "week" => Timeframe::WeekToDate,
        "range" => Timeframe::Custom,
        _ => Timeframe::MonthToDate,
    }
}

fn granularity(text: &str) -> Granularity {
    match text {
        "hour" => Granularity::Hourly,
        "total" => Granularity::Total,
        _ => Granularity::Daily,
    }
}

fn by_of(text: &str) -> By {
    match text {
        "machine" => By::Machine,
        "priority" => By::Priority,
        _ => By::Array,
    }
}

/// What is wrong with a bound of the range.
fn fault_of(i18n: I18nContext<Locale>, query: &UsageQuery, field: &str) -> Option<String> {
    let fault = query.faults().into_iter().find(|fault| fault.field == field)?;
    let word = match fault.rule {
        Rule::Range => t_string!(i18n, cycle_usage.rule_range),
        Rule::Instant => t_string!(i18n, cycle_usage.rule_instant),
        Rule::Backwards => t_string!(i18n, cycle_usage.rule_backwards),
        rule => return Some(rule.sentence().to_owned()),
    };
    Some(word.to_string())
}

/// The page.
#[component]
pub(super) fn Usage(
    /// The cluster.
    cluster: Cluster,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = cluster.titled(move |cluster| t_string!(i18n, cycle_usage.title, cluster = cluster).to_string());
    let (span, steps, kind, measure) = (url_text("span"), url_text("steps"), url_text("by"), url_text("measure"));
    let (from, to) = (url_text("from"), url_text("to"));
    let unfolded = RwSignal::new(false);
    let query = memo(move || {
        let timeframe = span.with(|span| timeframe(span));
        let bound = |text: RwSignal<String>| {
            Some(text.get().trim().to_owned()).filter(|text| timeframe == Timeframe::Custom && !text.is_empty())
        };
        UsageQuery {
            timeframe: Some(timeframe),
            from: bound(from),
            to: bound(to),
            granularity: Some(steps.with(|steps| granularity(steps))),
        }
    });
    let by = memo(move || kind.with(|kind| by_of(kind)));
    let is_range = memo(move || query.with(|query| query.timeframe == Some(Timeframe::Custom)));
    let own = StoredValue::new(cluster.clone());
    let fault = move |field: &'static str| Signal::derive(move || query.with(|query| fault_of(i18n, query, field)));
    view! {
        <PageHead title=title />
        {ways(&cluster, Some(Part::Usage))}
        <p class="field-hint">{words!(cycle_usage.estimate)}</p>
        <div class="usage-choices">
            {chips(words!(cycle_usage.span), span, [
                ("", words!(cycle_usage.month)),
                ("last-month", words!(cycle_usage.last_month)),
                ("week", words!(cycle_usage.week)),
                ("range", words!(cycle_usage.range)),
            ])}
            {chips(words!(cycle_usage.steps), steps, [
                ("", words!(cycle_usage.daily)),
                ("hour", words!(cycle_usage.hourly)),
                ("total", words!(cycle_usage.whole)),
            ])}
            {chips(words!(cycle_usage.by), kind, [
                ("", words!(cycle_nodes.array)),
                ("machine", words!(cycle_nodes.machine)),
                ("priority", words!(cycle_nodes.priority)),
            ])}
            {chips(words!(cycle_usage.measure), measure, [
                ("", words!(cycle_usage.hours)),
                ("cost", words!(cycle_usage.cost)),
            ])}
        </div>
        {when(move || is_range.get(), move || view! {
            <div class="usage-range">
                <Field id="from" label=words!(cycle_usage.from) value=from fault=fault("from") hint=words!(cycle_usage.range_hint) />
                <Field id="to" label=words!(cycle_usage.to) value=to fault=fault("to") hint=words!(cycle_usage.range_hint) />
            </div>
        }.into_any())}
        {live(move || {
            let query = query.get();
            // What the service would refuse is not asked for.
            if !query.faults().is_empty() {
                return ().into_any();
            }
            view! { <Asked cluster=own.get_value() query by measure unfolded /> }.into_any()
        })}
    }
}

#[component]
fn Asked(
    cluster: Cluster,
    query: UsageQuery,
    by: Memo<By>,
    measure: RwSignal<String>,
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let Told { usage, seen, problem, again } = told(&cluster, &query);
    let shown = memo(move || usage.with(|usage| usage.as_ref().map(|usage| intervals(usage, by.get()))));
    let failed = memo(move || problem.get().filter(|_| shown.with(Option::is_none)));
    let state = memo(move || (shown.with(Option::is_some), failed.get()));
    let called = cluster.called();
    let save = Callback::new(move |()| {
        let Some(text) = shown.with_untracked(|shown| shown.as_ref().map(|shown| file(shown, by.get_untracked())))
        else {
            return;
        };
        if csv::save(&format!("howdah-usage-{called}.csv"), &text).is_err() {
            toasts.say(t_string!(i18n, activity.csv_refused).to_string());
        }
    });
    let granularity = query.granularity.unwrap_or(Granularity::Daily);
    view! {
        <StaleNote seen=seen problem=problem />
        {live(move || match state.get() {
            (true, _) => view! {
                <Figures
                    shown=Signal::derive(move || shown.get().unwrap_or_default())
                    granularity
                    unfolded
                    is_cost=Signal::derive(move || measure.with(|measure| measure == "cost"))
                />
                <div><Button press=save>{words!(activity.csv)}</Button></div>
            }
            .into_any(),
            (false, Some(problem)) => {
                view! { <ProblemView problem=Signal::stored(problem) retry=again /> }.into_any()
            }
            (false, None) => view! { <Skeleton class="facts" lines=8 label=words!(cycle_usage.loading) /> }.into_any(),
        })}
    }
}
