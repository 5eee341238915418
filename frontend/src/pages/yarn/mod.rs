//! YARN's screens.

mod acts;
mod application;
mod application_attempts;
mod application_facts;
mod applications;
mod attention;
mod cells;
mod figures;
mod history;
mod node;
mod node_cells;
mod node_map;
mod node_rows;
mod node_search;
mod nodes;
mod overview;
mod queue_panel;
mod queue_tree;
mod queues;
mod rows;
mod several;
mod statistics;
mod submit;
mod submit_draft;
mod submit_fields;
mod submit_form;
#[cfg(test)]
mod tests;
mod tokens;

use leptos::prelude::*;

use self::application::ApplicationPage;
use self::applications::Applications;
use self::node::NodePage;
use self::nodes::Nodes;
use self::overview::Overview;
use self::queues::Queues;
use self::statistics::Statistics;
use self::submit::Submit;
use self::tokens::Tokens;
use super::not_found::NotFound;
use crate::routes::Place;

/// The list of applications.
pub(crate) fn applications_page(place: Place) -> AnyView {
    match place {
        Place::Applications(connection) => view! { <Applications connection /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    }
}

/// Any other page at a place.
pub(crate) fn page(place: Place) -> AnyView {
    match place {
        Place::Overview(connection) => view! { <Overview connection /> }.into_any(),
        Place::Application(connection, id) => view! { <ApplicationPage connection id /> }.into_any(),
        Place::Queues(connection) => view! { <Queues connection /> }.into_any(),
        Place::Nodes(connection) => view! { <Nodes connection /> }.into_any(),
        Place::Node(connection, id) => view! { <NodePage connection id /> }.into_any(),
        Place::Submit(connection) => view! { <Submit connection /> }.into_any(),
        Place::Statistics(connection) => view! { <Statistics connection /> }.into_any(),
        Place::Tokens(connection) => view! { <Tokens connection /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    }
}
