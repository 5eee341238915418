//! The columns of the list of applications.

use std::sync::Arc;

use crate::ui::live::{live, memo, string};
use leptos::prelude::*;

use super::rows::Row;
use crate::components::listing::{By, Facet, Listed};
use crate::i18n::*;
use crate::ui::format;
use crate::ui::mark::{Kind, Mark};
use crate::ui::table::{Column, From};
use crate::ui::time::{self, Instant, Precision, use_clock};

type Of = ArcRwSignal<Arc<Row>>;

/// What stands for a figure that is not known.
const UNKNOWN: &str = "—";

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    macro_rules! column {
        ($id:literal, $key:ident, $class:literal, $numeric:literal, $from:ident, $cell:expr) => {
            Column {
                id: $id,
                title: words!(applications.$key),
                class: $class,
                numeric: $numeric,
                from: From::$from,
                sortable: true,
                cell: $cell,
            }
        };
    }
    vec![
        column!("id", id, "col-id", false, Desktop, id),
        column!("name", name, "col-name", false, Phone, |row| text(row, |row| row.application().name.clone())),
        column!("state", state, "col-state", false, Phone, state),
        column!("final", final_status, "col-status", false, Never, final_status),
        column!("user", user, "col-word", false, Tablet, |row| text(row, |row| row.application().user.clone())),
        column!("queue", queue, "col-queue", false, Tablet, |row| text(row, |row| row.application().queue.clone())),
        column!("type", kind, "col-word", false, Wide, |row| {
            text(row, |row| row.application().application_type.clone())
        }),
        column!("tags", tags, "col-queue", false, Never, |row| {
            text(row, |row| Some(row.tags().collect::<Vec<_>>().join(", ")))
        }),
        column!("priority", priority, "col-tiny", true, Never, |row| {
            figure(row, |row| row.application().priority.map(format::count))
        }),
        column!("progress", progress, "col-progress", true, Desktop, progress),
        column!("started", started, "col-time", true, Desktop, |row| instant(row, Row::started)),
        column!("launched", launched, "col-time", true, Never, |row| instant(row, Row::launched)),
        column!("finished", finished, "col-time", true, Never, |row| instant(row, Row::finished)),
        column!("elapsed", elapsed, "col-short cell-ticks", true, Desktop, elapsed),
        column!("memory", memory, "col-short", true, Wide, |row| {
            figure(row, |row| row.held("memory").flatten().map(format::mebibytes))
        }),
        column!("cores", cores, "col-tiny", true, Wide, |row| {
            figure(row, |row| row.held("cores").flatten().map(format::count))
        }),
        column!("containers", containers, "col-tiny", true, Wide, |row| {
            figure(row, |row| row.held("containers").flatten().map(format::count))
        }),
        column!("reserved_memory", reserved_memory, "col-wide", true, Never, |row| {
            figure(row, |row| row.held("reserved_memory").flatten().map(format::mebibytes))
        }),
        column!("reserved_cores", reserved_cores, "col-wide", true, Never, |row| {
            figure(row, |row| row.held("reserved_cores").flatten().map(format::count))
        }),
        column!("queue_part", queue_part, "col-short cell-ticks", true, Never, |row| {
            figure(row, |row| percent(row.part(row.application().queue_usage_percentage)))
        }),
        column!("cluster_part", cluster_part, "col-short cell-ticks", true, Never, |row| {
            figure(row, |row| percent(row.part(row.application().cluster_usage_percentage)))
        }),
        column!("label", label, "col-word", false, Never, |row| {
            text(row, |row| row.application().app_node_label_expression.clone())
        }),
        column!("tracking", tracking, "col-queue", false, Never, tracking),
    ]
}

/// What applications are filtered by.
pub(super) fn facets() -> Vec<Facet> {
    fn itself(_: I18nContext<Locale>, value: &str) -> String {
        value.to_owned()
    }
    let facet = |id, menu, title, by| Facet { id, menu, title, by };
    vec![
        facet("user", "menu-user", words!(applications.user), By::Value(itself)),
        facet("queue", "menu-queue", words!(applications.queue), By::Value(itself)),
        facet("type", "menu-type", words!(applications.kind), By::Value(itself)),
        facet("tag", "menu-tag", words!(applications.tag), By::Value(itself)),
        facet("final", "menu-final", words!(applications.final_status), By::Value(final_word)),
        facet("started", "menu-started", words!(applications.started), By::Time),
        facet("finished", "menu-finished", words!(applications.finished), By::Time),
    ]
}

/// The word for how an application says that it ended.
fn final_word(i18n: I18nContext<Locale>, status: &str) -> String {
    match status {
        "UNDEFINED" => t_string!(i18n, applications.final_undefined).to_string(),
        "ENDED" => t_string!(i18n, applications.state_finished).to_string(),
        other => standing_word(i18n, other),
    }
}

/// The word for a standing; one that nobody knew is shown as it is.
pub(super) fn standing_word(i18n: I18nContext<Locale>, standing: &str) -> String {
    let word = match standing {
        "NEW" | "NEW_SAVING" => t_string!(i18n, applications.state_new),
        "SUBMITTED" => t_string!(i18n, applications.state_submitted),
        "ACCEPTED" => t_string!(i18n, applications.state_accepted),
        "RUNNING" => t_string!(i18n, applications.state_running),
        "FINISHING" => t_string!(i18n, applications.state_finishing),
        "KILLING" => t_string!(i18n, applications.state_killing),
        "SUCCEEDED" => t_string!(i18n, applications.state_succeeded),
        "FINISHED" => t_string!(i18n, applications.state_finished),
        "FAILED" => t_string!(i18n, applications.state_failed),
        "KILLED" => t_string!(i18n, applications.state_killed),
        "UNKNOWN" => t_string!(i18n, applications.state_unknown),
        other => return other.to_owned(),
    };
    word.to_string()
}

