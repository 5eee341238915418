//! The journal on SQLite.

mod journal_suite;

use howdah_proxy::journal::Journal;
use journal_suite::{Bench, Hands};

macro_rules! each {
    ($($case:ident),* $(,)?) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $case() {
            let folder = tempfile::tempdir().expect("a folder");
            let hands = Hands::default();
            let path = folder.path().join("journal.db");
            let journal = Journal::open_with(&path, hands.clock()).await.expect("opened");
            // A second process is kept away, so there is only this one.
            let bench = Bench { journal: journal.clone(), other: journal.clone(), hands };
            journal_suite::$case(bench).await;
            journal.close().await;
        }
    )* };
}

journal_cases!(each);
