//! What was done to a cluster here: the service forgets what happened within its steps, the journal does not.

use howdah_shared::console::RequestsQuery;
use leptos::prelude::*;

use crate::components::freshness::StaleNote;
use crate::components::problem::ProblemLine;
use crate::components::request_list::RequestList;
use crate::components::request_pages::{RequestWays, request_pages};
use crate::components::url_state::url_text;
use crate::ui::live::{live, memo};
use crate::ui::skeleton::Skeleton;

/// The changes, newest first, a page at a time.
#[component]
pub(super) fn History(
    /// The connection's name.
    connection: String,
    /// The cluster's id.
    cluster: String,
) -> impl IntoView {
    let names = StoredValue::new((connection, cluster));
    let pages = request_pages(
        move || {
            let (connection, id) = names.get_value();
            RequestsQuery { connection: Some(connection), service_id: Some(id), ..Default::default() }
        },
        url_text("after"),
    );
    let read = pages.read;
    let empty = memo(move || pages.is_empty());
    let failed = memo(move || read.problem.get().filter(|_| empty.with(Option::is_none)));
    let listed = Signal::derive(move || pages.requests().unwrap_or_default());
    view! {
        <h2>{words!(savanna.history)}</h2>
        <StaleNote seen=read.seen problem=read.problem />
        {live(move || match (empty.get(), failed.get()) {
            (Some(false), _) => view! { <RequestList label=words!(savanna.history) requests=listed /> }.into_any(),
            (Some(true), _) => view! { <p class="listing-quiet">{words!(savanna.no_history)}</p> }.into_any(),
            (None, Some(problem)) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
            (None, None) => view! { <Skeleton lines=3 label=words!(savanna.cluster_loading) /> }.into_any(),
        })}
        <RequestWays pages=pages />
    }
}
