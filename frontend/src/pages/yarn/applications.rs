//! The applications of a ResourceManager: all of them, filtered and sorted here.

use crate::ui::live::{live, memo, string, when};
use howdah_shared::problem::Problem;
use howdah_shared::systems::yarn::{ApplicationsQuery, LIST_DESELECTS, ListApplications};
use leptos::prelude::*;

use super::cells::{columns, standing_word};
use super::order::{Search, Sorter};
use super::rows::{Row, chosen, kind, standings, toggled};
use crate::api::{Watched, watched};
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::list::List;
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::format;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::mark::Mark;
use crate::ui::skeleton::Skeleton;
use crate::ui::table::{Choice, Column, Columns, Hold, Sort, Table};
use crate::ui::time::use_clock;

/// Newest first, until the viewer says otherwise.
const FIRST_SORT: &str = "-started";

/// The page.
#[component]
pub(crate) fn Applications(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = use_connection(&connection);
    let clock = use_clock();
    let query = ApplicationsQuery { de_selects: Some(LIST_DESELECTS.into()), ..Default::default() };
    let Watched { list, complete } =
        watched(&connection, &ListApplications {}, &query, |reply| reply.apps.app.into_iter().map(Row::from).collect());
    watch(list);

    let text = url_text("q");
    let states = url_text("state");
    let by = url_text("sort");
    let at = url_text("at");
    let choice = Choice::new(url_text("cols"));
    let columns = StoredValue::new(columns());

    let rows = memo(move || list.value.get().unwrap_or_default());
    let sort = memo(move || by.with(|text| Sort::read(if text.is_empty() { FIRST_SORT } else { text })));
    let (sorter, search) = (StoredValue::new(Sorter::default()), StoredValue::new(Search::default()));
    let ordered = memo(move || {
        // What runs grows older, but not past what runs too: there is no need to sort anew each second.
        let now = untrack(|| clock.server()) as i64;
        let sorted = |sorter: &mut Sorter| rows.with(|rows| sort.with(|sort| sorter.sort(rows, sort, now)));
        sorter.try_update_value(sorted).unwrap_or_default()
    });
    let live_order = memo(move || {
        let (rows, text, states) = (ordered.get(), text.get(), states.get());
        search.try_update_value(|search| search.find(&rows, &text, &states)).unwrap_or_default()
    });
    let asked = memo(move || (text.get(), states.get(), sort.get()));
    let hold = Hold::new(live_order, asked);
    let shown = hold.shown;
    let state = memo(move || match (list.value.with(Option::is_some), list.problem.get()) {
        (true, _) if rows.with(|rows| rows.is_empty()) => State::Empty,
        (true, _) if shown.with(|shown| shown.is_empty()) => State::FilteredOut,
        (true, _) => State::List,
        (false, Some(problem)) => State::Failed(Box::new(problem)),
        (false, None) => State::Loading,
    });
    let clear = Callback::new(move |()| {
        text.set(String::new());
        states.set(String::new());
    });
    let title = words!(applications.title);
    let facts = move || {
        view! {
            <span class="page-head-fact">{string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default())}</span>
            {when(move || list.value.with(Option::is_some), move || view! {
                <span class="page-head-fact number">
                    {string(move || {
                        let all = rows.with(|rows| rows.len());
                        let part = shown.with(|shown| shown.len());
                        let all = format::count(all as i64);
                        if !complete.get() {
                            return t_string!(i18n, applications.count_first, first = all).to_string();
                        }
                        if format::count(part as i64) == all {
                            t_string!(i18n, applications.count_all, all = all).to_string()
                        } else {
                            t_string!(i18n, applications.count_part, part = format::count(part as i64), all = all)
                                .to_string()
                        }
                    })}
                </span>
            }.into_any())}
        }
        .into_any()
    };
    view! {
        <div class="list-page">
            <PageHead title=title facts=facts />
            <StaleNote seen=list.seen problem=list.problem />
            {when(move || !matches!(state.get(), State::Failed(_)), move || view! {
                <Toolbar rows=rows text=text states=states columns=columns choice=choice />
            }.into_any())}
            {live(move || match state.get() {
                State::Loading => view! {
                    <Skeleton
                        class="skeleton-rows"
                        lines=12
                        label=words!(applications.loading)
                    />
                }
                .into_any(),
                State::Failed(problem) => view! {
                    <ProblemView problem=Signal::stored(*problem) retry=Callback::new(move |()| list.refresh()) />
                }
                .into_any(),
                State::Empty => view! {
                    <Blank
                        title=words!(applications.empty)
                        text=words!(applications.empty_text)
                    />
                }
                .into_any(),
                State::FilteredOut => view! {
                    <Blank
                        title=words!(applications.none_fit)
                        text=Signal::derive(move || filters(i18n, &text.get(), &states.get()))
                    >
                        <Button press=clear>{words!(applications.clear)}</Button>
                    </Blank>
                }
                .into_any(),
                State::List => view! {
                    <Table
                        id="applications"
                        label=title
                        columns=columns
                        choice=choice
                        rows=rows
                        hold=hold
                        sort=sort
                        on_sort=Callback::new(move |sort: Sort| by.set(sort.write()))
                        chosen=Signal::derive(move || at.with(|at| (!at.is_empty()).then(|| at.clone())))
                        on_choose=Callback::new(move |to: Option<String>| at.set(to.unwrap_or_default()))
                    />
                }
                .into_any(),
            })}
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

/// What keeps everything out, in a sentence.
fn filters(i18n: I18nContext<Locale>, text: &str, states: &str) -> String {
    let words: Vec<String> = chosen(states).iter().map(|state| standing_word(i18n, state)).collect();
    let mut parts = Vec::new();
    if !text.is_empty() {
        parts.push(t_string!(i18n, applications.filter_text, text = text).to_string());
    }
    if !words.is_empty() {
        parts.push(t_string!(i18n, applications.filter_states, states = words.join(", ")).to_string());
    }
    parts.join(" · ")
}

/// Free text, state chips, and the choice of columns.
#[component]
fn Toolbar(
    rows: Memo<List<Row>>,
    text: RwSignal<String>,
    states: RwSignal<String>,
    columns: StoredValue<Vec<Column<Row>>>,
    choice: Choice,
) -> impl IntoView {
    let counts = memo(move || {
        let mut counts = rows.with(|rows| standings(rows));
        // A state that is filtered by stays to be unchosen, also when nothing is in it any more.
        for state in chosen(&states.get()) {
            if !counts.iter().any(|(other, _)| other == state) {
                counts.push((state.to_owned(), 0));
            }
        }
        counts
    });
    let names = move || counts.with(|counts| counts.iter().map(|(state, _)| state.clone()).collect::<Vec<_>>());
    view! {
        <div class="toolbar" role="search">
            <div class="search">
                <Icon glyph=Glyph::Lens />
                <input
                    class="input search-input"
                    id="filter"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=words!(applications.search)
                    placeholder=words!(applications.search)
                    prop:value=text
                    on:input=move |event| text.set(event_target_value(&event))
                />
            </div>
            <div class="chips" role="group" aria-label=words!(applications.state)>
                <For each=names key=String::clone let:state>
                    <Chip state=state counts=counts states=states />
                </For>
            </div>
            {when(move || !rows.with(|rows| rows.is_empty()), move || view! { <Columns columns=columns choice=choice /> }.into_any())}
        </div>
    }
}

/// One state with how many are in it; a press filters by it.
#[component]
fn Chip(state: String, counts: Memo<Vec<(String, usize)>>, states: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let state = StoredValue::new(state);
    let count = move || {
        let found = |(other, count): &(String, usize)| state.with_value(|state| other == state).then_some(*count);
        counts.with(|counts| counts.iter().find_map(found).unwrap_or(0))
    };
    let pressed = move || states.with(|text| state.with_value(|state| chosen(text).contains(&state.as_str())));
    view! {
        <button
            class="chip"
            type="button"
            aria-pressed=move || if pressed() { "true" } else { "false" }
            on:click=move |_| states.update(|text| *text = state.with_value(|state| toggled(text, state)))
        >
            <Mark
                kind=state.with_value(|state| kind(state))
                word=Signal::derive(move || state.with_value(|state| standing_word(i18n, state)))
            />
            <span class="number chip-count">{string(move || format::count(count() as i64))}</span>
        </button>
    }
}
