//! A page or a part of it that has nothing to show, and why.

use leptos::prelude::*;

use super::mark::{Kind, Mark};

/// Says what would be here and the way to get it, or what happened and what can be done.
#[component]
pub(crate) fn Blank(
    /// A heading of a few words.
    #[prop(into)]
    title: Signal<String>,
    /// The mark before the heading, where it is about something broken or unknown.
    #[prop(optional_no_strip)]
    mark: Option<Kind>,
    /// A sentence.
    #[prop(into, default = Signal::stored(String::new()))]
    text: Signal<String>,
    /// Ways on: links and buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="blank">
            <p class="blank-title">
                {match mark {
                    Some(kind) => view! { <Mark kind=kind word=title /> }.into_any(),
                    None => view! { {title} }.into_any(),
                }}
            </p>
            <p class="blank-text" hidden=move || text.with(String::is_empty)>{text}</p>
            {children.map(|children| view! { <div class="blank-ways">{children()}</div> })}
        </div>
    }
}
