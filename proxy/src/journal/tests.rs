//! What is SQLite's own: files, locks, crashes, a full disk. What holds for any database is in `proxy/tests`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use howdah_shared::console::{RequestState, RequestsQuery};
use sqlx::AssertSqlSafe;

use super::leases::Report;
use super::*;

fn intent(key: &str) -> Intent {
    Intent {
        connection: "eco".to_owned(),
        operation: "StartRework".to_owned(),
        target: BTreeMap::from([("cluster_id".to_owned(), "c-1".to_owned())]),
        segments: vec!["c-1".to_owned()],
        subject: "c-1".to_owned(),
        principal: "mina".to_owned(),
        body: None,
        key: key.to_owned(),
        fingerprint_input: b"the call".to_vec(),
        follow: true,
        service_id: None,
    }
}

fn accepted(body: &str) -> Verdict {
    Verdict {
        state: RequestState::Accepted,
        service_id: Some("req-1".to_owned()),
        status: Some(202),
        code: None,
        words: None,
        said: None,
        answer: Answer { status: 202, body: body.to_owned() },
    }
}

pub(super) async fn intend(journal: &Journal, key: &str) -> String {
    match journal.intend(intent(key)).await.expect("written") {
        Admission::New { id } => id,
        before => panic!("{before:?}"),
    }
}

async fn show(journal: &Journal, id: &str) -> howdah_shared::console::Request {
    journal.show(id, &["eco".to_owned()]).await.expect("read").expect("there")
}

/// Changes the database's settings or content behind the journal's back.
pub(super) async fn meddle(journal: &Journal, sql: &str) {
    let mut writer = journal.0.store.write().await.expect("begun");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *writer).await.expect("done");
    writer.commit().await.expect("committed");
}

#[tokio::test]
async fn a_second_process_is_kept_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("new").join("journal.db");
    let first = Journal::open(&path).await.expect("opened");
    let second = Journal::open(&path).await;
    assert!(matches!(&second, Err(JournalError::InUse(found)) if *found == path), "{second:?}");
    assert!(second.expect_err("refused").to_string().contains("in use by another process"));
    first.check_writable().await.expect("the first is not disturbed");
    first.close().await;
    drop(first);
    Journal::open(&path).await.expect("free again").close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn its_files_are_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("new folder # 100%");
    let journal = Journal::open(&home.join("journal ?.db")).await.expect("opened");
    intend(&journal, "k").await;
    let names: Vec<String> = fs::read_dir(&home)
        .expect("there")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let mode = entry.metadata().expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", entry.file_name());
            entry.file_name().into_string().expect("Unicode")
        })
        .collect();
    for name in ["journal ?.db", "journal ?.db-wal", "journal ?.db.key", "journal ?.db.lock"] {
        assert!(names.iter().any(|found| found == name), "{name} is not in {names:?}");
    }
    journal.close().await;
}

#[tokio::test]
async fn every_connection_syncs_what_it_commits() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(&folder.path().join("journal.db")).await.expect("opened");
    for (setting, expected) in [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)] {
        let sql = || AssertSqlSafe(format!("PRAGMA {setting}"));
        let mut writer = journal.0.store.write().await.expect("begun");
        assert_eq!(sqlx::query_scalar(sql()).fetch_one(&mut *writer).await.ok(), Some(expected), "{setting}");
        assert_eq!(sqlx::query_scalar(sql()).fetch_one(journal.0.store.read()).await.ok(), Some(expected), "{setting}");
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(journal.0.store.read()).await.expect("read");
    assert_eq!(mode, "wal");
    journal.close().await;
}

/// The files as a crash would leave them at this moment.
fn crash(path: &Path, to: &Path) {
    for ending in ["", "-wal", ".key"] {
        let name = |path: &Path| format!("{}{ending}", path.display());
        fs::copy(name(path), name(to)).expect("copied");
    }
}

#[tokio::test]
async fn what_was_written_survives_a_crash() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let journal = Journal::open(&path).await.expect("opened");
    let id = intend(&journal, "k").await;
    crash(&path, &folder.path().join("intended.db"));
    journal.mark_sent(&id).await.expect("written");
    crash(&path, &folder.path().join("sent.db"));
    journal.settle(&id, accepted("{}")).await.expect("written");
    crash(&path, &folder.path().join("accepted.db"));
    drop(journal);
    for (name, state) in [
        ("intended.db", RequestState::Refused),
        ("sent.db", RequestState::Unknown),
        ("accepted.db", RequestState::Accepted),
        ("journal.db", RequestState::Accepted),
    ] {
        let journal = Journal::open(&folder.path().join(name)).await.expect("opened");
        journal.recover().await.expect("written");
        assert_eq!(show(&journal, &id).await.state, state, "{name}");
        assert_eq!(journal.intend(intent("k")).await.expect("read"), Admission::Same { id: id.clone() });
        assert!(intend(&journal, "k2").await > id);
        journal.close().await;
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let journal = Journal::open(&path).await.expect("opened");
    intend(&journal, "k").await;
    meddle(&journal, &format!("UPDATE journal_schema SET version = {}", migrations::CURRENT + 1)).await;
    journal.close().await;
    drop(journal);
    let before = fs::read(&path).expect("read");
    let opened = Journal::open(&path).await;
    assert!(matches!(&opened, Err(JournalError::NewerSchema { found, known }) if *found == known + 1), "{opened:?}");
    assert_eq!(fs::read(&path).expect("read"), before);
}

