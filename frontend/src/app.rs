//! The root: contexts, and the page that stands at the address.

use crate::ui::live::{effect, live, memo};
use leptos::prelude::*;
use leptos_i18n::context::UseLocalesOptions;

use crate::address;
use crate::api::ahead;
use crate::components::fleet::{use_connection, use_fleet};
use crate::components::frame::Frame;
use crate::components::freshness::provide_freshness;
use crate::components::page::{Announcer, provide_announcer};
use crate::components::place::{provide_place, use_place};
use crate::components::preferences::provide_preferences;
use crate::i18n::I18nSubContextProvider;
use crate::pages::entries;
use crate::pages::fleet::FleetPage;
use crate::pages::not_found::NotFound;
use crate::pages::parts::{self, Part};
use crate::pages::sign_in::SignInPage;
use crate::routes::Place;
use crate::ui::time::provide_clock;
use crate::ui::toast::{ToastArea, provide_toasts};

/// The console.
#[component]
pub(crate) fn App() -> impl IntoView {
    let preferences = provide_preferences();
    provide_clock();
    provide_toasts();
    provide_announcer();
    provide_freshness();
    address::follow();
    view! {
        <I18nSubContextProvider
            initial_locale=preferences.language
            ssr_lang_header_getter=UseLocalesOptions::default().ssr_lang_header_getter(|| None)
        >
            <Here />
            <Announcer />
            <ToastArea />
        </I18nSubContextProvider>
    }
}

/// The page at the address, in its frame.
#[component]
fn Here() -> impl IntoView {
    let place = provide_place();
    // Without waiting for who is signed in.
    place.with_untracked(|place| {
        if let Some(place) = place {
            parts::begin(place);
        }
    });
    view! { <Frame sign_in=|| view! { <SignInPage /> }.into_any()>{live(move || page(place.get()))}</Frame> }
}

fn page(place: Option<Place>) -> AnyView {
    if place.as_ref().is_none_or(|place| Part::of(place).is_empty()) {
        ahead::end();
    }
    match place {
        Some(Place::Fleet) => view! { <FleetPage /> }.into_any(),
        // Stands without the frame; seen here only while the frame makes room for it.
        Some(Place::SignIn) => ().into_any(),
        Some(Place::Connection(connection)) => view! { <FirstPage connection /> }.into_any(),
        Some(place) => parts::page(place),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// A connection's own address leads to the first page of its system.
#[component]
fn FirstPage(connection: String) -> impl IntoView {
    let one = use_connection(&connection);
    let fleet = use_fleet();
    let place = use_place();
    let first = memo(move || {
        let one = one.get()?;
        entries(&one.system).first().map(|entry| (entry.place)(one.name))
    });
    effect(move || {
        if let Some(first) = first.get()
            && matches!(place.get_untracked(), Some(Place::Connection(_)))
        {
            address::replace(&first.href());
        }
    });
    let nowhere = memo(move || first.with(Option::is_none) && fleet.value.with(Option::is_some));
    move || nowhere.get().then(|| view! { <NotFound /> })
}
