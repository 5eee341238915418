//! What an application is and holds.

use std::cell::RefCell;
use std::collections::VecDeque;

use howdah_shared::systems::yarn::ApplicationDetails;
use leptos::prelude::*;

use super::application::{Told, is_hidden};
use crate::i18n::*;
use crate::ui::copyable::Copyable;
use crate::ui::facts::{Fact, Facts};
use crate::ui::format;
use crate::ui::live::{effect, live, string, when};
use crate::ui::spark::{Line, Spark};
use crate::ui::time::{self, Precision, use_clock};

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
        let figures = untrack(|| told.map(|reply| reply.app.clone())).filter(|app| !is_hidden(&app.brief)).map(|app| {
            let figure = |figure: Option<i64>| figure.filter(|figure| *figure >= 0).map(|figure| figure as f64);
            let brief = &app.brief;
            [figure(brief.allocated_mb), figure(brief.allocated_v_cores), figure(brief.running_containers)]
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
            let figure = told.map(|reply| of(&reply.app).filter(|_| !is_hidden(&reply.app.brief))).flatten();
            figure.filter(|figure| *figure >= 0).map_or_else(|| "—".to_owned(), show)
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

/// What it is; what is not told is left out.
pub(super) fn facts_of(told: Told) -> AnyView {
    let i18n = use_i18n();
    let clock = use_clock();
    view! {
        <h2>{words!(application.facts)}</h2>
        {live(move || {
            let Some(app) = told.map(|reply| reply.app.clone()) else { return ().into_any() };
            let language = i18n.get_locale();
            let running = app.brief.finished_time.unwrap_or(0) <= 0;
            let now = if running { clock.server() } else { 0.0 };
            let facts = rows(language, &app, now).into_iter().filter_map(|(name, value)| {
                let value = value.filter(|value| !value.trim().is_empty())?;
                Some(view! { <Fact name=name>{value}</Fact> }.into_any())
            });
            view! { <Facts>{facts.collect::<Vec<_>>()}</Facts> }.into_any()
        })}
    }
    .into_any()
}

fn rows(language: Locale, app: &ApplicationDetails, now: f64) -> Vec<(Signal<String>, Option<String>)> {
    let brief = &app.brief;
    let at = |at: Option<i64>| at.filter(|at| *at > 0).map(|at| time::short(language, at, Precision::Second));
    let some = |figure: Option<i64>| figure.filter(|figure| *figure >= 0);
    let known = |figure: Option<i64>| some(figure).filter(|_| !is_hidden(brief));
    let percent = |part: Option<f64>| {
        part.filter(|part| part.is_finite() && *part >= 0.0).map(|part| format!("{} %", format::decimal(part)))
    };
    let text = |text: &Option<String>| text.clone().filter(|text| text != "null" && text != "<Not set>");
    let took = match brief.started_time.filter(|at| *at > 0) {
        Some(started) if now > 0.0 => Some((now - started as f64).max(0.0)),
        _ => known(brief.elapsed_time).map(|took| took as f64),
    };
    let lifetime = app.timeouts.timeout.iter().find_map(|timeout| {
        let left = some(timeout.remaining_time_in_seconds)?;
        Some(
            td_string!(language, application.left, time = format::duration(language, left as f64 * 1000.0)).to_string(),
        )
    });
    let preempted = some(app.num_non_am_container_preempted).zip(some(app.num_am_container_preempted));
    let preempted = preempted.map(|(others, masters)| others + masters).filter(|count| *count > 0);
    vec![
        (words!(applications.kind), text(&brief.application_type)),
        (words!(application.final_status), text(&brief.final_status).filter(|status| status != "UNDEFINED")),
        (words!(application.priority), known(app.priority).map(format::count)),
        (words!(application.tags), text(&app.application_tags)),
        (words!(applications.started), at(brief.started_time)),
        (words!(application.launched), at(app.launch_time)),
        (words!(application.finished), at(brief.finished_time)),
        (words!(applications.elapsed), took.map(|took| format::duration(language, took))),
        (words!(applications.progress), percent(brief.progress.filter(|_| !is_hidden(brief)))),
        (words!(application.of_queue), percent(app.queue_usage_percentage)),
        (words!(application.of_cluster), percent(app.cluster_usage_percentage)),
        (words!(application.reserved), known(app.reserved_mb).filter(|mib| *mib > 0).map(format::mebibytes)),
        (
            words!(application.memory_seconds),
            some(app.memory_seconds).map(|held| {
                td_string!(language, application.memory_hours, held = format::decimal(held as f64 / 1024.0 / 3600.0))
                    .to_string()
            }),
        ),
        (
            words!(application.core_seconds),
            some(app.vcore_seconds).map(|held| {
                td_string!(language, application.core_hours, held = format::decimal(held as f64 / 3600.0)).to_string()
            }),
        ),
        (words!(application.preempted), preempted.map(format::count)),
        (words!(application.lifetime), lifetime),
        (words!(application.master), text(&app.master_node_id).or_else(|| text(&app.am_host_http_address))),
        (words!(application.label), text(&app.app_node_label_expression)),
        (words!(application.master_label), text(&app.am_node_label_expression)),
        (words!(application.logs), text(&app.log_aggregation_status)),
        (
            words!(application.unmanaged),
            (app.unmanaged_application == Some(true)).then(|| td_string!(language, cluster.yes).to_owned()),
        ),
    ]
}

/// Where the application says that it can be watched. It is the application's own word, which anybody may have written:
/// only an address of the web becomes a link, and it opens beside the console, which tells it nothing of itself.
pub(super) fn tracking(told: Told) -> AnyView {
    live(move || {
        let Some(url) = told.map(|reply| reply.app.tracking_url.clone()).flatten().filter(|url| !url.trim().is_empty())
        else {
            return ().into_any();
        };
        let shown = match safe(&url) {
            Some(href) => view! {
                <a href=href target="_blank" rel="noopener noreferrer"><code>{url.clone()}</code></a>
            }
            .into_any(),
            None => view! { <Copyable text=Signal::stored(url.clone()) limit=120 /> }.into_any(),
        };
        view! {
            <Facts>
                <Fact name=words!(application.tracking) wide=true>
                    {shown}
                    <p class="field-hint">{words!(application.tracking_hint)}</p>
                </Fact>
            </Facts>
        }
        .into_any()
    })
}

/// An address that may become a link.
pub(super) fn safe(url: &str) -> Option<String> {
    let url = url.trim();
    let plain = !url.chars().any(|c| c.is_control() || c.is_whitespace());
    let web = ["http://", "https://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    });
    (plain && web).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_becomes_a_link() {
        for url in ["http://rm:8088/proxy/application_1_1/", " https://h/ ", "HTTP://h"] {
            assert_eq!(safe(url).as_deref(), Some(url.trim()));
        }
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//h/x",
            "http://",
            "http://h/\u{a}x",
            "N/A",
            "",
            "가나다라마바사",
        ] {
            assert_eq!(safe(url), None, "{url}");
        }
    }
}
