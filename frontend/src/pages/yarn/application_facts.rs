//! What an application is and holds.

use std::cell::RefCell;
use std::collections::VecDeque;

use howdah_shared::systems::yarn::ApplicationDetails;
use leptos::prelude::*;

use super::application::{Told, is_hidden};
use crate::i18n::*;
use crate::ui::facts::{self, Fact, Facts};
use crate::ui::format;
use crate::ui::link::link;
use crate::ui::live::{effect, live, string, when};
use crate::ui::spark::{Line, Spark};
use crate::ui::time::{self, Clock, Precision, use_clock};

/// An instant, and what it held then: memory, cores and containers.
type Look = (f64, [Option<f64>; 3]);

/// What it holds now and held while the page was open.
pub(super) fn holdings(told: Told) -> AnyView {
    /// So many looks are kept.
    const KEPT: usize = 720;
    let seen: StoredValue<RefCell<VecDeque<Look>>, LocalStorage> = StoredValue::new_local(RefCell::default());
    let looked = RwSignal::new(0_u32);
    effect(move || {
        let Some(at) = told.polled.seen.get() else { return };
        let figures = untrack(|| {
            told.map(|reply| {
                let (app, brief) = (&reply.app, &reply.app.brief);
                [brief.allocated_mb, brief.allocated_v_cores, brief.running_containers]
                    .map(|figure| known(app, figure).map(|figure| figure as f64))
            })
        });
        seen.with_value(|seen| {
            let mut seen = seen.borrow_mut();
            seen.push_back((at, figures.unwrap_or_default()));
            if seen.len() > KEPT {
                seen.pop_front();
            }
        });
        looked.update(|looked| *looked = looked.wrapping_add(1));
    });
    let i18n = use_i18n();
    let line = move |which: usize, name: Signal<String>| {
        Signal::derive(move || {
            looked.track();
            let points: Vec<_> =
                seen.with_value(|seen| seen.borrow().iter().map(|(at, figures)| (*at, figures[which])).collect());
            let top = points.iter().filter_map(|(_, figure): &(f64, Option<f64>)| *figure).fold(1.0, f64::max);
            let end = points.last().map_or(0.0, |(at, _)| *at);
            let begin = points.first().map_or(end, |(at, _)| *at).min(end - 60_000.0);
            let label = t_string!(i18n, application.since, what = name.get()).to_string();
            Line { points, span: (begin, end), top, label }
        })
    };
    let figure = move |of: fn(&ApplicationDetails) -> Option<i64>, show: fn(i64) -> String| {
        string(move || {
            let figure = told.map(|reply| known(&reply.app, of(&reply.app))).flatten();
            figure.map_or_else(|| format::UNKNOWN.to_owned(), show)
        })
    };
    let tile = |title: Signal<String>, figure: Signal<String>, line: Signal<Line>| {
        view! {
            <li class="tile">
                <h2 class="tile-title">{title}</h2>
                <p class="tile-figure number">{figure}</p>
                <Spark line=line />
            </li>
        }
    };
    let (memory, cores, containers) = (words!(overview.memory), words!(overview.cores), words!(overview.containers));
    when(
        move || told.map(|reply| reply.app.brief.finished_time.unwrap_or(0) <= 0).unwrap_or_default(),
        move || {
            view! {
                <ul class="tiles">
                    {tile(memory, figure(|app| app.brief.allocated_mb, format::mebibytes), line(0, memory))}
                    {tile(cores, figure(|app| app.brief.allocated_v_cores, format::count), line(1, cores))}
                    {tile(containers, figure(|app| app.brief.running_containers, format::count), line(2, containers))}
                </ul>
            }
            .into_any()
        },
    )
}

/// What is told of an application by one fact. Only one that reads the clock is worked out again each second.
type Of = fn(Locale, &ApplicationDetails, Clock) -> Option<String>;

/// What it is; what is not told is left out.
pub(super) fn facts_of(told: Told) -> AnyView {
    let i18n = use_i18n();
    let clock = use_clock();
    let fact = move |(name, of): (Signal<String>, Of)| {
        facts::told(name, move || told.map(|reply| of(i18n.get_locale(), &reply.app, clock)).flatten())
    };
    view! {
        <h2>{words!(application.facts)}</h2>
        <Facts>{all().into_iter().map(fact).collect_view()}</Facts>
    }
    .into_any()
}

