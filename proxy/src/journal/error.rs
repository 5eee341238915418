//! Why the journal could not do something.

use std::path::{Path, PathBuf};

use howdah_shared::console::RequestState;

/// Why the journal could not do something. Where [`JournalError::is_unavailable`] holds, no change may be sent.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file of the journal could not be made, read or locked.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another process has the journal open.
    #[error("the journal {} is in use by another process; only one may write it", .0.display())]
    InUse(PathBuf),
    /// The database's path cannot be written as the address of a database.
    #[error("the journal's path {} is not Unicode", .0.display())]
    NotUnicode(PathBuf),
    /// The file that holds the key of fingerprints does not hold one.
    #[error("{} does not hold a key of 64 hexadecimal digits", .0.display())]
    BadKey(PathBuf),
    /// The file system cannot hold SQLite's write-ahead log.
    #[error("the journal cannot keep a write-ahead log there (SQLite stays in mode {0:?}); put it on a local disk")]
    NoWriteAheadLog(String),
    /// The database was migrated by a newer Howdah.
    #[error(
        "the journal has schema {found}, which a newer Howdah made; this one knows schemas up to {known}. \
         Start the newer one, or go back to the copy that it saved beside the journal"
    )]
    NewerSchema {
        /// The database's schema.
        found: i64,
        /// The newest that this build knows.
        known: i64,
    },
    /// The file is no journal of this build's schema.
    #[error("{} is no journal that this Howdah made", .0.display())]
    NoJournal(PathBuf),
    /// The database could not be read or written.
    #[error("the journal's database: {0}")]
    Database(#[from] sqlx::Error),
    /// The operating system gives no random bytes.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
    /// There is no entry of this id.
    #[error("the journal has no request {0}")]
    NoSuchRequest(String),
    /// The entry cannot be sent any more.
    #[error("request {id} is {}, so it cannot be sent", state.as_str())]
    Settled {
        /// The entry.
        id: String,
        /// Its state.
        state: RequestState,
    },
    /// The state is not one in which an entry can be settled.
    #[error("{} is not an outcome", .0.as_str())]
    NoOutcome(RequestState),
    /// A column of the entry does not hold what this build writes.
    #[error("request {id} cannot be read: its {column} is damaged")]
    Damaged {
        /// The entry.
        id: String,
        /// The column.
        column: &'static str,
    },
}

impl JournalError {
    /// Whether the journal itself cannot be used now: a full or locked disk, a lost database.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, JournalError::Database(_) | JournalError::File { .. } | JournalError::Random(_))
    }

    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> JournalError {
        let path = path.to_owned();
        move |source| JournalError::File { path, source }
    }
}
