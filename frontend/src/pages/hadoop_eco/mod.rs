//! Hadoop Eco: clusters that are run again.

mod again_difference;
mod again_fields;
mod again_form;
mod again_key;
mod again_send;
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
use self::version::Version;
use super::not_found::NotFound;
use crate::components::fleet::{use_connection, use_fleet};
use crate::routes::Place;
use crate::ui::live::{live, memo};
use crate::ui::skeleton::Skeleton;

/// The page at a place.
pub(crate) fn page(place: Place) -> AnyView {
    match place {
        Place::Clusters(connection) => view! { <Clusters connection /> }.into_any(),
        Place::Cluster(connection, cluster) => versioned(connection.clone(), move |version| {
            view! { <ClusterPage version connection=connection.clone() cluster=cluster.clone() /> }.into_any()
        }),
        Place::RunAgain(connection, cluster) => versioned(connection.clone(), move |version| {
            view! { <RunAgain version connection=connection.clone() cluster=cluster.clone() /> }.into_any()
        }),
        _ => view! { <NotFound /> }.into_any(),
    }
}

/// Draws a page once it is known which version its connection speaks. Where there is no such connection, or none can be
/// learned of, the page's own calls come to say so.
fn versioned(connection: String, draw: impl Fn(Version) -> AnyView + Send + Sync + 'static) -> AnyView {
    let fleet = use_fleet();
    let one = use_connection(&connection);
    let version = memo(move || {
        let known = fleet.value.with(Option::is_some) || fleet.problem.with(Option::is_some);
        known.then(|| one.with(|one| one.as_ref().map_or(Version::V2, |one| Version::of(&one.system))))
    });
    live(move || match version.get() {
        Some(version) => draw(version),
        None => view! { <Skeleton lines=6 label=words!(cluster.loading) /> }.into_any(),
    })
}
