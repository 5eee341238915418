//! Parts of a page. Each is an address of its own, so these are links.

use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tab {
    /// Where it leads.
    pub(crate) href: String,
    /// Its words.
    pub(crate) word: String,
    /// Whether it is the one that is shown.
    pub(crate) current: bool,
}

/// A row of tabs.
#[component]
pub(crate) fn Tabs(
    /// What they are parts of.
    #[prop(into)]
    label: Signal<String>,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            <For each=move || tabs.get() key=|tab| (tab.href.clone(), tab.word.clone(), tab.current) let:tab>
                <a class="tab" href=tab.href aria-current=tab.current.then_some("page")>{tab.word}</a>
            </For>
        </nav>
    }
}
