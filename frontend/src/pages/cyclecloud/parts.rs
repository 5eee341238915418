//! The pages of one cluster, beside each other.

use leptos::prelude::*;

use crate::routes::Place;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What it has and may have.
    Capacity,
    /// Its nodes.
    Nodes,
    /// What was done with them.
    Operations,
    /// What it used.
    Usage,
}

/// The ways from one to another; `None` for a page that is none of them.
pub(super) fn parts(connection: &str, cluster: &str, here: Option<Part>) -> AnyView {
    let to = |place: fn(String, String) -> Place| place(connection.to_owned(), cluster.to_owned()).href();
    let pages = [
        (Part::Capacity, words!(cycle.capacity), to(Place::Cluster)),
        (Part::Nodes, words!(cycle.nodes_page), to(Place::ClusterNodes)),
        (Part::Operations, words!(cycle.operations_page), to(Place::Operations)),
        (Part::Usage, words!(cycle.usage_page), to(Place::Usage)),
    ];
    let links = pages.map(|(part, word, href)| {
        view! {
            <a class="chip" href=href aria-current=(Some(part) == here).then_some("page")>
                {word}
            </a>
        }
    });
    view! { <nav class="chips" aria-label=words!(cycle.parts)>{links}</nav> }.into_any()
}
