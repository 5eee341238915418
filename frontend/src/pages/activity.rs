//! Every confirmed change, newest first, by connection and state.

use howdah_shared::console::{ListRequests, RequestPage, RequestState, RequestsQuery};
use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use super::activity_csv::SaveCsv;
use crate::api::{At, call, polled};
use crate::components::fleet::use_fleet;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::request_list::RequestList;
use crate::components::request_state::RequestMark;
use crate::components::url_state::url_text;
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::live::{effect, live, memo, when};
use crate::ui::skeleton::Skeleton;

/// The page.
#[component]
pub(crate) fn Activity() -> impl IntoView {
    let connection = url_text("connection");
    let states = url_text("state");
    let after = url_text("after");
    let query = memo(move || RequestsQuery {
        connection: some(connection.get()),
        state: states.with(|states| states.split(',').filter_map(|state| state.parse().ok()).collect()),
        after: some(after.get()),
        ..Default::default()
    });
    let page = polled(
        ListRequests {}.path(),
        String::new(),
        move || {
            let asked = query.get_untracked();
            async move { call(At::Howdah, &ListRequests {}, &asked, &Nothing {}).await.map(|page| (asked, page)) }
        },
        move |page: Option<&(RequestsQuery, RequestPage)>| match page {
            // The filters changed while the answer was on its way.
            Some((asked, _)) if query.with_untracked(|query| query != asked) => 100,
            Some((_, page)) if page.requests.iter().any(|request| request.state.is_open()) => 3_000,
            _ => 10_000,
        },
    );
    watch(page);
    effect(move || {
        query.track();
        page.refresh();
    });
    // An answer to another question is not shown as the answer to this one.
    let shown = memo(move || {
        let of = |page: &(RequestsQuery, RequestPage)| query.with(|query| page.0 == *query).then(|| page.1.clone());
        page.value.with(|page| page.as_ref().and_then(of))
    });
    let requests = Signal::derive(move || shown.get().map(|page| page.requests).unwrap_or_default());
    let next = memo(move || shown.with(|page| page.as_ref().and_then(|page| page.next.clone())));
    let filtered = move || !(connection.with(String::is_empty) && states.with(String::is_empty));
    let state = memo(move || {
        match (shown.with(|page| page.as_ref().map(|page| page.requests.is_empty())), page.problem.get()) {
            (Some(false), _) => State::List,
            (Some(true), _) if filtered() => State::FilteredOut,
            (Some(true), _) => State::Empty,
            (None, Some(problem)) => State::Failed(Box::new(problem)),
            (None, None) => State::Loading,
        }
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
        <div class="listing-ways">
            {when(move || !after.with(String::is_empty), move || view! {
                <Button press=Callback::new(move |()| after.set(String::new()))>{words!(activity.newest)}</Button>
            }.into_any())}
            {when(move || next.with(Option::is_some), move || view! {
                <Button press=Callback::new(move |()| after.set(next.get_untracked().unwrap_or_default()))>
                    {words!(activity.more)}
                </Button>
            }.into_any())}
        </div>
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

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
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
            <div class="chips" role="group" aria-label=words!(activity.state)>
                {RequestState::ALL.iter().map(|state| chip(*state)).collect_view()}
            </div>
            <SaveCsv query=query />
        </div>
    }
}
