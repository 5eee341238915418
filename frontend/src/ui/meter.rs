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
    /// Whether the end is the most that may be used, so that it is said when it is reached.
    pub(crate) capped: bool,
}

impl Share {
    /// What is used as it is meant.
    fn within(self) -> f64 {
        self.used.min(self.meant.unwrap_or(f64::INFINITY)).clamp(0.0, 1.0)
    }

    /// Up to where it is used, where that is more than is meant.
    fn over(self) -> f64 {
        let used = self.used.clamp(0.0, 1.0);
        if used > self.within() { used } else { 0.0 }
    }

    /// Up to where it is used or set aside, where anything is.
    fn reserved(self) -> f64 {
        if self.reserved > 0.0 { (self.used.max(0.0) + self.reserved).min(1.0) } else { 0.0 }
    }

    /// Whether no more can be used.
    fn is_full(self) -> bool {
        self.capped && self.used >= 1.0 - 1e-6
    }

    /// How far each layer of the bar goes from its beginning, as the stylesheet has them: the line across, what is used
    /// as it is meant, what is used, and what is set aside.
    fn layers(self) -> String {
        let up_to = |part: f64| if part > 0.0 { format!("{:.2}%", part * 100.0) } else { "0%".to_owned() };
        // At the end of the bar a line says nothing.
        let meant = self.meant.filter(|meant| *meant < 1.0).map(|meant| format!("calc({} + 1px)", up_to(meant)));
        let [within, over, reserved] = [self.within(), self.over(), self.reserved()].map(up_to);
        format!("{} 100%, {within} 100%, {over} 100%, {reserved} 100%", meant.as_deref().unwrap_or("0%"))
    }
}

/// The bar. It is drawn beside its figures, which say the same; all of it is the background of one element, because
/// tables draw many, time and again.
#[component]
pub(crate) fn Meter(
    /// What it shows.
    #[prop(into)]
    share: Signal<Share>,
) -> impl IntoView {
    let share = memo(move || share.get());
    view! {
        <span
            class="meter"
            class:meter-full=move || share.get().is_full()
            style:background-size=string(move || share.get().layers())
            aria-hidden="true"
        ></span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(used: f64, reserved: f64, meant: Option<f64>) -> String {
        Share { used, reserved, meant, capped: true }.layers().replace(" 100%", "").replace("%", "")
    }

    #[test]
    fn a_bar_shows_what_is_used_and_no_more() {
        assert_eq!(layers(0.5, 0.0, None), "0, 50.00, 0, 0");
        assert_eq!(layers(-1.0, 0.0, None), "0, 0, 0, 0");
        assert_eq!(layers(7.0, 0.0, None), "0, 100.00, 0, 0");
        assert_eq!(layers(0.25, 0.125, None), "0, 25.00, 0, 37.50");
        assert_eq!(layers(0.75, 0.5, None), "0, 75.00, 0, 100.00");
    }

    #[test]
    fn what_is_used_beyond_what_is_meant_is_told_from_it() {
        assert_eq!(layers(0.75, 0.0, Some(0.5)), "calc(50.00 + 1px), 50.00, 75.00, 0");
        assert_eq!(layers(0.25, 0.0, Some(0.5)), "calc(50.00 + 1px), 25.00, 0, 0");
        assert_eq!(layers(0.25, 0.0, Some(0.0)), "calc(0 + 1px), 0, 25.00, 0");
        assert_eq!(layers(0.25, 0.0, Some(1.0)), "0, 25.00, 0, 0");
    }

    #[test]
    fn only_what_has_an_end_can_be_full() {
        let share = Share { used: 1.0, ..Share::default() };
        assert!(!share.is_full() && Share { capped: true, ..share }.is_full());
        assert!(!Share { used: 0.999, capped: true, ..share }.is_full());
    }
}
