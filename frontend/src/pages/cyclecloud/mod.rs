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
mod frame;
mod limit_view;
mod limits;
mod node_acts;
mod node_cells;
mod node_filter;
mod node_rows;
mod nodes;
mod nodes_dialog;
mod operations;
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
use self::frame::Cluster;
use self::nodes::Nodes;
use self::operations::Operations;
use self::scale::Scale;
use self::usage::Usage;
use super::not_found::NotFound;
use crate::api::bad_path;
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::routes::Place;

/// The page at a place.
pub(crate) fn page(place: Place) -> AnyView {
    let (connection, cluster) = match &place {
        Place::Clusters(connection) => return view! { <Clusters connection=connection.clone() /> }.into_any(),
        Place::Cluster(connection, cluster)
        | Place::ClusterNodes(connection, cluster)
        | Place::AddNodes(connection, cluster)
        | Place::Scale(connection, cluster)
        | Place::Operations(connection, cluster)
        | Place::Usage(connection, cluster) => (connection.clone(), cluster.clone()),
        _ => return view! { <NotFound /> }.into_any(),
    };
    let cluster = match cluster.parse() {
        Ok(name) => Cluster { connection, name },
        // No service would know it.
        Err(why) => {
            let problem = Signal::stored(bad_path(why));
            return view! { <PageHead title=cluster /> <ProblemView problem /> }.into_any();
        }
    };
    match place {
        Place::ClusterNodes(..) => view! { <Nodes cluster /> }.into_any(),
        Place::AddNodes(..) => view! { <Add cluster /> }.into_any(),
        Place::Scale(..) => view! { <Scale cluster /> }.into_any(),
        Place::Operations(..) => view! { <Operations cluster /> }.into_any(),
        Place::Usage(..) => view! { <Usage cluster /> }.into_any(),
        _ => view! { <ClusterPage cluster /> }.into_any(),
    }
}