fn all() -> Vec<(Signal<String>, Of)> {
    vec![
        (words!(applications.kind), |_, app, _| text(&app.brief.application_type)),
        (words!(application.final_status), |_, app, _| {
            text(&app.brief.final_status).filter(|status| status != "UNDEFINED")
        }),
        (words!(application.priority), |_, app, _| known(app, app.priority).map(format::count)),
        (words!(application.tags), |_, app, _| text(&app.application_tags)),
        (words!(applications.started), |language, app, _| at(language, app.brief.started_time)),
        (words!(application.launched), |language, app, _| at(language, app.launch_time)),
        (words!(application.finished), |language, app, _| at(language, app.brief.finished_time)),
        (words!(applications.elapsed), |language, app, clock| {
            took(app, clock).map(|took| format::duration(language, took))
        }),
        (words!(applications.progress), |_, app, _| percent(app.brief.progress.filter(|_| !is_hidden(&app.brief)))),
        (words!(application.of_queue), |_, app, _| percent(app.queue_usage_percentage)),
        (words!(application.of_cluster), |_, app, _| percent(app.cluster_usage_percentage)),
        (words!(application.reserved), |_, app, _| {
            known(app, app.reserved_mb).filter(|mib| *mib > 0).map(format::mebibytes)
        }),
        (words!(application.memory_seconds), |language, app, _| {
            let held = format::decimal(some(app.memory_seconds)? as f64 / 1024.0 / 3600.0);
            Some(td_string!(language, application.memory_hours, held = held).to_string())
        }),
        (words!(application.core_seconds), |language, app, _| {
            let held = format::decimal(some(app.vcore_seconds)? as f64 / 3600.0);
            Some(td_string!(language, application.core_hours, held = held).to_string())
        }),
        (words!(application.preempted), |_, app, _| {
            let (others, masters) = (some(app.num_non_am_container_preempted)?, some(app.num_am_container_preempted)?);
            Some(others + masters).filter(|count| *count > 0).map(format::count)
        }),
        (words!(application.lifetime), |language, app, _| {
            let left = app.timeouts.timeout.iter().find_map(|timeout| some(timeout.remaining_time_in_seconds))?;
            let time = format::duration(language, left as f64 * 1000.0);
            Some(td_string!(language, application.left, time = time).to_string())
        }),
        (words!(application.master), |_, app, _| text(&app.master_node_id).or_else(|| text(&app.am_host_http_address))),
        (words!(application.label), |_, app, _| text(&app.app_node_label_expression)),
        (words!(application.master_label), |_, app, _| text(&app.am_node_label_expression)),
        (words!(application.logs), |_, app, _| text(&app.log_aggregation_status)),
        (words!(application.unmanaged), |language, app, _| {
            (app.unmanaged_application == Some(true)).then(|| td_string!(language, cluster.yes).to_owned())
        }),
    ]
}

fn text(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| text != "null" && text != "<Not set>")
}

fn at(language: Locale, at: Option<i64>) -> Option<String> {
    at.filter(|at| *at > 0).map(|at| time::short(language, at, Precision::Second))
}

/// What cannot be told is written as a number below zero.
fn some(figure: Option<i64>) -> Option<i64> {
    figure.filter(|figure| *figure >= 0)
}

fn known(app: &ApplicationDetails, figure: Option<i64>) -> Option<i64> {
    some(figure).filter(|_| !is_hidden(&app.brief))
}

fn percent(part: Option<f64>) -> Option<String> {
    part.filter(|part| part.is_finite() && *part >= 0.0).map(format::percent)
}

/// How long it has taken, in ms; of what has not ended until now.
fn took(app: &ApplicationDetails, clock: Clock) -> Option<f64> {
    let is_over = app.brief.finished_time.unwrap_or(0) > 0;
    match app.brief.started_time.filter(|started| *started > 0 && !is_over) {
        Some(started) => Some((clock.server() - started as f64).max(0.0)),
        None => known(app, app.brief.elapsed_time).map(|took| took as f64),
    }
}

/// Where the application says that it can be watched: its own word.
pub(super) fn tracking(told: Told) -> AnyView {
    live(move || {
        let Some(url) = told.map(|reply| reply.app.tracking_url.clone()).flatten().filter(|url| !url.trim().is_empty())
        else {
            return ().into_any();
        };
        view! {
            <Facts>
                <Fact name=words!(application.tracking) wide=true>
                    {link(url)}
                    <p class="field-hint">{words!(application.tracking_hint)}</p>
                </Fact>
            </Facts>
        }
        .into_any()
    })
}
