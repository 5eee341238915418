//! The columns of the list of applications.

use crate::ui::live::{live, memo, string};
use leptos::prelude::*;

use super::rows::Row;
use crate::browser;
use crate::components::listing::{By, Facet, Listed, Of, state, text};
use crate::i18n::*;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::mark::Kind;
use crate::ui::table::{Column, From};
use crate::ui::time::{self, Instant, Precision, use_clock};

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("id", words!(applications.id), "col-id", From::Desktop, id),
        Column::new("name", words!(applications.name), "col-name", From::Phone, |row| {
            text(row, |row| row.application().name.clone())
        }),
        Column::new("state", words!(applications.state), "col-state", From::Phone, state),
        Column::new("final", words!(applications.final_status), "col-status", From::Never, final_status),
        Column::new("user", words!(applications.user), "col-word", From::Tablet, |row| {
            text(row, |row| row.application().user.clone())
        }),
        Column::new("queue", words!(applications.queue), "col-queue", From::Tablet, |row| {
            text(row, |row| row.application().queue.clone())
        }),
        Column::new("type", words!(applications.kind), "col-word", From::Wide, |row| {
            text(row, |row| row.application().application_type.clone())
        }),
        Column::new("tags", words!(applications.tags), "col-queue", From::Never, |row| {
            text(row, |row| Some(row.tags().collect::<Vec<_>>().join(", ")))
        }),
        Column::number("priority", words!(applications.priority), "col-tiny", From::Never, |row| {
            figure(row, |row| row.application().priority.map(format::count))
        }),
        Column::number("progress", words!(applications.progress), "col-progress", From::Desktop, progress),
        Column::number("started", words!(applications.started), "col-time", From::Desktop, |row| {
            instant(row, Row::started)
        }),
        Column::number("launched", words!(applications.launched), "col-time", From::Never, |row| {
            instant(row, Row::launched)
        }),
        Column::number("finished", words!(applications.finished), "col-time", From::Never, |row| {
            instant(row, Row::finished)
        }),
        Column::number("elapsed", words!(applications.elapsed), "col-short cell-ticks", From::Desktop, elapsed),
        Column::number("memory", words!(applications.memory), "col-short", From::Wide, |row| {
            figure(row, |row| row.held("memory").flatten().map(format::mebibytes))
        }),
        Column::number("cores", words!(applications.cores), "col-tiny", From::Wide, |row| {
            figure(row, |row| row.held("cores").flatten().map(format::count))
        }),
        Column::number("containers", words!(applications.containers), "col-tiny", From::Wide, |row| {
            figure(row, |row| row.held("containers").flatten().map(format::count))
        }),
        Column::number("reserved_memory", words!(applications.reserved_memory), "col-wide", From::Never, |row| {
            figure(row, |row| row.held("reserved_memory").flatten().map(format::mebibytes))
        }),
        Column::number("reserved_cores", words!(applications.reserved_cores), "col-wide", From::Never, |row| {
            figure(row, |row| row.held("reserved_cores").flatten().map(format::count))
        }),
        Column::number("queue_part", words!(applications.queue_part), "col-short cell-ticks", From::Never, |row| {
            figure(row, |row| row.part(row.application().queue_usage_percentage).map(format::percent))
        }),
        Column::number("cluster_part", words!(applications.cluster_part), "col-short cell-ticks", From::Never, |row| {
            figure(row, |row| row.part(row.application().cluster_usage_percentage).map(format::percent))
        }),
        Column::new("label", words!(applications.label), "col-word", From::Never, |row| {
            text(row, |row| row.application().app_node_label_expression.clone())
        }),
        Column::new("tracking", words!(applications.tracking), "col-queue", From::Never, tracking),
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

/// A figure, or why there is none.
fn figure(row: Of<Row>, of: fn(&Row) -> Option<String>) -> AnyView {
    let told = row.clone();
    number(row, memo(move || told.with(|row| of(row))))
}

/// What is told of a row in figures, or why it is not.
fn number(row: Of<Row>, told: Memo<Option<String>>) -> AnyView {
    let i18n = use_i18n();
    let hidden = memo(move || told.with(Option::is_none) && row.with(|row| row.hidden()));
    let words = string(move || match told.get() {
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

fn id(row: Of<Row>) -> AnyView {
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

fn progress(row: Of<Row>) -> AnyView {
    let (part, moves) = (row.clone(), row.clone());
    let width = browser::styled(move || format!("{}%", part.with(|row| row.progress().unwrap_or(0.0)) as u8));
    let still = move || moves.with(|row| Row::kind(row.standing()) != Some(Kind::Moving));
    view! {
        <span class="progress" class:progress-still=still>
            <span class="progress-bar" aria-hidden="true">
                <span class="progress-done" style:width=width></span>
            </span>
            {figure(row, |row| row.progress().map(|done| format::percent(done.trunc())))}
        </span>
    }
    .into_any()
}

fn final_status(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        row.with(|row| match row.application().final_status.as_deref() {
            Some(status) if !status.is_empty() => final_word(i18n, status),
            _ => UNKNOWN.to_owned(),
        })
    });
    view! { <span class="cell-text">{words}</span> }.into_any()
}

fn instant(row: Of<Row>, of: fn(&Row) -> Option<i64>) -> AnyView {
    let i18n = use_i18n();
    let at = row.clone();
    let at = memo(move || at.with(|row| of(row)));
    let words = memo(move || at.get().map(|at| time::short(i18n.get_locale(), at, Precision::Minute)));
    view! { <Instant at=at.into()>{number(row, words)}</Instant> }.into_any()
}

/// The application's own page, which anybody may have put there: a link that leads elsewhere, or text.
fn tracking(row: Of<Row>) -> AnyView {
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

fn elapsed(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let clock = use_clock();
    let told = row.clone();
    // Moves each second, draws only when the words change; what has ended does not move.
    let words = memo(move || {
        let now = if told.with(|row| row.has_ended()) { 0 } else { clock.server() as i64 };
        told.with(|row| row.elapsed(now)).map(|took| format::duration(i18n.get_locale(), took as f64))
    });
    number(row, words)
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
