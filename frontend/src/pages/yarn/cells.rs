//! The columns of the list of applications.

use std::sync::Arc;

use crate::ui::live::{memo, string};
use leptos::prelude::*;

use super::rows::Row;
use crate::components::listing::Listed;
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
        column!("user", user, "col-word", false, Tablet, |row| text(row, |row| row.application().user.clone())),
        column!("queue", queue, "col-queue", false, Tablet, |row| text(row, |row| row.application().queue.clone())),
        column!("type", kind, "col-word", false, Wide, |row| {
            text(row, |row| row.application().application_type.clone())
        }),
        column!("progress", progress, "col-progress", true, Desktop, progress),
        column!("started", started, "col-time", true, Desktop, started),
        column!("elapsed", elapsed, "col-short cell-ticks", true, Desktop, elapsed),
        column!("memory", memory, "col-short", true, Wide, |row| figure(row, |row| row
            .memory()
            .map(format::mebibytes))),
        column!("cores", cores, "col-tiny", true, Wide, |row| figure(row, |row| row.cores().map(format::count))),
        column!("containers", containers, "col-tiny", true, Wide, |row| {
            figure(row, |row| row.containers().map(format::count))
        }),
    ]
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

fn figure(row: Of, of: fn(&Row) -> Option<String>) -> AnyView {
    let words = string(move || row.with(|row| of(row).unwrap_or_else(|| UNKNOWN.to_owned())));
    view! { <span class="number">{words}</span> }.into_any()
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

fn started(row: Of) -> AnyView {
    let i18n = use_i18n();
    let at = Signal::derive(move || row.with(|row| row.started()));
    let words = string(move || {
        let at = at.get().map(|at| time::short(i18n.get_locale(), at, Precision::Minute));
        at.unwrap_or_else(|| UNKNOWN.to_owned())
    });
    view! { <span class="number"><Instant at=at>{words}</Instant></span> }.into_any()
}

fn elapsed(row: Of) -> AnyView {
    let i18n = use_i18n();
    let clock = use_clock();
    // Moves each second, draws only when the words change; what has ended does not move.
    let words = memo(move || {
        let now = if row.with(|row| row.has_ended()) { 0 } else { clock.server() as i64 };
        let took = row.with(|row| row.elapsed(now));
        took.map_or_else(|| UNKNOWN.to_owned(), |took| format::duration(i18n.get_locale(), took as f64))
    });
    view! { <span class="number">{words}</span> }.into_any()
}
