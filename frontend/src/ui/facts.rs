//! Identifying facts as a description list.

use leptos::prelude::*;

/// The list; its children are [`Fact`]s.
#[component]
pub(crate) fn Facts(
    /// The facts.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// A name and its value.
#[component]
pub(crate) fn Fact(
    /// The name.
    #[prop(into)]
    name: Signal<String>,
    /// Whether the value is long and takes a line of its own.
    #[prop(default = false)]
    wide: bool,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="fact" class:fact-wide=wide>
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
