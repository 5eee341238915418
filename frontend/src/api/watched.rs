//! A read that is watched: what the page holds of it is kept up to date by word of what changes.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use howdah_shared::console::{Instant, ShowPicture};
use howdah_shared::operation::{Method, Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::watch::messages::Told;
use howdah_shared::watch::{Held, Patch, Taken, Version, lines};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::address::{At, address};
use super::socket::{self, Listener, Subscription};
use super::{Polled, base, exchange, unreadable};
use crate::components::settled::{self, Pending};
use crate::list::{Keyed, List, Text};

/// A row that can be read and kept; those of a picture are made of their texts.
pub(crate) trait Row: Keyed + From<Text> + DeserializeOwned + Send + Sync + 'static {}

impl<R: Keyed + From<Text> + DeserializeOwned + Send + Sync + 'static> Row for R {}

/// A reply that is no list, as the one row under the empty key that it is watched as.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Whole<T>(pub(crate) T);

impl<T> Keyed for Whole<T> {
    fn key(&self) -> &str {
        ""
    }
}

impl<T: DeserializeOwned + Default> From<Text> for Whole<T> {
    fn from(text: Text) -> Whole<T> {
        Whole(text.read())
    }
}

/// Watches a read that is no list as long as the owner lives.
pub(crate) fn watched_whole<O>(connection: &str, operation: &O, query: &O::Query) -> Polled<List<Whole<O::Reply>>>
where
    O: Operation + 'static,
    O::Reply: Default + Send + Sync,
{
    watched::<O, Whole<O::Reply>>(connection, operation, query).list
}

/// What is known of a list that is watched.
pub(crate) struct Watched<R: Send + Sync + 'static> {
    /// Its rows, in the order of their keys.
    pub(crate) list: Polled<List<R>>,
    /// Whether they are all; at first they may be the active ones alone.
    pub(crate) complete: RwSignal<bool>,
}

/// Watches a list of a connection as long as the owner lives.
pub(crate) fn watched<O, R>(connection: &str, operation: &O, query: &O::Query) -> Watched<R>
where
    O: Operation + 'static,
    R: Row,
{
    let query = serde_html_form::to_string(query).unwrap_or_default();
    let subscription = Rc::new(RefCell::new(None::<Subscription>));
    let asked = subscription.clone();
    let polled = Polled::new(move || {
        if let Some(subscription) = asked.borrow().as_ref() {
            socket::look(subscription);
        }
    });
    let complete = RwSignal::new(true);
    let watch = Rc::new_cyclic(|own: &std::rc::Weak<Watch<R>>| Watch {
        polled,
        complete,
        fresh: Cell::default(),
        trouble: RefCell::default(),
        held: RefCell::default(),
        picture: RefCell::default(),
        wanting: Cell::new(false),
        fetching: Cell::new(false),
        again: Cell::new(false),
        first: RefCell::new(Some(settled::begin())),
        is_list: O::SPEC.tail.rows.is_some(),
        own: own.clone(),
    });
    *subscription.borrow_mut() = Some(socket::subscribe(connection.to_owned(), operation.path(), query, watch));
    let kept = StoredValue::new_local(subscription);
    on_cleanup(move || kept.with_value(|subscription| drop(subscription.take())));
    Watched { list: polled, complete }
}

/// What is held of a read.
struct Watch<R: Row> {
    polled: Polled<List<R>>,
    complete: RwSignal<bool>,
    /// When the service last replied well, and whether it told all by then; what is held may still be from before.
    fresh: Cell<Option<(Instant, bool)>>,
    /// What has been wrong with the service since: a picture that is fetched meanwhile mends none of it.
    trouble: RefCell<Option<Problem>>,
    held: RefCell<Held<Arc<R>>>,
    /// By which the picture is fetched on this line.
    picture: RefCell<Option<String>>,
    /// The picture must be fetched.
    wanting: Cell<bool>,
    fetching: Cell<bool>,
    /// Word of a later picture came while one was on its way.
    again: Cell<bool>,
    /// Until the first picture, or the first reason why there is none.
    first: RefCell<Option<Pending>>,
    is_list: bool,
    own: std::rc::Weak<Watch<R>>,
}

fn key<R: Row>(row: &Arc<R>) -> Cow<'_, str> {
    row.key().into()
}

impl<R: Row> Listener for Watch<R> {
    fn known(&self) -> Option<Version> {
        self.held.borrow().version()
    }

