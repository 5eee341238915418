//! What lies over the page when a key asks for it: the palette, and the list of keys.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::browser;
use crate::pages::parts::{Part, page_of};
use crate::routes::Place;
use crate::ui::live::when;

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// Everything that can be gone to or done, by typing.
    Palette,
    /// Which keys do what.
    Keys,
}

/// What lies over the page now, if anything.
#[derive(Clone, Copy)]
pub(crate) struct Overlay(pub(crate) RwSignal<Option<Over>>);

/// What lies over the page now.
pub(crate) fn use_overlay() -> Overlay {
    expect_context()
}

/// Begins to listen for the keys: Ctrl or ⌘ with K, and the question mark where nobody writes.
pub(super) fn provide_overlay() {
    let over = RwSignal::new(None);
    provide_context(Overlay(over));
    if browser::ABSENT {
        return;
    }
    let listener = window_event_listener(ev::keydown, move |event| {
        let command = event.ctrl_key() || event.meta_key();
        let asked = match event.key().as_str() {
            "k" | "K" if command => Over::Palette,
            "?" if !command && !writes(&event) => Over::Keys,
            _ => return,
        };
        event.prevent_default();
        over.set(Some(asked));
    });
    on_cleanup(move || listener.remove());
}

/// Whether what is typed belongs to a field.
fn writes(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// The overlay, loaded when it is first asked for.
#[component]
pub(super) fn OverPage() -> impl IntoView {
    let Overlay(over) = use_overlay();
    when(
        move || over.with(Option::is_some),
        || view! { <div class="over">{page_of(Part::Palette, Place::Fleet)}</div> }.into_any(),
    )
}
