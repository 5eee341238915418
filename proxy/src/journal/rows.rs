//! Rows of the database as what they mean.

use howdah_shared::console::{Event, Instant, Request, RequestState};
use howdah_shared::problem::Code;
use serde::de::DeserializeOwned;
use sqlx::AnyConnection;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{JournalError, storable};

/// The columns that [`request`] reads.
pub(super) const REQUEST: &str = "id, connection, operation, target, principal, state, service_id, body, status, stage, \
     code, words, said, adopted, created, sent, answered, ended, checked";

/// A request, without its events.
///
/// # Errors
/// A column is missing or damaged.
pub(super) fn request(row: &AnyRow) -> Result<Request, JournalError> {
    let id: String = row.try_get("id")?;
    let status: Option<i64> = row.try_get("status")?;
    let body: Option<String> = row.try_get("body")?;
    Ok(Request {
        connection: row.try_get("connection")?,
        operation: row.try_get("operation")?,
        target: json(row, &id, "target")?,
        // The journal does not know the configuration.
        name: None,
        principal: row.try_get("principal")?,
        state: state(row, &id)?,
        service_id: row.try_get("service_id")?,
        body: body.map(|_| json(row, &id, "body")).transpose()?,
        status: status.and_then(|status| u16::try_from(status).ok()),
        stage: row.try_get("stage")?,
        code: code(row)?,
        words: row.try_get("words")?,
        said: row.try_get("said")?,
        adopted: row.try_get::<i64, _>("adopted")? != 0,
        created: row.try_get("created")?,
        sent: row.try_get("sent")?,
        answered: row.try_get("answered")?,
        ended: row.try_get("ended")?,
        checked: row.try_get("checked")?,
        usual: None,
        events: Vec::new(),
        id,
    })
}

/// The state in a row.
///
/// # Errors
/// It is none that this build knows.
pub(super) fn state(row: &AnyRow, id: &str) -> Result<RequestState, JournalError> {
    let word: String = row.try_get("state")?;
    word.parse().map_err(|()| JournalError::Damaged { id: id.to_owned(), column: "state" })
}

/// The code in a row.
///
/// # Errors
/// The row cannot be read.
pub(super) fn code(row: &AnyRow) -> Result<Option<Code>, JournalError> {
    Ok(row.try_get::<Option<String>, _>("code")?.map(|word| Code::named(&word)))
}

/// A column of JSON.
///
/// # Errors
/// It is not what it should be.
pub(super) fn json<T: DeserializeOwned>(row: &AnyRow, id: &str, column: &'static str) -> Result<T, JournalError> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|_| JournalError::Damaged { id: id.to_owned(), column })
}

/// The columns that [`event`] reads.
pub(super) const EVENT: &str = "at, state, stage, code, words, said, taken_by";

/// An event of the request.
///
/// # Errors
/// A column is missing or damaged.
pub(super) fn event(row: &AnyRow, id: &str) -> Result<Event, JournalError> {
    Ok(Event {
        at: row.try_get("at")?,
        state: state(row, id)?,
        stage: row.try_get("stage")?,
        code: code(row)?,
        words: row.try_get("words")?,
        said: row.try_get("said")?,
        by: row.try_get("taken_by")?,
    })
}

/// What there is to tell of an event, beside the state.
#[derive(Clone, Copy, Default)]
pub(super) struct Told<'a> {
    /// The service's own word for where it was.
    pub(super) stage: Option<&'a str>,
    /// What went wrong.
    pub(super) code: Option<Code>,
    /// A sentence.
    pub(super) words: Option<&'a str>,
    /// What the service said.
    pub(super) said: Option<&'a str>,
    /// Who took it in.
    pub(super) by: Option<&'a str>,
}

/// Writes down what was seen of a request.
///
/// # Errors
/// The database cannot be written.
pub(super) async fn add_event(
    connection: &mut AnyConnection,
    request: &str,
    at: Instant,
    state: RequestState,
    told: Told<'_>,
) -> Result<(), JournalError> {
    sqlx::query(
        "INSERT INTO events (request, number, at, state, stage, code, words, said, taken_by)
         VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM events WHERE request = $1), $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(request)
    .bind(at)
    .bind(state.as_str())
    .bind(told.stage.map(storable))
    .bind(told.code.map(Code::as_str))
    .bind(told.words.map(storable))
    .bind(told.said.map(storable))
    .bind(told.by)
    .execute(connection)
    .await?;
    Ok(())
}
