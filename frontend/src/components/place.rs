//! Where one is, known to all.

use crate::ui::live::memo;
use leptos::prelude::*;

use crate::address::here;
use crate::api::base;
use crate::routes::Place;

/// Makes the place known below. It changes with the path alone, not with filters in the query.
pub(crate) fn provide_place() -> Memo<Option<Place>> {
    let here = here();
    let place = memo(move || here.with(|here| Place::at(&base(), &here.pathname)));
    provide_context(place);
    place
}

/// Where one is; `None` at an address without a page.
pub(crate) fn use_place() -> Memo<Option<Place>> {
    expect_context()
}
