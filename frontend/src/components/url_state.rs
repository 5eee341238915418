//! State that lives in the address: filters, sort, selection. A link shows a colleague the same thing.

use std::time::Duration;

use crate::address;
use crate::ui::live::effect;
use leptos::prelude::*;

/// Browsers refuse to change the address more than some hundred times in half a minute: it follows after a pause.
const PAUSE: Duration = Duration::from_millis(250);

/// A text in the query of the address, empty when it is not there. Changing it draws at once; the address follows.
pub(crate) fn url_text(name: &'static str) -> RwSignal<String> {
    let here = address::here();
    let there = here.clone();
    let read = move || there.with(|here| address::parameter(&here.search, name)).unwrap_or_default();
    let value = RwSignal::new(untrack(&read));
    let written = StoredValue::new(value.get_untracked());
    effect(move || {
        let there = read();
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
            let value = (!text.is_empty()).then_some(text.as_str());
            let search = here.with_untracked(|here| address::with_parameter(&here.search, name, value));
            address::replace(&here.with_untracked(|here| format!("{}{search}", here.pathname)));
        }
    });
    effect(move || {
        value.track();
        follow(());
    });
    value
}
