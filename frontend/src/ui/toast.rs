//! Short notices that pass: for what has no place on the page, such as "Copied". Never for errors of a form.

use std::time::Duration;

use leptos::prelude::*;

/// Where notices are said.
#[derive(Clone, Copy)]
pub(crate) struct Toasts(RwSignal<Vec<(u32, String)>>);

impl Toasts {
    /// Says something for a few seconds.
    pub(crate) fn say(self, text: impl Into<String>) {
        let id = self.0.with_untracked(|list| list.last().map_or(0, |(id, _)| id + 1));
        self.0.update(|list| list.push((id, text.into())));
        set_timeout(move || self.0.update(|list| list.retain(|(other, _)| *other != id)), Duration::from_secs(4));
    }
}

/// Makes notices possible below.
pub(crate) fn provide_toasts() {
    provide_context(Toasts(RwSignal::new(Vec::new())));
}

/// Where notices are said.
pub(crate) fn use_toasts() -> Toasts {
    expect_context()
}

/// Where they appear; once, at the root.
#[component]
pub(crate) fn ToastArea() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status">
            <For each=move || toasts.0.get() key=|(id, _)| *id let:toast>
                <p class="toast">{toast.1}</p>
            </For>
        </div>
    }
}
