//! The columns of the list of nodes.

use std::sync::Arc;

use leptos::prelude::*;

use super::node_rows::Row;
use crate::components::listing::Listed;
use crate::i18n::*;
use crate::list::Keyed;
use crate::ui::format;
use crate::ui::live::{live, string};
use crate::ui::mark::{Kind, Mark};
use crate::ui::meter::{Meter, Share};
use crate::ui::table::{Column, From};
use crate::ui::time::Ago;

type Of = ArcRwSignal<Arc<Row>>;

/// What stands for what is not known.
const UNKNOWN: &str = "—";

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    macro_rules! column {
        ($id:literal, $title:expr, $class:literal, $numeric:literal, $from:ident, $cell:expr) => {
            Column {
                id: $id,
                title: $title,
                class: $class,
                numeric: $numeric,
                from: From::$from,
                sortable: true,
                cell: $cell,
            }
        };
    }
    vec![
        column!("id", words!(nodes.id), "col-name", false, Phone, |row| text(row, |row| Some(row.key().to_owned()))),
        column!("state", words!(nodes.state), "col-state", false, Phone, state),
        column!("rack", words!(nodes.rack), "col-word", false, Wide, |row| text(row, |row| row.node.rack.clone())),
        column!("labels", words!(nodes.labels), "col-word", false, Wide, |row| {
            text(row, |row| Some(row.node.node_labels.join(", ")))
        }),
        column!("memory", words!(nodes.memory), "col-progress", true, Tablet, |row| part(row, Row::memory)),
        column!("memory-all", words!(nodes.memory_all), "col-short", true, Desktop, |row| {
            figure(row, |row| row.all_memory().map(format::mebibytes))
        }),
        column!("cores", words!(nodes.cores), "col-progress", true, Tablet, |row| part(row, Row::cores)),
        column!("cores-all", words!(nodes.cores_all), "col-tiny", true, Desktop, |row| {
            figure(row, |row| row.all_cores().map(format::count))
        }),
        column!("containers", words!(overview.containers), "col-tiny", true, Desktop, |row| {
            figure(row, |row| row.node.num_containers.map(format::count))
        }),
        column!("seen", words!(nodes.seen), "col-time", true, Desktop, seen),
        column!("version", words!(nodes.version), "col-word", false, Wide, |row| {
            text(row, |row| row.node.version.clone())
        }),
        column!("address", words!(nodes.address), "col-name", false, Wide, |row| {
            text(row, |row| row.node.node_http_address.clone())
        }),
        column!("health", words!(nodes.health), "col-name", false, Wide, |row| {
            text(row, |row| row.node.health_report.clone())
        }),
    ]
}

fn text(row: Of, of: fn(&Row) -> Option<String>) -> AnyView {
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

fn part(row: Of, of: fn(&Row) -> Option<f64>) -> AnyView {
    let drawn = row.clone();
    let share = Signal::derive(move || Share { used: drawn.with(|row| of(row)).unwrap_or(0.0), ..Share::default() });
    let words = string(move || {
        row.with(|row| {
            of(row).map_or_else(|| UNKNOWN.to_owned(), |part| format!("{} %", (part * 100.0).round() as i64))
        })
    });
    view! { <span class="progress progress-meter"><Meter share=share /><span class="number">{words}</span></span> }
        .into_any()
}

fn state(row: Of) -> AnyView {
    let i18n = use_i18n();
    let shape = row.clone();
    view! {
        <Mark
            kind=Signal::derive(move || shape.with(|row| Row::kind(row.standing()).unwrap_or(Kind::Unknown)))
            word=string(move || row.with(|row| Row::word(i18n, row.standing())))
        />
    }
    .into_any()
}

/// When it told of its health.
fn seen(row: Of) -> AnyView {
    live(move || match row.with(|row| row.node.last_health_update).filter(|at| *at > 0) {
        Some(at) => view! { <span class="number"><Ago at=Signal::stored(at) /></span> }.into_any(),
        None => view! { <span class="number">{UNKNOWN}</span> }.into_any(),
    })
}