    fn told(&self, message: &str) {
        let told = match serde_json::from_slice::<(u32, Told<R>)>(message.as_bytes()) {
            Ok((_, told)) => told,
            Err(error) => return self.fail(unreadable(&error.to_string(), "")),
        };
        match told {
            Told::Greeting { .. } => {}
            Told::Subscribed { picture, .. } => {
                *self.picture.borrow_mut() = Some(picture);
                *self.trouble.borrow_mut() = None;
            }
            Told::Reset { version } => {
                let taken = self.held.borrow_mut().reset(version);
                self.taken(taken);
            }
            Told::Patch(Patch { from, to, changed, gone }) => {
                let patch = Patch { from, to, gone, changed: changed.into_iter().map(Arc::new).collect() };
                let taken = self.held.borrow_mut().patch(patch, key);
                self.taken(taken);
            }
            Told::Fresh { at, complete } => {
                self.fresh.set(Some((at, complete)));
                *self.trouble.borrow_mut() = None;
                // What could not be fetched is tried again at the service's pace.
                if self.wanting.get() {
                    return self.fetch();
                }
                self.tell_fresh();
                self.settle();
            }
            Told::Problem(problem) | Told::Ended(problem) => {
                *self.trouble.borrow_mut() = Some(problem.clone());
                self.fail(problem);
            }
        }
    }

    fn offline(&self) {
        *self.picture.borrow_mut() = None;
        self.fail(Problem::new(Code::Offline, "There is no line to Howdah."));
    }
}

impl<R: Row> Watch<R> {
    fn taken(&self, taken: Taken) {
        match taken {
            Taken::Applied => self.show(),
            Taken::Nothing => {}
            Taken::Fetch => {
                self.wanting.set(true);
                self.fetch();
            }
        }
    }

    fn tell_fresh(&self) {
        let Some((at, complete)) = self.fresh.get() else { return };
        if self.complete.get_untracked() != complete {
            self.complete.set(complete);
        }
        self.polled.seen.set(Some(socket::here(at)));
    }

    fn show(&self) {
        self.wanting.set(false);
        self.tell_fresh();
        let rows = self.held.borrow().rows().iter().cloned().collect();
        self.polled.value.set(Some(rows));
        self.settle();
    }

    /// The picture is the latest that there is.
    fn settle(&self) {
        let trouble = self.trouble.borrow().clone();
        if self.polled.problem.with_untracked(|problem| *problem != trouble) {
            self.polled.problem.set(trouble);
        }
        self.first.take();
    }

    fn fail(&self, problem: Problem) {
        self.polled.problem.set(Some(problem));
        self.first.take();
    }

    fn fetch(&self) {
        let (Some(own), Some(word)) = (self.own.upgrade(), self.picture.borrow().clone()) else { return };
        if self.fetching.replace(true) {
            return self.again.set(true);
        }
        spawn_local(async move {
            let fetched = fetch(&word, own.is_list).await;
            own.fetching.set(false);
            let again = own.again.take();
            if own.polled.value.is_disposed() {
                return;
            }
            match fetched {
                Ok((version, texts)) => {
                    let rows = texts.map(|text| Arc::new(R::from(text))).collect();
                    let taken = own.held.borrow_mut().fetched(version, rows, key);
                    match taken {
                        Taken::Applied => own.show(),
                        _ if again => own.fetch(),
                        // Word of what it is waiting for is on its way.
                        _ => {}
                    }
                }
                // The line on which it stood may be gone, and another has its own word for it.
                Err(_) if own.picture.borrow().as_ref() != Some(&word) => own.fetch(),
                Err(problem) => own.fail(problem),
            }
        });
    }
}

async fn fetch(word: &str, is_list: bool) -> Result<(Version, impl Iterator<Item = Text>), Problem> {
    let picture = word.parse().map_err(|_| unreadable("the word of a picture", ""))?;
    let url = address(&base(), At::Howdah, &ShowPicture { picture }.path(), &Nothing {});
    let answer = exchange::exchange(Method::Get, &url, false, None, &[]).await?;
    let unread = |why: &str| unreadable(why, &answer.trace_id);
    let version = answer.version().ok_or_else(|| unread("no version"))?;
    let rows = match is_list {
        true => lines::rows(&answer.body).ok_or_else(|| unread("no list"))?,
        false => std::iter::once(0..answer.body.len()).collect(),
    };
    let picture = Arc::new(answer.body);
    Ok((version, rows.into_iter().map(move |at| Text { picture: picture.clone(), at })))
}
