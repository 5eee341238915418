//! One who watches: what it was told last, and what it is told next.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use howdah_shared::console::Instant as Millis;
use howdah_shared::problem::Problem;
use howdah_shared::watch::Version;
use tokio::sync::watch;

use super::Place;
use super::packing::Shared;
use super::poller::{Poller, State};
use super::rows::Form;

/// A watcher of a poller.
pub(super) struct Watcher {
    poller: Arc<Poller>,
    state: watch::Receiver<State>,
    told: Option<Version>,
    told_at: Option<Freshness>,
    told_of: Option<Arc<Problem>>,
    /// Whether it is the console: it is told of a picture that is not complete yet too, and of what it reads alone.
    form: Form,
    place: Place,
}

/// When the service last replied well, and what is known of it by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Freshness {
    /// When, by our clock.
    pub(super) at: Millis,
    /// Whether the picture holds all rows.
    pub(super) complete: bool,
}

/// Something to tell a watcher.
pub(super) enum News {
    /// The picture is to be taken whole: the first one, or one that does not follow on what was known.
    Whole,
    /// What leads to this version from the last that was told.
    Patch(Version, Shared),
    /// When the service last replied well.
    Fresh(Freshness),
    /// The service fails; the picture stands as it was.
    Problem(Arc<Problem>),
}

impl Watcher {
    /// One that knows nothing yet.
    pub(super) fn new(poller: Arc<Poller>, place: Place) -> Watcher {
        let state = poller.state();
        Watcher { poller, state, told: None, told_at: None, told_of: None, form: Form::Whole, place }
    }

    /// Goes on from a version that was known before.
    pub(super) fn resume(&mut self, known: Version) {
        self.told = Some(known);
    }

    /// Wants to be told of the active rows too while the others are still being asked for, and of no members of a row
    /// but those that the console reads.
    pub(super) fn shows(&mut self) {
        self.form = Form::Shown;
    }

    /// The version that was told last.
    pub(super) fn told(&self) -> Option<Version> {
        self.told
    }

    /// Whom it watches.
    pub(super) fn poller(&self) -> Arc<Poller> {
        self.poller.clone()
    }

    /// The picture as it is now.
    pub(super) fn whole(&self) -> Option<(Version, Shared)> {
        let mut book = self.poller.book();
        Some((book.version()?, book.whole(self.form)))
    }

    /// Has the picture compressed that will be fetched in a moment.
    pub(super) fn expect_fetch(&self) {
        if let Some((_, whole)) = self.whole() {
            tokio::spawn(async move { drop(whole.packed().await) });
        }
    }

    /// Waits for what is new; `None` when nothing more will come. Nothing is lost when the waiting is given up.
    pub(super) async fn news(&mut self) -> Option<News> {
        loop {
            let state = self.state.borrow_and_update().clone();
            if let Some(news) = self.in_state(&state) {
                return Some(news);
            }
            if state.ended || self.state.changed().await.is_err() {
                return None;
            }
        }
    }

    fn in_state(&mut self, state: &State) -> Option<News> {
        let mut book = self.poller.book();
        // The book may be ahead of the state by now; what it holds is what is told.
        let complete = book.is_complete();
        let tells = complete || self.form == Form::Shown;
        if tells
            && state.version != self.told
            && let Some(version) = book.version()
        {
            if self.told.is_some_and(|told| book.is(told)) {
                self.told = Some(version);
            }
            let patch = self.told.and_then(|told| book.patch(told, self.form));
            let known = self.told.replace(version);
            if known != Some(version) {
                if known.is_some() && patch.is_none() {
                    self.place.watching.resets.fetch_add(1, Ordering::Relaxed);
                }
                return Some(patch.map_or(News::Whole, |patch| News::Patch(version, patch)));
            }
        }
        drop(book);
        // Also while the service fails: whoever comes then learns how old the picture is, and after that why.
        let fresh = Freshness { at: state.at, complete };
        if tells && state.version.is_some() && self.told_at != Some(fresh) {
            self.told_at = Some(fresh);
            self.told_of = None;
            return Some(News::Fresh(fresh));
        }
        let same = match (&state.problem, &self.told_of) {
            (Some(now), Some(before)) => Arc::ptr_eq(now, before) || now == before,
            (now, before) => now.is_none() && before.is_none(),
        };
        if !same {
            self.told_of.clone_from(&state.problem);
            return state.problem.clone().map(News::Problem);
        }
        None
    }
}
