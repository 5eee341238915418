//! The list that a page begins with, asked for while the page itself is still on its way.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use howdah_shared::watch::Version;
use howdah_shared::watch::messages::Told;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;

use super::socket::{self, Listener, Subscription};
use super::watched::{Fetched, fetch, given};
use crate::browser;
use crate::first_picture::{Picture, Subject};

/// Who takes it: what came, or that nothing will.
pub(super) type Taker = Box<dyn FnOnce(Option<Fetched>)>;

/// A list that was asked for.
struct Ahead {
    of: Subject,
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
    static AHEAD: RefCell<Option<(Rc<Ahead>, Option<Subscription>)>> = const { RefCell::new(None) };
}

/// Asks for a list that a page is about to watch; where there is nobody to ask, it has been given.
pub(crate) fn begin(subject: Subject) {
    if browser::ABSENT {
        return;
    }
    let Subject { connection, path, query } = subject.clone();
    let ahead = Ahead::of(subject);
    let subscription = socket::subscribe_early(connection, path, query, ahead.clone());
    AHEAD.set(Some((ahead, Some(subscription))));
}

/// Has a list there that a page is about to watch.
pub(crate) fn give(subject: Subject, picture: Picture) {
    let ahead = Ahead::of(subject);
    *ahead.word.borrow_mut() = Some(String::new());
    *ahead.came.borrow_mut() = given(picture).map(Ok);
    AHEAD.set(Some((ahead, None)));
}

/// The page that it was for is there: what it has not taken by now nobody will.
pub(crate) fn end() {
    let is_awaited = AHEAD.with_borrow(|ahead| ahead.as_ref().is_some_and(|(ahead, _)| ahead.taker.borrow().is_some()));
    if !is_awaited {
        drop(AHEAD.take());
    }
}

/// Has a list taken that was asked for, at once or when it comes; `false` where it was not.
pub(super) fn take(connection: &str, path: &str, query: &str, taker: Taker) -> bool {
    let found = AHEAD.with_borrow(|ahead| ahead.as_ref().map(|(ahead, _)| ahead.clone()));
    let is_it = |of: &Subject| of.connection == connection && of.path == path && of.query == query;
    let Some(ahead) = found.filter(|ahead| is_it(&ahead.of) && ahead.word.borrow().is_some()) else { return false };
    match ahead.came.take() {
        Some(came) => taker(Some(came)),
        None => drop(ahead.taker.replace(Some(taker))),
    }
    true
}

impl Ahead {
    fn of(subject: Subject) -> Rc<Ahead> {
        Rc::new_cyclic(|own: &Weak<Ahead>| Ahead {
            of: subject,
            word: RefCell::default(),
            fetching: Cell::new(false),
            came: RefCell::default(),
            taker: RefCell::default(),
            own: own.clone(),
        })
    }

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
