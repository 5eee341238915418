//! Watching: one poller asks a service for everyone who watches the same thing.
//!
//! A [`poller`] keeps the [`book`] of a reply: its rows as they came, redacted, with the version in which each last
//! changed. A [`watcher`] of it is told of nothing but that there is a newer version, and takes what leads there when
//! it can send it: whoever is slow gets one merged patch or begins anew, never a queue.

mod book;
mod changes;
mod numbers;
mod own;
mod packing;
pub mod pictures;
mod poller;
mod rights;
pub(crate) mod rows;
pub mod socket;
mod source;
mod splitting;
pub mod sse;
mod subject;
#[cfg(test)]
mod tests;
mod watcher;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use howdah_shared::door::{Call, Row};
use howdah_shared::operation::Spec;
use howdah_shared::problem::{Code, Problem};
#[cfg(feature = "first-picture")]
use howdah_shared::watch::Version;

use self::poller::Poller;
use self::source::Source;
pub use self::subject::Reading;
use self::subject::{Scope, Subject};
use self::watcher::Watcher;

/// How many things a principal may watch at once.
const PRINCIPAL_LIMIT: usize = 64;
/// The most bytes of all pictures together.
const MEMORY_LIMIT: usize = 512 << 20;

/// All pollers.
#[derive(Default)]
pub struct Watching {
    register: Mutex<Register>,
    pictures: Mutex<HashMap<String, pictures::Picture>>,
    memory: Arc<Memory>,
    /// Watchers that had to begin anew.
    resets: AtomicU64,
}

#[derive(Default)]
struct Register {
    pollers: HashMap<Subject, Arc<Poller>>,
    /// By principal: what it watches, and how often.
    watched: HashMap<String, HashMap<Subject, usize>>,
    /// By principal: how many sockets it holds.
    sockets: HashMap<String, usize>,
    stopped: bool,
}

/// Counts the bytes of pictures.
#[derive(Default)]
struct Memory(AtomicUsize);

impl Memory {
    /// Changes what one picture takes from `held` to `wanted` bytes; `false`, and nothing is changed, where that would
    /// be too much.
    fn resize(&self, held: usize, wanted: usize) -> bool {
        let resized = |all: usize| {
            let all = all.saturating_sub(held).saturating_add(wanted);
            (wanted <= held || all <= MEMORY_LIMIT).then_some(all)
        };
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, resized).is_ok()
    }
}

impl Watching {
    /// Watches something for a principal; `source` is asked where nobody watches it yet.
    ///
    /// # Errors
    /// 429 for a principal that watches as much as it may, 503 while Howdah stops.
    fn watch(
        self: &Arc<Self>,
        principal: &str,
        subject: Subject,
        spec: &'static Spec,
        source: impl Source,
    ) -> Result<Watcher, Box<Problem>> {
        let mut register = self.register();
        if register.stopped {
            return Err(Box::new(Problem::new(Code::Stopping, "Howdah is stopping.")));
        }
        let watched = register.watched.entry(principal.to_owned()).or_default();
        if watched.len() >= PRINCIPAL_LIMIT && !watched.contains_key(&subject) {
            let detail = format!("You watch {PRINCIPAL_LIMIT} different things. Close a page or end a stream first.");
            return Err(Box::new(Problem::new(Code::TooManyWatches, detail)));
        }
        *watched.entry(subject.clone()).or_default() += 1;
        let poller = match register.pollers.entry(subject.clone()) {
            Entry::Occupied(held) => held.get().clone(),
            Entry::Vacant(place) => {
                let poller = Arc::new(Poller::new(spec.tail.watch, subject.shape(spec), self.memory.clone()));
                place.insert(poller.clone());
                let watching = Arc::downgrade(self);
                let (kept, subject) = (poller.clone(), subject.clone());
                tokio::spawn(async move {
                    let is_over = || watching.upgrade().is_none_or(|watching| watching.retire(&subject, &kept));
                    kept.run(source, is_over).await;
                });
                poller
            }
        };
        let place = Place { watching: self.clone(), principal: principal.to_owned(), subject };
        Ok(Watcher::new(poller, place))
    }

    /// The reply that the poller of a call had last, where there is one that replied well within its interval.
    pub fn latest(&self, connection: &str, row: &Row, call: &Call) -> Option<Bytes> {
        let subject = Subject::of(Scope::Connection(connection.to_owned()), row, call).ok()?;
        let poller = self.register().pollers.get(&subject).cloned()?;
        poller.latest()
    }

    /// What a watcher that shows a read would be told of it now, where somebody watches it and the service replied well
    /// of late: its version, whether all rows are in it, and the rows.
    #[cfg(feature = "first-picture")]
    pub fn picture(&self, reading: &Reading) -> Option<(Version, bool, Bytes)> {
        let connection = reading.connection.as_ref()?;
        let subject = Subject::of(Scope::Connection(connection.name.clone()), reading.row, &reading.call).ok()?;
        let poller = self.register().pollers.get(&subject).cloned().filter(|poller| poller.is_fresh())?;
        let mut book = poller.book();
        Some((book.version()?, book.is_complete(), book.whole(rows::Form::Shown).plain().clone()))
    }

    /// Ends everything: streams must not keep a stop waiting.
    pub fn stop(&self) {
        let mut register = self.register();
        register.stopped = true;
        for poller in register.pollers.drain().map(|(_, poller)| poller) {
            poller.end(&Problem::new(Code::Stopping, "Howdah is stopping."));
        }
    }

    /// Takes a poller out that nobody watches; gives whether it is out.
    fn retire(&self, subject: &Subject, poller: &Arc<Poller>) -> bool {
        let mut register = self.register();
        if poller.is_watched() {
            return false;
        }
        if register.pollers.get(subject).is_some_and(|held| Arc::ptr_eq(held, poller)) {
            register.pollers.remove(subject);
        }
        true
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A watcher's place among those of its principal; given back when it is dropped.
struct Place {
    watching: Arc<Watching>,
    principal: String,
    subject: Subject,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut register = self.watching.register();
        let Some(watched) = register.watched.get_mut(&self.principal) else { return };
        if let Some(count) = watched.get_mut(&self.subject) {
            *count -= 1;
            if *count == 0 {
                watched.remove(&self.subject);
            }
        }
        if watched.is_empty() {
            register.watched.remove(&self.principal);
        }
    }
}
