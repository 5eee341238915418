//! A change's way through the journal: intended, sent, settled.

use std::collections::BTreeMap;

use howdah_shared::console::{Instant, RequestState};
use howdah_shared::problem::Code;
use serde_json::Value;
use sqlx::AnyConnection;
use sqlx::Row as _;

use super::numbers::Counts;
use super::rows::{self, Told, add_event};
use super::{Answer, Journal, JournalError, storable};

/// What the entry says of a change that was written down and not sent before Howdah stopped.
const NEVER_SENT: &str = "Howdah stopped before this was sent.";
/// What it says of one that may have been sent.
const CUT_OFF: &str = "Howdah stopped before the service answered.";

/// A change that is about to be made.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The connection's name.
    pub connection: String,
    /// The operation's name.
    pub operation: String,
    /// The path parameters, by name.
    pub target: BTreeMap<String, String>,
    /// The path parameters, in the order of the path.
    pub segments: Vec<String>,
    /// What requests are listed by: the cluster, or whatever the path names first that is not the same for all.
    pub subject: String,
    /// Who asks.
    pub principal: String,
    /// The body, with masked free text and without what is sensitive.
    pub body: Option<Value>,
    /// The idempotency key: the caller's, or one that the proxy made.
    pub key: String,
    /// Path, query and body as they would be sent; kept only as a fingerprint.
    pub fingerprint_input: Vec<u8>,
    /// Whether there is a way to follow what this starts.
    pub follow: bool,
    /// The service's id of what this starts, where we chose it: it stands in the entry before anything is sent, so that
    /// what became of it can be found out whatever happens.
    pub service_id: Option<String>,
}

/// Whether a change may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is written down, and is now to be sent by whoever got this, once.
    New {
        /// Its entry.
        id: String,
    },
    /// The same call was made before under this key: nothing is to be sent, its answer is to be waited for.
    Same {
        /// Its entry.
        id: String,
    },
    /// Another call was made under this key.
    Reused,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The outcome: anything but intended and sent.
    pub state: RequestState,
    /// The service's id of what was started.
    pub service_id: Option<String>,
    /// The HTTP status of the service's answer, where there was one.
    pub status: Option<u16>,
    /// What went wrong; the reason where the outcome is unknown.
    pub code: Option<Code>,
    /// What went wrong, or what the service said, in a sentence; redacted.
    pub words: Option<String>,
    /// What the service itself said; redacted.
    pub said: Option<String>,
    /// What the caller gets, and gets again under the same key; redacted.
    pub answer: Answer,
}

/// What was found at start-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Changes that were never sent, and are refused now.
    pub refused: u64,
    /// Changes that may have been sent, whose outcome is unknown now.
    pub unknown: u64,
}

