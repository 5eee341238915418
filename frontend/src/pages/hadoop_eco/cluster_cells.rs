//! The columns of the list of clusters.

use std::sync::Arc;

use leptos::prelude::*;

use super::cluster_rows::Row;
use crate::components::listing::Listed;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::copyable::Copyable;
use crate::ui::format;
use crate::ui::live::{live, memo, string};
use crate::ui::mark::Mark;
use crate::ui::table::{Column, From};
use crate::ui::time::{Ago, use_clock};

type Of = ArcRwSignal<Arc<Row>>;

/// What stands for a figure that is not known.
const UNKNOWN: &str = "—";

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    macro_rules! column {
        ($id:literal, $key:ident, $class:literal, $numeric:literal, $from:ident, $cell:expr) => {
            Column {
                id: $id,
                title: words!(clusters.$key),
                class: $class,
                numeric: $numeric,
                from: From::$from,
                sortable: true,
                cell: $cell,
            }
        };
    }
    vec![
        column!("name", name, "col-name", false, Phone, name),
        column!("id", id, "col-cluster", false, Desktop, id),
        column!("state", last, "col-last", false, Phone, state),
        column!("elapsed", elapsed, "col-short cell-ticks", true, Tablet, elapsed),
        column!("usual", usually, "col-short", true, Desktop, usual),
        column!("when", when, "col-ago cell-ticks", true, Tablet, when),
    ]
}

fn name(row: Of) -> AnyView {
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

fn id(row: Of) -> AnyView {
    let whole = string(move || row.with(|row| row.cluster.id.clone()));
    view! { <Copyable text=whole limit=20 /> }.into_any()
}

fn state(row: Of) -> AnyView {
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

fn elapsed(row: Of) -> AnyView {
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

fn usual(row: Of) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        let usual = row.with(|row| row.cluster.usual);
        usual.map_or_else(|| UNKNOWN.to_owned(), |usual| format::duration(i18n.get_locale(), usual as f64))
    });
    view! { <span class="number">{words}</span> }.into_any()
}

fn when(row: Of) -> AnyView {
    let at = memo(move || row.with(|row| row.when()));
    live(move || match at.get() {
        Some(at) => view! { <Ago at=Signal::stored(at) /> }.into_any(),
        None => UNKNOWN.into_any(),
    })
}
