//! The columns of the list of nodes.

use leptos::prelude::*;

use super::node_rows::{Row, priority_word};
use crate::components::listing::{Listed, Of, figure, state, text};
use crate::i18n::*;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::string;
use crate::ui::table::{Column, From};

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("name", words!(cycle_nodes.node), "col-name", From::Phone, |row| {
            text(row, |row| Some(row.name().to_owned()))
        }),
        Column::new("status", words!(cycle_nodes.status), "col-cluster-status", From::Phone, state),
        Column::new("array", words!(cycle_nodes.array), "col-short", From::Tablet, |row| {
            text(row, |row| row.array().map(str::to_owned))
        }),
        Column::new("machine", words!(cycle_nodes.machine), "col-cluster", From::Desktop, |row| {
            text(row, |row| owned(row, "MachineType"))
        }),
        Column::new("address", words!(cycle_nodes.address), "col-time", From::Tablet, |row| {
            text(row, |row| owned(row, "PrivateIp"))
        }),
        Column::number("cores", words!(cycle_nodes.cores), "col-tiny", From::Desktop, |row| {
            figure(row, |row| row.cores().map(format::count))
        }),
        Column::new("state", words!(cycle_nodes.state), "col-state", From::Wide, |row| {
            text(row, |row| owned(row, "State"))
        }),
        Column::new("message", words!(cycle_nodes.message), "col-last", From::Wide, |row| {
            text(row, |row| owned(row, "StatusMessage"))
        }),
        Column::new("target", words!(cycle_nodes.target), "col-state", From::Never, |row| {
            text(row, |row| owned(row, "TargetState"))
        }),
        Column::new("priority", words!(cycle_nodes.priority), "col-short", From::Never, priority),
        Column::new("group", words!(cycle_nodes.group), "col-last", From::Never, |row| {
            text(row, |row| owned(row, "PlacementGroupId"))
        }),
        Column::new("host", words!(cycle_nodes.host), "col-last", From::Never, |row| {
            text(row, |row| owned(row, "Hostname"))
        }),
        Column::new("public", words!(cycle_nodes.public), "col-time", From::Never, |row| {
            text(row, |row| owned(row, "PublicIp"))
        }),
        Column::number("memory", words!(cycle_nodes.memory), "col-short", From::Never, |row| {
            figure(row, |row| row.memory().map(|memory| format!("{} GB", format::decimal(memory))))
        }),
        Column::new("policy", words!(cycle_nodes.policy), "col-short", From::Never, |row| {
            text(row, |row| owned(row, "ShutdownPolicy"))
        }),
        Column::new("instance", words!(cycle_nodes.instance), "col-cluster", From::Never, |row| {
            text(row, |row| owned(row, "InstanceId"))
        }),
        Column::new("request", words!(cycle_nodes.request), "col-id", From::Never, |row| {
            text(row, |row| owned(row, "RequestId"))
        }),
        Column::new("id", words!(cycle_nodes.id), "col-id", From::Never, |row| {
            text(row, |row| Some(row.plain("id", 0)))
        }),
    ]
}

fn owned(row: &Row, attribute: &str) -> Option<String> {
    row.word(attribute).map(str::to_owned)
}

fn priority(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        let told = row.with(|row| row.plain("priority", 0));
        if told.is_empty() { UNKNOWN.to_owned() } else { priority_word(i18n, &told) }
    });
    view! { <span class="cell-text">{words}</span> }.into_any()
}
