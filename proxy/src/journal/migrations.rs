//! The schema's versions.

use std::path::Path;

use sqlx::AnyConnection;

use super::{JournalError, files};

/// What leads from each version of the schema to the next; the first starts from nothing. A migration that has been
/// released is never changed.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql"), include_str!("migrations/0002.sql")];

/// The version of the schema that this build reads and writes.
pub(super) const CURRENT: i64 = MIGRATIONS.len() as i64;

/// Migrates to the current version, within the caller's transaction.
///
/// # Errors
/// The database cannot be written, or its schema is newer.
pub(super) async fn run(connection: &mut AnyConnection) -> Result<(), JournalError> {
    // Two processes that start on one PostgreSQL wait for each other here.
    if connection.backend_name() == "PostgreSQL" {
        sqlx::query("SELECT pg_advisory_xact_lock(7026480)").execute(&mut *connection).await?;
    }
    sqlx::query("CREATE TABLE IF NOT EXISTS journal_schema (version BIGINT NOT NULL)")
        .execute(&mut *connection)
        .await?;
    let found = version(connection).await?;
    if found > CURRENT {
        return Err(JournalError::NewerSchema { found, known: CURRENT });
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        sqlx::raw_sql(*migration).execute(&mut *connection).await?;
    }
    if found < CURRENT {
        sqlx::query("DELETE FROM journal_schema").execute(&mut *connection).await?;
        sqlx::query("INSERT INTO journal_schema (version) VALUES ($1)").bind(CURRENT).execute(connection).await?;
    }
    Ok(())
}

/// The version of an SQLite database that holds something and is older than that. A database without the table that tells
/// its version is empty, or was left so by a first start that was cut off.
///
/// # Errors
/// The database cannot be read.
pub(super) async fn outdated(connection: &mut AnyConnection, current: i64) -> Result<Option<i64>, JournalError> {
    let version = found(connection).await?;
    Ok((0 < version && version < current).then_some(version))
}

/// The version of an SQLite database; 0 where it holds nothing.
///
/// # Errors
/// The database cannot be read.
pub(super) async fn found(connection: &mut AnyConnection) -> Result<i64, JournalError> {
    let known = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'journal_schema'";
    if sqlx::query_scalar::<_, i64>(known).fetch_one(&mut *connection).await? == 0 {
        return Ok(0);
    }
    version(connection).await
}

/// Saves a copy of an SQLite database beside it, under the number of its schema's version.
///
/// # Errors
/// The copy cannot be written.
pub(super) async fn save_copy(connection: &mut AnyConnection, path: &Path, version: i64) -> Result<(), JournalError> {
    let copy = files::beside(path, &format!("schema-{version}"));
    files::copy(connection, &copy).await?;
    tracing::info!(copy = %copy.display(), "saved a copy of the journal before migrating it");
    Ok(())
}

async fn version(connection: &mut AnyConnection) -> Result<i64, JournalError> {
    let version: Option<i64> =
        sqlx::query_scalar("SELECT MAX(version) FROM journal_schema").fetch_one(connection).await?;
    Ok(version.unwrap_or(0))
}
