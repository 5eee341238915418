//! How old the picture is: a dot in the bar for the page's main read, and a note above what has gone stale.

use crate::ui::live::{memo, when};
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use super::place::use_place;
use super::problem::is_gone;
use super::telling::{Telling, Told};
use crate::api::Polled;
use crate::i18n::*;
use crate::ui::format;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::mark::{Kind, Mark};
use crate::ui::time::use_clock;

/// What the bar shows of the page's main read.
#[derive(Clone, Copy)]
struct Watched {
    seen: RwSignal<Option<f64>>,
    problem: RwSignal<Option<Problem>>,
    refresh: Callback<()>,
}

/// The page's main read, where it has one.
#[derive(Clone, Copy)]
pub(crate) struct Freshness(RwSignal<Option<Watched>>);

/// Makes freshness known below.
pub(crate) fn provide_freshness() {
    provide_context(Freshness(RwSignal::new(None)));
}

/// Makes a polled read the page's main one, until the page is left.
pub(crate) fn watch<T: Send + Sync + 'static>(polled: Polled<T>) {
    let Freshness(current) = expect_context();
    let watched =
        Watched { seen: polled.seen, problem: polled.problem, refresh: Callback::new(move |()| polled.refresh()) };
    current.set(Some(watched));
    on_cleanup(move || {
        // The next page may already have put its own there.
        current.update(|current| {
            if current.is_some_and(|current| current.seen == polled.seen) {
                *current = None;
            }
        });
    });
}

/// The dot in the bar; a press asks again.
#[component]
pub(crate) fn FreshnessDot() -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let Freshness(current) = expect_context();
    let place = use_place();
    let age = memo(move || {
        let seen = current.get()?.seen.get()?;
        Some(format::ago(i18n.get_locale(), clock.now.get() - seen))
    });
    let failing = memo(move || current.get().is_some_and(|watched| watched.problem.with(Option::is_some)));
    // Of what is not there nothing is old or new.
    let gone = memo(move || {
        let Some(watched) = current.get() else { return true };
        let is_gone = |problem: &Problem| place.with(|place| is_gone(place.as_ref(), problem));
        let gone = watched.problem.with(|problem| problem.as_ref().is_some_and(is_gone));
        gone && watched.seen.with(Option::is_none)
    });
    let words = move || match (age.get(), failing.get()) {
        (Some(age), _) => age,
        (None, true) => t_string!(i18n, freshness.none).to_string(),
        (None, false) => t_string!(i18n, freshness.first).to_string(),
    };
    view! {
        {when(move || !gone.get(), move || view! {
            <button
                class="button button-quiet freshness"
                class:freshness-asking=move || age.with(Option::is_none)
                class:freshness-failing=move || failing.get()
                type="button"
                aria-label=move || t_string!(i18n, freshness.refresh, age = words())
                title=move || t_string!(i18n, freshness.refresh, age = words())
                on:click=move |_| {
                    if let Some(watched) = current.get_untracked() {
                        watched.refresh.run(());
                    }
                }
            >
                <span class="freshness-dot" aria-hidden="true"></span>
                <span class="freshness-age">{words}</span>
                <Icon glyph=Glyph::Again />
            </button>
        }.into_any())}
    }
}

/// A note above the last good picture while newer ones cannot be had: its age, and why.
#[component]
pub(crate) fn StaleNote(
    /// When the picture was seen.
    #[prop(into)]
    seen: Signal<Option<f64>>,
    /// Why there is no newer one.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let old = memo(move || {
        let age = format::duration(i18n.get_locale(), clock.now.get() - seen.get()?);
        Some(t_string!(i18n, freshness.old, age = age).to_string())
    });
    view! {
        {when(move || problem.with(Option::is_some) && seen.with(Option::is_some), move || view! {
            <div class="stale" role="status">
                <Mark kind=Kind::Stale word=Signal::derive(move || old.get().unwrap_or_default()) />
                <Told telling=Signal::derive(move || problem.with(|problem| problem.as_ref().map(Telling::from).unwrap_or_default())) />
            </div>
        }.into_any())}
    }
}