impl Journal {
    /// Sorts out what a stop or a crash left, before the first change: what was intended was never sent; what became of
    /// the sent ones is unknown. Whoever looked after something lets go of it, and sessions without a token, which were
    /// to end with the process, end.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn recover(&self) -> Result<Recovered, JournalError> {
        let now = self.0.clock.now();
        let mut writing = self.0.store.write().await?;
        let never_sent = (Code::NeverSent, NEVER_SENT);
        let refused = leave(&mut writing, RequestState::Intended, RequestState::Refused, never_sent, now).await?;
        let cut_off = (Code::CutOff, CUT_OFF);
        // What was sent under an id of our choice can be asked for.
        sqlx::query("UPDATE requests SET due = $1 WHERE state = 'sent' AND follow = 1 AND service_id IS NOT NULL")
            .bind(now)
            .execute(&mut *writing)
            .await?;
        let unknown = leave(&mut writing, RequestState::Sent, RequestState::Unknown, cut_off, now).await?;
        sqlx::query("UPDATE requests SET owner = NULL, lease_until = NULL WHERE owner IS NOT NULL")
            .execute(&mut *writing)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE token_id IS NULL").execute(&mut *writing).await?;
        writing.commit().await?;
        Ok(Recovered { refused, unknown })
    }

    /// Writes down a change that is about to be made, unless one was under its key. The key's scope is principal,
    /// connection and operation.
    ///
    /// # Errors
    /// The journal cannot be written; then nothing may be sent.
    pub async fn intend(&self, intent: Intent) -> Result<Admission, JournalError> {
        self.intend_as(self.next_id()?, intent).await
    }

    /// As [`Journal::intend`], under an id that was taken before.
    ///
    /// # Errors
    /// The journal cannot be written; then nothing may be sent.
    pub async fn intend_as(&self, id: String, intent: Intent) -> Result<Admission, JournalError> {
        let now = self.0.clock.now();
        let fingerprint = self.0.fingerprints.of(&intent.fingerprint_input);
        let mut writing = self.0.store.write().await?;
        let made = sqlx::query(
            "INSERT INTO requests (id, state, connection, operation, cluster, principal, created, adopted, follow,
                 misses, idempotency_key, fingerprint, target, segments, body, service_id)
             VALUES ($1, 'intended', $2, $3, $4, $5, $6, 0, $7, 0, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (principal, connection, operation, idempotency_key) DO NOTHING",
        )
        .bind(&id)
        .bind(&intent.connection)
        .bind(&intent.operation)
        .bind(&intent.subject)
        .bind(&intent.principal)
        .bind(now)
        .bind(i64::from(intent.follow))
        .bind(&intent.key)
        .bind(&fingerprint)
        .bind(text(&intent.target))
        .bind(text(&intent.segments))
        .bind(intent.body.as_ref().map(Value::to_string))
        .bind(intent.service_id.as_deref())
        .execute(&mut *writing)
        .await?;
        if made.rows_affected() == 1 {
            add_event(&mut writing, &id, now, RequestState::Intended, Told::default()).await?;
            writing.commit().await?;
            Counts::add(&self.0.store.counts().appended);
            self.changed();
            return Ok(Admission::New { id });
        }
        let before = sqlx::query(
            "SELECT id, fingerprint FROM requests
             WHERE principal = $1 AND connection = $2 AND operation = $3 AND idempotency_key = $4",
        )
        .bind(&intent.principal)
        .bind(&intent.connection)
        .bind(&intent.operation)
        .bind(&intent.key)
        .fetch_one(&mut *writing)
        .await?;
        writing.rollback().await?;
        let same = before.try_get::<Option<String>, _>("fingerprint")?.as_ref() == Some(&fingerprint);
        Ok(if same { Admission::Same { id: before.try_get("id")? } } else { Admission::Reused })
    }

    /// Writes down that the change may leave from now on. When this returns, that is on the disk. A second try of the
    /// same change is a second event.
    ///
    /// # Errors
    /// The journal cannot be written, or the change is settled; then nothing may be sent.
    pub async fn mark_sent(&self, id: &str) -> Result<(), JournalError> {
        let now = self.0.clock.now();
        let mut writing = self.0.store.write().await?;
        let marked = sqlx::query(
            "UPDATE requests SET state = 'sent', sent = COALESCE(sent, $2)
             WHERE id = $1 AND state IN ('intended', 'sent')",
        )
        .bind(id)
        .bind(now)
        .execute(&mut *writing)
        .await?;
        if marked.rows_affected() == 0 {
            return Err(JournalError::Settled { id: id.to_owned(), state: state_of(&mut writing, id).await? });
        }
        add_event(&mut writing, id, now, RequestState::Sent, Told::default()).await?;
        writing.commit().await?;
        self.changed();
        Ok(())
    }

    /// Writes down what became of a change, unless that is known already. Tells whether it was written.
    pub(super) async fn write_verdict(&self, id: &str, verdict: &Verdict) -> Result<bool, JournalError> {
        let now = self.0.clock.now();
        // One whose outcome is unknown can be asked for where its id is known.
        let open = matches!(verdict.state, RequestState::Accepted | RequestState::Running | RequestState::Unknown);
        let done = matches!(verdict.state, RequestState::Succeeded | RequestState::Failed);
        let mut writing = self.0.store.write().await?;
        let written = sqlx::query(
            "UPDATE requests SET state = $2, service_id = COALESCE($3, service_id), status = $4, words = $5,
                 answered = $6, ended = $7, due = CASE WHEN follow = 1 THEN $8 END,
                 answer_status = $9, answer_body = $10, code = $11, said = $12
             WHERE id = $1 AND (state IN ('intended', 'sent') OR (state = 'unknown' AND $2 <> 'unknown'))",
        )
        .bind(id)
        .bind(verdict.state.as_str())
        .bind(verdict.service_id.as_deref().map(storable))
        .bind(verdict.status.map(i64::from))
        .bind(verdict.words.as_deref().map(storable))
        .bind(verdict.status.map(|_| now))
        .bind(done.then_some(now))
        .bind((open && verdict.service_id.is_some()).then_some(now))
        .bind(i64::from(verdict.answer.status))
        .bind(verdict.answer.kept_body())
        .bind(verdict.code.map(Code::as_str))
        .bind(verdict.said.as_deref().map(storable))
        .execute(&mut *writing)
        .await?;
        if written.rows_affected() == 0 {
            state_of(&mut writing, id).await?;
            return Ok(false);
        }
        let (words, said) = (verdict.words.as_deref(), verdict.said.as_deref());
        let told = Told { code: verdict.code, words, said, ..Told::default() };
        add_event(&mut writing, id, now, verdict.state, told).await?;
        writing.commit().await?;
        self.changed();
        Ok(true)
    }
}

/// Brings every entry that was left in one state into another.
async fn leave(
    connection: &mut AnyConnection,
    from: RequestState,
    to: RequestState,
    (code, words): (Code, &str),
    now: Instant,
) -> Result<u64, JournalError> {
    sqlx::query(
        "INSERT INTO events (request, number, at, state, code, words)
         SELECT id, (SELECT COALESCE(MAX(number), 0) + 1 FROM events WHERE request = id), $2, $3, $4, $5
         FROM requests WHERE state = $1",
    )
    .bind(from.as_str())
    .bind(now)
    .bind(to.as_str())
    .bind(code.as_str())
    .bind(words)
    .execute(&mut *connection)
    .await?;
    let left = sqlx::query("UPDATE requests SET state = $2, code = $3, words = $4 WHERE state = $1")
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(code.as_str())
        .bind(words)
        .execute(connection)
        .await?;
    Ok(left.rows_affected())
}

async fn state_of(connection: &mut AnyConnection, id: &str) -> Result<RequestState, JournalError> {
    let row = sqlx::query("SELECT state FROM requests WHERE id = $1").bind(id).fetch_optional(connection).await?;
    rows::state(&row.ok_or_else(|| JournalError::NoSuchRequest(id.to_owned()))?, id)
}

/// Names and values as JSON.
pub(super) fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
