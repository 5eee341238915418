//! The one who asks a service again and again, for everyone who watches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use howdah_shared::console::Instant as Millis;
use howdah_shared::delta::Kept;
use howdah_shared::operation::Watch;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::watch::Version;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::Memory;
use super::book::{self, Book};
use super::changes::Course;
use super::rows::{Form, Page, Row, Shape};
use super::source::Source;
use crate::app;

/// How long a poller goes on when the last watcher has gone.
const LINGERS: Duration = Duration::from_secs(60);
/// For how many looks without a change it looks as often as if there had been one.
const STAYS_FAST: u32 = 3;
/// At most this share of the time is spent on asking: what takes a service long is asked for less often.
const SHARE: u32 = 10;
/// The longest pause that this leads to.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// How soon after a look there may be another, whoever asks for it.
const LOOKS_APART: Duration = Duration::from_secs(1);

/// What every watcher sees of a poller.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The version of the picture; `None` before the first.
    pub(super) version: Option<Version>,
    /// When the service last replied well, by our clock.
    pub(super) at: Millis,
    /// What is wrong since.
    pub(super) problem: Option<Arc<Problem>>,
    /// Nothing more will come.
    pub(super) ended: bool,
}

/// A poller.
pub(super) struct Poller {
    watch: Watch,
    pub(super) shape: Shape,
    book: Mutex<Book>,
    /// The bytes that its picture is counted with.
    counted: Mutex<usize>,
    memory: Arc<Memory>,
    state: watch::Sender<State>,
    asked: Notify,
}

impl Poller {
    /// One that has not looked yet.
    pub(super) fn new(watch: Watch, shape: Shape, memory: Arc<Memory>) -> Poller {
        let book = Mutex::new(Book::new(shape, new_epoch()));
        let state = State { version: None, at: 0, problem: None, ended: false };
        let (counted, asked) = (Mutex::default(), Notify::new());
        Poller { watch, shape, book, counted, memory, state: watch::Sender::new(state), asked }
    }

