//! Marks for a second what has changed in a row.

use std::iter::successors;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The class of a cell that has just changed; its animation ends it.
const CHANGED: &str = "cell-changed";

/// Marks the cells of a row that say something else in the next frame than now; `then` is its element by then.
pub(super) fn mark_changes(row: &Element, then: impl Fn() -> Option<Element> + 'static) {
    let before: Vec<_> = cells(row).map(|cell| cell.text_content()).collect();
    request_animation_frame(move || {
        let Some(row) = then() else { return };
        let moves_by_itself = |cell: &Element| cell.class_list().contains("cell-ticks");
        let changed = |(cell, text): &(Element, Option<String>)| cell.text_content() != *text && !moves_by_itself(cell);
        for (cell, _) in cells(&row).zip(before).filter(changed) {
            let _ = cell.class_list().add_1(CHANGED);
        }
    });
}

/// Takes the marks off: the element goes to another row.
pub(super) fn unmark(row: &Element) {
    while let Ok(Some(cell)) = row.query_selector(".cell-changed") {
        unmark_cell(&cell);
    }
}

/// An animation in the table has ended.
pub(super) fn ended(event: web_sys::AnimationEvent) {
    if let Some(cell) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
        unmark_cell(&cell);
    }
}

fn unmark_cell(cell: &Element) {
    let _ = cell.class_list().remove_1(CHANGED);
}

fn cells(row: &Element) -> impl Iterator<Item = Element> + use<> {
    successors(row.first_element_child(), Element::next_element_sibling)
}
