//! What stands around every page: bar, rail, stripe; and the way to the sign-in page when nobody is in.

mod bar;
mod overlay;
mod rail;

use crate::ui::live::{effect, live, memo, when};
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use super::fleet::provide_fleet;
use super::place::use_place;
use super::preferences::use_preferences;
use super::problem::ProblemView;
use crate::address;
use crate::api::session::{self, Session};
use crate::api::socket::{provide_line, renewed};
use crate::routes::Place;
use crate::ui::button::Button;
use crate::ui::skeleton::Skeleton;
use crate::ui::time::use_clock;
use bar::Bar;
pub(crate) use bar::LogoMark;
pub(crate) use overlay::{Over, Overlay, use_overlay};
use overlay::{OverPage, provide_overlay};
use rail::{Rail, Sheet};

/// What stands at the root.
#[derive(Clone, Debug, PartialEq)]
enum Standing {
    /// The page on which one signs in, without a frame.
    SignIn,
    /// The frame with the page in it.
    Inside,
    /// Why the proxy could not say who is in.
    Failed(Problem),
    /// It has not said yet.
    Waiting,
}

/// The frame; its children are the page, drawn once somebody is in.
#[component]
pub(crate) fn Frame(
    /// The page on which one signs in. It is not among the children: those may be drawn only inside.
    sign_in: fn() -> AnyView,
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    ask_first();
    let place = use_place();
    let at_sign_in = memo(move || place.with(|place| *place == Some(Place::SignIn)));
    let session = session::session();
    lead_to_sign_in(session.clone(), at_sign_in);
    keep_clock(session.clone());
    let standing = memo(move || match session.get() {
        _ if at_sign_in.get() => Standing::SignIn,
        Session::In(_) => Standing::Inside,
        Session::Failed(problem) => Standing::Failed(problem),
        Session::Unknown | Session::Out => Standing::Waiting,
    });
    let retry = Callback::new(|()| leptos::task::spawn_local(session::ask()));
    let children = StoredValue::new(children);
    live(move || match standing.get() {
        Standing::SignIn => sign_in(),
        Standing::Inside => {
            provide_fleet();
            provide_line();
            view! { <Inside>{children.with_value(|children| children())}</Inside> }.into_any()
        }
        Standing::Failed(problem) => view! {
            <main class="alone">
                <ProblemView problem=Signal::stored(problem) retry=retry />
            </main>
        }
        .into_any(),
        Standing::Waiting => view! {
            <main class="alone">
                <Skeleton label=words!(frame.loading) />
            </main>
        }
        .into_any(),
    })
}

/// Keeps the page's clock in step with the proxy's.
fn keep_clock(session: ArcRwSignal<Session>) {
    let clock = use_clock();
    effect(move || {
        session.with(|session| {
            if let Session::In(me) = session {
                clock.ahead.set(me.now as f64 - js_sys::Date::now());
            }
        });
    });
}

/// Bar, rail and page.
#[component]
fn Inside(children: Children) -> impl IntoView {
    let preferences = use_preferences();
    let session = session::session();
    let sandbox = memo(move || session.with(|session| matches!(session, Session::In(me) if me.sandbox)));
    let renewed = renewed();
    provide_overlay();
    let page = view! {
        <main class="page" id="page">
            {children()}
        </main>
        {when(move || renewed.get(), || view! {
            <p class="renewed" role="status">
                <span>{words!(frame.renewed)}</span>
                <Button press=Callback::new(|()| reload())>{words!(part.reload)}</Button>
            </p>
        }.into_any())}
        <OverPage />
    };
    if preferences.embedded {
        return view! { <div class="frame frame-embedded">{page}</div> }.into_any();
    }
    view! {
        <div class="frame">
            <a class="skip" href="#page" on:click=skip>
                {words!(frame.skip)}
            </a>
            <header class="top">
                {when(move || sandbox.get(), move || view! {
                    <p class="stripe">
                        <strong>{words!(frame.sandbox)}</strong>
                        <span class="stripe-more">{words!(frame.sandbox_more)}</span>
                    </p>
                }.into_any())}
                <Bar />
            </header>
            <Rail />
            <Sheet />
            {page}
        </div>
    }
    .into_any()
}

/// Loads the page anew.
pub(crate) fn reload() {
    // A browser that refuses leaves the page as it is.
    let _ = window().location().reload();
}

/// Moves the focus past bar and rail. The address must not become a fragment of the base.
fn skip(event: web_sys::MouseEvent) {
    event.prevent_default();
    let heading = document().query_selector("#page h1").ok().flatten();
    if let Some(heading) =
        heading.and_then(|heading| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(heading).ok())
    {
        let _ = heading.focus();
    }
}

fn ask_first() {
    if session::session().with_untracked(|session| matches!(session, Session::Unknown | Session::Failed(_))) {
        let pending = super::settled::begin();
        leptos::task::spawn_local(async move {
            session::begin().await;
            drop(pending);
        });
    }
}

fn lead_to_sign_in(session: ArcRwSignal<Session>, there: Memo<bool>) {
    effect(move || {
        if session.with(|session| *session == Session::Out) && !there.get_untracked() {
            let from = address::here().with_untracked(|here| format!("{}{}", here.pathname, here.search));
            address::replace(&Place::SignIn.href_with(&[("next", &from)]));
        }
    });
}
