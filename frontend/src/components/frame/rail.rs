//! The pages that can be gone to: a rail beside the page, a sheet where there is no room for one.

use crate::ui::live::{memo, string, when};
use leptos::prelude::*;

use super::super::fleet::use_fleet;
use super::super::place::use_place;
use crate::i18n::*;
use crate::pages::{entries, entry_word, is_within};
use crate::routes::Place;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::menu::close;

/// The sheet's id.
pub(super) const SHEET: &str = "sheet";

/// The rail.
#[component]
pub(super) fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" aria-label=words!(frame.pages)>
            <Links />
        </nav>
    }
}

/// The same pages in a sheet.
#[component]
pub(super) fn Sheet() -> impl IntoView {
    view! {
        <nav
            class="sheet"
            id=SHEET
            popover="auto"
            aria-label=words!(frame.pages)
            on:click=move |_| close(SHEET)
        >
            <Links />
        </nav>
    }
}

#[component]
fn Links() -> impl IntoView {
    let i18n = use_i18n();
    let fleet = use_fleet();
    let here = use_place();
    let connection = memo(move || {
        let here = here.get()?;
        let name = here.connection()?;
        fleet.value.with(|list| list.as_ref()?.iter().find(|connection| connection.name == name).cloned())
    });
    let is_fleet = Signal::derive(move || here.with(|here| *here == Some(Place::Fleet)));
    let is_activity = Signal::derive(move || here.with(|here| matches!(here, Some(Place::Activity | Place::Run(_)))));
    let pages = move || {
        let Some(connection) = connection.get() else { return Vec::new() };
        let entries = entries(&connection.system).iter();
        entries.map(|entry| (*entry, (entry.place)(connection.name.clone()))).collect::<Vec<_>>()
    };
    view! {
        <div class="rail-part">
            <Link
                place=Place::Fleet
                glyph=Glyph::Tiles
                current=is_fleet
                word=words!(fleet.title)
            />
            <Link
                place=Place::Activity
                glyph=Glyph::Pulse
                current=is_activity
                word=words!(frame.activity)
            />
        </div>
        {when(move || connection.with(Option::is_some), move || view! {
            <div class="rail-part">
                <p class="rail-title">{string(move || connection.get().map(|connection| connection.title).unwrap_or_default())}</p>
                <For each=pages key=|(entry, place)| (entry.segment, place.path()) let:page>
                    <Link
                        glyph=page.0.glyph
                        current=Signal::derive(move || here.with(|here| is_within(here.as_ref(), page.0)))
                        word=Signal::derive(move || entry_word(i18n, page.0))
                        place=page.1
                    />
                </For>
            </div>
        }.into_any())}
    }
}

#[component]
fn Link(place: Place, glyph: Glyph, current: Signal<bool>, word: Signal<String>) -> impl IntoView {
    view! {
        <a class="rail-link" href=place.href() aria-current=move || current.get().then_some("page")>
            <Icon glyph=glyph />
            <span>{word}</span>
        </a>
    }
}
