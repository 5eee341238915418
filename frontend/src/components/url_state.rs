//! State that lives in the address: filters, sort, selection. A link shows a colleague the same thing.

use std::time::Duration;

use crate::ui::live::effect;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;

/// Browsers refuse to change the address more than some hundred times in half a minute: it follows after a pause.
const PAUSE: Duration = Duration::from_millis(250);

/// A text in the query of the address, empty when it is not there. Changing it draws at once; the address follows.
pub(crate) fn url_text(name: &'static str) -> RwSignal<String> {
    // The path that the router hands on here holds the base already.
    let options = NavigateOptions { resolve: false, replace: true, scroll: false, ..Default::default() };
    let (read, write) = query_signal_with_options::<String>(name, options);
    let value = RwSignal::new(read.get_untracked().unwrap_or_default());
    let written = StoredValue::new(value.get_untracked());
    effect(move || {
        let there = read.get().unwrap_or_default();
        if there != written.get_value() {
            written.set_value(there.clone());
            value.set(there);
        }
    });
    let mut follow = debounce(PAUSE, move |()| {
        // The page may be gone by now.
        let Some(text) = value.try_get_untracked() else { return };
        if text != written.get_value() {
            written.set_value(text.clone());
            write.set((!text.is_empty()).then_some(text));
        }
    });
    effect(move || {
        value.track();
        follow(());
    });
    value
}
