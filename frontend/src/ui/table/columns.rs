//! Which columns of a table are shown: those that the viewer chose, else as many as its width has room for.

use std::sync::Arc;

use leptos::prelude::*;

use super::Sort;
use crate::browser;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::{memo, when};
use crate::ui::menu::Menu;

/// How wide the table must be for a column to be shown, as long as nobody has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// Always, on a phone too.
    Phone,
    /// Where there is room for four.
    Tablet,
    /// Where there is room for eight.
    Desktop,
    /// Where there is room for twelve.
    Wide,
    /// Only where it is chosen.
    Never,
}

impl From {
    /// In pixels; the least widths of the columns in the stylesheet fit into it.
    fn width(self) -> f64 {
        match self {
            From::Phone => 0.0,
            From::Tablet => 560.0,
            From::Desktop => 960.0,
            From::Wide => 1320.0,
            From::Never => f64::INFINITY,
        }
    }

    /// The class by which the stylesheet knows it.
    fn class(self) -> &'static str {
        match self {
            From::Phone | From::Never => "",
            From::Tablet => " from-tablet",
            From::Desktop => " from-desktop",
            From::Wide => " from-wide",
        }
    }
}

/// A column of rows of type `R`.
pub(crate) struct Column<R: Send + Sync + 'static> {
    /// Its id, as in the address.
    pub(crate) id: &'static str,
    /// Its head.
    pub(crate) title: Signal<String>,
    /// The CSS class that gives its width and alignment (`col-id`, `col-number`).
    pub(crate) class: &'static str,
    /// Whether it holds numbers or instants: aligned right, sorted downwards first.
    pub(crate) numeric: bool,
    /// From which width on it is shown, unless the viewer chooses.
    pub(crate) from: From,
    /// Its cell.
    pub(crate) cell: fn(ArcRwSignal<Arc<R>>) -> AnyView,
}

impl<R: Send + Sync + 'static> Column<R> {
    /// One of words.
    pub(crate) fn new(
        id: &'static str,
        title: Signal<String>,
        class: &'static str,
        from: From,
        cell: fn(ArcRwSignal<Arc<R>>) -> AnyView,
    ) -> Column<R> {
        Column { id, title, class, numeric: false, from, cell }
    }

    /// One of numbers or instants.
    pub(crate) fn number(
        id: &'static str,
        title: Signal<String>,
        class: &'static str,
        from: From,
        cell: fn(ArcRwSignal<Arc<R>>) -> AnyView,
    ) -> Column<R> {
        Column { numeric: true, ..Column::new(id, title, class, from, cell) }
    }
}

impl<R: Send + Sync + 'static> Clone for Column<R> {
    fn clone(&self) -> Self {
        Column { ..*self }
    }
}

/// The choice of columns: their ids, separated by commas; empty as long as the width decides.
#[derive(Clone, Copy)]
pub(crate) struct Choice {
    text: RwSignal<String>,
    /// Of the table; of the window until there is one.
    pub(super) width: RwSignal<f64>,
}

impl Choice {
    /// The choice that a text holds.
    pub(crate) fn new(text: RwSignal<String>) -> Choice {
        Choice { text, width: RwSignal::new(browser::width()) }
    }

    /// Whether it is for the stylesheet to say which are shown: only there the width is known, and nobody has chosen.
    pub(super) fn by_width(self) -> bool {
        browser::ABSENT && self.text.with_untracked(String::is_empty)
    }

    /// Which of these are shown.
    pub(crate) fn shown<R: Send + Sync + 'static>(
        self,
        columns: StoredValue<Vec<Column<R>>>,
    ) -> Memo<Vec<&'static str>> {
        memo(move || {
            let offered = columns.with_value(|columns| columns.iter().map(|c| (c.id, c.from)).collect::<Vec<_>>());
            self.text.with(|text| shown(&offered, text, self.width.get()))
        })
    }
}

