//! What waits for someone: changes of which nobody knows what became of them.

use howdah_shared::console::{RequestState, RequestsQuery};
use leptos::prelude::*;

use crate::components::problem::ProblemLine;
use crate::components::request_list::RequestList;
use crate::components::request_pages::request_pages;
use crate::routes::Place;
use crate::ui::live::{live, memo, when};
use crate::ui::skeleton::Skeleton;

/// The states in which nothing happens any more by itself, and nothing is known.
pub(crate) const STATES: [RequestState; 2] = [RequestState::Unknown, RequestState::Unresolved];

/// How many of them are shown; the activity has them all.
const SHOWN: u32 = 5;

/// The newest of them, below the connections of the fleet.
#[component]
pub(crate) fn Waiting() -> impl IntoView {
    let query = || RequestsQuery { state: STATES.to_vec(), limit: Some(SHOWN), ..Default::default() };
    let pages = request_pages(query, RwSignal::new(String::new()));
    let requests = Signal::derive(move || pages.requests().unwrap_or_default());
    let failed = memo(move || pages.read.problem.get().filter(|_| pages.is_empty().is_none()));
    let known = memo(move || pages.is_empty());
    let all = Place::Activity.href_with(&[("state", &STATES.map(RequestState::as_str).join(","))]);
    view! {
        <section class="waiting" aria-labelledby="waiting">
            <h2 id="waiting">{words!(fleet.waiting)}</h2>
            {live(move || match (known.get(), failed.get()) {
                // The last one has just been settled.
                (Some(true), _) => ().into_any(),
                (Some(false), _) => view! { <RequestList label=words!(fleet.waiting) requests=requests /> }.into_any(),
                (None, Some(problem)) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                (None, None) => view! { <Skeleton lines=2 label=words!(activity.loading) /> }.into_any(),
            })}
            {when(move || pages.has_more(), move || view! {
                <p><a href=all.clone()>{words!(problem.to_activity)}</a></p>
            }.into_any())}
        </section>
    }
}
