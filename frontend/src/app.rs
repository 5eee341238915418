//! The root: contexts, router, and what page stands at what address.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Redirect, Route, Router};
use leptos_router::hooks::use_params_map;
use leptos_router::path;

use crate::api::base;
use crate::components::fleet::use_connection;
use crate::components::frame::Frame;
use crate::components::freshness::provide_freshness;
use crate::components::page::{Announcer, provide_announcer};
use crate::components::preferences::provide_preferences;
use crate::i18n::I18nSubContextProvider;
use crate::pages::entries;
use crate::pages::fleet::FleetPage;
use crate::pages::not_found::NotFound;
use crate::pages::sign_in::SignInPage;
use crate::pages::yarn::applications::Applications;
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
    view! {
        <I18nSubContextProvider initial_locale=preferences.language>
            <Router base=base()>
                <Frame>
                    <FlatRoutes fallback=|| view! { <NotFound /> }.into_any()>
                        <Route path=path!("/") view=|| view! { <FleetPage /> }.into_any() />
                        <Route path=path!("/sign-in") view=|| view! { <SignInPage /> }.into_any() />
                        <Route path=path!("/connections/:connection") view=first_page />
                        <Route
                            path=path!("/connections/:connection/applications")
                            view=of_one(["connection"], |[connection]| view! { <Applications connection /> }.into_any())
                        />
                    </FlatRoutes>
                </Frame>
                <Announcer />
                <ToastArea />
            </Router>
        </I18nSubContextProvider>
    }
}

/// A page about what some path parameters name: made anew when one of them changes.
fn of_one<const N: usize>(
    names: [&'static str; N],
    page: fn([String; N]) -> AnyView,
) -> impl Fn() -> AnyView + Clone + Send + 'static {
    move || {
        let parameters = use_params_map();
        let values = Memo::new(move |_| parameters.with(|map| names.map(|name| map.get(name).unwrap_or_default())));
        (move || page(values.get())).into_any()
    }
}

/// A connection's own address leads to the first page of its system.
fn first_page() -> AnyView {
    let parameters = use_params_map();
    let name = parameters.with_untracked(|map| map.get("connection").unwrap_or_default());
    let connection = use_connection(&name);
    let fleet = crate::components::fleet::use_fleet();
    let known = Memo::new(move |_| fleet.value.with(Option::is_some));
    (move || match (
        connection.get().and_then(|one| entries(&one.system).first().map(|e| (e.place)(one.name))),
        known.get(),
    ) {
        (Some(place), _) => view! { <Redirect path=place.path() /> }.into_any(),
        (None, true) => view! { <NotFound /> }.into_any(),
        (None, false) => ().into_any(),
    })
    .into_any()
}
