//! The console comes in the place of the picture that the proxy has drawn of its page: once it can show as much itself.

use std::cell::Cell;

use leptos::mount::{mount_to, mount_to_body};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::App;

thread_local! {
    /// The console, while there is still the picture.
    static COMING: Cell<Option<HtmlElement>> = const { Cell::new(None) };
}

/// Begins the console in the browser.
pub fn begin() {
    let document = document();
    let is_drawn = document.body().is_some_and(|body| body.has_attribute("inert"));
    let own = document.create_element("body").ok().and_then(|body| body.dyn_into::<HtmlElement>().ok());
    match own.filter(|_| is_drawn) {
        Some(body) => {
            mount_to(body.clone(), App).forget();
            COMING.set(Some(body));
        }
        None => mount_to_body(App),
    }
}

/// The page has what it asked for first, or knows why not.
pub(crate) fn arrive() {
    if let Some(body) = COMING.take() {
        document().set_body(Some(&body));
    }
}
