//! The shape of a page whose data has not come yet; drawn only after a moment, so that a quick answer never flickers.

use leptos::prelude::*;

/// Lines where text will be.
#[component]
pub(crate) fn Skeleton(
    /// What is loading, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
    /// `skeleton-rows` for table rows, `skeleton-cards` for cards, the class of what comes for that, empty for text.
    #[prop(default = "")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <div class=format!("skeleton {class}") role="status">
            <span class="visually-hidden">{label}</span>
            {(0..lines).map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
