//! Who is signed in. Only a hash of a session's token is kept.

use std::time::Duration;

use howdah_shared::console::Instant;
use sqlx::Row as _;

use super::clock::millis;
use super::{Journal, JournalError};

/// A session's last use is written at most this often, in ms, so that reads do not become writes.
const TOUCH: i64 = 60_000;

/// A session that begins.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The hash of its token, in hexadecimal digits.
    pub hash: String,
    /// Who signed in.
    pub principal: String,
    /// The configured token that it was made with and ends with; a session without one ends with the process.
    pub token_id: Option<String>,
    /// When.
    pub created: Instant,
    /// How long it lasts unused.
    pub idle: Duration,
    /// How long it lasts at most.
    pub absolute: Duration,
}

/// A session that is valid.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub principal: String,
    /// The configured token that it was made with.
    pub token_id: Option<String>,
    /// When it was made.
    pub created: Instant,
    /// When it ends in any case.
    pub expires: Instant,
}

impl Journal {
    /// Begins a session.
    ///
    /// # Errors
    /// The journal cannot be written, or a session of this hash exists.
    pub async fn create_session(&self, session: NewSession) -> Result<(), JournalError> {
        let mut writing = self.0.store.write().await?;
        sqlx::query(
            "INSERT INTO sessions (hash, principal, token_id, created, seen, idle, expires)
             VALUES ($1, $2, $3, $4, $4, $5, $6)",
        )
        .bind(session.hash)
        .bind(session.principal)
        .bind(session.token_id)
        .bind(session.created)
        .bind(millis(session.idle))
        .bind(session.created.saturating_add(millis(session.absolute)))
        .execute(&mut *writing)
        .await?;
        Ok(writing.commit().await?)
    }

    /// The session of this hash, if it is valid now. Using it keeps it alive. A journal that can be read but not written
    /// does not sign anybody out.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn find_session(&self, hash: &str, now: Instant) -> Result<Option<Session>, JournalError> {
        let row = sqlx::query(
            "SELECT principal, token_id, created, seen, expires FROM sessions
             WHERE hash = $1 AND expires > $2 AND seen + idle > $2",
        )
        .bind(hash)
        .bind(now)
        .fetch_optional(self.0.store.read())
        .await?;
        let Some(row) = row else { return Ok(None) };
        if row.try_get::<i64, _>("seen")? + TOUCH <= now
            && let Err(error) = self.touch_session(hash, now).await
        {
            tracing::warn!(%error, "a session's use cannot be written down");
        }
        Ok(Some(Session {
            principal: row.try_get("principal")?,
            token_id: row.try_get("token_id")?,
            created: row.try_get("created")?,
            expires: row.try_get("expires")?,
        }))
    }

    async fn touch_session(&self, hash: &str, now: Instant) -> Result<(), JournalError> {
        let mut writing = self.0.store.write().await?;
        sqlx::query("UPDATE sessions SET seen = $2 WHERE hash = $1 AND seen < $2")
            .bind(hash)
            .bind(now)
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }

    /// Ends the session of this hash, if there is one.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn end_session(&self, hash: &str) -> Result<(), JournalError> {
        let mut writing = self.0.store.write().await?;
        sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(hash).execute(&mut *writing).await?;
        Ok(writing.commit().await?)
    }

    /// Ends all sessions that were made with this token; gives their number.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn end_sessions_of(&self, token_id: &str) -> Result<u64, JournalError> {
        let mut writing = self.0.store.write().await?;
        let ended =
            sqlx::query("DELETE FROM sessions WHERE token_id = $1").bind(token_id).execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(ended.rows_affected())
    }
}