fn text(row: Of, of: fn(&Row) -> Option<String>) -> AnyView {
    // A service takes a name of blanks too.
    let words = string(move || {
        row.with(|row| of(row).filter(|text| !text.trim().is_empty()).unwrap_or_else(|| UNKNOWN.to_owned()))
    });
    view! {
        <span class="cell-text" title=words>
            {words}
        </span>
    }
    .into_any()
}

/// A figure, or why there is none.
fn figure(row: Of, of: fn(&Row) -> Option<String>) -> AnyView {
    let i18n = use_i18n();
    let hides = row.clone();
    let hidden = memo(move || hides.with(|row| row.hidden() && of(row).is_none()));
    let words = string(move || match row.with(|row| of(row)) {
        Some(figure) => figure,
        None if hidden.get() => t_string!(i18n, applications.hidden).to_string(),
        None => UNKNOWN.to_owned(),
    });
    let why = move || hidden.get().then(|| t_string!(i18n, applications.hidden_why).to_string());
    view! {
        <span class="number" class:cell-hidden=hidden title=why>
            {words}
        </span>
    }
    .into_any()
}

fn percent(part: Option<f64>) -> Option<String> {
    part.map(|part| format!("{}%", format::decimal(part)))
}

fn id(row: Of) -> AnyView {
    let whole = row.clone();
    let whole = string(move || whole.with(|row| row.id().to_owned()));
    let cut = string(move || row.with(|row| format::cut_middle(row.id().trim_start_matches("application_"), 19)));
    view! {
        <code class="cell-text" title=whole>
            {cut}
        </code>
    }
    .into_any()
}

fn state(row: Of) -> AnyView {
    let i18n = use_i18n();
    let shape = row.clone();
    view! {
        <Mark
            kind=Signal::derive(move || shape.with(|row| Row::kind(row.standing()).unwrap_or(Kind::Unknown)))
            word=string(move || row.with(|row| standing_word(i18n, row.standing())))
        />
    }
    .into_any()
}

fn progress(row: Of) -> AnyView {
    let (part, moves) = (row.clone(), row.clone());
    let width = string(move || format!("{}%", part.with(|row| row.progress().unwrap_or(0.0)) as u8));
    let still = move || moves.with(|row| Row::kind(row.standing()) != Some(Kind::Moving));
    view! {
        <span class="progress" class:progress-still=still>
            <span class="progress-bar" aria-hidden="true">
                <span class="progress-done" style:width=width></span>
            </span>
            {figure(row, |row| row.progress().map(|done| format!("{}%", done as u8)))}
        </span>
    }
    .into_any()
}

fn final_status(row: Of) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        row.with(|row| match row.application().final_status.as_deref() {
            Some(status) if !status.is_empty() => final_word(i18n, status),
            _ => UNKNOWN.to_owned(),
        })
    });
    view! { <span class="cell-text">{words}</span> }.into_any()
}

fn instant(row: Of, of: fn(&Row) -> Option<i64>) -> AnyView {
    let i18n = use_i18n();
    let hides = row.clone();
    let at = memo(move || row.with(|row| of(row)));
    live(move || match at.get() {
        Some(at) => view! {
            <span class="number">
                <Instant at=Signal::stored(Some(at))>
                    {string(move || time::short(i18n.get_locale(), at, Precision::Minute))}
                </Instant>
            </span>
        }
        .into_any(),
        None => figure(hides.clone(), |_| None),
    })
}

/// The application's own page, which anybody may have put there: a link that leads elsewhere, or text.
fn tracking(row: Of) -> AnyView {
    let url = memo(move || row.with(|row| row.application().tracking_url.clone().unwrap_or_default()));
    live(move || {
        let url = url.get();
        match outside(&url) {
            Some(words) => view! {
                <a
                    class="cell-text"
                    href=url.clone()
                    target="_blank"
                    rel="noopener noreferrer"
                    tabindex="-1"
                    title=url.clone()
                >
                    {words.to_owned()}
                </a>
            }
            .into_any(),
            None => {
                let words = if url.is_empty() { UNKNOWN.to_owned() } else { url.clone() };
                view! { <span class="cell-text" title=url>{words}</span> }.into_any()
            }
        }
    })
}

/// What follows the scheme of an address that may be a link: one of the web, and of no other kind.
fn outside(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (web && !rest.is_empty() && !url.contains(|c: char| c.is_control() || c.is_whitespace())).then_some(rest)
}

fn elapsed(row: Of) -> AnyView {
    let i18n = use_i18n();
    let clock = use_clock();
    let hides = row.clone();
    // Moves each second, draws only when the words change; what has ended does not move.
    let words = memo(move || {
        let now = if row.with(|row| row.has_ended()) { 0 } else { clock.server() as i64 };
        row.with(|row| row.elapsed(now)).map(|took| format::duration(i18n.get_locale(), took as f64))
    });
    live(move || match words.get() {
        Some(words) => view! { <span class="number">{words}</span> }.into_any(),
        None => figure(hides.clone(), |_| None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        assert_eq!(outside("https://a.b:8088/proxy/x/"), Some("a.b:8088/proxy/x/"));
        assert_eq!(outside("HTTP://a"), Some("a"));
        for no in [
            "",
            "javascript:alert(1)",
            "javascript://a%0aalert(1)",
            "data:text/html,x",
            "a.b/c",
            "//a",
            "http://",
            "http://a\nb",
            " http://a",
        ] {
            assert_eq!(outside(no), None, "{no}");
        }
    }
}
