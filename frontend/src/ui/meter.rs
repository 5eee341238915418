//! How much of something is used: a bar that shows at once when it is more than was meant.

use leptos::prelude::*;

use super::live::{memo, string};

/// What a bar shows; shares of 1, which is the end of the bar.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Share {
    /// What is used.
    pub(crate) used: f64,
    /// What is set aside besides.
    pub(crate) reserved: f64,
    /// Up to where it is meant to be used: drawn as a line across.
    pub(crate) meant: Option<f64>,
    /// Up to where it may be used: beyond it the bar is hatched.
    pub(crate) most: Option<f64>,
}

impl Share {
    /// What is used as it is meant.
    fn within(self) -> f64 {
        self.used.min(self.meant.unwrap_or(f64::INFINITY)).clamp(0.0, 1.0)
    }

    /// What is used beyond what is meant, as far as the bar goes.
    fn over(self) -> f64 {
        (self.used.min(1.0) - self.within()).max(0.0)
    }

    /// Whether no more can be used.
    fn is_full(self) -> bool {
        self.most.is_some_and(|most| self.used >= most - 1e-6 && self.used > 0.0)
    }
}

/// The bar. It is drawn beside its figures, which say the same. Its parts are always there, and what is shown only moves
/// them: tables draw many, time and again.
#[component]
pub(crate) fn Meter(
    /// What it shows.
    #[prop(into)]
    share: Signal<Share>,
) -> impl IntoView {
    let share = memo(move || share.get());
    let at = |part: fn(Share) -> f64| string(move || format!("{:.2}%", part(share.get()) * 100.0));
    view! {
        <span
            class="meter"
            class:meter-full=move || share.get().is_full()
            style=("--within", at(Share::within))
            style=("--over", at(Share::over))
            style=("--reserved", at(|share| share.reserved.clamp(0.0, 1.0)))
            style=("--most", at(|share| share.most.unwrap_or(1.0).clamp(0.0, 1.0)))
            style=("--meant", at(|share| share.meant.filter(|meant| *meant < 1.0).map_or(OUTSIDE, |meant| meant.max(0.0))))
            aria-hidden="true"
        >
            <span class="meter-used"></span>
            <span class="meter-over"></span>
            <span class="meter-reserved"></span>
            <span class="meter-beyond"></span>
            <span class="meter-meant"></span>
        </span>
    }
}

/// Where what is not to be seen stands.
const OUTSIDE: f64 = 2.0;
