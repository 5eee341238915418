//! The journal for somebody who does not write it: read and copied beside a Howdah that may be running; and a copy put
//! in its place while none is.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use howdah_shared::console::{Request, RequestsQuery};
use percent_encoding::utf8_percent_encode;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _};

use super::list::{LARGEST_PAGE, events, page};
use super::store::PLAIN;
use super::{JournalError, files, migrations};
use crate::private;

/// A journal, or a copy of one, that is only read.
#[derive(Debug)]
pub struct Archive(AnyPool);

impl Archive {
    /// Opens it; whoever writes it goes on.
    ///
    /// # Errors
    /// There is none, it is damaged, or its schema is not this build's.
    pub async fn open(path: &Path) -> Result<Archive, JournalError> {
        sqlx::any::install_default_drivers();
        // SQLite's own words would not name the file.
        File::open(path).map_err(JournalError::file(path))?;
        let text = path.to_str().ok_or_else(|| JournalError::NotUnicode(path.to_owned()))?;
        let options: AnyConnectOptions = format!("sqlite://{}?mode=ro", utf8_percent_encode(text, PLAIN)).parse()?;
        let pool = AnyPoolOptions::new().max_connections(1).connect_with(options.disable_statement_logging()).await?;
        let found = migrations::found(&mut *pool.acquire().await?).await;
        match found {
            Ok(migrations::CURRENT) => Ok(Archive(pool)),
            // SQLite says so of a file that is none of its own.
            Ok(_) | Err(JournalError::Database(sqlx::Error::Database(_))) => {
                Err(JournalError::NoJournal(path.to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// Gives each request that matches, newest first, with all that was seen of it; `limit` is how many at most.
    ///
    /// # Errors
    /// It cannot be read, or `each` stops it.
    pub async fn each<E: From<JournalError>>(
        &self,
        query: &RequestsQuery,
        mut each: impl FnMut(Request) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = query.limit;
        let mut query = query.clone();
        loop {
            query.limit = Some(left.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE));
            let found = page(&self.0, &query, None).await?;
            left = left.map(|left| left.saturating_sub(found.requests.len() as u32));
            for mut request in found.requests {
                request.events = events(&self.0, &request.id).await?;
                each(request)?;
            }
            query.after = found.next;
            if query.after.is_none() || left == Some(0) {
                return Ok(());
            }
        }
    }

    /// Writes a copy of it as it is at this moment, into a file that is not there yet.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub async fn copy(&self, to: &Path) -> Result<(), JournalError> {
        // Taken now, so that nobody else's file is replaced by the copy.
        private::options().write(true).create_new(true).open(to).map_err(JournalError::file(to))?;
        let copied = files::copy(&mut *self.0.acquire().await?, to).await;
        if copied.is_err() {
            // What is left is empty; that it is in the way is the lesser trouble.
            let _ = fs::remove_file(to);
        }
        copied
    }
}

/// Puts a copy in the place of the journal at `path`, of which a copy is saved beside it first, under `.replaced`. The
/// copy's sessions are ended.
///
/// # Errors
/// A Howdah is running, the copy is none or of another schema, or a file cannot be written; then the journal is as it
/// was.
pub async fn restore(path: &Path, copy: &Path) -> Result<(), JournalError> {
    let path = std::path::absolute(path).map_err(JournalError::file(path))?;
    let archive = Archive::open(copy).await?;
    let _lock = files::claim(&path)?;
    let text = path.to_str().ok_or_else(|| JournalError::NotUnicode(path.clone()))?;
    let options: AnyConnectOptions = format!("sqlite://{}?mode=rw", utf8_percent_encode(text, PLAIN)).parse()?;
    let mut present: AnyConnection = options.clone().disable_statement_logging().connect().await?;
    if migrations::found(&mut present).await? > 0 {
        files::copy(&mut present, &files::beside(&path, "replaced")).await?;
        // So that nothing of it is left in the log, which would be read as the copy's.
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut present).await?;
    }
    sqlx::Connection::close(present).await?;
    for log in ["-wal", "-shm"] {
        let mut log_path = path.clone().into_os_string();
        log_path.push(log);
        match fs::remove_file(&log_path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(JournalError::file(Path::new(&log_path))(error));
            }
            _ => {}
        }
    }
    files::copy(&mut *archive.0.acquire().await?, &path).await?;
    // Who has signed out since the copy was made stays out.
    let mut restored: AnyConnection = options.disable_statement_logging().connect().await?;
    sqlx::raw_sql("DELETE FROM sessions").execute(&mut restored).await?;
    Ok(sqlx::Connection::close(restored).await?)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::tests::{intend, meddle};
    use super::super::{Journal, files::beside};
    use super::*;

    async fn ids(path: &Path, query: &RequestsQuery) -> Vec<String> {
        let mut ids = Vec::new();
        let take = |request: Request| {
            assert!(!request.events.is_empty(), "with what was seen of it");
            ids.push(request.id);
            Ok::<_, JournalError>(())
        };
        Archive::open(path).await.expect("opened").each(query, take).await.expect("read");
        ids.reverse();
        ids
    }

    async fn journal(requests: usize) -> (tempfile::TempDir, PathBuf, Journal, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let journal = Journal::open(&path).await.expect("opened");
        let mut ids = Vec::new();
        for number in 0..requests {
            ids.push(intend(&journal, &format!("key-{number}")).await);
        }
        (folder, path, journal, ids)
    }

    #[tokio::test]
    async fn it_is_read_whole_while_it_is_written() {
        let (_folder, path, journal, mut written) = journal(LARGEST_PAGE as usize + 2).await;
        let all = RequestsQuery::default();
        assert_eq!(ids(&path, &all).await, written);
        written.push(intend(&journal, "another").await);
        assert_eq!(ids(&path, &all).await, written);
        let few = RequestsQuery { limit: Some(3), ..all.clone() };
        assert_eq!(ids(&path, &few).await, written[written.len() - 3..]);
        let of_another = RequestsQuery { connection: Some("another".to_owned()), ..all };
        assert_eq!(ids(&path, &of_another).await, [""; 0]);
    }

    #[tokio::test]
    async fn what_was_copied_comes_back_and_what_was_there_is_kept() {
        let (folder, path, journal, written) = journal(2).await;
        let session =
            "INSERT INTO sessions (hash, principal, created, seen, idle, expires) VALUES ('h', 'm', 0, 0, 1, 1)";
        meddle(&journal, session).await;
        let copy = folder.path().join("copy.db");
        Archive::open(&path).await.expect("opened").copy(&copy).await.expect("copied");
        let later = intend(&journal, "later").await;
        assert!(matches!(restore(&path, &copy).await, Err(JournalError::InUse(_))), "while it is open");
        journal.close().await;
        drop(journal);
        restore(&path, &copy).await.expect("restored");
        let all = RequestsQuery::default();
        assert_eq!(ids(&path, &all).await, written);
        assert_eq!(ids(&beside(&path, "replaced"), &all).await, [&written[..], &[later]].concat());
        let sessions = "SELECT COUNT(*) FROM sessions";
        let count = async |path: &Path| {
            let archive = Archive::open(path).await.expect("opened");
            sqlx::query_scalar::<_, i64>(sessions).fetch_one(&archive.0).await.expect("counted")
        };
        assert_eq!((count(&copy).await, count(&path).await), (1, 0), "who had signed in must do so again");
        // It is a journal like any other.
        let journal = Journal::open(&path).await.expect("opened again");
        let new = intend(&journal, "new").await;
        assert_eq!(ids(&path, &all).await, [&written[..], &[new]].concat());
    }

    #[tokio::test]
    async fn what_is_no_copy_of_this_schema_changes_nothing() {
        let (folder, path, journal, written) = journal(1).await;
        let copy = folder.path().join("copy.db");
        let archive = Archive::open(&path).await.expect("opened");
        archive.copy(&copy).await.expect("copied");
        assert!(matches!(archive.copy(&copy).await, Err(JournalError::File { .. })), "no file is written over");
        meddle(&journal, "UPDATE journal_schema SET version = version + 1").await;
        let newer = folder.path().join("newer.db");
        fs::copy(&path, &newer).expect("copied");
        let newer_log = folder.path().join("newer.db-wal");
        fs::copy(folder.path().join("journal.db-wal"), newer_log).expect("copied");
        meddle(&journal, "UPDATE journal_schema SET version = version - 1").await;
        journal.close().await;
        drop((journal, archive));
        let text = folder.path().join("text");
        fs::write(&text, "a text, and no database").expect("written");
        let empty = folder.path().join("empty");
        fs::write(&empty, "").expect("written");
        assert!(matches!(restore(&path, &newer).await, Err(JournalError::NoJournal(_))));
        assert!(matches!(restore(&path, &empty).await, Err(JournalError::NoJournal(_))));
        assert!(matches!(restore(&path, &text).await, Err(JournalError::NoJournal(_))));
        assert!(restore(&path, &folder.path().join("nothing")).await.is_err());
        assert_eq!(ids(&path, &RequestsQuery::default()).await, written);
    }
}
