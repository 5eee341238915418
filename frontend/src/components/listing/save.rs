//! What a list shows, as a file for spreadsheets: the rows that fit, as they are sorted, in the chosen columns.

use std::time::Duration;

use leptos::prelude::*;

use super::Listed;
use crate::i18n::*;
use crate::list::List;
use crate::ui::button::Button;
use crate::ui::csv;
use crate::ui::format;
use crate::ui::live::string;
use crate::ui::table::{Choice, Column};
use crate::ui::time::use_clock;
use crate::ui::toast::use_toasts;

/// So many rows are written at a time; between two pieces the browser does what else there is to do.
const PIECE: usize = 500;

/// A file that is being written.
struct Writing<R> {
    text: String,
    columns: Vec<&'static str>,
    order: List<R>,
    rows: List<R>,
    now: i64,
}

impl<R: Listed> Writing<R> {
    fn write(&mut self, from: usize) {
        for row in self.order.iter().skip(from).take(PIECE) {
            // As it is now, where it still is.
            let row = self.rows.row(row.key()).unwrap_or(row);
            let cells: Vec<String> = self.columns.iter().map(|column| row.plain(column, self.now)).collect();
            csv::line(&mut self.text, cells.iter().map(String::as_str));
        }
    }
}

/// The button that writes the file and saves it.
#[component]
pub(super) fn Save<R: Listed>(
    /// The table's id.
    id: &'static str,
    /// What is shown, in order.
    shown: RwSignal<List<R>>,
    /// Every row as it is now.
    rows: Memo<List<R>>,
    /// The columns.
    columns: StoredValue<Vec<Column<R>>>,
    /// Which of them are shown.
    choice: Choice,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let toasts = use_toasts();
    let chosen = choice.shown(columns);
    let written: RwSignal<Option<usize>> = RwSignal::new(None);
    let finish = Callback::new(move |text: String| {
        if csv::save(&format!("howdah-{id}.csv"), &text).is_err() {
            toasts.say(t_string!(i18n, activity.csv_refused).to_string());
        }
        written.set(None);
    });
    let press = Callback::new(move |()| {
        let mut writing = Writing {
            text: String::new(),
            columns: chosen.get_untracked(),
            order: shown.get_untracked(),
            rows: rows.get_untracked(),
            now: untrack(|| clock.server()) as i64,
        };
        // The ids of the columns: the same in every language, so that a script can read the file.
        csv::line(&mut writing.text, writing.columns.iter().copied());
        step(writing, 0, written, finish);
    });
    let word = string(move || match written.get() {
        Some(count) => t_string!(i18n, activity.csv_collected, count = format::count(count as i64)).to_string(),
        None => t_string!(i18n, activity.csv).to_string(),
    });
    view! { <Button press=press busy=Signal::derive(move || written.with(Option::is_some))>{word}</Button> }
}

fn step<R: Listed>(mut writing: Writing<R>, from: usize, written: RwSignal<Option<usize>>, finish: Callback<String>) {
    // The page may be gone.
    if written.try_set(Some(from)).is_some() {
        return;
    }
    set_timeout(
        move || {
            writing.write(from);
            let to = from + PIECE;
            if to < writing.order.len() {
                step(writing, to, written, finish);
            } else {
                finish.try_run(writing.text);
            }
        },
        Duration::ZERO,
    );
}
