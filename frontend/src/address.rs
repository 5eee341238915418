//! The address bar: where the viewer is, and ways to elsewhere in the console without loading it anew.
//!
//! The pages are few and [`routes`](crate::routes) knows them all, so this is all that a router would be here for.

use std::cell::RefCell;
use std::time::Duration;

use howdah_shared::operation::encode_segment;
use leptos::ev;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::api::base;
use crate::browser;

/// Where the viewer is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Here {
    /// The path, with the base.
    pub(crate) pathname: String,
    /// The query with its question mark; empty without parameters.
    pub(crate) search: String,
}

/// Browsers refuse to change the address more than some hundred times in half a minute: it follows after a pause.
const PAUSE: Duration = Duration::from_millis(250);

/// Parameters that the address is still to be given.
#[derive(Default)]
struct Due {
    parameters: Vec<(&'static str, String)>,
    timer: Option<TimeoutHandle>,
}

thread_local! {
    // Beside the reactive tree: a call may end, and lead on, after the page that began it is gone.
    static HERE: ArcRwSignal<Here> = ArcRwSignal::new(read());
    static DUE: RefCell<Due> = RefCell::default();
}

/// Where the viewer is; reading it subscribes.
pub(crate) fn here() -> ArcRwSignal<Here> {
    HERE.with(Clone::clone)
}

/// Goes to an address of the console, given with the base.
pub(crate) fn go(address: &str) {
    enter(address, false);
    // A new page begins at its top; going back, the browser finds the old place by itself.
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Goes to an address of the console in the place of this one: going back does not lead here.
pub(crate) fn replace(address: &str) {
    enter(address, true);
}

/// Gives this address a parameter, or takes it away with an empty value: after a pause, or before it is left.
pub(crate) fn set_parameter(name: &'static str, value: String) {
    DUE.with_borrow_mut(|due| {
        due.parameters.retain(|(other, _)| *other != name);
        due.parameters.push((name, value));
        if let Some(timer) = due.timer.take() {
            timer.clear();
        }
        due.timer = set_timeout_with_handle(write_due, PAUSE).ok();
    });
}

fn write_due() {
    let due = take_due();
    if due.is_empty() {
        return;
    }
    let Here { pathname, search } = read();
    let search = due.into_iter().fold(search, |search, (name, value)| {
        with_parameter(&search, name, Some(value.as_str()).filter(|value| !value.is_empty()))
    });
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&(pathname + &search)));
    }
    moved();
}

fn take_due() -> Vec<(&'static str, String)> {
    let Due { parameters, timer } = DUE.take();
    if let Some(timer) = timer {
        timer.clear();
    }
    parameters
}

/// Keeps [`here`] in step with the browser's history, and follows links within the console; once, at the root.
pub(crate) fn follow() {
    if browser::ABSENT {
        return;
    }
    window_event_listener(ev::popstate, |_| {
        // They were meant for an address that is no longer there.
        take_due();
        moved();
    });
    window_event_listener(ev::click, |event| {
        if let Some(address) = link_within(&event) {
            event.prevent_default();
            go(&address);
        }
    });
}

/// What a portal says in the address of its frame.
const FRAMING: [&str; 3] = ["embed", "theme", "lang"];

/// An address with what a portal said in the one before it: a frame that is loaded anew has nothing else to know it by.
fn framed(before: &str, address: &str) -> String {
    let mut out = address.to_owned();
    if parameter(before, FRAMING[0]).is_some() {
        let said = address.split_once('?').map_or("", |(_, said)| said);
        for (name, value) in pairs(before).filter(|(name, _)| FRAMING.contains(name) && parameter(said, name).is_none())
        {
            out.push(if out.contains('?') { '&' } else { '?' });
            out.push_str(name);
            if !value.is_empty() {
                out.push('=');
                out.push_str(value);
            }
        }
    }
    out
}

