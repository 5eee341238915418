//! The browser that the console runs in, where there is one: the proxy draws the first picture of a page without.

use std::cell::RefCell;

use leptos::prelude::*;
use web_sys::Window;

use crate::first_picture::Visit;

/// There is none: nothing can be asked of it, and no event comes from it.
pub(crate) const ABSENT: bool = !cfg!(target_arch = "wasm32");

thread_local! {
    /// What is known in its place.
    static VISIT: RefCell<Visit> = RefCell::default();
}

/// Has something known in the place of a browser, on this thread.
pub(crate) fn stand_in(visit: Visit) {
    VISIT.set(visit);
}

/// The window.
pub(crate) fn window() -> Option<Window> {
    if ABSENT { None } else { web_sys::window() }
}

/// Now by its clock, in ms since the epoch.
pub(crate) fn now() -> f64 {
    if ABSENT { VISIT.with_borrow(|visit| visit.now) } else { js_sys::Date::now() }
}

/// The address of the page's base, or its path alone.
pub(crate) fn base_uri() -> String {
    if ABSENT {
        return VISIT.with_borrow(|visit| visit.base.clone());
    }
    let uri = window().and_then(|window| window.document()).and_then(|document| document.base_uri().ok());
    uri.flatten().unwrap_or_default()
}

/// The path and the query of the page's address.
pub(crate) fn here() -> (String, String) {
    if ABSENT {
        return VISIT.with_borrow(|visit| (visit.path.clone(), visit.query.clone()));
    }
    let Some(location) = window().map(|window| window.location()) else { return Default::default() };
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// The languages that the viewer prefers, the best first.
pub(crate) fn languages() -> Vec<String> {
    if ABSENT {
        return VISIT.with_borrow(|visit| visit.languages.clone());
    }
    let languages = window().map(|window| window.navigator().languages()).unwrap_or_default();
    languages.iter().filter_map(|word| word.as_string()).collect()
}

/// The width of the window, in pixels. Of one that is not known it is that of most.
pub(crate) fn width() -> f64 {
    let Some(window) = window() else { return 1920.0 };
    window.inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default()
}

/// A style of an element. The page's text holds none: its policy lets only scripts set them.
pub(crate) fn styled(style: impl Fn() -> String + Send + Sync + 'static) -> Signal<Option<String>> {
    let style: Box<dyn Fn() -> String + Send + Sync> = Box::new(style);
    Signal::derive(move || (!ABSENT).then(&style))
}

/// What Howdah answers at a path, where it has been told beforehand.
pub(crate) fn told(path: &str) -> Option<String> {
    VISIT.with_borrow(|visit| visit.answers.iter().find(|(at, _)| at == path).map(|(_, answer)| answer.clone()))
}
