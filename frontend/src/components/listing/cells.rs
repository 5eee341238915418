//! Cells that the tables of all such pages have.

use std::sync::Arc;

use leptos::prelude::*;

use super::Listed;
use crate::i18n::*;
use crate::ui::format::UNKNOWN;
use crate::ui::live::string;
use crate::ui::mark::{Kind, Mark};

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

/// A figure.
pub(crate) fn figure<R: Send + Sync + 'static>(
    row: Of<R>,
    of: impl Fn(&R) -> Option<String> + Send + Sync + 'static,
) -> AnyView {
    let words = string(move || row.with(|row| of(row)).unwrap_or_else(|| UNKNOWN.to_owned()));
    view! { <span class="number">{words}</span> }.into_any()
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
