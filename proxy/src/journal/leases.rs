//! Whose turn it is to look after what was started. Several trackers may share a database: each looks only while it
//! holds the entry's lease, which it gets by comparing and setting.

use std::time::Duration;

use howdah_shared::console::{Instant, RequestState};
use howdah_shared::problem::Code;
use sqlx::Row as _;

use super::clock::millis;
use super::rows::{self, Told, add_event};
use super::{Journal, JournalError, storable};

/// Entries that one search finds at most.
const FOUND: i64 = 1000;

/// Something that is followed and whose lease is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Followed {
    /// Its entry.
    pub(super) id: String,
    /// The connection.
    pub(super) connection: String,
    /// The operation that started it.
    pub(super) operation: String,
    /// That operation's path parameters, in the order of the path.
    pub(super) segments: Vec<String>,
    /// The service's id of it.
    pub(super) service_id: String,
    /// Where it was at the last look.
    pub(super) state: RequestState,
    /// The service's word at the last look.
    pub(super) stage: Option<String>,
    /// How often in a row the service did not know it.
    pub(super) misses: u32,
    /// Since when it is followed.
    pub(super) since: Instant,
}

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// Where it is.
    pub(super) state: RequestState,
    /// The service's word for that.
    pub(super) stage: Option<String>,
    /// What went wrong, and the same in a sentence.
    pub(super) code: Option<Code>,
    pub(super) words: Option<String>,
    /// What the service said of its end.
    pub(super) said: Option<String>,
    /// How often in a row the service did not know it.
    pub(super) misses: u32,
    /// Whether the service answered.
    pub(super) checked: bool,
    /// When to look again; `None` when it is followed no more.
    pub(super) due: Option<Instant>,
}

/// Something to look after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) id: String,
    pub(super) connection: String,
    pub(super) at: Instant,
}

impl Journal {
    /// What is to be looked after now and is in nobody's hands, longest due first.
    pub(super) async fn due(&self) -> Result<Vec<Due>, JournalError> {
        let found = sqlx::query(
            "SELECT id, connection, due FROM requests
             WHERE due IS NOT NULL AND due <= $1 AND (lease_until IS NULL OR lease_until <= $1)
             ORDER BY due LIMIT $2",
        )
        .bind(self.0.clock.now())
        .bind(FOUND)
        .fetch_all(self.0.store.read())
        .await?;
        found
            .iter()
            .map(|row| {
                Ok(Due { id: row.try_get("id")?, connection: row.try_get("connection")?, at: row.try_get("due")? })
            })
            .collect()
    }

    /// How long until there is something to look after, unless something new comes.
    pub(super) async fn until_due(&self) -> Result<Option<Duration>, JournalError> {
        let next: Option<i64> = sqlx::query_scalar(
            "SELECT MIN(CASE WHEN lease_until IS NOT NULL AND lease_until > due THEN lease_until ELSE due END)
             FROM requests WHERE due IS NOT NULL",
        )
        .fetch_one(self.0.store.read())
        .await?;
        Ok(next.map(|next| Duration::from_millis(u64::try_from(next - self.0.clock.now()).unwrap_or(0))))
    }

    /// Takes the lease of an entry that was due at that time; `None` when somebody else was quicker.
    pub(super) async fn lease(
        &self,
        due: &Due,
        owner: &str,
        length: Duration,
    ) -> Result<Option<Followed>, JournalError> {
        let now = self.0.clock.now();
        let mut writing = self.0.store.write().await?;
        let taken = sqlx::query(
            "UPDATE requests SET owner = $3, lease_until = $4
             WHERE id = $1 AND due = $2 AND (lease_until IS NULL OR lease_until <= $5)",
        )
        .bind(&due.id)
        .bind(due.at)
        .bind(owner)
        .bind(now.saturating_add(millis(length)))
        .bind(now)
        .execute(&mut *writing)
        .await?;
        if taken.rows_affected() == 0 {
            return Ok(None);
        }
        let row = sqlx::query(
            "SELECT operation, segments, service_id, state, stage, misses, COALESCE(answered, created) AS since
             FROM requests WHERE id = $1",
        )
        .bind(&due.id)
        .fetch_one(&mut *writing)
        .await?;
        writing.commit().await?;
        Ok(Some(Followed {
            connection: due.connection.clone(),
            operation: row.try_get("operation")?,
            segments: rows::json(&row, &due.id, "segments")?,
            service_id: row.try_get("service_id")?,
            state: rows::state(&row, &due.id)?,
            stage: row.try_get("stage")?,
            misses: u32::try_from(row.try_get::<i64, _>("misses")?).unwrap_or(0),
            since: row.try_get("since")?,
            id: due.id.clone(),
        }))
    }

    /// Writes down what a look found and gives the lease back. Nothing happens, and `false` is given, when the lease was
    /// lost meanwhile.
    pub(super) async fn report(&self, owner: &str, before: &Followed, report: &Report) -> Result<bool, JournalError> {
        let now = self.0.clock.now();
        let done = matches!(report.state, RequestState::Succeeded | RequestState::Failed);
        let mut writing = self.0.store.write().await?;
        let written = sqlx::query(
            "UPDATE requests SET state = $3, stage = COALESCE($4, stage), words = COALESCE($5, words), misses = $6,
                 checked = COALESCE($7, checked), due = $8, ended = $9, code = COALESCE($10, code),
                 said = COALESCE($11, said), owner = NULL, lease_until = NULL
             WHERE id = $1 AND owner = $2 AND due IS NOT NULL",
        )
        .bind(&before.id)
        .bind(owner)
        .bind(report.state.as_str())
        .bind(report.stage.as_deref().map(storable))
        .bind(report.words.as_deref().map(storable))
        .bind(i64::from(report.misses))
        .bind(report.checked.then_some(now))
        .bind(report.due)
        .bind(done.then_some(now))
        .bind(report.code.map(Code::as_str))
        .bind(report.said.as_deref().map(storable))
        .execute(&mut *writing)
        .await?;
        if written.rows_affected() == 0 {
            return Ok(false);
        }
        let stage = report.stage.as_deref();
        if report.state != before.state || (stage.is_some() && stage != before.stage.as_deref()) {
            let (words, said) = (report.words.as_deref(), report.said.as_deref());
            let told = Told { stage, code: report.code, words, said, ..Told::default() };
            add_event(&mut writing, &before.id, now, report.state, told).await?;
        }
        writing.commit().await?;
        self.changed();
        Ok(true)
    }

    /// Gives back all leases of an owner who looks no more.
    pub(super) async fn give_back(&self, owner: &str) -> Result<(), JournalError> {
        let mut writing = self.0.store.write().await?;
        sqlx::query("UPDATE requests SET owner = NULL, lease_until = NULL WHERE owner = $1")
            .bind(owner)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        // Who shares the database need not wait for the lease's end.
        self.wake();
        Ok(())
    }
}
