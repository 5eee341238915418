//! Buttons, and links that look like them.

use leptos::prelude::*;

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The page's one primary action.
    Primary,
    /// Destroys something.
    Danger,
    /// Any other.
    #[default]
    Plain,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Weight::Primary => "button button-primary",
            Weight::Danger => "button button-danger",
            Weight::Plain => "button",
        }
    }
}

/// A button. One that cannot be pressed stays where it is, can be reached by keyboard, and says why.
#[component]
pub(crate) fn Button(
    /// How much it stands out.
    #[prop(default = Weight::Plain)]
    weight: Weight,
    /// `submit` within a form.
    #[prop(default = "button")]
    kind: &'static str,
    /// Why it cannot be pressed now.
    #[prop(into, default = Signal::stored(None))]
    off: Signal<Option<String>>,
    /// Whether what it began is still under way.
    #[prop(into, default = Signal::stored(false))]
    busy: Signal<bool>,
    /// What it does.
    #[prop(into, default = Callback::new(|()| ()))]
    press: Callback<()>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let stopped = move || busy.get() || off.with(Option::is_some);
    view! {
        <button
            class=weight.class()
            type=kind
            aria-disabled=move || stopped().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            title=off
            on:click=move |event| {
                if stopped() {
                    event.prevent_default();
                } else if kind != "submit" {
                    press.run(());
                }
            }
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub(crate) fn ButtonLink(
    /// How much it stands out.
    #[prop(default = Weight::Plain)]
    weight: Weight,
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=weight.class() href=move || href.get()>
            {children()}
        </a>
    }
}
