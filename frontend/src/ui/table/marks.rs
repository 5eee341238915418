//! Marks for a second what has changed in a table.

use js_sys::Array;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, MutationObserver, MutationObserverInit, MutationRecord};

use crate::ui::live::effect;

/// The class of a cell that has just changed; its animation ends it.
const CHANGED: &str = "cell-changed";

/// Watches the texts in a table: a row that scrolls into the window brings texts of its own, but changes none.
pub(super) fn mark_changes(table: NodeRef<html::Div>) {
    effect(move || {
        let Some(table) = table.get() else { return };
        let changes = Closure::<dyn Fn(Array)>::new(|records: Array| {
            for record in records.iter() {
                let cell = record.unchecked_into::<MutationRecord>().target().and_then(|text| text.parent_element());
                let cell = cell.and_then(|parent| parent.closest(".cell:not(.cell-ticks)").ok().flatten());
                if let Some(cell) = cell {
                    let _ = cell.class_list().add_1(CHANGED);
                }
            }
        });
        let Ok(observer) = MutationObserver::new(changes.as_ref().unchecked_ref()) else { return };
        let what = MutationObserverInit::new();
        what.set_character_data(true);
        what.set_subtree(true);
        let _ = observer.observe_with_options(&table, &what);
        let ended = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
            if let Some(cell) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                let _ = cell.class_list().remove_1(CHANGED);
            }
        });
        let _ = table.add_event_listener_with_callback("animationend", ended.as_ref().unchecked_ref());
        // The listener goes with the table.
        let kept = StoredValue::new_local((observer, changes, ended));
        on_cleanup(move || kept.with_value(|(observer, ..)| observer.disconnect()));
    });
}
