//! Azure CycleCloud's screens.

mod add;
mod add_form;
mod adding;
mod arrays;
mod cluster;
mod cluster_cells;
mod cluster_rows;
mod clusters;
mod fit;
mod limit_view;
mod limits;
mod node_acts;
mod node_cells;
mod node_filter;
mod node_rows;
mod nodes;
mod operations;
mod parts;
mod scale;
mod select;
mod standing;
mod usage;
mod usage_figures;
mod usage_view;

use leptos::prelude::*;

use self::add::Add;
use self::cluster::ClusterPage;
use self::clusters::Clusters;
use self::nodes::Nodes;
use self::operations::Operations;
use self::scale::Scale;
use self::usage::Usage;
use super::not_found::NotFound;
use crate::routes::Place;

/// The page at a place.
pub(crate) fn page(place: Place) -> AnyView {
    match place {
        Place::Clusters(connection) => view! { <Clusters connection /> }.into_any(),
        Place::Cluster(connection, cluster) => view! { <ClusterPage connection cluster /> }.into_any(),
        Place::AddNodes(connection, cluster) => view! { <Add connection cluster /> }.into_any(),
        Place::Scale(connection, cluster) => view! { <Scale connection cluster /> }.into_any(),
        Place::Operations(connection, cluster) => view! { <Operations connection cluster /> }.into_any(),
        Place::Usage(connection, cluster) => view! { <Usage connection cluster /> }.into_any(),
        Place::ClusterNodes(connection, cluster) => view! { <Nodes connection cluster /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    }
}
