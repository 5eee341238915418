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
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::address::{At, address};
use super::socket::{self, Listener, Subscription};
use super::{Polled, ahead, base, exchange, unreadable};
use crate::components::settled::{self, Pending};
use crate::first_picture;
use crate::list::{Keyed, List, Text};

/// A row that can be made of its text and kept.
pub(crate) trait Row: Keyed + From<Text> + Send + Sync + 'static {}

impl<R: Keyed + From<Text> + Send + Sync + 'static> Row for R {}

/// A reply that is no list, as the one row under the empty key that it is watched as.
#[derive(Clone, Debug, PartialEq)]
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
    let names = O::SPEC.tail.rows.map_or(&[][..], |rows| rows.shown);
    let watch = Rc::new_cyclic(|own: &std::rc::Weak<Watch>| Watch {
        rows: Box::new(Typed { value: polled.value, held: RefCell::<Held<Arc<R>>>::default(), names }),
        complete,
        seen: polled.seen,
        problem: polled.problem,
        fresh: Cell::default(),
        trouble: RefCell::default(),
        picture: RefCell::default(),
        wanting: Cell::new(false),
        fetching: Cell::new(false),
        again: Cell::new(false),
        first: RefCell::new(Some(settled::begin())),
        is_list: O::SPEC.tail.rows.is_some() || O::SPEC.tail.tree.is_some(),
        own: own.clone(),
    });
    let path = operation.path();
    let early = watch.clone();
    // Where it comes at once, only what has changed since is still to be told.
    watch.fetching.set(true);
    if !ahead::take(connection, &path, &query, Box::new(move |fetched| early.came("", fetched))) {
        watch.fetching.set(false);
    }
    *subscription.borrow_mut() = Some(socket::subscribe(connection.to_owned(), path, query, watch));
    let kept = StoredValue::new_local(subscription);
    on_cleanup(move || kept.with_value(|subscription| drop(subscription.take())));
    Watched { list: polled, complete }
}

/// The rows that are held of a read, whatever they are: all else is compiled once, not for each kind of them.
trait Rows {
    /// Their version.
    fn version(&self) -> Option<Version>;
    /// As of [`Held`].
    fn reset(&self, version: Version) -> Taken;
    /// As of [`Held`].
    fn patch(&self, patch: Patch<Text>) -> Taken;
    /// As of [`Held`].
    fn fetched(&self, version: Version, rows: Vec<Text>) -> Taken;
    /// Shows them to the page.
    fn show(&self);
    /// Whether there is nobody any more to show them to.
    fn is_over(&self) -> bool;
}

/// Rows of one kind.
struct Typed<R: Row> {
    value: RwSignal<Option<List<R>>>,
    held: RefCell<Held<Arc<R>>>,
    /// Of whose values alone a row is made; none where it comes as it is.
    names: &'static [&'static str],
}

impl<R: Row> Typed<R> {
    fn read(&self, texts: Vec<Text>) -> Vec<Arc<R>> {
        texts.into_iter().map(|text| Arc::new(R::from(Text { names: self.names, ..text }))).collect()
    }
}

fn key<R: Row>(row: &Arc<R>) -> Cow<'_, str> {
    row.key().into()
}

/// Most rows of a long list are mostly as they were, and much may have been read of them.
fn keep<R: Row>(held: &Arc<R>, row: Arc<R>) -> Arc<R> {
    if let (Some(before), Some(now)) = (held.text(), row.text())
        && before.as_ref() == now.as_ref()
    {
        return held.clone();
    }
    row.inherit(held);
    row
}

impl<R: Row> Rows for Typed<R> {
    fn version(&self) -> Option<Version> {
        self.held.borrow().version()
    }

    fn reset(&self, version: Version) -> Taken {
        self.held.borrow_mut().reset(version)
    }

    fn patch(&self, patch: Patch<Text>) -> Taken {
        let Patch { from, to, changed, gone } = patch;
        self.held.borrow_mut().patch(Patch { from, to, changed: self.read(changed), gone }, key, keep)
    }

    fn fetched(&self, version: Version, rows: Vec<Text>) -> Taken {
        self.held.borrow_mut().fetched(version, self.read(rows), key, keep)
    }

    fn show(&self) {
        self.value.set(Some(self.held.borrow().rows().iter().cloned().collect()));
    }

    fn is_over(&self) -> bool {
        self.value.is_disposed()
    }
}

