//! The database: how it is opened, and how it is read and written.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Transaction};

use super::numbers::Counts;
use super::{JournalError, migrations};

/// How long a caller waits for its turn to write.
const TURN: Duration = Duration::from_secs(15);
/// Connections that read at the same time.
const READERS: u32 = 2;
/// What stands in the address of a database as it is.
pub(super) const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// What every connection to SQLite is set to. A commit has reached the disk when it returns; who writes the file from
/// outside (a backup) is waited for.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";

/// Takes SQLite's lock for writing at the beginning of a transaction, where it can be waited for.
const IMMEDIATE: &str = "BEGIN IMMEDIATE";

/// A database of one kind or the other, taken apart into one connection that writes and some that read: writers take
/// turns here and so never meet in the database.
pub(super) struct Store {
    begin: &'static str,
    writer: AnyPool,
    reader: AnyPool,
    counts: Arc<Counts>,
}

impl Store {
    /// Opens an SQLite database that exists, be it empty, and migrates it.
    ///
    /// # Errors
    /// It cannot be opened, is of a newer schema, or stands where a write-ahead log cannot be kept.
    pub(super) async fn sqlite(path: &Path) -> Result<Store, JournalError> {
        sqlx::any::install_default_drivers();
        let text = path.to_str().ok_or_else(|| JournalError::NotUnicode(path.to_owned()))?;
        let address = format!("sqlite://{}?mode=rw", utf8_percent_encode(text, PLAIN));
        let options: AnyConnectOptions = address.parse()?;
        // A connection outside of the pools tells at once, and in its own words, what is wrong with the file.
        let mut first = options.clone().disable_statement_logging().connect().await?;
        sqlx::raw_sql(SETTINGS).execute(&mut first).await?;
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode = WAL").fetch_one(&mut first).await?;
        if mode != "wal" {
            return Err(JournalError::NoWriteAheadLog(mode));
        }
        if let Some(version) = migrations::outdated(&mut first, migrations::CURRENT).await? {
            migrations::save_copy(&mut first, path, version).await?;
        }
        migrate(&mut first, IMMEDIATE).await?;
        first.close().await?;
        let pool = AnyPoolOptions::new().after_connect(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(SETTINGS).execute(connection).await.map(|_| ()) })
        });
        Ok(Store::new(pool, options, IMMEDIATE))
    }

    /// Opens a PostgreSQL database and migrates it.
    ///
    /// # Errors
    /// It cannot be reached or is of a newer schema.
    #[cfg(feature = "postgres")]
    pub(super) async fn postgres(url: &str) -> Result<Store, JournalError> {
        sqlx::any::install_default_drivers();
        let options: AnyConnectOptions = url.parse()?;
        let mut first = options.clone().disable_statement_logging().connect().await?;
        migrate(&mut first, "BEGIN").await?;
        first.close().await?;
        Ok(Store::new(AnyPoolOptions::new(), options, "BEGIN"))
    }

    fn new(pool: AnyPoolOptions, options: AnyConnectOptions, begin: &'static str) -> Store {
        let options = options.disable_statement_logging();
        // SQLite ends a transaction by itself when the disk is full, and sqlx then takes the connection for one that is
        // within a transaction for ever: it is replaced. (By then a rollback that was under way is done.)
        let pool = pool.acquire_timeout(TURN).before_acquire(|connection, _| {
            let idle = !connection.is_in_transaction();
            Box::pin(async move { Ok(idle) })
        });
        let writer = pool.clone().max_connections(1).connect_lazy_with(options.clone());
        let reader = pool.max_connections(READERS).connect_lazy_with(options);
        Store { begin, writer, reader, counts: Arc::default() }
    }

    /// Begins to write, when it is this caller's turn. What is not committed is undone.
    ///
    /// # Errors
    /// The database cannot be written now.
    pub(super) async fn write(&self) -> Result<Writing, JournalError> {
        let begun = self.writer.begin_with(self.begin).await.inspect_err(|_| Counts::add(&self.counts.failures))?;
        Ok(Writing { transaction: begun, counts: self.counts.clone() })
    }

    /// What has happened since it was opened.
    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The connection that writes, outside of a transaction.
    #[cfg(test)]
    pub(super) async fn alone(&self) -> sqlx::pool::PoolConnection<Any> {
        self.writer.acquire().await.expect("a connection")
    }

    /// Where to read: a committed state, at any time.
    pub(super) fn read(&self) -> &AnyPool {
        &self.reader
    }

    /// Ends all connections.
    pub(super) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// A transaction that writes. What is not committed is undone.
pub(super) struct Writing {
    transaction: Transaction<'static, Any>,
    counts: Arc<Counts>,
}

impl Writing {
    /// Makes it last: when this returns, it is on the disk.
    ///
    /// # Errors
    /// The database cannot be written now.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await.inspect_err(|_| Counts::add(&self.counts.failures))
    }

    /// Undoes it.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub(super) async fn rollback(self) -> Result<(), sqlx::Error> {
        self.transaction.rollback().await
    }
}

impl Deref for Writing {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

/// Waits for the latch, which one transaction holds at a time. SQLite's writers are alone in any case; PostgreSQL's,
/// which may be of several processes, are not.
///
/// # Errors
/// The database cannot be written.
pub(super) async fn hold_latch(connection: &mut AnyConnection) -> Result<(), JournalError> {
    sqlx::query("UPDATE latch SET turned = turned + 1").execute(connection).await?;
    Ok(())
}

async fn migrate(connection: &mut AnyConnection, begin: &'static str) -> Result<(), JournalError> {
    let mut transaction = connection.begin_with(begin).await?;
    migrations::run(&mut transaction).await?;
    Ok(transaction.commit().await?)
}
