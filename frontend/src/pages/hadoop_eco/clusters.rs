//! The clusters that a connection's configuration names, with what ran last on each.

use std::sync::Arc;

use howdah_shared::console::{Cluster, ClustersQuery, ListClusters};
use howdah_shared::operation::{BadSegment, Operation};
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::cluster_cells::columns;
use super::cluster_rows::Row;
use crate::address;
use crate::api::{Polled, polled, read};
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
    let polled = poll(connection.clone());
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

/// Where the clusters of a connection are listed; nowhere for what cannot be the name of one.
pub(super) fn clusters_path(connection: &str) -> String {
    connection.parse().map(|connection| ListClusters { connection }.path()).unwrap_or_default()
}

/// Follows the clusters.
fn poll(connection: String) -> Polled<Vec<Cluster>> {
    let path = clusters_path(&connection);
    polled(
        path,
        String::new,
        move || {
            let parsed = connection.parse().map_err(|why: BadSegment| Problem::new(Code::BadPath, why.to_string()));
            async move { read(&ListClusters { connection: parsed? }, &ClustersQuery::default()).await }
        },
        |clusters| {
            let open = |cluster: &Cluster| cluster.last.as_ref().is_some_and(|last| last.state.is_open());
            if clusters.is_some_and(|clusters| clusters.iter().any(open)) { 3_000 } else { 10_000 }
        },
    )
}
