//! An address without a page.

use leptos::prelude::*;

use crate::components::page::PageHead;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::button::ButtonLink;

/// Says so, and leads back.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <PageHead title=words!(not_found.title) />
        <Blank
            title=words!(not_found.heading)
            text=words!(not_found.text)
        >
            <ButtonLink href=Signal::stored(Place::Fleet.href())>{words!(not_found.back)}</ButtonLink>
        </Blank>
    }
}
