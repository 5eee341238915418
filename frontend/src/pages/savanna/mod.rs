//! OpenStack Savanna's screens.

mod cluster;
mod cluster_acts;
mod cluster_cells;
mod cluster_facts;
mod cluster_groups;
mod cluster_health;
mod cluster_history;
mod cluster_options;
mod cluster_rows;
mod cluster_steps;
mod clusters;
mod clusters_several;
mod lifecycle;
mod rules;
mod scale;
mod scale_fields;
mod scale_form;
mod tenant;

use leptos::prelude::*;

use self::cluster::ClusterPage;
use self::clusters::Clusters;
use self::scale::Scale;
use self::tenant::of_tenant;
use super::not_found::NotFound;
use crate::routes::Place;

/// The page at a place.
pub(crate) fn page(place: Place) -> AnyView {
    let Some(connection) = place.connection().map(str::to_owned) else { return view! { <NotFound /> }.into_any() };
    of_tenant(connection, move |connection, tenant| match place.clone() {
        Place::Clusters(_) => view! { <Clusters connection tenant /> }.into_any(),
        Place::Cluster(_, cluster) => view! { <ClusterPage connection tenant cluster /> }.into_any(),
        Place::Scale(_, cluster) => view! { <Scale connection tenant cluster /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    })
}
