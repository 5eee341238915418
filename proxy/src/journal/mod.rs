//! The journal: every change that Howdah was asked for, what became of it, and who is signed in.
//!
//! An entry is written and synced before anything of the change leaves ([`Journal::intend`], [`Journal::mark_sent`]),
//! its outcome before the caller gets it ([`Journal::settle`]), so whatever may have happened stands here also after a
//! crash. What was started is followed to its end by the [`Tracker`], whether or not a browser is open.
//!
//! The database is SQLite, in one file. The statements are written so that PostgreSQL takes them too, and a test holds
//! them to it.

mod adopt;
mod answer;
mod archive;
mod clock;
mod error;
mod files;
mod fingerprint;
mod ids;
mod leases;
mod list;
mod migrations;
mod numbers;
mod outlook;
mod pending;
mod requests;
mod retention;
mod rows;
mod sessions;
mod store;
#[cfg(test)]
mod tests;
mod tracker;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

pub use adopt::{AdoptConflict, AdoptOutcome, Adopted};
pub use answer::{Answer, Answered};
pub use archive::{Archive, restore};
pub use clock::Clock;
pub use error::JournalError;
pub use outlook::{Summary, TargetSummary};
pub use pending::Settled;
pub use requests::{Admission, Intent, Recovered, Verdict};
pub use sessions::{NewSession, Session};
pub use tracker::{Ask, Tracker, TrackerSettings};

use fingerprint::Fingerprints;
use ids::Ids;
use pending::Pending;
use store::Store;

/// The journal. Clones are the same journal.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    store: Store,
    /// The database's file.
    path: Option<PathBuf>,
    clock: Clock,
    ids: Mutex<Ids>,
    fingerprints: Fingerprints,
    /// Outcomes that could not be written yet.
    pending: Mutex<Pending>,
    /// Counts outcomes, for those who wait for one.
    settled: watch::Sender<u64>,
    /// Counts what is to be followed from now on, for the tracker.
    followed: watch::Sender<u64>,
    /// Counts changes of requests, for those who watch them.
    changed: watch::Sender<u64>,
    /// Keeps other processes away from an SQLite database.
    _lock: Option<File>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journal")
    }
}

impl Journal {
    /// Opens the journal in an SQLite file and keeps other processes away from it; makes it where there is none, and
    /// migrates an older one after saving a copy. Beside it stand `.lock` and `.key`.
    ///
    /// # Errors
    /// Another process has it open, it is of a newer schema, or it cannot be read and written there.
    pub async fn open(path: &Path) -> Result<Journal, JournalError> {
        Journal::open_with(path, Clock::system()).await
    }

    /// [`Journal::open`] with a clock.
    ///
    /// # Errors
    /// Those of [`Journal::open`].
    pub async fn open_with(path: &Path, clock: Clock) -> Result<Journal, JournalError> {
        let path = std::path::absolute(path).map_err(JournalError::file(path))?;
        let lock = files::claim(&path)?;
        let fingerprints = Fingerprints::open(&files::beside(&path, "key"))?;
        let store = Store::sqlite(&path).await?;
        Journal::new(store, clock, fingerprints, Some((path, lock))).await
    }

    /// Opens the journal in a PostgreSQL database; the key of fingerprints stands in the given file.
    ///
    /// # Errors
    /// It cannot be reached or is of a newer schema, or the key cannot be read.
    #[cfg(feature = "postgres")]
    pub async fn open_postgres(url: &str, key: &Path, clock: Clock) -> Result<Journal, JournalError> {
        let fingerprints = Fingerprints::open(key)?;
        Journal::new(Store::postgres(url).await?, clock, fingerprints, None).await
    }

    async fn new(
        store: Store,
        clock: Clock,
        fingerprints: Fingerprints,
        file: Option<(PathBuf, File)>,
    ) -> Result<Journal, JournalError> {
        let last: Option<String> = sqlx::query_scalar("SELECT MAX(id) FROM requests").fetch_one(store.read()).await?;
        let (path, lock) = file.unzip();
        Ok(Journal(Arc::new(Inner {
            store,
            path,
            clock,
            ids: Mutex::new(Ids::after(last.as_deref())),
            fingerprints,
            pending: Mutex::default(),
            settled: watch::Sender::default(),
            followed: watch::Sender::default(),
            changed: watch::Sender::default(),
            _lock: lock,
        })))
    }

    /// Ends it: writes the outcomes that are still pending, where that is possible now, and closes the database. The
    /// lock goes with the last clone.
    pub async fn close(&self) {
        self.write_pending().await;
        self.0.store.close().await;
    }

    /// Writes something, to see whether that is possible.
    ///
    /// # Errors
    /// It is not.
    pub async fn check_writable(&self) -> Result<(), JournalError> {
        let mut transaction = self.0.store.write().await?;
        store::hold_latch(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Counts each change of a request.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Tells those who watch that a request is not as it was.
    fn changed(&self) {
        self.0.changed.send_modify(|count| *count += 1);
    }

    /// An id for an entry.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn next_id(&self) -> Result<String, JournalError> {
        locked(&self.0.ids).next(self.0.clock.now())
    }
}

/// The value behind a lock. What is kept behind locks here is whole at every moment, so a panic elsewhere harms nothing.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a service wrote, as both databases can keep it: PostgreSQL's text holds no NUL.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
