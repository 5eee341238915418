//! The clusters that a connection's configuration names, with what ran last on each.

use std::sync::Arc;

use howdah_shared::console::Cluster;
use leptos::prelude::*;

use super::cluster_cells::columns;
use super::cluster_rows::Row;
use crate::address;
use crate::components::configured::configured;
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Rows, Words};
use crate::list::List;
use crate::routes::Place;
use crate::ui::live::memo;

/// The page.
#[component]
pub(super) fn Clusters(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let polled = configured(connection.clone());
    watch(polled);
    let place = connection.clone();
    let rows = Rows {
        list: memo(move || polled.value.with(|clusters| clusters.as_ref().map(|clusters| listed(&place, clusters)))),
        complete: Signal::stored(true),
        seen: polled.seen,
        problem: polled.problem,
        retry: Callback::new(move |()| polled.refresh()),
    };
    let words = Words {
        title: words!(clusters.title),
        loading: words!(clusters.loading),
        search: words!(clusters.search),
        empty: words!(clusters.empty),
        empty_text: words!(clusters.empty_text),
        none_fit: words!(clusters.none_fit),
    };
    let place = connection.clone();
    let open = Callback::new(move |cluster: String| address::go(&Place::Cluster(place.clone(), cluster).href()));
    view! { <ListPage id="clusters" connection words rows columns=columns() first_sort="name" on_open=open /> }
}

/// The rows in the order of their keys.
fn listed(connection: &str, clusters: &[Cluster]) -> List<Row> {
    let mut rows: Vec<_> = clusters.iter().map(|cluster| Arc::new(Row::new(connection, cluster.clone()))).collect();
    rows.sort_by(|one, other| one.cluster.id.cmp(&other.cluster.id));
    rows.into_iter().collect()
}
