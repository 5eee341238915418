//! What the page's first script has asked already, while the console was on its way (`first-paint.js`): who is in, the
//! connections, the tab's line, and on it the list of the page that is opened most.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::WebSocket;

/// The number under which the script subscribes on its line.
pub(super) const SUBSCRIPTION: u32 = 1;

#[wasm_bindgen]
extern "C" {
    type Early;

    #[wasm_bindgen(thread_local_v2, js_name = howdah)]
    static EARLY: Option<Early>;

    #[wasm_bindgen(method)]
    fn take(this: &Early, path: &str) -> Option<Promise>;

    #[wasm_bindgen(method)]
    fn line(this: &Early, on_message: &Function, on_close: &Function) -> Option<WebSocket>;

    #[wasm_bindgen(method)]
    fn list(this: &Early) -> Option<String>;

    #[wasm_bindgen(method)]
    fn told(this: &Early) -> Array;
}

/// The response to a GET of an address, once.
pub(super) fn asked(url: &str) -> Option<Promise> {
    EARLY.with(|early| early.as_ref()?.take(url))
}

/// The line, once, with these handlers from now on.
pub(super) fn line(on_message: &Function, on_close: &Function) -> Option<WebSocket> {
    EARLY.with(|early| early.as_ref()?.line(on_message, on_close))
}

/// The connection, the path and the query of the list that was subscribed to on the line.
pub(super) fn list() -> Option<String> {
    EARLY.with(|early| early.as_ref()?.list())
}

/// The messages that came on the line before it was taken, once.
pub(super) fn told() -> Array {
    EARLY.with(|early| early.as_ref().map(Early::told)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use howdah_shared::console::{ListConnections, ShowMe};
    use howdah_shared::operation::Operation;
    use howdah_shared::systems::yarn::{EVERY_APPLICATION, ListApplications};

    use super::*;
    use crate::components::preferences::tag;
    use crate::i18n::*;
    use crate::routes::Place;

    const SCRIPT: &str = include_str!("../../first-paint.js");

    #[test]
    fn the_script_asks_for_what_the_console_asks_for() {
        let page = Place::Applications("x".to_owned()).path().replace("x", "([^/]+)").replace('/', "\\/");
        // Within the brackets a slash stands for itself.
        let page = page.replace("[^\\/]", "[^/]");
        for said in [
            format!("ask(\"{}\")", &ShowMe {}.path()[1..]),
            format!("ask(\"{}\")", &ListConnections {}.path()[1..]),
            format!("var page = /^{}$/;", &page[2..]),
            format!("var path = \"{}\";", ListApplications {}.path()),
            format!("var query = \"{EVERY_APPLICATION}\";"),
            format!("{{ id: {SUBSCRIPTION}, "),
        ] {
            assert!(SCRIPT.contains(&said), "{said}");
        }
    }

    #[test]
    fn the_script_speaks_every_language() {
        for language in Locale::get_all() {
            let said = format!("{}: [", tag(*language));
            assert!(SCRIPT.contains(&said), "{said}");
        }
    }
}
