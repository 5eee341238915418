//! The pages that can be gone to: a rail beside the page, a sheet where there is no room for one.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::super::fleet::use_fleet;
use crate::api::base;
use crate::i18n::*;
use crate::pages::{entries, entry_word};
use crate::routes::Place;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::menu::close;

/// The sheet's id.
pub(super) const SHEET: &str = "sheet";

/// Where one is, as far as the frame cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Here {
    /// The connection's name.
    pub(super) connection: Option<String>,
    /// The first segment after it.
    pub(super) page: Option<String>,
}

/// Reads it from the address.
pub(super) fn current(pathname: &str) -> Here {
    read(&base(), pathname)
}

fn read(base: &str, pathname: &str) -> Here {
    let mut segments = pathname.strip_prefix(base).unwrap_or(pathname).split('/').filter(|segment| !segment.is_empty());
    if segments.next() != Some("connections") {
        return Here::default();
    }
    Here { connection: segments.next().map(decode), page: segments.next().map(str::to_owned) }
}

fn decode(segment: &str) -> String {
    js_sys::decode_uri_component(segment).map_or_else(|_| segment.to_owned(), Into::into)
}

/// The rail.
#[component]
pub(super) fn Rail() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="rail" aria-label=move || t_string!(i18n, frame.pages)>
            <Links />
        </nav>
    }
}

/// The same pages in a sheet.
#[component]
pub(super) fn Sheet() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav
            class="sheet"
            id=SHEET
            popover="auto"
            aria-label=move || t_string!(i18n, frame.pages)
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
    let location = use_location();
    let here = Memo::new(move |_| current(&location.pathname.get()));
    let connection = Memo::new(move |_| {
        let name = here.get().connection?;
        fleet.value.with(|list| list.as_ref()?.iter().find(|connection| connection.name == name).cloned())
    });
    let at = move |place: Place| {
        let href = place.href();
        Signal::derive(move || location.pathname.get().trim_end_matches('/') == href.trim_end_matches('/'))
    };
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
                current=at(Place::Fleet)
                word=Signal::derive(move || t_string!(i18n, fleet.title).to_string())
            />
            <Link
                place=Place::Activity
                glyph=Glyph::Pulse
                current=at(Place::Activity)
                word=Signal::derive(move || t_string!(i18n, frame.activity).to_string())
            />
        </div>
        <Show when=move || connection.with(Option::is_some)>
            <div class="rail-part">
                <p class="rail-title">{move || connection.get().map(|connection| connection.title)}</p>
                <For each=pages key=|(entry, place)| (entry.segment, place.path()) let:page>
                    <Link
                        glyph=page.0.glyph
                        current=Signal::derive(move || here.get().page.as_deref() == Some(page.0.segment))
                        word=Signal::derive(move || entry_word(i18n, page.0))
                        place=page.1
                    />
                </For>
            </div>
        </Show>
    }
}

#[component]
fn Link(place: Place, glyph: Glyph, current: Signal<bool>, word: Signal<String>) -> impl IntoView {
    view! {
        <a class="rail-link" href=place.href() aria-current=move || current.get().then_some("page")>
            <Icon glyph=glyph />
            <span>{move || word.get()}</span>
        </a>
    }
}
