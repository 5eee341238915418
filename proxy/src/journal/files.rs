//! The journal's files: the database, and beside it a lock and a key.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use sqlx::AnyConnection;

use super::JournalError;
use crate::private;

/// The file beside `database` with this ending added: `journal.db.lock`.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    database.with_added_extension(ending)
}

/// Makes the folder and an empty database where there is none, so that both belong to their owner alone, and takes the
/// lock that keeps a second process away. The lock is free again when the file is dropped, also by a crash.
///
/// # Errors
/// A file cannot be made, or another process holds the lock.
pub(super) fn claim(database: &Path) -> Result<File, JournalError> {
    if let Some(folder) = database.parent() {
        private::make_folder(folder).map_err(JournalError::file(folder))?;
    }
    let path = beside(database, "lock");
    let lock =
        private::options().write(true).create(true).truncate(false).open(&path).map_err(JournalError::file(&path))?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => JournalError::InUse(database.to_owned()),
        TryLockError::Error(error) => JournalError::file(&path)(error),
    })?;
    private::options().append(true).create(true).open(database).map_err(JournalError::file(database))?;
    Ok(lock)
}

/// Writes a copy of an SQLite database, whole or not at all, in the place of what is there.
///
/// # Errors
/// The copy cannot be written.
pub(super) async fn copy(connection: &mut AnyConnection, to: &Path) -> Result<(), JournalError> {
    let part = to.with_added_extension("part");
    let text = part.to_str().ok_or_else(|| JournalError::NotUnicode(part.clone()))?;
    let file =
        private::options().write(true).create(true).truncate(true).open(&part).map_err(JournalError::file(&part))?;
    sqlx::query("VACUUM INTO $1").bind(text).execute(connection).await?;
    file.sync_all().map_err(JournalError::file(&part))?;
    fs::rename(&part, to).map_err(JournalError::file(to))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), |folder| File::open(folder)?.sync_all()).map_err(JournalError::file(to))
}
