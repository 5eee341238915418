//! The mark of a state: a shape, a word and a colour, the same everywhere.

use crate::ui::live::{live, memo};
use leptos::prelude::*;

/// What kind of state it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Not begun yet.
    Waiting,
    /// Under way.
    Moving,
    /// Well, or ended well.
    Good,
    /// Ended by someone.
    Ended,
    /// Broken, or ended badly.
    Broken,
    /// Not known.
    Unknown,
    /// Known, but old.
    Stale,
    /// Possible, but perhaps not meant.
    Caution,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Kind::Waiting => "mark mark-waiting",
            Kind::Moving => "mark mark-moving",
            Kind::Good => "mark mark-good",
            Kind::Ended => "mark mark-ended",
            Kind::Broken => "mark mark-broken",
            Kind::Unknown => "mark mark-unknown",
            Kind::Stale => "mark mark-stale",
            Kind::Caution => "mark mark-caution",
        }
    }

    /// The shape, of class `mark-fill` where it is filled.
    fn shape(self) -> AnyView {
        match self {
            Kind::Waiting => view! { <circle cx="8" cy="8" r="5" /> }.into_any(),
            Kind::Moving => view! {
                <circle class="mark-track" cx="8" cy="8" r="5" />
                <path class="mark-turn" d="M8 3a5 5 0 0 1 5 5" />
            }
            .into_any(),
            Kind::Good => view! {
                <circle class="mark-fill" cx="8" cy="8" r="6" />
                <path class="mark-cut" d="M5.2 8.300l2 2 3.7-4.2" />
            }
            .into_any(),
            Kind::Ended => view! { <rect class="mark-fill" x="3" y="3" width="10" height="10" rx="1.5" /> }.into_any(),
            Kind::Broken => view! {
                <circle class="mark-fill" cx="8" cy="8" r="6" />
                <path class="mark-cut" d="M5.8 5.800l4.4 4.400M10.2 5.800l-4.4 4.4" />
            }
            .into_any(),
            Kind::Unknown => view! {
                <circle class="mark-dashed" cx="8" cy="8" r="6" />
                <path class="mark-sign" d="M6.3 6.400c.2-2 3.4-1.9 3.4 0 0 1.3-1.7 1.3-1.7 2.600M8 11.200v.01" />
            }
            .into_any(),
            Kind::Stale => view! {
                <circle cx="8" cy="8" r="5.5" />
                <path d="M8 4.800V8l2.2 1.5" />
            }
            .into_any(),
            Kind::Caution => view! {
                <path d="M8 2.500l6 11h-12z" />
                <path d="M8 6.800v2.800M8 11.600v.01" />
            }
            .into_any(),
        }
    }
}

/// The mark with its word.
#[component]
pub(crate) fn Mark(
    /// Which shape.
    #[prop(into)]
    kind: Signal<Kind>,
    /// The word beside it.
    #[prop(into)]
    word: Signal<String>,
) -> impl IntoView {
    let kind = memo(move || kind.get());
    view! {
        <span class=move || kind.get().class()>
            <svg class="mark-shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                {live(move || kind.get().shape())}
            </svg>
            <span class="mark-word">{word}</span>
        </span>
    }
}
