//! The columns of the list of clusters.

use leptos::prelude::*;

use super::cluster_rows::Row;
use super::lifecycle::{self, stage};
use crate::components::listing::{Listed, Of, ago, figure, state, text, way};
use crate::i18n::*;
use crate::list::Keyed;
use crate::routes::Place;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string};
use crate::ui::mark::Mark;
use crate::ui::table::{Column, From};

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("name", words!(savanna.name), "col-name", From::Phone, |row| {
            way(row, Place::Cluster, |row| Some(row.name().to_owned()))
        }),
        Column::new("status", words!(savanna.status), "col-cluster-status", From::Phone, state),
        Column::new("step", words!(savanna.step), "col-last", From::Wide, step),
        Column::new("health", words!(savanna.health), "col-status", From::Desktop, health),
        Column::new("plugin", words!(savanna.plugin), "col-word", From::Tablet, |row| {
            text(row, |row| row.cluster.plugin_name.clone())
        }),
        Column::new("version", words!(savanna.version), "col-word", From::Desktop, |row| {
            text(row, |row| row.cluster.hadoop_version.clone())
        }),
        Column::number("nodes", words!(savanna.nodes), "col-tiny", From::Tablet, |row| {
            figure(row, |row| Some(format::count(row.nodes)))
        }),
        Column::new("groups", words!(savanna.groups), "col-last", From::Wide, |row| {
            text(row, |row| Some(row.groups.clone()))
        }),
        Column::number("age", words!(savanna.age), "col-ago", From::Desktop, |row| ago(row, |row| row.made)),
        Column::new("why", words!(savanna.why), "col-cluster", From::Never, |row| {
            text(row, |row| row.cluster.status_description.clone())
        }),
        Column::new("description", words!(savanna.description), "col-cluster", From::Never, |row| {
            text(row, |row| row.cluster.description.clone())
        }),
        Column::new("id", words!(savanna.id), "col-id", From::Never, |row| text(row, |row| Some(row.key().to_owned()))),
    ]
}

/// What is under way of it, and how far that is: the step, or as long as the service tells none the place on its way.
fn step(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        row.with(|row| {
            if let Some(step) = row.step() {
                return step_words(step.step_name.as_deref().unwrap_or(UNKNOWN), step.total);
            }
            let place = stage(&row.cluster, None).filter(|_| row.standing() != "Deleting");
            let words = place.map(|(at, of)| t_string!(i18n, savanna.step_of, at = at, of = of).to_string());
            words.unwrap_or_else(|| UNKNOWN.to_owned())
        })
    });
    view! { <span class="cell-text" title=words>{words}</span> }.into_any()
}

/// A step with how many things it is done to.
fn step_words(name: &str, total: Option<i64>) -> String {
    match total.filter(|total| *total > 1) {
        Some(total) => format!("{name} ({})", format::count(total)),
        None => name.to_owned(),
    }
}

fn health(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let health = memo(move || row.with(|row| row.health().map(str::to_owned)));
    live(move || match health.get() {
        Some(status) => {
            let (kind, word) = lifecycle::health(i18n, &status);
            view! { <Mark kind=kind word=word /> }.into_any()
        }
        None => view! { <span class="cell-text">{UNKNOWN}</span> }.into_any(),
    })
}
