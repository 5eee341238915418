//! A page's head, its title in the window, and its announcement.

use crate::ui::live::effect;
use leptos::html;
use leptos::prelude::*;

use super::settled;

/// What the live region says after a change of page.
#[derive(Clone, Copy)]
struct Announced(RwSignal<String>);

/// Makes announcements possible below.
pub(crate) fn provide_announcer() {
    provide_context(Announced(RwSignal::new(String::new())));
}

/// The live region; once, at the root.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let Announced(text) = expect_context();
    view! {
        <div class="visually-hidden" role="status" aria-live="polite" id="announcer">
            {text}
        </div>
    }
}

/// A page's head: its name, what identifies it, and what can be done. Coming to the page moves the focus to its name
/// and announces it.
#[component]
pub(crate) fn PageHead(
    /// The page's name.
    #[prop(into)]
    title: Signal<String>,
    /// State and the few facts that identify what the page is about.
    #[prop(optional, into)]
    facts: ViewFnOnce,
    /// Actions, the primary one first; on a phone they stand in a [`PageFoot`] instead.
    #[prop(optional, into)]
    acts: ViewFnOnce,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let Announced(announced) = expect_context();
    effect(move || document().set_title(&format!("{} · Howdah", title.get())));
    Effect::new(move |before: Option<bool>| {
        let Some(node) = heading.get() else { return before == Some(true) };
        if before != Some(true) {
            announced.set(title.get_untracked());
            // The first page of a visit leaves the focus where the browser put it.
            if arrived_before() {
                let _ = node.focus();
            }
            settled::check();
        }
        true
    });
    view! {
        <header class="page-head">
            <div class="page-head-name">
                <h1 tabindex="-1" node_ref=heading>
                    {title}
                </h1>
                <div class="page-head-facts">{facts.run()}</div>
            </div>
            <div class="page-head-acts">{acts.run()}</div>
        </header>
    }
}

/// The last of a page: on a phone its actions, where the thumb is, after all that they are about.
#[component]
pub(crate) fn PageFoot(
    /// The same as in the head.
    children: Children,
) -> impl IntoView {
    view! { <div class="page-foot">{children()}</div> }
}

/// Whether a page has been shown before this one.
fn arrived_before() -> bool {
    thread_local! {
        static ARRIVED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    }
    ARRIVED.replace(true)
}
