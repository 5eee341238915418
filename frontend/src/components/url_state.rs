//! State that lives in the address: filters, sort, selection. A link shows a colleague the same thing.

use crate::address;
use crate::ui::live::effect;
use leptos::prelude::*;

/// A text in the query of the address, empty when it is not there. Changing it draws at once; the address follows.
pub(crate) fn url_text(name: &'static str) -> RwSignal<String> {
    let here = address::here();
    let read = move || here.with(|here| address::parameter(&here.search, name)).unwrap_or_default();
    let value = RwSignal::new(untrack(&read));
    let written = StoredValue::new(value.get_untracked());
    effect(move || {
        let there = read();
        if there != written.get_value() {
            written.set_value(there.clone());
            value.set(there);
        }
    });
    effect(move || {
        let text = value.get();
        if text != written.get_value() {
            written.set_value(text.clone());
            address::set_parameter(name, text);
        }
    });
    value
}
