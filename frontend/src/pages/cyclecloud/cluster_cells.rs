//! The columns of the list of clusters.

use leptos::prelude::*;

use super::cluster_rows::Row;
use super::standing::cluster_word;
use crate::components::listing::{Of, figure, state};
use crate::components::place::use_place;
use crate::components::problem::sentence;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string};
use crate::ui::mark::{Kind, Mark};
use crate::ui::table::{Column, From};

/// The columns.
pub(super) fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("name", words!(cycle.cluster), "col-name", From::Phone, name),
        Column::new("state", words!(cycle.state), "col-cluster-status", From::Phone, state),
        Column::new("target", words!(cycle.target), "col-state", From::Desktop, target),
        Column::number("nodes", words!(cycle.nodes_used), "col-wide", From::Tablet, |row| {
            figure(row, |row| row.known.nodes.map(of_most))
        }),
        Column::number("cores", words!(cycle.cores_used), "col-wide", From::Tablet, |row| {
            figure(row, |row| row.known.cores.map(of_most))
        }),
        Column::new("full", words!(cycle.full), "col-cluster", From::Tablet, full),
    ]
}

/// What is used, of what may be.
fn of_most((used, most): (i64, Option<i64>)) -> String {
    format!("{} / {}", format::count(used), most.map_or_else(|| UNKNOWN.to_owned(), format::count))
}

/// Its name, which leads to its page.
fn name(row: Of<Row>) -> AnyView {
    let connection =
        use_place().get_untracked().and_then(|here| here.connection().map(str::to_owned)).unwrap_or_default();
    let of = row.clone();
    let href = string(move || Place::Cluster(connection.clone(), of.with(|row| row.id.clone())).href());
    let words = string(move || row.with(|row| row.name.clone()));
    view! {
        <a class="cell-text row-link" href=href tabindex="-1" title=words>
            {words}
        </a>
    }
    .into_any()
}

/// Where it is to stand.
fn target(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        let target = row.with(|row| row.known.target.clone());
        target.map_or_else(|| UNKNOWN.to_owned(), |target| cluster_word(i18n, &target))
    });
    view! { <span class="cell-text" title=words>{words}</span> }.into_any()
}

/// What it can have no more of, or why it cannot be asked.
fn full(row: Of<Row>) -> AnyView {
    let i18n = use_i18n();
    let said = memo(move || {
        row.with(|row| match (&row.known.problem, row.known.full) {
            (Some(problem), _) => Some((Kind::Broken, sentence(i18n, problem))),
            (None, Some(0)) => Some((Kind::Good, t_string!(i18n, cycle.full_none).to_string())),
            (None, Some(1)) => Some((Kind::Caution, t_string!(i18n, cycle.full_one).to_string())),
            (None, Some(count)) => {
                let count = format::count(count as i64);
                Some((Kind::Caution, t_string!(i18n, cycle.full_some, count = count).to_string()))
            }
            (None, None) => None,
        })
    });
    live(move || match said.get() {
        Some((kind, words)) => view! {
            <span class="cell-text" title=words.clone()>
                <Mark kind=kind word=words.clone() />
            </span>
        }
        .into_any(),
        None => view! { <span>{UNKNOWN}</span> }.into_any(),
    })
}
