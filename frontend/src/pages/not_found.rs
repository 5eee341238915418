//! An address without a page.

use leptos::prelude::*;

use crate::components::page::PageHead;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::button::ButtonLink;

/// Says so, and leads back.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=Signal::derive(move || t_string!(i18n, not_found.title).to_string()) />
        <Blank
            title=Signal::derive(move || t_string!(i18n, not_found.heading).to_string())
            text=Signal::derive(move || t_string!(i18n, not_found.text).to_string())
        >
            <ButtonLink href=Signal::stored(Place::Fleet.href())>{t!(i18n, not_found.back)}</ButtonLink>
        </Blank>
    }
}