    /// What watchers wait on.
    pub(super) fn state(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// Whether somebody watches.
    pub(super) fn is_watched(&self) -> bool {
        self.state.receiver_count() > 0
    }

    /// How many watch it, and whether its last look failed.
    pub(super) fn numbers(&self) -> (usize, bool) {
        (self.state.receiver_count(), self.state.borrow().problem.is_some())
    }

    /// The picture.
    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the service replied well within the interval of looks.
    pub(super) fn is_fresh(&self) -> bool {
        let state = self.state.borrow();
        state.problem.is_none() && app::now() - state.at <= 1000 * Millis::from(self.watch.slow)
    }

    /// The whole reply, as it was within the interval of looks.
    pub(super) fn latest(&self) -> Option<Bytes> {
        let mut book = self.book();
        (self.is_fresh() && book.is_complete()).then(|| book.whole(Form::Whole).plain().clone())
    }

    /// Has it look as soon as it may, for everyone.
    pub(super) fn ask(&self) {
        self.asked.notify_one();
    }

    /// Tells every watcher that nothing more will come.
    pub(super) fn end(&self, problem: &Problem) {
        self.state.send_modify(|state| {
            state.problem = Some(Arc::new(problem.clone()));
            state.ended = true;
        });
    }

    /// Looks until there has been no watcher for a while and `is_over` says that none has come meanwhile.
    pub(super) async fn run(&self, source: impl Source, is_over: impl Fn() -> bool) {
        let mut unchanged = 0;
        let mut last_watched = Instant::now();
        let mut course = Course::default();
        loop {
            let server = source.server().await;
            let begun = Instant::now();
            match self.look(&source, &mut course).await {
                Ok(changed) if changed || self.book().is_moving() => unchanged = 0,
                Ok(_) => unchanged += 1,
                Err(()) => unchanged = STAYS_FAST,
            }
            if self.state.borrow().ended {
                return;
            }
            let seconds = if unchanged < STAYS_FAST { self.watch.fast } else { self.watch.slow };
            let took = begun.elapsed().saturating_sub(course.loading);
            // What it takes until another server is the active one is no work of the service's.
            let switched = source.server().await != server;
            let rest = if switched { Duration::ZERO } else { (took * SHARE).min(LONGEST_PAUSE) };
            tokio::select! {
                () = tokio::time::sleep_until(begun + Duration::from_secs(seconds.into()).max(rest)) => {}
                () = source.changed() => {}
                () = self.asked.notified() => {
                    tokio::time::sleep_until(begun + LOOKS_APART.max(rest)).await;
                    // Whoever has asked meanwhile is served by the same look.
                    let _ = self.asked.notified().now_or_never();
                }
            }
            if self.is_watched() {
                last_watched = Instant::now();
            } else if last_watched.elapsed() >= LINGERS && is_over() {
                return;
            }
        }
    }

    /// Looks once; gives whether something has changed.
    pub(super) async fn look(&self, source: &impl Source, course: &mut Course) -> Result<bool, ()> {
        match source.is_another() {
            Ok(false) => {}
            Ok(true) => {
                self.begin_anew();
                *course = Course::default();
            }
            Err(problem) => {
                self.end(&problem);
                return Err(());
            }
        }
        let seen = match &self.shape.delta {
            Some(delta) => self.look_for_changes(delta, source, course).await,
            None => self.look_at_all(source).await,
        };
        seen.map_err(|problem| self.state.send_modify(|state| state.problem = Some(Arc::new(*problem))))
    }

    async fn look_at_all(&self, source: &impl Source) -> Result<bool, Box<Problem>> {
        let Page { mut rows, mut next } = source.ask("", self.shape).await?.read;
        // The picture has the rows of all pages, or stays as it was.
        while let (Some(marker), Some(pages)) = (next, self.shape.pages) {
            let more = serde_html_form::to_string([(pages.parameter, marker)]).unwrap_or_default();
            let Page { rows: page, next: after } = source.ask(&more, self.shape).await?.read;
            let before = rows.len();
            rows.extend(page);
            if rows.len() == before && after.is_some() {
                let detail = "The service tells of further pages of its list that hold nothing new, without end.";
                return Err(Box::new(Problem::new(Code::UpstreamGarbled, detail)));
            }
            self.count(book::weight(&rows))?;
            next = after;
        }
        self.replace(rows)
    }

    /// Forgets all that was seen: nothing of it holds any more.
    pub(super) fn begin_anew(&self) {
        *self.book() = Book::new(self.shape, new_epoch());
        self.state.send_modify(|state| state.version = None);
    }

    /// Takes in the active rows, where not all are known yet.
    pub(super) fn begin(&self, rows: BTreeMap<String, Row>) -> Result<bool, Box<Problem>> {
        if self.book().is_complete() {
            return Ok(false);
        }
        self.count(book::weight(&rows))?;
        let changed = self.book().begin(rows);
        Ok(self.seen(changed))
    }

    /// Takes in the whole list.
    pub(super) fn replace(&self, rows: BTreeMap<String, Row>) -> Result<bool, Box<Problem>> {
        self.count(book::weight(&rows))?;
        let changed = self.book().replace(rows);
        Ok(self.seen(changed))
    }

    /// Takes in rows as they are now and takes out others, and what the service has forgotten by its counts. Gives
    /// whether there was something new, and whether the counts were ours before.
    pub(super) fn update(
        &self,
        rows: BTreeMap<String, Row>,
        gone: Vec<String>,
        kept: Option<Kept>,
    ) -> Result<(bool, bool), Box<Problem>> {
        let weight = self.book().weight_with(&rows);
        self.count(weight)?;
        let listed = rows.keys().cloned().collect();
        let (changed, agreed) = {
            let mut book = self.book();
            let changed = book.update(rows, gone);
            let ours = book.counts();
            let forgotten = kept.map_or(0, |kept| ours.ended.saturating_sub(kept.ended));
            (book.forget(forgotten, &listed) || changed, kept == Some(ours))
        };
        Ok((self.seen(changed), agreed))
    }

    /// Tells every watcher that the service has replied well.
    fn seen(&self, changed: bool) -> bool {
        let version = self.book().version();
        self.state.send_modify(|state| {
            let at = app::now();
            *state = State { version, at, problem: None, ended: state.ended };
        });
        changed
    }

    /// Counts what the picture will take.
    fn count(&self, wanted: usize) -> Result<(), Box<Problem>> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.memory.resize(*counted, wanted) {
            let detail = "This is more than Howdah can watch. What was last seen of it stands.";
            return Err(Box::new(Problem::new(Code::UpstreamTooLarge, detail)));
        }
        *counted = wanted;
        Ok(())
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        let counted = *self.counted.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.memory.resize(counted, 0);
    }
}

/// A number that no other picture has had.
fn new_epoch() -> u64 {
    // Without randomness two pictures could be taken for one only if they were begun in the same millisecond.
    getrandom::u64().unwrap_or_else(|_| app::now().unsigned_abs())
}