/// Those that are chosen, in the order in which they are offered; where no known one is, those that the width has room
/// for.
fn shown(offered: &[(&'static str, From)], chosen: &str, width: f64) -> Vec<&'static str> {
    let ids = |fits: &dyn Fn(&(&'static str, From)) -> bool| -> Vec<&'static str> {
        offered.iter().filter(|column| fits(column)).map(|(id, _)| *id).collect()
    };
    let by_choice = ids(&|(id, _)| chosen.split(',').any(|word| word == *id));
    if by_choice.is_empty() { ids(&|(_, from)| from.width() <= width) } else { by_choice }
}

/// What is shown, with one column more or less, as it is written in the address.
fn toggled(offered: &[&'static str], shown: &[&'static str], id: &str) -> String {
    let keep = |other: &&&str| shown.contains(*other) != (**other == id);
    offered.iter().filter(keep).copied().collect::<Vec<_>>().join(",")
}

/// The menu in which columns are chosen; it stays open meanwhile.
#[component]
pub(crate) fn Columns<R: Send + Sync + 'static>(
    /// The columns to choose from.
    columns: StoredValue<Vec<Column<R>>>,
    /// What is chosen.
    choice: Choice,
) -> impl IntoView {
    let shown = choice.shown(columns);
    let offered: Vec<_> = columns.with_value(|columns| columns.iter().map(|c| (c.id, c.title)).collect());
    let ids = StoredValue::new(offered.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    let items = offered.into_iter().map(move |(id, title)| {
        let is_shown = memo(move || shown.with(|shown| shown.contains(&id)));
        // One stays.
        let is_last = memo(move || shown.with(|shown| *shown == [id]));
        let toggle = move |_| {
            choice.text.set(ids.with_value(|ids| shown.with_untracked(|shown| toggled(ids, shown, id))));
        };
        view! {
            <label class="menu-item menu-check">
                <input type="checkbox" prop:checked=is_shown disabled=is_last on:change=toggle />
                <span>{title}</span>
            </label>
        }
    });
    view! {
        <Menu
            id="menu-columns"
            class="button menu-columns"
            label=words!(table.columns)
            button=|| view! {
                <span>{words!(table.columns)}</span>
                <Icon glyph=Glyph::Down />
            }
        >
            <div role="group" aria-label=words!(table.columns) on:click=|event| event.stop_propagation()>
                {items.collect_view()}
            </div>
            <button
                class="menu-item menu-reset"
                type="button"
                disabled=move || choice.text.with(String::is_empty)
                on:click=move |_| choice.text.set(String::new())
            >
                {words!(table.columns_by_width)}
            </button>
        </Menu>
    }
}

/// A column's head, by which the table is sorted.
#[component]
pub(super) fn Head<R: Send + Sync + 'static>(
    column: Column<R>,
    sort: Signal<Sort>,
    on_sort: Callback<Sort>,
    by_width: bool,
) -> impl IntoView {
    let Column { id, title, numeric, .. } = column;
    let direction = move || match sort.with(|sort| (sort.column == id).then_some(sort.down)) {
        Some(true) => Some("descending"),
        Some(false) => Some("ascending"),
        None => None,
    };
    view! {
        <div role="columnheader" class=cell_class(&column, by_width) aria-sort=direction>
            <button
                class="head-button"
                type="button"
                on:click=move |_| on_sort.run(sort.get_untracked().press(id, numeric))
            >
                <span>{title}</span>
                {when(move || direction().is_some(), move || view! {
                    <Icon glyph=if direction() == Some("descending") { Glyph::Down } else { Glyph::Up } />
                }.into_any())}
            </button>
        </div>
    }
}

/// The classes of a column's cells. Where the width is not known, the stylesheet is to decide `by_width`.
pub(super) fn cell_class<R: Send + Sync>(column: &Column<R>, by_width: bool) -> String {
    let number = if column.numeric { " cell-number" } else { "" };
    let from = if by_width { column.from.class() } else { "" };
    format!("cell {}{number}{from}", column.class)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: &[(&str, From)] = &[
        ("id", From::Desktop),
        ("name", From::Phone),
        ("state", From::Phone),
        ("user", From::Tablet),
        ("memory", From::Wide),
        ("tags", From::Never),
    ];

    #[test]
    fn without_a_choice_the_width_decides() {
        assert_eq!(shown(OFFERED, "", 358.0), ["name", "state"]);
        assert_eq!(shown(OFFERED, "", 560.0), ["name", "state", "user"]);
        assert_eq!(shown(OFFERED, "", 1279.0), ["id", "name", "state", "user"]);
        assert_eq!(shown(OFFERED, "", 1664.0), ["id", "name", "state", "user", "memory"]);
    }

    #[test]
    fn a_choice_holds_at_any_width() {
        assert_eq!(shown(OFFERED, "memory,id", 358.0), ["id", "memory"]);
        assert_eq!(shown(OFFERED, "tags", 358.0), ["tags"]);
        assert_eq!(shown(OFFERED, "colour", 358.0), ["name", "state"]);
    }

    #[test]
    fn a_toggle_begins_with_what_is_shown() {
        let ids: Vec<_> = OFFERED.iter().map(|(id, _)| *id).collect();
        assert_eq!(toggled(&ids, &["name", "state"], "memory"), "name,state,memory");
        assert_eq!(toggled(&ids, &["name", "state"], "name"), "state");
    }
}
