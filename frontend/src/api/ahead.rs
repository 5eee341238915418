//! The list that a page begins with, asked for while the page itself is still on its way.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use howdah_shared::watch::Version;
use howdah_shared::watch::messages::Told;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;

use super::socket::{self, Listener, Subscription};
use super::watched::{Fetched, fetch};

/// Who takes it: what came, or that nothing will.
pub(super) type Taker = Box<dyn FnOnce(Option<Fetched>)>;

/// A list that was asked for: its connection, path and query.
struct Ahead {
    of: [String; 3],
    /// By which its picture is fetched.
    word: RefCell<Option<String>>,
    fetching: Cell<bool>,
    /// What came before the page.
    came: RefCell<Option<Fetched>>,
    /// The page, where it was there first.
    taker: RefCell<Option<Taker>>,
    own: Weak<Ahead>,
}

thread_local! {
    static AHEAD: RefCell<Option<(Rc<Ahead>, Subscription)>> = const { RefCell::new(None) };
}

/// Asks for a list that a page is about to watch.
pub(crate) fn begin(connection: &str, path: &str, query: &str) {
    let ahead = Rc::new_cyclic(|own: &Weak<Ahead>| Ahead {
        of: [connection, path, query].map(str::to_owned),
        word: RefCell::default(),
        fetching: Cell::new(false),
        came: RefCell::default(),
        taker: RefCell::default(),
        own: own.clone(),
    });
    let [connection, path, query] = ahead.of.clone();
    let subscription = socket::subscribe_early(connection, path, query, ahead.clone());
    AHEAD.set(Some((ahead, subscription)));
}

/// The page that it was for is there: what it has not taken by now nobody will.
pub(crate) fn end() {
    let is_awaited = AHEAD.with_borrow(|ahead| ahead.as_ref().is_some_and(|(ahead, _)| ahead.taker.borrow().is_some()));
    if !is_awaited {
        drop(AHEAD.take());
    }
}

/// Has a list taken that was asked for, at once or when it comes; `false` where it was not.
pub(super) fn take(of: [&str; 3], taker: Taker) -> bool {
    let found = AHEAD.with_borrow(|ahead| ahead.as_ref().map(|(ahead, _)| ahead.clone()));
    let Some(ahead) = found.filter(|ahead| ahead.of == of && ahead.word.borrow().is_some()) else { return false };
    match ahead.came.take() {
        Some(came) => taker(Some(came)),
        None => drop(ahead.taker.replace(Some(taker))),
    }
    true
}

impl Ahead {
    fn give(&self, came: Option<Fetched>) {
        let Some(taker) = self.taker.take() else { return drop(self.came.replace(came)) };
        end();
        taker(came);
    }
}

impl Listener for Ahead {
    fn known(&self) -> Option<Version> {
        None
    }

    fn told(&self, message: &str) {
        match serde_json::from_slice(message.as_bytes()) {
            Ok((IgnoredAny, Told::<IgnoredAny>::Subscribed { picture, .. })) => drop(self.word.replace(Some(picture))),
            Ok((_, Told::Reset { .. })) => {
                let (Some(own), Some(word)) = (self.own.upgrade(), self.word.borrow().clone()) else { return };
                if !self.fetching.replace(true) {
                    spawn_local(async move { own.give(Some(fetch(&word, true).await)) });
                }
            }
            Ok((_, Told::Problem(_) | Told::Ended(_))) => self.give(None),
            _ => {}
        }
    }

    fn offline(&self) {
        self.give(None);
    }
}
