//! A menu for each facet: the values that occur, with how many rows have them, or a span of time.

use leptos::prelude::*;

use super::facets::{By, Facet, Filters, count, toggled_value, values};
use super::time_menu::TimeMenu;
use super::{Listed, read_ahead};
use crate::i18n::*;
use crate::list::List;
use crate::ui::format;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::{live, memo, string, when};
use crate::ui::menu::{Menu, close};
use crate::ui::time::use_clock;

/// The most values that are offered at once; the others are found by typing.
const OFFERED: usize = 100;
/// From so many values on they can be searched.
const MANY: usize = 8;
/// So many rows are read at a time.
const PIECE: usize = 500;

/// The menus of all facets, and the way to clear them together.
#[component]
pub(super) fn FacetMenus<R: Listed>(
    /// Every row.
    rows: Memo<List<R>>,
    /// What they are filtered by.
    filters: Filters,
) -> impl IntoView {
    let facets = filters.facets();
    if facets.is_empty() {
        return ().into_any();
    }
    let one = move |(facet, text): (Facet, RwSignal<String>)| {
        view! { <FacetMenu rows=rows filters=filters facet=facet text=text /> }
    };
    let any = move || filters.asked().iter().any(|text| !text.is_empty());
    view! {
        <div class="chips facets" role="group" aria-label=words!(list.filters)>
            {facets.into_iter().map(one).collect_view()}
            {when(any, move || view! {
                <button class="chip chip-clear" type="button" on:click=move |_| filters.clear()>
                    {words!(list.clear)}
                </button>
            }.into_any())}
        </div>
    }
    .into_any()
}

/// One facet: what it lets through, its menu, and the way to clear it.
#[component]
fn FacetMenu<R: Listed>(rows: Memo<List<R>>, filters: Filters, facet: Facet, text: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let Facet { id, menu, title, by } = facet;
    let clock = use_clock();
    let said = memo(move || text.with(|text| facet.said(i18n, text)));
    let set = memo(move || said.with(|said| !said.is_empty()));
    let label = string(move || match said.with(String::is_empty) {
        true => title.get(),
        false => format!("{}: {}", title.get(), said.get()),
    });
    let counts = RwSignal::new(None::<Vec<(String, usize)>>);
    let opened = Callback::new(move |open: bool| {
        counts.set(None);
        if !open || matches!(by, By::Time) {
            return;
        }
        let done = move |()| {
            let fits = untrack(|| filters.fits(|| clock.server() as i64)).without(id);
            let typed = filters.text.get_untracked().to_lowercase();
            let words: Vec<&str> = typed.split_whitespace().collect();
            let found = rows.try_with_untracked(|rows| count(rows, id, &fits, &words));
            let _ = counts.try_set(found);
        };
        read_ahead(rows, 0, PIECE, Callback::new(done));
    });
    let panel = match by {
        By::Value(word) => view! { <Values menu title text counts word /> }.into_any(),
        By::Time => view! { <TimeMenu id title text /> }.into_any(),
    };
    view! {
        <span class="facet" class:facet-set=move || set.get()>
            <Menu
                id=menu
                class="chip"
                label=label
                on_toggle=opened
                button=move || view! {
                    <span class="facet-said">{label}</span>
                    <Icon glyph=Glyph::Down />
                }
            >
                <div class="facet-panel" on:click=|event| event.stop_propagation()>
                    {panel}
                </div>
            </Menu>
            {when(move || set.get(), move || {
                let clear = string(move || t_string!(i18n, list.facet_clear, facet = title.get()).to_string());
                view! {
                    <button
                        class="chip facet-clear"
                        type="button"
                        aria-label=clear
                        title=clear
                        on:click=move |_| text.set(String::new())
                    >
                        <Icon glyph=Glyph::Cross />
                    </button>
                }.into_any()
            })}
        </span>
    }
}

/// The values that occur. Their order is that of the moment in which the menu was opened.
#[component]
fn Values(
    menu: &'static str,
    title: Signal<String>,
    text: RwSignal<String>,
    counts: RwSignal<Option<Vec<(String, usize)>>>,
    word: fn(I18nContext<Locale>, &str) -> String,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    // Those that are filtered by come first, and stay to be unchosen though no row has them any more.
    let offered = memo(move || {
        let counted = counts.get()?;
        let chosen = untrack(|| text.with(|text| values(text)));
        let count = |value: &String| counted.iter().find(|(other, _)| other == value).map_or(0, |(_, count)| *count);
        let first: Vec<_> = chosen.iter().map(|value| (value.clone(), count(value))).collect();
        let rest = counted.iter().filter(|(value, _)| !chosen.contains(value)).cloned();
        Some(first.into_iter().chain(rest).collect::<Vec<_>>())
    });
    let fitting = memo(move || {
        let typed = typed.with(|typed| typed.trim().to_lowercase());
        let fits = |value: &str| typed.is_empty() || word(i18n, value).to_lowercase().contains(&typed);
        offered.with(|offered| {
            let all = offered.as_deref().unwrap_or_default();
            all.iter().filter(|(value, _)| fits(value)).cloned().collect::<Vec<_>>()
        })
    });
    let more = move || fitting.with(Vec::len).saturating_sub(OFFERED);
    let item = move |(value, count): (String, usize)| {
        let value = StoredValue::new(value);
        let checked = move || text.with(|text| value.with_value(|value| values(text).contains(value)));
        let toggle = move |_| text.update(|text| *text = value.with_value(|value| toggled_value(text, value)));
        view! {
            <label class="menu-item menu-check">
                <input type="checkbox" prop:checked=checked on:change=toggle />
                <span class="facet-word">{string(move || value.with_value(|value| word(i18n, value)))}</span>
                <span class="number chip-count">{format::count(count as i64)}</span>
            </label>
        }
    };
    let find = string(move || t_string!(i18n, list.facet_find, facet = title.get()).to_string());
    live(move || match offered.with(|offered| offered.as_ref().map(Vec::len)) {
        None => view! { <p class="menu-note">{words!(list.facet_counting)}</p> }.into_any(),
        Some(0) => view! { <p class="menu-note">{words!(list.facet_none)}</p> }.into_any(),
        Some(all) => view! {
            {(all >= MANY).then(|| view! {
                <input
                    class="input facet-find"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=find
                    placeholder=find
                    prop:value=typed
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            })}
            <div role="group" aria-label=title>
                <For
                    each=move || fitting.with(|all| all.iter().take(OFFERED).cloned().collect::<Vec<_>>())
                    key=|(value, _)| value.clone()
                    children=item
                />
            </div>
            {when(move || more() > 0, move || view! {
                <p class="menu-note">
                    {string(move || t_string!(i18n, list.facet_more, count = format::count(more() as i64)).to_string())}
                </p>
            }.into_any())}
            <button
                class="menu-item menu-reset"
                type="button"
                disabled=move || text.with(String::is_empty)
                on:click=move |_| {
                    text.set(String::new());
                    close(menu);
                }
            >
                {words!(list.facet_any)}
            </button>
        }
        .into_any(),
    })
}
