//! The rows that are drawn. To make an element for a row, or to move one, takes far longer than to show another row in one
//! that is there: elements stay where they are, and rows go from one to another.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::Element;

use super::marks;
use super::window::Window;
use crate::list::{Keyed, List};

/// An element, and the row that is drawn in it.
pub(super) struct Slot<R: Send + Sync + 'static> {
    /// The element's id in the document.
    pub(super) id: String,
    /// Where the row stands.
    pub(super) at: ArcRwSignal<usize>,
    /// The row.
    pub(super) row: ArcRwSignal<Arc<R>>,
    /// The row is not in the list any more; it stands here only until the order may change.
    pub(super) gone: ArcRwSignal<bool>,
}

impl<R: Send + Sync + 'static> Clone for Slot<R> {
    fn clone(&self) -> Self {
        let Slot { id, at, row, gone } = self;
        Slot { id: id.clone(), at: at.clone(), row: row.clone(), gone: gone.clone() }
    }
}

impl<R: Keyed + PartialEq + Send + Sync + 'static> Slot<R> {
    /// The key of its row.
    pub(super) fn key(&self) -> String {
        self.row.with_untracked(|row| row.key().to_owned())
    }

    fn element(&self) -> Option<Element> {
        document().get_element_by_id(&self.id)
    }

    /// Shows a row.
    fn show(&self, at: usize, row: &Arc<R>, gone: bool) {
        if self.at.get_untracked() != at {
            self.at.set(at);
        }
        if self.gone.get_untracked() != gone {
            self.gone.set(gone);
        }
        let before = self.row.get_untracked();
        if Arc::ptr_eq(&before, row) || before == *row {
            return;
        }
        if before.key() != row.key()
            && let Some(element) = self.element()
        {
            marks::unmark(&element);
        }
        self.row.set(row.clone());
    }
}

/// Fills slots with a window over an order, in which each row is shown as it is now; `table` is the table's id.
pub(super) fn fill<R>(slots: RwSignal<Vec<Slot<R>>>, window: Window, order: &List<R>, rows: &List<R>, table: &str)
where
    R: Keyed + PartialEq + Send + Sync + 'static,
{
    let old = slots.get_untracked();
    let changed = |row: &Arc<R>| rows.row(row.key()).is_some_and(|now| !Arc::ptr_eq(now, row) && now != row);
    for slot in old.iter().filter(|slot| slot.row.with_untracked(changed)) {
        mark(slot, slots);
    }
    let fill = |(number, (at, row)): (usize, (usize, &Arc<R>))| {
        let now = rows.row(row.key());
        let (row, gone) = (now.unwrap_or(row), now.is_none());
        if let Some(slot) = old.get(number) {
            slot.show(at, row, gone);
            return slot.clone();
        }
        Slot {
            id: format!("{table}-row-{number}"),
            at: ArcRwSignal::new(at),
            row: ArcRwSignal::new(row.clone()),
            gone: ArcRwSignal::new(gone),
        }
    };
    let drawn = order.iter().enumerate().skip(window.first).take(window.count);
    let new: Vec<_> = drawn.enumerate().map(fill).collect();
    if new.len() != old.len() {
        slots.set(new);
    }
}

/// Marks what the row of a slot says otherwise from the next frame on, wherever it is shown by then.
fn mark<R: Keyed + PartialEq + Send + Sync + 'static>(slot: &Slot<R>, slots: RwSignal<Vec<Slot<R>>>) {
    let (Some(element), key) = (slot.element(), slot.key()) else { return };
    let shown = move || slots.try_with_untracked(|slots| slots.iter().find(|slot| slot.key() == key)?.element());
    marks::mark_changes(&element, move || shown().flatten());
}
