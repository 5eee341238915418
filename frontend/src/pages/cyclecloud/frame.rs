//! The pages of one cluster: what they are about, the ways between them, and the frame of those that show what it has and
//! may have.

use howdah_shared::systems::cyclecloud::{ClusterName, ClusterStatus, ShowStatus, StatusQuery};
use leptos::prelude::*;

use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::reply::{Reply, reply};
use crate::routes::Place;

/// The cluster that a page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    /// The connection's name.
    pub(super) connection: String,
    /// Its own name.
    pub(super) name: ClusterName,
}

impl Cluster {
    /// What people call it.
    pub(super) fn called(&self) -> String {
        self.name.as_str().to_owned()
    }

    /// One of its pages.
    pub(super) fn place(&self, page: fn(String, String) -> Place) -> Place {
        page(self.connection.clone(), self.called())
    }

    /// The title of one of its pages.
    pub(super) fn titled(&self, title: impl Fn(String) -> String + Send + Sync + 'static) -> Signal<String> {
        let called = self.called();
        crate::ui::live::string(move || title(called.clone()))
    }

    /// Follows how much it has of what it may have.
    pub(super) fn follow(&self) -> Told {
        reply(&self.connection, &ShowStatus { cluster: self.name.clone() }, &StatusQuery::default())
    }
}

/// What is told of how much a cluster has.
pub(super) type Told = Reply<ClusterStatus>;

/// One of the pages that stand beside each other.
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
pub(super) fn parts(cluster: &Cluster, here: Option<Part>) -> AnyView {
    let to = |page| cluster.place(page).href();
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

/// A page that shows how much a cluster has, or a form that is about that.
#[component]
pub(super) fn Frame(
    /// The cluster.
    cluster: Cluster,
    /// What is told of it.
    told: Told,
    /// The page's name.
    title: Signal<String>,
    /// Which of the parts it is.
    #[prop(default = None)]
    here: Option<Part>,
    /// State and the few facts that identify it.
    #[prop(optional, into)]
    facts: ViewFnOnce,
    /// What can be done.
    #[prop(optional, into)]
    acts: ViewFnOnce,
    /// What is drawn as soon as something is told.
    children: ChildrenFn,
) -> impl IntoView {
    watch(told.polled);
    view! {
        <PageHead title=title facts=facts acts=acts />
        {parts(&cluster, here)}
        <StaleNote seen=told.polled.seen problem=told.polled.problem />
        {told.shown(words!(cycle.cluster_loading), move || children())}
    }
}
