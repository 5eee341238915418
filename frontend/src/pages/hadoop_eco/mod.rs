//! Hadoop Eco: clusters that are run again.

mod again_difference;
mod again_fields;
mod again_form;
mod again_words;
mod cluster;
mod cluster_cells;
mod cluster_rows;
mod clusters;
mod curl;
mod history;
mod known;
mod run_again;
mod version;

use leptos::prelude::*;

use self::cluster::ClusterPage;
use self::clusters::Clusters;
use self::run_again::RunAgain;
use super::not_found::NotFound;
use crate::routes::Place;

/// The page at a place.
pub(crate) fn page(place: Place) -> AnyView {
    match place {
        Place::Clusters(connection) => view! { <Clusters connection /> }.into_any(),
        Place::Cluster(connection, cluster) => view! { <ClusterPage connection cluster /> }.into_any(),
        Place::RunAgain(connection, cluster) => view! { <RunAgain connection cluster /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    }
}
