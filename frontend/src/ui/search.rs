//! The line in which what a page lists is searched.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// The line.
#[component]
pub(crate) fn Search(
    /// What is looked for, in words.
    #[prop(into)]
    label: Signal<String>,
    /// What is typed.
    text: RwSignal<String>,
    /// Somebody is about to type.
    #[prop(into, default = Callback::new(|()| ()))]
    on_focus: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="search">
            <Icon glyph=Glyph::Lens />
            <input
                class="input search-input"
                id="filter"
                type="search"
                autocomplete="off"
                spellcheck="false"
                aria-label=label
                placeholder=label
                prop:value=text
                on:focus=move |_| on_focus.run(())
                on:input=move |event| text.set(event_target_value(&event))
            />
        </div>
    }
}
