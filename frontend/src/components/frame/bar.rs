//! The bar: mark, place, freshness, language, theme, person.

use crate::ui::live::{memo, string, when};
use leptos::prelude::*;

use super::super::fleet::use_fleet;
use super::super::freshness::FreshnessDot;
use super::super::place::use_place;
use super::super::preferences::{LANGUAGES, Theme, tag, use_preferences};
use super::overlay::{Over, Overlay, use_overlay};
use super::rail::SHEET;
use crate::api::session::{self, Session};
use crate::i18n::*;
use crate::pages::{entries, entry_word, is_within};
use crate::routes::Place;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::menu::Menu;
use crate::ui::toast::use_toasts;

/// The bar.
#[component]
pub(super) fn Bar() -> impl IntoView {
    let Overlay(over) = use_overlay();
    view! {
        <div class="bar">
            <button
                class="button button-quiet button-icon bar-sheet"
                type="button"
                popovertarget=SHEET
                aria-label=words!(frame.pages)
            >
                <Icon glyph=Glyph::Lines />
            </button>
            <a class="bar-mark" href=Place::Fleet.href() aria-label=words!(frame.home)>
                <LogoMark />
                <span class="bar-name" aria-hidden="true">
                    "Howdah"
                </span>
            </a>
            <PlaceTrail />
            <div class="bar-end">
                <FreshnessDot />
                <button
                    class="button button-quiet button-icon bar-find"
                    type="button"
                    aria-label=words!(frame.find)
                    title=words!(frame.find)
                    aria-keyshortcuts="Control+K Meta+K"
                    on:click=move |_| over.set(Some(Over::Palette))
                >
                    <Icon glyph=Glyph::Lens />
                </button>
                <LanguageMenu />
                <ThemeMenu />
                <PersonMenu />
            </div>
        </div>
    }
}

/// The mark: a canopy over a seat on a back.
#[component]
pub(crate) fn LogoMark() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path class="logo-canopy" d="M4 9.5C5.2 5.5 8.2 3 12 3s6.8 2.5 8 6.500z" />
            <path class="logo-posts" d="M6.5 9.500v5.500M17.5 9.500v5.500M12 9.500v3" />
            <path class="logo-back" d="M3 20.500c.6-3.6 4-5.5 9-5.500s8.4 1.9 9 5.5" />
        </svg>
    }
}

/// Where one is: connection and page, each a menu of its siblings.
#[component]
fn PlaceTrail() -> impl IntoView {
    let i18n = use_i18n();
    let fleet = use_fleet();
    let here = use_place();
    let name = memo(move || here.with(|here| here.as_ref()?.connection().map(str::to_owned)));
    let connections = move || fleet.value.get().unwrap_or_default();
    let connection = memo(move || {
        let name = name.get()?;
        let title = connections().into_iter().find(|connection| connection.name == name);
        Some(title.map_or(name, |connection| connection.title))
    });
    let system = memo(move || {
        let name = name.get()?;
        connections().into_iter().find(|connection| connection.name == name).map(|connection| connection.system)
    });
    let page = memo(move || {
        let system = system.get()?;
        let here = here.get();
        entries(&system).iter().find(|entry| is_within(here.as_ref(), **entry)).copied()
    });
    view! {
        <nav class="trail" aria-label=words!(frame.place)>
            {when(move || connection.with(Option::is_some), move || view! {
                <span class="trail-cut" aria-hidden="true">
                    "/"
                </span>
                <Menu
                    id="menu-connections"
                    label=Signal::derive(move || {
                        format!("{} · {}", connection.get().unwrap_or_default(), t_string!(i18n, frame.connections))
                    })
                    button=move || {
                        view! {
                            <span class="trail-word">{string(move || connection.get().unwrap_or_default())}</span>
                            <Icon glyph=Glyph::Down />
                        }
                    }
                >
                    <a class="menu-item" href=Place::Fleet.href()>
                        {words!(fleet.title)}
                    </a>
                    <For each=connections key=|connection| connection.name.clone() let:one>
                        <a
                            class="menu-item"
                            href=Place::Connection(one.name.clone()).href()
                            aria-current=move || {
                                (name.with(|name| name.as_ref() == Some(&one.name))).then_some("true")
                            }
                        >
                            {one.title.clone()}
                        </a>
                    </For>
                </Menu>
            }.into_any())}
            {when(move || page.with(Option::is_some), move || view! {
                <span class="trail-cut trail-here" aria-hidden="true">
                    "/"
                </span>
                <span class="trail-here">{string(move || page.get().map(|entry| entry_word(i18n, entry)).unwrap_or_default())}</span>
            }.into_any())}
        </nav>
    }
}

#[component]
fn LanguageMenu() -> impl IntoView {
    let preferences = use_preferences();
    let items = LANGUAGES.iter().map(move |(language, name)| {
        let chosen = move || preferences.language.get() == *language;
        view! {
            <button
                class="menu-item"
                type="button"
                lang=tag(*language)
                aria-pressed=move || if chosen() { "true" } else { "false" }
                on:click=move |_| preferences.choose_language(*language)
            >
                {*name}
            </button>
        }
    });
    view! {
        <Menu
            id="menu-language"
            class="button button-quiet button-icon"
            label=words!(frame.language)
            button=|| view! { <Icon glyph=Glyph::Globe /> }
        >
            {items.collect_view()}
        </Menu>
    }
}

#[component]
fn ThemeMenu() -> impl IntoView {
    let i18n = use_i18n();
    let preferences = use_preferences();
    let word = move |theme| match theme {
        Theme::System => t_string!(i18n, frame.theme_system),
        Theme::Light => t_string!(i18n, frame.theme_light),
        Theme::Dark => t_string!(i18n, frame.theme_dark),
    };
    let items = [Theme::System, Theme::Light, Theme::Dark].into_iter().map(move |theme| {
        view! {
            <button
                class="menu-item"
                type="button"
                aria-pressed=move || if preferences.theme.get() == theme { "true" } else { "false" }
                on:click=move |_| preferences.choose_theme(theme)
            >
                {string(move || word(theme).to_owned())}
            </button>
        }
    });
    view! {
        <Menu
            id="menu-theme"
            class="button button-quiet button-icon"
            label=words!(frame.theme)
            button=|| view! { <Icon glyph=Glyph::Theme /> }
        >
            {items.collect_view()}
        </Menu>
    }
}

#[component]
fn PersonMenu() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = session::session();
    let me = memo(move || match session.get() {
        Session::In(me) => Some(me),
        _ => None,
    });
    let name = Signal::derive(move || me.get().map(|me| me.principal).unwrap_or_default());
    let sign_out = move |_| {
        leptos::task::spawn_local(async move {
            if let Err(problem) = session::sign_out().await {
                toasts.say(super::super::problem::sentence(i18n, &problem));
            }
        });
    };
    view! {
        <Menu
            id="menu-person"
            class="button button-quiet button-icon"
            label=Signal::derive(move || t_string!(i18n, frame.person, name = name.get()).to_string())
            button=|| view! { <Icon glyph=Glyph::Person /> }
        >
            <p class="menu-note">
                <span>{words!(frame.signed_in_as)}</span>
                <strong>{name}</strong>
            </p>
            {when(move || me.with(|me| me.as_ref().is_some_and(|me| me.session)), move || view! {
                <button class="menu-item" type="button" on:click=sign_out>
                    {words!(frame.sign_out)}
                </button>
            }.into_any())}
        </Menu>
    }
}
