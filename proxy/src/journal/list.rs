//! Listing requests and showing one.

use howdah_shared::console::{Event, Request, RequestPage, RequestsQuery};
use sqlx::any::AnyArguments;
use sqlx::{AnyPool, Arguments as _, AssertSqlSafe};

use super::{Journal, JournalError, rows};

/// How many a page has, unless told, and at most.
const PAGE: u32 = 50;
pub(super) const LARGEST_PAGE: u32 = 500;

impl Journal {
    /// A page of the requests of the visible connections that match the query, newest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn list(&self, query: &RequestsQuery, visible: &[String]) -> Result<RequestPage, JournalError> {
        page(self.0.store.read(), query, Some(visible)).await
    }

    /// A request of one of the visible connections, with all that was seen of it.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn show(&self, id: &str, visible: &[String]) -> Result<Option<Request>, JournalError> {
        let sql = format!("SELECT {} FROM requests WHERE id = $1", rows::REQUEST);
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_optional(self.0.store.read()).await?;
        let Some(mut request) = row.as_ref().map(rows::request).transpose()? else { return Ok(None) };
        if !visible.contains(&request.connection) {
            return Ok(None);
        }
        request.events = events(self.0.store.read(), id).await?;
        request.usual = self.usual_before(id).await?;
        Ok(Some(request))
    }
}

/// A page of the requests that match, newest first: of all connections, or of those that are visible.
///
/// # Errors
/// The database cannot be read.
pub(super) async fn page(
    reader: &AnyPool,
    query: &RequestsQuery,
    visible: Option<&[String]>,
) -> Result<RequestPage, JournalError> {
    let limit = query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE) as usize;
    let mut wanted = Conditions::default();
    match (&query.connection, visible) {
        (Some(connection), Some(visible)) if !visible.contains(connection) => return Ok(RequestPage::default()),
        (Some(connection), _) => wanted.add("connection = ", connection.as_str())?,
        (None, Some([])) => return Ok(RequestPage::default()),
        (None, Some(visible)) => wanted.any("connection", visible.iter().map(String::as_str))?,
        (None, None) => {}
    }
    for (condition, value) in [
        ("cluster = ", &query.target),
        ("operation = ", &query.operation),
        ("principal = ", &query.principal),
        ("service_id = ", &query.service_id),
        ("id < ", &query.after),
    ] {
        if let Some(value) = value {
            wanted.add(condition, value.as_str())?;
        }
    }
    if !query.state.is_empty() {
        wanted.any("state", query.state.iter().map(|state| state.as_str()))?;
    }
    if let Some(since) = query.since {
        wanted.add("created >= ", since)?;
    }
    if let Some(until) = query.until {
        wanted.add("created < ", until)?;
    }
    // One more than the page has, to know whether there is another.
    let sql = format!("SELECT {} FROM requests{} ORDER BY id DESC LIMIT {}", rows::REQUEST, wanted.sql, limit + 1);
    let found = sqlx::query_with(AssertSqlSafe(sql), wanted.values).persistent(false).fetch_all(reader).await?;
    let mut requests = found.iter().take(limit).map(rows::request).collect::<Result<Vec<_>, _>>()?;
    requests.shrink_to_fit();
    let next = if found.len() > limit { requests.last().map(|request| request.id.clone()) } else { None };
    Ok(RequestPage { requests, next })
}

/// What was seen of a request, in order.
///
/// # Errors
/// The database cannot be read.
pub(super) async fn events(reader: &AnyPool, id: &str) -> Result<Vec<Event>, JournalError> {
    let sql = format!("SELECT {} FROM events WHERE request = $1 ORDER BY number", rows::EVENT);
    let events = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_all(reader).await?;
    events.iter().map(|row| rows::event(row, id)).collect()
}

/// Conditions that must all hold, with their values. Their text is ours; everything else is a value.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: AnyArguments,
}

impl Conditions {
    /// A column and an operator, and the value to compare with.
    ///
    /// # Errors
    /// The value cannot be written for the database.
    fn add<'t, T>(&mut self, condition: &'static str, value: T) -> Result<(), JournalError>
    where
        T: sqlx::Encode<'t, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        self.word();
        self.sql.push_str(condition);
        self.push(value)
    }

    /// The column has any of the values.
    ///
    /// # Errors
    /// A value cannot be written for the database.
    fn any<'t>(&mut self, column: &'static str, values: impl Iterator<Item = &'t str>) -> Result<(), JournalError> {
        self.word();
        self.sql.push_str(column);
        self.sql.push_str(" IN (");
        for (at, value) in values.enumerate() {
            if at > 0 {
                self.sql.push_str(", ");
            }
            self.push(value)?;
        }
        self.sql.push(')');
        Ok(())
    }

    fn word(&mut self) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
    }

    fn push<'t, T>(&mut self, value: T) -> Result<(), JournalError>
    where
        T: sqlx::Encode<'t, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        self.values.add(value).map_err(sqlx::Error::Encode)?;
        self.sql.push_str(&format!("${}", self.values.len()));
        Ok(())
    }
}
