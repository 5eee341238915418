//! Cells that the tables of all such pages have.

use std::sync::Arc;

use leptos::prelude::*;

use super::Listed;
use crate::components::place::use_place;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::format::UNKNOWN;
use crate::ui::live::{memo, string};
use crate::ui::mark::{Kind, Mark};
use crate::ui::time::{Ago, Precision};

/// The row that a cell is drawn for, as it is now.
pub(crate) type Of<R> = ArcRwSignal<Arc<R>>;

/// A text, whole on hover.
pub(crate) fn text<R: Send + Sync + 'static>(row: Of<R>, of: fn(&R) -> Option<String>) -> AnyView {
    // A service takes a name of blanks too.
    let words = string(move || {
        row.with(|row| of(row).filter(|text| !text.trim().is_empty()).unwrap_or_else(|| UNKNOWN.to_owned()))
    });
    view! {
        <span class="cell-text" title=words>
            {words}
        </span>
    }
    .into_any()
}

/// A name that leads to the page of the row, by the connection and the row's key.
pub(crate) fn way<R: Listed>(row: Of<R>, page: fn(String, String) -> Place, of: fn(&R) -> Option<String>) -> AnyView {
    let here = use_place().get_untracked();
    let connection = here.as_ref().and_then(Place::connection).unwrap_or_default().to_owned();
    let keyed = row.clone();
    let href = string(move || page(connection.clone(), keyed.with(|row| row.key().to_owned())).href());
    let words = string(move || row.with(|row| of(row).unwrap_or_else(|| row.key().to_owned())));
    // Not in the order of Tab: the keyboard's focus stays on the table, where Enter does the same on the row that it is on.
    view! {
        <a class="cell-text row-link" href=href tabindex="-1" title=words>
            {words}
        </a>
    }
    .into_any()
}

/// A figure.
pub(crate) fn figure<R: Send + Sync + 'static>(
    row: Of<R>,
    of: impl Fn(&R) -> Option<String> + Send + Sync + 'static,
) -> AnyView {
    let words = string(move || row.with(|row| of(row)).unwrap_or_else(|| UNKNOWN.to_owned()));
    view! { <span class="number">{words}</span> }.into_any()
}

/// How long ago an instant of it was, in ms since the epoch. A list whose rows say something else each second has nothing
/// that stands out, and is drawn anew each second.
pub(crate) fn ago<R: Send + Sync + 'static>(row: Of<R>, of: fn(&R) -> Option<i64>) -> AnyView {
    let at = memo(move || row.with(|row| of(row)));
    view! { <span class="number"><Ago at precision=Precision::Minute /></span> }.into_any()
}

/// Where it stands.
pub(crate) fn state<R: Listed>(row: Of<R>) -> AnyView {
    let i18n = use_i18n();
    let shape = row.clone();
    view! {
        <Mark
            kind=Signal::derive(move || shape.with(|row| R::kind(row.standing()).unwrap_or(Kind::Unknown)))
            word=string(move || row.with(|row| R::word(i18n, row.standing())))
        />
    }
    .into_any()
}