#[tokio::test]
async fn the_copy_before_a_migration_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let journal = Journal::open(&path).await.expect("opened");
    let id = intend(&journal, "k").await;
    let mut writer = journal.0.store.alone().await;
    assert_eq!(migrations::outdated(&mut writer, migrations::CURRENT).await.expect("read"), None);
    let outdated = migrations::outdated(&mut writer, migrations::CURRENT + 1).await.expect("read");
    assert_eq!(outdated, Some(migrations::CURRENT));
    // Twice, as after a migration that was cut off.
    for _ in 0..2 {
        migrations::save_copy(&mut writer, &path, migrations::CURRENT).await.expect("written");
    }
    drop(writer);
    journal.close().await;
    let copy = folder.path().join(format!("journal.db.schema-{}", migrations::CURRENT));
    fs::copy(path.with_extension("db.key"), copy.with_added_extension("key")).expect("copied");
    let copy = Journal::open(&copy).await.expect("opened");
    assert_eq!(show(&copy, &id).await.state, RequestState::Intended);
    copy.close().await;
}

#[tokio::test]
async fn an_older_journal_is_copied_and_migrated() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let journal = Journal::open(&path).await.expect("opened");
    let id = intend(&journal, "k").await;
    journal.recover().await.expect("written");
    // As the first version left it.
    let columns = ["requests DROP COLUMN code", "requests DROP COLUMN said", "events DROP COLUMN code"];
    for column in columns.into_iter().chain(["events DROP COLUMN said", "events DROP COLUMN taken_by"]) {
        meddle(&journal, &format!("ALTER TABLE {column}")).await;
    }
    meddle(&journal, "UPDATE journal_schema SET version = 1").await;
    journal.close().await;
    drop(journal);

    let journal = Journal::open(&path).await.expect("migrated");
    let request = show(&journal, &id).await;
    assert_eq!((request.state, request.code, request.said), (RequestState::Refused, None, None));
    assert!(request.words.is_some(), "its words are kept");
    assert_eq!((request.events[1].code, &request.events[1].words), (None, &request.words));
    let next = intend(&journal, "k2").await;
    journal.recover().await.expect("written");
    assert_eq!(show(&journal, &next).await.code, Some(howdah_shared::problem::Code::NeverSent));
    journal.close().await;
    assert!(folder.path().join("journal.db.schema-1").exists());
}

#[tokio::test]
async fn what_is_not_a_journal_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    fs::write(&path, "# Not a database, but somebody's notes of a certain length, to fill a header.\n".repeat(20))
        .expect("written");
    let opened = Journal::open(&path).await;
    assert!(matches!(opened, Err(JournalError::Database(_))), "{opened:?}");
    let folder_as_file = folder.path().join("journal.db").join("journal.db");
    assert!(matches!(Journal::open(&folder_as_file).await, Err(JournalError::File { .. })));
}

#[tokio::test]
async fn a_full_disk_stops_changes_as_long_as_it_is_full() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(&folder.path().join("journal.db")).await.expect("opened");
    // SQLite refuses to let the file grow, as it does on a full disk, until the connection is replaced.
    let mut writer = journal.0.store.alone().await;
    sqlx::raw_sql("PRAGMA max_page_count = 1").execute(&mut *writer).await.expect("set");
    drop(writer);
    let mut large = intent("k");
    large.body = Some("x".repeat(1_000_000).into());
    let full = journal.intend(large).await.expect_err("it is full");
    assert!(full.is_unavailable() && full.to_string().contains("full"), "{full}");
    // Nothing of it is left, neither in the journal nor in its connections.
    for key in ["k", "k2", "k3"] {
        intend(&journal, key).await;
    }
    journal.check_writable().await.expect("writable");
    journal.close().await;
}

