//! Free text, state chips, the menus of the other filters, and the choice of columns.

use leptos::prelude::*;

use super::facet_menu::FacetMenus;
use super::facets::Filters;
use super::{Listed, chosen, read_ahead, standings, toggled};
use crate::i18n::*;
use crate::list::List;
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::Mark;
use crate::ui::search::Search;
use crate::ui::table::{Choice, Column, Columns};

/// The toolbar.
#[component]
pub(super) fn Toolbar<R: Listed>(
    /// What is looked for in the free text.
    search: Signal<String>,
    /// Every row.
    rows: Memo<List<R>>,
    /// What they are filtered by.
    filters: Filters,
    /// The columns to choose from.
    columns: StoredValue<Vec<Column<R>>>,
    /// Which of them are shown.
    choice: Choice,
    /// Saves what is shown.
    #[prop(into)]
    save: ViewFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let Filters { text, states, .. } = filters;
    // Somebody is about to type.
    let focus = move |()| read_ahead(rows, 0, 100, Callback::new(|()| ()));
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
    let chip = move |state: String| chip::<R>(state, counts, states);
    view! {
        <div class="toolbar" role="search">
            <Search label=search text=text on_focus=focus />
            <div class="chips" role="group" aria-label=string(move || R::standings_word(i18n))>
                <For each=names key=String::clone children=chip />
            </div>
            {when(move || !rows.with(|rows| rows.is_empty()), move || view! {
                <div class="toolbar-end">
                    <Columns columns=columns choice=choice />
                    {save.run()}
                </div>
            }.into_any())}
            <FacetMenus rows=rows filters=filters />
        </div>
    }
}

/// One state with how many are in it; a press filters by it.
fn chip<R: Listed>(state: String, counts: Memo<Vec<(String, usize)>>, states: RwSignal<String>) -> AnyView {
    let i18n = use_i18n();
    let state = StoredValue::new(state);
    let count = move || {
        let found = |(other, count): &(String, usize)| state.with_value(|state| other == state).then_some(*count);
        counts.with(|counts| counts.iter().find_map(found).unwrap_or(0))
    };
    let pressed = move || states.with(|text| state.with_value(|state| chosen(text).contains(&state.as_str())));
    let word = string(move || state.with_value(|state| R::word(i18n, state)));
    view! {
        <button
            class="chip"
            type="button"
            aria-pressed=move || if pressed() { "true" } else { "false" }
            on:click=move |_| states.update(|text| *text = state.with_value(|state| toggled(text, state)))
        >
            {live(move || match state.with_value(|state| R::kind(state)) {
                Some(kind) => view! { <Mark kind=kind word=word /> }.into_any(),
                None => view! { <span>{word}</span> }.into_any(),
            })}
            <span class="number chip-count">{string(move || format::count(count() as i64))}</span>
        </button>
    }
    .into_any()
}
