//! Taking in what was started elsewhere, and settling what is unknown.

use std::collections::BTreeMap;

use howdah_shared::console::{Request, RequestState};
use sqlx::AnyConnection;
use sqlx::{AssertSqlSafe, Row as _};

use super::rows::{self, Told, add_event};
use super::{Answer, Journal, JournalError, store};

/// What somebody says was started.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// The connection's name.
    pub connection: String,
    /// The name of the operation that starts such things.
    pub operation: String,
    /// That operation's path parameters, by name.
    pub target: BTreeMap<String, String>,
    /// The same, in the order of the path. The first is the cluster.
    pub segments: Vec<String>,
    /// Who says so.
    pub principal: String,
    /// The service's id of it.
    pub service_id: String,
    /// The request that this settles; without it a new entry is made.
    pub request: Option<String>,
    /// Whether there is a way to follow it.
    pub follow: bool,
    /// What the caller of the settled request gets from now on under its key, `202 {"requestId": …}` for a rework; without
    /// it a problem that tells how the request stands.
    pub answer: Option<Answer>,
}

/// What came of adopting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdoptOutcome {
    /// A new entry was made.
    Created(Request),
    /// The named request is settled.
    Settled(Request),
    /// An entry had this service id already, and stays as it is.
    Existing(Request),
    /// It is not possible.
    Conflict(AdoptConflict),
}

/// Why adopting is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdoptConflict {
    /// The connection has no request of the id that was named.
    NoSuchRequest,
    /// The named request is neither unknown nor unresolved.
    NotUnsettled(RequestState),
    /// The named request is of another operation or for another target.
    OtherTarget,
}

impl Journal {
    /// Takes in what was started elsewhere, to be followed from now on, or settles a request whose outcome is unknown or
    /// that could not be followed to its end.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn adopt(&self, adopted: Adopted) -> Result<AdoptOutcome, JournalError> {
        let new = self.next_id()?;
        let mut writing = self.0.store.write().await?;
        // Two who adopt the same thing at the same time make one entry.
        store::hold_latch(&mut writing).await?;
        let existing = "connection = $1 AND service_id = $2 ORDER BY id DESC LIMIT 1";
        let existing = find(&mut writing, existing, &adopted.connection, &adopted.service_id).await?;
        if let Some((request, _)) = existing
            && adopted.request.as_ref() != Some(&request.id)
        {
            return Ok(AdoptOutcome::Existing(request));
        }
        let id = match &adopted.request {
            None => new,
            Some(id) => match find(&mut writing, "connection = $1 AND id = $2", &adopted.connection, id).await? {
                None => return Ok(AdoptOutcome::Conflict(AdoptConflict::NoSuchRequest)),
                Some((request, segments)) => {
                    if request.operation != adopted.operation || segments != adopted.segments {
                        return Ok(AdoptOutcome::Conflict(AdoptConflict::OtherTarget));
                    }
                    if !matches!(request.state, RequestState::Unknown | RequestState::Unresolved) {
                        return Ok(AdoptOutcome::Conflict(AdoptConflict::NotUnsettled(request.state)));
                    }
                    request.id
                }
            },
        };
        let settles = adopted.request.is_some();
        let now = self.0.clock.now();
        let due = adopted.follow.then_some(now);
        if settles {
            sqlx::query(
                "UPDATE requests SET state = 'accepted', service_id = $2, code = NULL, words = NULL, said = NULL, stage = NULL, answered = $3,
                     ended = NULL, follow = $4, due = $5, misses = 0,
                     answer_status = $6, answer_body = $7
                 WHERE id = $1",
            )
            .bind(&id)
            .bind(&adopted.service_id)
            .bind(now)
            .bind(i64::from(adopted.follow))
            .bind(due)
            .bind(adopted.answer.as_ref().map(|answer| i64::from(answer.status)))
            .bind(adopted.answer.as_ref().and_then(Answer::kept_body))
            .execute(&mut *writing)
            .await?;
        } else {
            sqlx::query(
                "INSERT INTO requests (id, state, connection, operation, cluster, principal, created, answered, adopted,
                     service_id, follow, due, misses, target, segments)
                 VALUES ($1, 'accepted', $2, $3, $4, $5, $6, $6, 1, $7, $8, $9, 0, $10, $11)",
            )
            .bind(&id)
            .bind(&adopted.connection)
            .bind(&adopted.operation)
            .bind(adopted.segments.first().cloned().unwrap_or_default())
            .bind(&adopted.principal)
            .bind(now)
            .bind(&adopted.service_id)
            .bind(i64::from(adopted.follow))
            .bind(due)
            .bind(super::requests::text(&adopted.target))
            .bind(super::requests::text(&adopted.segments))
            .execute(&mut *writing)
            .await?;
        }
        let words = format!("Taken in by {}.", adopted.principal);
        let told = Told { words: Some(&words), by: Some(&adopted.principal), ..Told::default() };
        add_event(&mut writing, &id, now, RequestState::Accepted, told).await?;
        let found = find(&mut writing, "connection = $1 AND id = $2", &adopted.connection, &id).await?;
        let (request, _) = found.ok_or(JournalError::NoSuchRequest(id))?;
        writing.commit().await?;
        self.changed();
        self.wake();
        Ok(if settles { AdoptOutcome::Settled(request) } else { AdoptOutcome::Created(request) })
    }
}

/// The request that the condition on two values names, with its path parameters in their order.
async fn find(
    connection: &mut AnyConnection,
    condition: &'static str,
    first: &str,
    second: &str,
) -> Result<Option<(Request, Vec<String>)>, JournalError> {
    let sql = format!("SELECT {}, segments FROM requests WHERE {condition}", rows::REQUEST);
    let row = sqlx::query(AssertSqlSafe(sql)).bind(first).bind(second).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let segments = rows::json(&row, row.try_get("id")?, "segments")?;
    Ok(Some((rows::request(&row)?, segments)))
}
