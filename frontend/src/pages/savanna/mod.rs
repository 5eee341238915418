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
mod convert;
mod fields;
mod form;
mod group_fields;
mod groups;
mod image;
mod images;
mod import;
mod known;
mod left;
mod lifecycle;
mod listed;
mod maker;
mod members;
mod option_fields;
mod options;
mod plugin_version;
mod plugins;
mod portable;
mod processes;
mod refusal;
mod register;
mod scale;
mod scale_fields;
mod scale_form;
mod select;
mod send;
mod share_fields;
mod shares;
mod sheet;
mod steps;
mod template;
mod template_rows;
mod templates;
mod tenant;
mod told;
mod words;

use howdah_shared::systems::savanna::TenantId;
use leptos::prelude::*;

use self::cluster::ClusterPage;
use self::clusters::Clusters;
use self::form::What;
use self::image::ImagePage;
use self::images::Images;
use self::maker::Maker;
use self::plugin_version::PluginVersionPage;
use self::plugins::Plugins;
use self::scale::Scale;
use self::template::{ClusterTemplatePage, NodeGroupTemplatePage};
use self::templates::Templates;
use self::tenant::of_tenant;
use super::not_found::NotFound;
use crate::routes::Place;

/// The page of the clusters at a place.
pub(crate) fn page(place: Place) -> AnyView {
    drawn(place, |place, connection, tenant| match place {
        Place::Clusters(_) => view! { <Clusters connection tenant /> }.into_any(),
        Place::Cluster(_, cluster) => view! { <ClusterPage connection tenant cluster /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    })
}

/// The page at a place of what clusters are made of, and of making and scaling them.
pub(crate) fn making_page(place: Place) -> AnyView {
    drawn(place, |place, connection, tenant| match place {
        Place::Scale(_, cluster) => view! { <Scale connection tenant cluster /> }.into_any(),
        Place::Plugins(_) => view! { <Plugins connection tenant /> }.into_any(),
        Place::PluginVersion(_, name, version) => {
            view! { <PluginVersionPage connection tenant name version /> }.into_any()
        }
        Place::Images(_) => view! { <Images connection tenant /> }.into_any(),
        Place::Image(_, id) => view! { <ImagePage connection tenant id /> }.into_any(),
        Place::NodeGroupTemplates(_) => view! { <Templates connection tenant what=What::Nodes /> }.into_any(),
        Place::NodeGroupTemplate(_, id) => view! { <NodeGroupTemplatePage connection tenant id /> }.into_any(),
        Place::NewNodeGroupTemplate(_) => view! { <Maker connection tenant what=What::Nodes /> }.into_any(),
        Place::EditNodeGroupTemplate(_, id) => {
            view! { <Maker connection tenant what=What::Nodes edited=Some(id) /> }.into_any()
        }
        Place::ClusterTemplates(_) => view! { <Templates connection tenant what=What::Template /> }.into_any(),
        Place::ClusterTemplate(_, id) => view! { <ClusterTemplatePage connection tenant id /> }.into_any(),
        Place::NewClusterTemplate(_) => view! { <Maker connection tenant what=What::Template /> }.into_any(),
        Place::EditClusterTemplate(_, id) => {
            view! { <Maker connection tenant what=What::Template edited=Some(id) /> }.into_any()
        }
        Place::Launch(_) => view! { <Maker connection tenant what=What::Cluster /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    })
}

/// A page of the connection's tenant, once that is known.
fn drawn(place: Place, draw: fn(Place, String, TenantId) -> AnyView) -> AnyView {
    let Some(connection) = place.connection().map(str::to_owned) else { return view! { <NotFound /> }.into_any() };
    of_tenant(connection, move |connection, tenant| draw(place.clone(), connection, tenant))
}