fn enter(address: &str, in_place: bool) {
    // Going back leads to what was seen last.
    write_due();
    let window = window();
    let Ok(history) = window.history() else { return };
    let address = &framed(&window.location().search().unwrap_or_default(), address);
    // The same address once more is no step in the history.
    let in_place = in_place
        || window
            .location()
            .pathname()
            .is_ok_and(|path| path + &window.location().search().unwrap_or_default() == *address);
    // Browsers refuse hundreds of changes in half a minute: then the page still changes.
    let _ = match in_place {
        true => history.replace_state_with_url(&JsValue::NULL, "", Some(address)),
        false => history.push_state_with_url(&JsValue::NULL, "", Some(address)),
    };
    moved();
}

fn moved() {
    let (now, here) = (read(), here());
    if here.with_untracked(|before| *before != now) {
        here.set(now);
    }
}

fn read() -> Here {
    let (pathname, search) = browser::here();
    Here { pathname, search }
}

/// The address that a click on a link leads to, if the console itself can go there.
fn link_within(event: &web_sys::MouseEvent) -> Option<String> {
    if event.default_prevented() || event.button() != 0 {
        return None;
    }
    // These open the link elsewhere.
    if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return None;
    }
    let link = event.target()?.dyn_into::<web_sys::Element>().ok()?.closest("a[href]").ok()??;
    if link.has_attribute("target") || link.has_attribute("download") {
        return None;
    }
    let link = link.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let path = link.pathname();
    let ours = link.origin() == window().location().origin().ok()?
        && link.hash().is_empty()
        && path.strip_prefix(&base()).is_some_and(|rest| rest.starts_with('/') && !rest.starts_with("/api/"));
    ours.then(|| path + &link.search())
}

/// The value of a parameter of a query string.
pub(crate) fn parameter(search: &str, name: &str) -> Option<String> {
    pairs(search).find(|(key, _)| *key == name).map(|(_, value)| decode(&value.replace('+', " ")))
}

/// A query string with a parameter set, or without it when there is no value; the others stay as they are.
pub(crate) fn with_parameter(search: &str, name: &str, value: Option<&str>) -> String {
    let mut out = String::new();
    for (key, value) in pairs(search).filter(|(key, _)| *key != name) {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(key);
        if !value.is_empty() {
            out.push('=');
            out.push_str(value);
        }
    }
    if let Some(value) = value {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        // A comma means nothing in a query: lists stay readable.
        for (at, part) in value.split(',').enumerate() {
            if at > 0 {
                out.push(',');
            }
            encode_segment(part, &mut out);
        }
    }
    out
}

fn pairs(search: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Takes the percent-encoding off; what is none, or is no text, stays as it is.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = text.get(at + 1..at + 3).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (bytes[at], pair) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_their_whole_name() {
        assert_eq!(parameter("?embed&lang=ko", "lang").as_deref(), Some("ko"));
        assert_eq!(parameter("?embed&lang=ko", "embed").as_deref(), Some(""));
        assert_eq!(parameter("?xlang=ko", "lang"), None);
        assert_eq!(parameter("", "lang"), None);
        assert_eq!(parameter("?q=a+b%20c%26", "q").as_deref(), Some("a b c&"));
        assert_eq!(parameter("?q=%zz%E", "q").as_deref(), Some("%zz%E"));
    }

    #[test]
    fn what_a_portal_said_goes_along() {
        let before = "?q=x&embed&theme=dark&lang=ko";
        assert_eq!(framed(before, "/h/requests"), "/h/requests?embed&theme=dark&lang=ko");
        assert_eq!(framed(before, "/?state=failed&lang=en"), "/?state=failed&lang=en&embed&theme=dark");
        assert_eq!(framed(before, "/sign-in?next=%2F%3Fembed"), "/sign-in?next=%2F%3Fembed&embed&theme=dark&lang=ko");
        assert_eq!(framed("?theme=dark&lang=ko", "/requests"), "/requests");
    }

    #[test]
    fn a_parameter_is_set_among_others() {
        assert_eq!(with_parameter("?embed&lang=ko", "q", Some("a b")), "?embed&lang=ko&q=a%20b");
        assert_eq!(with_parameter("?embed&q=x&lang=ko", "q", Some("")), "?embed&lang=ko&q=");
        assert_eq!(with_parameter("", "cols", Some("id,name")), "?cols=id,name");
        assert_eq!(with_parameter("?q=x", "q", None), "");
        assert_eq!(with_parameter("", "q", None), "");
    }
}
