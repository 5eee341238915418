//! The columns of the list of nodes.

use leptos::prelude::*;

use super::node_rows::Row;
use crate::components::listing::{Of, ago, figure, state, text};
use crate::list::Keyed;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::string;
use crate::ui::meter::{Meter, Share};
use crate::ui::table::{Column, From};

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("id", words!(nodes.id), "col-name", From::Phone, |row| text(row, |row| Some(row.key().to_owned()))),
        Column::new("state", words!(nodes.state), "col-state", From::Phone, state),
        Column::new("rack", words!(nodes.rack), "col-word", From::Wide, |row| {
            text(row, |row| row.rack().map(str::to_owned))
        }),
        Column::new("labels", words!(nodes.labels), "col-word", From::Wide, |row| {
            text(row, |row| Some(row.node().node_labels.join(", ")))
        }),
        Column::number("memory", words!(nodes.memory), "col-progress", From::Tablet, |row| part(row, Row::memory)),
        Column::number("memory-all", words!(nodes.memory_all), "col-short", From::Desktop, |row| {
            figure(row, |row| row.all_memory().map(format::mebibytes))
        }),
        Column::number("cores", words!(nodes.cores), "col-progress", From::Tablet, |row| part(row, Row::cores)),
        Column::number("cores-all", words!(nodes.cores_all), "col-tiny", From::Desktop, |row| {
            figure(row, |row| row.all_cores().map(format::count))
        }),
        Column::number("containers", words!(overview.containers), "col-tiny", From::Desktop, |row| {
            figure(row, |row| row.containers().map(format::count))
        }),
        Column::number("seen", words!(nodes.seen), "col-time", From::Desktop, |row| {
            ago(row, |row| row.node().last_health_update.filter(|at| *at > 0))
        }),
        Column::new("version", words!(nodes.version), "col-word", From::Wide, |row| {
            text(row, |row| row.node().version.clone())
        }),
        Column::new("address", words!(nodes.address), "col-name", From::Wide, |row| {
            text(row, |row| row.node().node_http_address.clone())
        }),
        Column::new("health", words!(nodes.health), "col-name", From::Wide, |row| {
            text(row, |row| row.node().health_report.clone())
        }),
    ]
}

fn part(row: Of<Row>, of: fn(&Row) -> Option<f64>) -> AnyView {
    let drawn = row.clone();
    let share = Signal::derive(move || Share { used: drawn.with(|row| of(row)).unwrap_or(0.0), ..Share::default() });
    let words = string(move || {
        row.with(|row| of(row).map_or_else(|| UNKNOWN.to_owned(), |part| format::percent((part * 100.0).round())))
    });
    view! { <span class="progress progress-meter"><Meter share=share /><span class="number">{words}</span></span> }
        .into_any()
}
