//! A table of any length: only the rows that can be seen are drawn, and only what changed in them is drawn again.
//!
//! The keyboard's focus stays on the table itself, which names the row that it is on (`aria-activedescendant`): a row
//! that scrolls out of the window or is sorted elsewhere takes no focus with it.

mod columns;
mod hold;
mod marks;
mod slots;
mod ticks;
mod viewport;
mod window;

use crate::browser;
use crate::list::{Keyed, List};
use crate::ui::live::{effect, live, memo, string};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

pub(crate) use columns::{Choice, Column, Columns, From};
use columns::{Head, cell_class};
pub(crate) use hold::Hold;
use hold::News;
use slots::{Slot, fill};
pub(crate) use ticks::Ticks;
use ticks::{TickAll, tick};
pub(crate) use viewport::Viewport;
pub(crate) use window::Window;
use window::{moved, reveal, seen};

/// How the table is sorted: by which column, and whether downwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The column's id.
    pub(crate) column: String,
    /// Whether the largest comes first.
    pub(crate) down: bool,
}

impl Sort {
    /// The address's form: the column's id, with a minus for downwards.
    pub(crate) fn write(&self) -> String {
        format!("{}{}", if self.down { "-" } else { "" }, self.column)
    }

    /// Reads the address's form.
    pub(crate) fn read(text: &str) -> Sort {
        match text.strip_prefix('-') {
            Some(column) => Sort { column: column.to_owned(), down: true },
            None => Sort { column: text.to_owned(), down: false },
        }
    }

    /// What a press on a column's head leads to.
    pub(crate) fn press(&self, column: &str, numeric: bool) -> Sort {
        let down = if self.column == column { !self.down } else { numeric };
        Sort { column: column.to_owned(), down }
    }
}

