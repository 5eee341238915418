//! The columns of the list of clusters.

use leptos::prelude::*;

use super::cluster_rows::Row;
use crate::components::listing::{Listed, Of, ago};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::copyable::Copyable;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string};
use crate::ui::mark::Mark;
use crate::ui::table::{Column, From};
use crate::ui::time::use_clock;

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("name", words!(clusters.name), "col-name", From::Phone, name),
        Column::new("id", words!(clusters.id), "col-cluster", From::Desktop, id),
        Column::new("state", words!(clusters.last), "col-last", From::Phone, state),
        Column::number("elapsed", words!(clusters.elapsed), "col-short cell-ticks", From::Tablet, elapsed),
        Column::number("usual", words!(clusters.usually), "col-short", From::Desktop, usual),
        Column::number("when", words!(clusters.when), "col-ago cell-ticks", From::Tablet, |row| ago(row, Row::when)),
    ]
}

fn name(row: Of<Row>) -> AnyView {
    let href = row.clone();
    let href = string(move || href.with(|row| row.href.clone()));
    let words = string(move || row.with(|row| row.cluster.name.clone()));
    // Not in the order of Tab: the keyboard's focus stays on the table, where Enter does the same on the row that it is on.
    view! {
        <a class="cell-text row-link" href=href tabindex="-1" title=words>
            {words}
        </a>
    }
    .into_any()
}

fn id(row: Of<Row>) -> AnyView {
    let whole = string(move || row.with(|row| row.cluster.id.clone()));
    view! { <Copyable text=whole limit=20 /> }.into_any()
}

fn state(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let run = memo(move || {
        row.with(|row| (row.cluster.last.as_ref().map(|last| last.id.clone()), row.standing().to_owned()))
    });
    live(move || {
        let (id, standing) = run.get();
        let kind = Row::kind(&standing);
        let word = string(move || Row::word(i18n, &standing));
        match (id, kind) {
            (Some(id), Some(kind)) => view! {
                <a class="cell-link" href=Place::Run(id).href() tabindex="-1">
                    <Mark kind=kind word=word />
                </a>
            }
            .into_any(),
            (None, Some(kind)) => view! { <Mark kind=kind word=word /> }.into_any(),
            (_, None) => view! { <span class="listing-quiet">{word}</span> }.into_any(),
        }
    })
}

fn elapsed(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let clock = use_clock();
    // Moves each second, draws only when the words change; what has ended does not move.
    let words = memo(move || {
        let now = if row.with(|row| row.is_open()) { clock.server() as i64 } else { 0 };
        row.with(|row| row.elapsed(now))
            .map_or_else(|| UNKNOWN.to_owned(), |took| format::duration(i18n.get_locale(), took as f64))
    });
    view! { <span class="number">{words}</span> }.into_any()
}

fn usual(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        let usual = row.with(|row| row.cluster.usual);
        usual.map_or_else(|| UNKNOWN.to_owned(), |usual| format::duration(i18n.get_locale(), usual as f64))
    });
    view! { <span class="number">{words}</span> }.into_any()
}
