//! How much of something is used: a bar that shows at once when it is more than was meant.

use leptos::prelude::*;

use super::live::live;

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

/// The bar. It is drawn beside its figures, which say the same.
#[component]
pub(crate) fn Meter(
    /// What it shows.
    #[prop(into)]
    share: Signal<Share>,
) -> impl IntoView {
    live(move || {
        let Share { used, reserved, meant, most } = share.get();
        let percent = |part: f64| format!("{:.2}%", part.clamp(0.0, 1.0) * 100.0);
        let within = used.min(meant.unwrap_or(f64::INFINITY)).min(1.0);
        let over = (used.min(1.0) - within).max(0.0);
        let at_limit = most.is_some_and(|most| used >= most - 1e-6 && used > 0.0);
        view! {
            <span class="meter" class:meter-full=at_limit aria-hidden="true">
                <span class="meter-used" style:width=percent(within)></span>
                <span class="meter-over" style:left=percent(within) style:width=percent(over)></span>
                <span
                    class="meter-reserved"
                    style:left=percent(used)
                    style:width=percent(reserved.min((1.0 - used).max(0.0)))
                ></span>
                {most.filter(|most| *most < 1.0).map(|most| view! {
                    <span class="meter-beyond" style:left=percent(most)></span>
                })}
                {meant.filter(|meant| *meant < 1.0).map(|meant| view! {
                    <span class="meter-meant" style:left=percent(meant)></span>
                })}
            </span>
        }
        .into_any()
    })
}