#[tokio::test]
async fn an_outcome_that_cannot_be_written_is_kept_until_it_can() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.db");
    let journal = Journal::open(&path).await.expect("opened");
    let id = intend(&journal, "k").await;
    let other = intend(&journal, "k2").await;
    journal.mark_sent(&id).await.expect("written");
    // Every write ends as on a full disk: with an error, and with its transaction undone by SQLite.
    let full = "CREATE TRIGGER full BEFORE UPDATE ON requests BEGIN SELECT RAISE(ROLLBACK, 'full'); END";
    meddle(&journal, full).await;

    assert_eq!(journal.settle(&id, accepted("{}")).await.expect("kept"), Settled::Pending);
    assert!(journal.is_pending(&id));
    assert_eq!(journal.answer(&id).await.expect("known"), Answered::Before(accepted("{}").answer));
    assert_eq!(journal.settle(&id, accepted("another")).await.expect("known"), Settled::Before);
    assert_eq!(show(&journal, &id).await.state, RequestState::Sent);
    assert!(journal.mark_sent(&other).await.is_err_and(|error| error.is_unavailable()));

    let mut settled = journal.0.settled.subscribe();
    meddle(&journal, "DROP TRIGGER full").await;
    let written = async {
        while journal.is_pending(&id) {
            settled.changed().await.expect("the journal is there");
        }
    };
    tokio::time::timeout(Duration::from_secs(60), written).await.expect("tried again");
    let request = show(&journal, &id).await;
    assert_eq!((request.state, request.service_id.as_deref()), (RequestState::Accepted, Some("req-1")));
    assert_eq!(journal.answer(&id).await.expect("settled"), Answered::Before(accepted("{}").answer));
    assert_eq!(journal.settle(&id, accepted("another")).await.expect("known"), Settled::Before);

    // What is pending when it ends is tried once more.
    journal.mark_sent(&other).await.expect("written");
    meddle(&journal, full).await;
    assert_eq!(journal.settle(&other, accepted("{}")).await.expect("kept"), Settled::Pending);
    meddle(&journal, "DROP TRIGGER full").await;
    journal.close().await;
    drop(journal);
    let journal = Journal::open(&path).await.expect("opened");
    assert_eq!(show(&journal, &other).await.state, RequestState::Accepted);
    journal.close().await;
}

#[tokio::test]
async fn a_closed_journal_is_unavailable() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(&folder.path().join("journal.db")).await.expect("opened");
    journal.close().await;
    assert!(journal.check_writable().await.is_err_and(|error| error.is_unavailable()));
    assert!(journal.intend(intent("k")).await.is_err_and(|error| error.is_unavailable()));
}

#[tokio::test]
async fn a_damaged_entry_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(&folder.path().join("journal.db")).await.expect("opened");
    let id = intend(&journal, "k").await;
    for (column, value) in [("target", "{"), ("state", "somewhere")] {
        meddle(&journal, &format!("UPDATE requests SET {column} = '{value}'")).await;
        let listed = journal.list(&RequestsQuery::default(), &["eco".to_owned()]).await;
        let expected = |error: &JournalError| matches!(error, JournalError::Damaged { id: of, column: at } if *of == id && *at == column);
        assert!(listed.as_ref().is_err_and(expected), "{listed:?}");
        meddle(&journal, "UPDATE requests SET target = '{}'").await;
    }
    journal.close().await;
}

#[tokio::test]
async fn a_lease_is_ones_until_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let now = Arc::new(std::sync::atomic::AtomicI64::new(1_000_000));
    let clock = {
        let now = Arc::clone(&now);
        Clock::new(move || now.load(std::sync::atomic::Ordering::SeqCst))
    };
    let pass = |ms| now.fetch_add(ms, std::sync::atomic::Ordering::SeqCst);
    let journal = Journal::open_with(&folder.path().join("journal.db"), clock).await.expect("opened");
    let id = intend(&journal, "k").await;
    journal.mark_sent(&id).await.expect("written");
    journal.settle(&id, accepted("{}")).await.expect("written");
    let minute = Duration::from_secs(60);

    let due = journal.due().await.expect("read");
    assert_eq!(due.len(), 1);
    let held = journal.lease(&due[0], "one", minute).await.expect("written").expect("free");
    assert_eq!((held.id.as_str(), held.service_id.as_str(), held.misses), (id.as_str(), "req-1", 0));
    assert_eq!(journal.lease(&due[0], "two", minute).await.expect("read"), None);
    assert!(journal.due().await.expect("read").is_empty());
    assert_eq!(journal.until_due().await.expect("read"), Some(minute));

    // The first takes too long: another looks, and the late report changes nothing.
    pass(60_000);
    let due = journal.due().await.expect("read");
    let taken = journal.lease(&due[0], "two", minute).await.expect("written").expect("free");
    let report = |stage: &str, due| Report {
        state: RequestState::Running,
        stage: Some(stage.to_owned()),
        code: None,
        said: None,
        words: None,
        misses: 0,
        checked: true,
        due,
    };
    assert!(!journal.report("one", &held, &report("Late", Some(2_000_000))).await.expect("read"));
    assert!(journal.report("two", &taken, &report("Creating", Some(2_000_000))).await.expect("written"));
    assert!(!journal.report("two", &taken, &report("Twice", Some(2_000_000))).await.expect("read"));
    assert_eq!(show(&journal, &id).await.stage.as_deref(), Some("Creating"));
    // Who saw it due before that look comes too late.
    assert_eq!(journal.lease(&due[0], "one", minute).await.expect("read"), None);
    assert!(journal.due().await.expect("read").is_empty());
    pass(2_000_000);
    let due = journal.due().await.expect("read");
    assert!(journal.lease(&due[0], "one", minute).await.expect("written").is_some());
    journal.give_back("one").await.expect("written");
    assert!(journal.lease(&due[0], "two", minute).await.expect("written").is_some());
    journal.close().await;
}
