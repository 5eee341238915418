//! Every confirmed change, newest first, by connection and state.

use howdah_shared::console::{RequestState, RequestsQuery};
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use super::activity_csv::SaveCsv;
use crate::components::fleet::use_fleet;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::request_list::RequestList;
use crate::components::request_pages::{RequestWays, request_pages};
use crate::components::request_state::RequestMark;
use crate::components::url_state::url_text;
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::live::{live, memo};
use crate::ui::skeleton::Skeleton;

/// The page.
#[component]
pub(crate) fn Activity() -> impl IntoView {
    let connection = url_text("connection");
    let states = url_text("state");
    let after = url_text("after");
    let query = memo(move || RequestsQuery {
        connection: Some(connection.get()).filter(|connection| !connection.is_empty()),
        state: states.with(|states| states.split(',').filter_map(|state| state.parse().ok()).collect()),
        ..Default::default()
    });
    let pages = request_pages(move || query.get(), after);
    let page = pages.read;
    watch(page);
    let requests = Signal::derive(move || pages.requests().unwrap_or_default());
    let filtered = move || !(connection.with(String::is_empty) && states.with(String::is_empty));
    let state = memo(move || match (pages.is_empty(), page.problem.get()) {
        (Some(false), _) => State::List,
        (Some(true), _) if filtered() => State::FilteredOut,
        (Some(true), _) => State::Empty,
        (None, Some(problem)) => State::Failed(Box::new(problem)),
        (None, None) => State::Loading,
    });
    let clear = Callback::new(move |()| {
        for text in [connection, states, after] {
            text.set(String::new());
        }
    });
    view! {
        <PageHead title=words!(activity.title) />
        <StaleNote seen=page.seen problem=page.problem />
        <Filters connection=connection states=states after=after query=query />
        {live(move || match state.get() {
            State::Loading => view! { <Skeleton class="skeleton-rows" lines=8 label=words!(activity.loading) /> }.into_any(),
            State::Failed(problem) => view! {
                <ProblemView problem=Signal::stored(*problem) retry=Callback::new(move |()| page.refresh()) />
            }
            .into_any(),
            State::Empty => view! { <Blank title=words!(activity.empty) text=words!(activity.empty_text) /> }.into_any(),
            State::FilteredOut => view! {
                <Blank title=words!(activity.none_fit)><Button press=clear>{words!(activity.clear)}</Button></Blank>
            }
            .into_any(),
            State::List => view! { <RequestList label=words!(activity.title) requests=requests /> }.into_any(),
        })}
        <RequestWays pages=pages />
    }
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(Box<Problem>),
    Empty,
    FilteredOut,
    List,
}

/// One connection or all, and state chips. Another filter begins at the newest again.
#[component]
fn Filters(
    connection: RwSignal<String>,
    states: RwSignal<String>,
    after: RwSignal<String>,
    query: Memo<RequestsQuery>,
) -> impl IntoView {
    let fleet = use_fleet();
    let chip = move |state: RequestState| {
        let pressed = move || states.with(|states| states.split(',').any(|other| other == state.as_str()));
        let toggle = move |_| {
            let now =
                |other: RequestState| states.with_untracked(|all| all.split(',').any(|one| one == other.as_str()));
            let all = RequestState::ALL.iter().filter(|other| now(**other) != (**other == state));
            let all: Vec<&str> = all.map(|state| state.as_str()).collect();
            states.set(all.join(","));
            after.set(String::new());
        };
        view! {
            <button class="chip" type="button" aria-pressed=move || if pressed() { "true" } else { "false" } on:click=toggle>
                <RequestMark state=Signal::stored(state) />
            </button>
        }
    };
    view! {
        <div class="toolbar" role="search">
            <select
                class="input"
                id="connection"
                aria-label=words!(activity.connection)
                on:change=move |event| {
                    connection.set(event_target_value(&event));
                    after.set(String::new());
                }
            >
                <option value="" selected=move || connection.with(String::is_empty)>{words!(activity.all)}</option>
                <For each=move || fleet.value.get().unwrap_or_default() key=|one| one.name.clone() let:one>
                    <option value=one.name.clone() selected=move || connection.with(|name| *name == one.name)>
                        {one.title.clone()}
                    </option>
                </For>
            </select>
            <SaveCsv query=query />
            <div class="chips" role="group" aria-label=words!(activity.state)>
                {RequestState::ALL.iter().map(|state| chip(*state)).collect_view()}
            </div>
        </div>
    }
}
