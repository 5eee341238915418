//! Identifying facts as a description list.

use leptos::prelude::*;

use super::live::{memo, string, when};

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

/// A fact that is left out while it is not told. It is drawn anew only when its text changes.
pub(crate) fn told(name: Signal<String>, text: impl Fn() -> Option<String> + Send + Sync + 'static) -> AnyView {
    let text = memo(move || text().filter(|text| !text.trim().is_empty()));
    let words = string(move || text.get().unwrap_or_default());
    when(move || text.with(Option::is_some), move || view! { <Fact name=name>{words}</Fact> }.into_any())
}
