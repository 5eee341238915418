//! How long what is kept.

use super::{Journal, JournalError};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// How long a key and the answer under it are kept, in days.
const KEY_DAYS: i64 = 7;
/// Entries deleted at a time, so that a change waits only shortly for its turn.
const BATCH: i64 = 500;

/// What may still happen to an entry, or must be settled by somebody. It keeps its key too: the same call again must not
/// be made a second time while nobody knows what became of the first.
const UNFINISHED: &str = "(due IS NOT NULL OR state IN ('intended', 'sent', 'unknown'))";

impl Journal {
    /// Deletes what ended and was written down more than this many days ago, and forgets keys, answers and sessions that
    /// are over. Gives the number of deleted entries.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn retain(&self, older_than_days: u32) -> Result<u64, JournalError> {
        let now = self.0.clock.now();
        let cut = now - DAY * i64::from(older_than_days);
        let delete = format!(
            "DELETE FROM requests WHERE id IN (
                 SELECT id FROM requests WHERE created < $1 AND NOT {UNFINISHED} LIMIT {BATCH})"
        );
        let mut deleted = 0;
        loop {
            let mut writing = self.0.store.write().await?;
            let batch = sqlx::query(sqlx::AssertSqlSafe(delete.as_str())).bind(cut).execute(&mut *writing).await?;
            writing.commit().await?;
            deleted += batch.rows_affected();
            if batch.rows_affected() == 0 {
                break;
            }
            self.changed();
        }
        let forget = format!(
            "UPDATE requests SET idempotency_key = NULL, fingerprint = NULL,
                 answer_status = NULL, answer_body = NULL
             WHERE created < $1 AND idempotency_key IS NOT NULL AND NOT {UNFINISHED}"
        );
        let mut writing = self.0.store.write().await?;
        sqlx::query(sqlx::AssertSqlSafe(forget)).bind(now - DAY * KEY_DAYS).execute(&mut *writing).await?;
        sqlx::query("DELETE FROM sessions WHERE expires <= $1 OR seen + idle <= $1")
            .bind(now)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(deleted)
    }
}