/// The table.
#[component]
pub(crate) fn Table<R>(
    /// Its id, unique on the page.
    id: &'static str,
    /// What it lists.
    #[prop(into)]
    label: Signal<String>,
    /// The columns.
    columns: StoredValue<Vec<Column<R>>>,
    /// Which of them are shown.
    choice: Choice,
    /// Every row as it is now, in the order of their keys.
    #[prop(into)]
    rows: Signal<List<R>>,
    /// Which of them are shown, in which order.
    hold: Hold<R>,
    /// How it is sorted.
    #[prop(into)]
    sort: Signal<Sort>,
    /// Sorts it otherwise.
    #[prop(into)]
    on_sort: Callback<Sort>,
    /// The row that the viewer is on.
    #[prop(into)]
    chosen: Signal<Option<String>>,
    /// Goes to another row.
    #[prop(into)]
    on_choose: Callback<Option<String>>,
    /// Follows a row: Enter, or a double press.
    #[prop(into, default = Callback::new(|_| ()))]
    on_open: Callback<String>,
    /// Which rows are ticked; without it none can be.
    #[prop(default = None)]
    ticks: Option<Ticks>,
) -> impl IntoView
where
    R: Keyed + PartialEq + Send + Sync + 'static,
{
    let viewport = Viewport::new(choice.width);
    let Viewport { node: element, scrolled, height, row: row_height, .. } = viewport;
    hold.follow_selection(element);
    let order = hold.shown;
    on_cleanup(move || hold.let_go());

    let shown = viewport.window(move || order.with(|o| o.len()));
    let slots = RwSignal::new(Vec::<Slot<R>>::new());
    let refill = move || rows.with(|rows| order.with(|order| fill(slots, shown.get(), order, rows, id)));
    if browser::ABSENT {
        untrack(refill);
    }
    effect(refill);

    let place = move |name: &str| order.with_untracked(|order| order.iter().position(|row| row.key() == name));
    let go = move |to: usize| {
        let name = order.with_untracked(|order| order.get(to).map(|row| row.key().to_owned()));
        on_choose.run(name);
        viewport.reveal(to);
    };
    let keydown = move |event: web_sys::KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() || from_control(&event) {
            return;
        }
        let name = chosen.get_untracked();
        // The row that one was on may be gone, or may not fit the filters any more.
        let at = name.as_deref().and_then(place);
        if let (" ", Some(ticks)) = (event.key().as_str(), ticks) {
            event.prevent_default();
            if let (Some(name), Some(_)) = (name, at) {
                order.with_untracked(|order| ticks.press(&name, event.shift_key(), order));
            }
            return;
        }
        if event.key() == "Enter" {
            if let (Some(name), Some(_)) = (name, at) {
                on_open.run(name);
            }
            return;
        }
        let seen = seen(scrolled.get_untracked(), height.get_untracked(), row_height.get_untracked());
        if let Some(to) = moved(&event.key(), at, order.with_untracked(|o| o.len()), seen) {
            event.prevent_default();
            go(to);
        }
    };
    // A link leads to a row: it is kept in sight until the viewer goes elsewhere.
    let linked = StoredValue::new(chosen.get_untracked().map(|name| (name, 0.0)));
    effect(move || {
        let Some((name, was)) = linked.get_value() else { return };
        let (seen, row_height) = (height.get() - row_height.get(), row_height.get());
        let found = order.with(|order| order.iter().position(|row| row.key() == name));
        if chosen.get().as_deref() != Some(&name) || (scrolled.get_untracked() - was).abs() > 1.0 {
            return linked.set_value(None);
        }
        let (Some(at), Some(node)) = (found.filter(|_| seen > 0.0), element.get()) else { return };
        if let Some(top) = reveal(at, was, seen, row_height) {
            linked.set_value(Some((name, top)));
            scrolled.set(top);
            // Once the rows stand there.
            request_animation_frame(move || node.set_scroll_top(top as i32));
        }
    });
    let active = move || {
        let name = chosen.get()?;
        let is_on = |slot: &&Slot<R>| slot.row.with(|row| row.key() == name);
        slots.with(|slots| slots.iter().find(is_on).map(|slot| slot.id.clone()))
    };

    let (columns_shown, by_width) = (choice.shown(columns), choice.by_width());
    let each_column = move |draw: &dyn Fn(&Column<R>) -> AnyView| {
        let shown = columns_shown.get();
        let draw = |columns: &Vec<Column<R>>| {
            let shown = columns.iter().filter(|column| shown.contains(&column.id));
            shown.map(draw).collect_view().into_any()
        };
        columns.with_value(draw)
    };
    let heads =
        live(move || each_column(&|column| view! { <Head column=column.clone() sort on_sort by_width /> }.into_any()));
    let row_view = move |slot: Slot<R>| {
        let (pressed, opened) = (slot.clone(), slot.clone());
        let Slot { id, at, row, gone } = slot;
        let drawn = row.clone();
        let cells = live(move || {
            each_column(&|column| {
                let view = (column.cell)(drawn.clone());
                view! { <div role="gridcell" class=cell_class(column, by_width)>{view}</div> }.into_any()
            })
        });
        let ticked = ticks.map(|ticks| {
            let (key, name) = (row.clone(), row.clone());
            let press = Callback::new(move |range| {
                let name = name.with_untracked(|row| row.key().to_owned());
                order.with_untracked(|order| ticks.press(&name, range, order));
            });
            tick(ticks, string(move || key.with(|row| row.key().to_owned())), press)
        });
        let is_chosen = memo(move || chosen.with(|name| row.with(|row| name.as_deref() == Some(row.key()))));
        view! {
            <div
                role="row"
                class="row"
                class:row-chosen=move || is_chosen.get()
                class:row-gone=move || gone.get()
                id=id
                aria-rowindex=move || at.get() + 2
                aria-selected=move || if is_chosen.get() { "true" } else { "false" }
                on:click=move |_| on_choose.run(Some(pressed.key()))
                on:dblclick=move |event| {
                    if !from_control(&event) {
                        on_open.run(opened.key());
                    }
                }
            >
                {ticked}
                {cells}
            </div>
        }
    };
    view! {
        <div
            class="table-place"
            on:pointerenter=move |_| hold.pointer_came()
            on:pointerleave=move |event| hold.pointer_gone(event.pointer_type() == "touch")
            on:focusin=move |_| hold.focus(true)
            on:focusout=move |_| hold.focus(false)
        >
            <News hold=hold />
        <div
            class="table"
            id=id
            role="grid"
            tabindex="0"
            aria-label=label
            aria-rowcount=move || order.with(|order| order.len()) + 1
            aria-activedescendant=active
            node_ref=element
            on:scroll=move |_| viewport.look()
            on:keydown=keydown
            on:animationend=marks::ended
        >
            <div role="rowgroup" class="table-head">
                <div role="row" class="row" aria-rowindex="1">
                    {ticks.map(|ticks| view! { <TickAll ticks=ticks order=order /> })}
                    {heads}
                </div>
            </div>
            <div
                role="rowgroup"
                class="table-body"
                style:height=browser::styled(move || format!("{}px", order.with(|order| order.len()) * row_height.get() as usize))
            >
                <div
                    class="table-window"
                    role="presentation"
                    style:transform=browser::styled(move || format!("translateY({}px)", shown.get().first * row_height.get() as usize))
                >
                    <For each=move || slots.get() key=|slot| slot.id.clone() children=row_view />
                </div>
            </div>
        </div>
        </div>
    }
}

/// Whether a key or a pointer was used on a control within the table, which then has its own use for it.
fn from_control(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("button, a, input, select").is_ok_and(|control| control.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_is_written_and_read() {
        for text in ["name", "-started"] {
            assert_eq!(Sort::read(text).write(), text);
        }
    }

    #[test]
    fn a_second_press_turns_the_sort() {
        let sort = Sort::read("name");
        assert_eq!(sort.press("name", false).write(), "-name");
        assert_eq!(sort.press("started", true).write(), "-started");
        assert_eq!(sort.press("user", false).write(), "user");
    }
}
