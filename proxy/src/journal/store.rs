//! The database: how it is opened, and how it is read and written.

use std::path::Path;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions as _, Transaction};

use super::{JournalError, migrations};

/// How long a caller waits for its turn to write.
const TURN: Duration = Duration::from_secs(15);
/// Connections that read at the same time.
const READERS: u32 = 2;
/// What stands in the address of a database as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// What every connection to SQLite is set to. A commit has reached the disk when it returns; who writes the file from
/// outside (a backup) is waited for.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";

/// A database of one kind or the other, taken apart into one connection that writes and some that read: writers take
/// turns here and so never meet in the database.
pub(super) struct Store {
    begin: &'static str,
    writer: AnyPool,
    reader: AnyPool,
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
        let pool = AnyPoolOptions::new().acquire_timeout(TURN).after_connect(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(SETTINGS).execute(connection).await.map(|_| ()) })
        });
        let store = Store::connect(pool, options, "BEGIN IMMEDIATE").await?;
        let mut writer = store.writer.acquire().await?;
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode = WAL").fetch_one(&mut *writer).await?;
        if mode != "wal" {
            return Err(JournalError::NoWriteAheadLog(mode));
        }
        if let Some(version) = migrations::outdated(&mut writer).await? {
            migrations::save_copy(&mut writer, path, version).await?;
        }
        drop(writer);
        store.migrate().await?;
        Ok(store)
    }

    /// Opens a PostgreSQL database and migrates it.
    ///
    /// # Errors
    /// It cannot be reached or is of a newer schema.
    #[cfg(feature = "postgres")]
    pub(super) async fn postgres(url: &str) -> Result<Store, JournalError> {
        sqlx::any::install_default_drivers();
        let pool = AnyPoolOptions::new().acquire_timeout(TURN);
        let store = Store::connect(pool, url.parse()?, "BEGIN").await?;
        store.migrate().await?;
        Ok(store)
    }

    async fn connect(
        pool: AnyPoolOptions,
        options: AnyConnectOptions,
        begin: &'static str,
    ) -> Result<Store, JournalError> {
        let options = options.disable_statement_logging();
        let writer = pool.clone().max_connections(1).connect_with(options.clone()).await?;
        Ok(Store { begin, writer, reader: pool.max_connections(READERS).connect_lazy_with(options) })
    }

    async fn migrate(&self) -> Result<(), JournalError> {
        let mut transaction = self.write().await?;
        migrations::run(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Begins to write, when it is this caller's turn. What is not committed is undone.
    ///
    /// # Errors
    /// The database cannot be written now.
    pub(super) async fn write(&self) -> Result<Transaction<'static, Any>, JournalError> {
        Ok(self.writer.begin_with(self.begin).await?)
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

/// Waits for the latch, which one transaction holds at a time. SQLite's writers are alone in any case; PostgreSQL's,
/// which may be of several processes, are not.
///
/// # Errors
/// The database cannot be written.
pub(super) async fn hold_latch(connection: &mut AnyConnection) -> Result<(), JournalError> {
    sqlx::query("UPDATE latch SET turned = turned + 1").execute(connection).await?;
    Ok(())
}