/// What is known of a read.
struct Watch {
    rows: Box<dyn Rows>,
    complete: RwSignal<bool>,
    seen: RwSignal<Option<f64>>,
    problem: RwSignal<Option<Problem>>,
    /// When the service last replied well, and whether it told all by then; what is held may still be from before.
    fresh: Cell<Option<(Instant, bool)>>,
    /// What has been wrong with the service since: a picture that is fetched meanwhile mends none of it.
    trouble: RefCell<Option<Problem>>,
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
    own: std::rc::Weak<Watch>,
}

impl Listener for Watch {
    fn known(&self) -> Option<Version> {
        self.rows.version()
    }

    fn told(&self, message: &str) {
        let told = match serde_json::from_slice::<(u32, Told<Box<RawValue>>)>(message.as_bytes()) {
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
                self.taken(self.rows.reset(version));
            }
            Told::Patch(Patch { from, to, changed, gone }) => {
                let changed = changed.into_iter().map(Text::from).collect();
                self.taken(self.rows.patch(Patch { from, to, changed, gone }));
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

impl Watch {
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
        self.seen.set(Some(socket::here(at)));
    }

    fn show(&self) {
        self.wanting.set(false);
        self.tell_fresh();
        self.rows.show();
        self.settle();
    }

    /// The picture is the latest that there is.
    fn settle(&self) {
        let trouble = self.trouble.borrow().clone();
        if self.problem.with_untracked(|problem| *problem != trouble) {
            self.problem.set(trouble);
        }
        self.first.take();
    }

    fn fail(&self, problem: Problem) {
        self.problem.set(Some(problem));
        self.first.take();
    }

    fn fetch(&self) {
        let (Some(own), Some(word)) = (self.own.upgrade(), self.picture.borrow().clone()) else { return };
        if self.fetching.replace(true) {
            return self.again.set(true);
        }
        spawn_local(async move {
            let fetched = fetch(&word, own.is_list).await;
            own.came(&word, Some(fetched));
        });
    }

    /// What was fetched by a word is there, or never will be.
    fn came(&self, word: &str, fetched: Option<Fetched>) {
        self.fetching.set(false);
        let again = self.again.take();
        if self.rows.is_over() {
            return;
        }
        match fetched {
            Some(Ok(Picture { version, is_complete, rows })) => match self.rows.fetched(version, rows) {
                Taken::Applied if self.fresh.get().is_none() => {
                    // Word of how fresh it is may come only after it.
                    self.complete.set(is_complete);
                    self.show();
                }
                Taken::Applied => self.show(),
                _ if again => self.fetch(),
                // Word of what it is waiting for is on its way.
                _ => {}
            },
            // The line on which it stood may be gone, and another has its own word for it.
            Some(Err(_)) | None if self.picture.borrow().as_deref() != Some(word) => self.fetch(),
            Some(Err(problem)) => self.fail(problem),
            None => {}
        }
    }
}

/// A picture as it was fetched.
pub(super) struct Picture {
    version: Version,
    /// Whether all rows are in it.
    is_complete: bool,
    rows: Vec<Text>,
}

/// What the fetching of a picture brought.
pub(super) type Fetched = Result<Picture, Problem>;

pub(super) async fn fetch(word: &str, is_list: bool) -> Fetched {
    let picture = word.parse().map_err(|_| unreadable("the word of a picture", ""))?;
    let url = address(&base(), At::Howdah, &ShowPicture { picture }.path(), &Nothing {});
    let answer = exchange::exchange(Method::Get, &url, false, None, &[]).await?;
    let unread = |why: &str| unreadable(why, &answer.trace_id);
    let version = answer.version().ok_or_else(|| unread("no version"))?;
    let (is_complete, body) = (answer.is_complete, answer.body);
    read(version, is_complete, is_list, body).ok_or_else(|| unread("no list"))
}

/// A picture of a list that was not fetched.
pub(super) fn given(picture: first_picture::Picture) -> Option<Picture> {
    read(picture.version, picture.is_complete, true, picture.rows)
}

fn read(version: Version, is_complete: bool, is_list: bool, body: Vec<u8>) -> Option<Picture> {
    let rows = match is_list {
        true => lines::rows(&body)?,
        false => std::iter::once(0..body.len()).collect(),
    };
    let picture = Arc::new(body);
    let rows = rows.into_iter().map(|at| Text { picture: picture.clone(), at, names: &[] }).collect();
    Some(Picture { version, is_complete, rows })
}
