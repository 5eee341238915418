//! The clusters that a connection's configuration names, with what ran last on each.

use howdah_shared::console::{Cluster, ClustersQuery, ListClusters};
use howdah_shared::operation::{BadSegment, Operation};
use howdah_shared::problem::{Code, Problem};

use crate::api::{Polled, polled, read};

/// Where the clusters of a connection are listed; nowhere for what cannot be the name of one.
pub(crate) fn clusters_path(connection: &str) -> String {
    connection.parse().map(|connection| ListClusters { connection }.path()).unwrap_or_default()
}

/// Follows the clusters.
pub(crate) fn configured(connection: String) -> Polled<Vec<Cluster>> {
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
