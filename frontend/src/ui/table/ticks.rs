//! The rows that are ticked, for what is done with several at once.

use std::collections::HashSet;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::ui::live::{memo, string};

/// The ticked rows, by their keys.
#[derive(Clone, Copy)]
pub(crate) struct Ticks {
    keys: RwSignal<HashSet<String>>,
    /// The row that was ticked last: from there a range goes.
    last: StoredValue<Option<String>>,
}

impl Ticks {
    /// None.
    pub(crate) fn new() -> Ticks {
        Ticks { keys: RwSignal::new(HashSet::new()), last: StoredValue::new(None) }
    }

    /// How many there are; reading it subscribes.
    pub(crate) fn count(self) -> usize {
        self.keys.with(HashSet::len)
    }

    /// Whether a row is; reading it subscribes.
    fn has(self, key: &str) -> bool {
        self.keys.with(|keys| keys.contains(key))
    }

    /// Those of a list; reading it subscribes.
    pub(crate) fn of<R: Keyed>(self, rows: &List<R>) -> List<R> {
        self.keys.with(|keys| {
            // Of 100,000 rows few are ticked, mostly.
            let mut keys: Vec<_> = keys.iter().collect();
            keys.sort_unstable();
            keys.into_iter().filter_map(|key| rows.row(key).cloned()).collect()
        })
    }

    /// Ticks these rows and no other.
    pub(crate) fn only<R: Keyed>(self, rows: &List<R>) {
        self.last.set_value(None);
        self.keys.set(rows.iter().map(|row| row.key().to_owned()).collect());
    }

    /// Ticks no row.
    pub(crate) fn clear(self) {
        self.last.set_value(None);
        if self.keys.with_untracked(|keys| !keys.is_empty()) {
            self.keys.update(HashSet::clear);
        }
    }

    /// Ticks a row or takes its tick away; with `range` the same is done with all between it and the last one.
    pub(super) fn press<R: Keyed>(self, key: &str, range: bool, order: &List<R>) {
        let on = !self.keys.with_untracked(|keys| keys.contains(key));
        let last = self.last.get_value().filter(|_| range);
        let place = |key: &str| order.iter().position(|row| row.key() == key);
        let ends = last.and_then(|last| Some((place(&last)?, place(key)?)));
        self.keys.update(|keys| {
            let mut set = |key: &str| match on {
                true => drop(keys.insert(key.to_owned())),
                false => drop(keys.remove(key)),
            };
            match ends {
                Some((a, b)) => order[a.min(b)..=a.max(b)].iter().for_each(|row| set(row.key())),
                None => set(key),
            }
        });
        self.last.set_value(Some(key.to_owned()));
    }

    /// Forgets rows that are no more.
    pub(crate) fn keep<R: Keyed>(self, rows: &List<R>) {
        let gone = |key: &String| rows.row(key).is_none();
        if self.keys.with_untracked(|keys| keys.iter().any(gone)) {
            self.keys.update(|keys| keys.retain(|key| !gone(key)));
        }
    }

    fn has_all<R: Keyed>(self, order: &List<R>) -> bool {
        !order.is_empty() && self.count() >= order.len() && order.iter().all(|row| self.has(row.key()))
    }
}

/// The box in the table's head: ticks all rows that fit the filters.
#[component]
pub(super) fn TickAll<R: Keyed + Send + Sync + 'static>(ticks: Ticks, order: RwSignal<List<R>>) -> impl IntoView {
    let all = memo(move || order.with(|order| ticks.has_all(order)));
    let some = memo(move || ticks.count() > 0 && !all.get());
    let press = move |_| {
        if all.get_untracked() {
            return ticks.clear();
        }
        ticks.last.set_value(None);
        ticks
            .keys
            .update(|keys| order.with_untracked(|order| keys.extend(order.iter().map(|row| row.key().to_owned()))));
    };
    view! {
        <div role="columnheader" class="cell col-tick">
            <input
                type="checkbox"
                aria-label=words!(table.tick_all)
                prop:checked=all
                prop:indeterminate=some
                on:click=press
            />
        </div>
    }
}

/// The box of a row. It is pressed, and the focus stays on the table, where Space does the same.
pub(super) fn tick(ticks: Ticks, key: Signal<String>, press: Callback<bool>) -> AnyView {
    let i18n = use_i18n();
    let ticked = memo(move || key.with(|key| ticks.has(key)));
    let label = string(move || key.with(|key| t_string!(i18n, table.tick, row = key).to_string()));
    view! {
        <div role="gridcell" class="cell col-tick">
            <input
                type="checkbox"
                tabindex="-1"
                aria-label=label
                prop:checked=ticked
                on:mousedown=|event| event.prevent_default()
                on:click=move |event| {
                    press.run(event.shift_key());
                    // What the browser has made of it is not what it is, where nothing changed.
                    if let Some(node) = event.target().and_then(|node| node.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                        node.set_checked(ticked.get_untracked());
                    }
                }
            />
        </div>
    }
    .into_any()
}
