//! The journal in numbers, for whoever keeps an eye on it.

use std::sync::atomic::{AtomicU64, Ordering};

use howdah_shared::console::{Instant, RequestState};
use sqlx::Row as _;

use super::{Journal, JournalError};

/// What has happened since the start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Requests that were written down.
    pub(super) appended: AtomicU64,
    /// Times that something could not be written.
    pub(super) failures: AtomicU64,
}

impl Counts {
    pub(super) fn add(count: &AtomicU64) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Journal {
    /// Requests that were written down since the start.
    pub fn appended(&self) -> u64 {
        self.0.store.counts().appended.load(Ordering::Relaxed)
    }

    /// Times since the start that something could not be written.
    pub fn failures(&self) -> u64 {
        self.0.store.counts().failures.load(Ordering::Relaxed)
    }

    /// The bytes of the database's files; 0 where it is no file.
    pub fn bytes(&self) -> u64 {
        let size = |suffix: &str| {
            let mut path = self.0.path.clone()?.into_os_string();
            path.push(suffix);
            std::fs::metadata(path).ok().map(|file| file.len())
        };
        ["", "-wal"].into_iter().filter_map(size).sum()
    }

    /// How many requests of a connection are in each state in which something may still happen to them or somebody must
    /// settle them.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn unfinished(&self, connection: &str) -> Result<Vec<(RequestState, u64)>, JournalError> {
        let found = sqlx::query(
            "SELECT state, COUNT(*) AS count FROM requests
             WHERE connection = $1 AND state IN ('intended', 'sent', 'accepted', 'running', 'unknown', 'unresolved')
                 AND (due IS NOT NULL OR state IN ('intended', 'sent', 'unknown', 'unresolved'))
             GROUP BY state",
        )
        .bind(connection)
        .fetch_all(self.0.store.read())
        .await?;
        let mut counted = Vec::new();
        for row in &found {
            let word: &str = row.try_get("state")?;
            if let Ok(state) = word.parse() {
                counted.push((state, u64::try_from(row.try_get::<i64, _>("count")?).unwrap_or(0)));
            }
        }
        Ok(counted)
    }

    /// How many sessions are valid now.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn sessions(&self, now: Instant) -> Result<u64, JournalError> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sessions WHERE expires > $1 AND seen + idle > $1")
            .bind(now)
            .fetch_one(self.0.store.read())
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
