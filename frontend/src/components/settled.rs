//! Tells a headless browser when the page has settled: `<html data-howdah="ready">`.

use std::cell::Cell;
use std::time::Duration;

use crate::{arriving, browser};

thread_local! {
    static PENDING: Cell<u32> = const { Cell::new(0) };
}

/// Something that the page still waits for; ends when dropped.
pub(crate) struct Pending(());

/// Notes that the page waits for something: its first data, or the reason why there are none.
pub(crate) fn begin() -> Pending {
    PENDING.set(PENDING.get() + 1);
    mark("loading");
    Pending(())
}

impl Drop for Pending {
    fn drop(&mut self) {
        PENDING.set(PENDING.get().saturating_sub(1));
        check();
    }
}

/// Looks again once what was set has been drawn.
pub(crate) fn check() {
    if browser::ABSENT {
        return;
    }
    leptos::prelude::set_timeout(
        || {
            if PENDING.get() == 0 {
                arriving::arrive();
                mark("ready");
            }
        },
        Duration::ZERO,
    );
}

fn mark(state: &str) {
    let root = browser::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(root) = root {
        // Only an invalid attribute name could fail.
        let _ = root.set_attribute("data-howdah", state);
    }
}
