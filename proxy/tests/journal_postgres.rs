//! The journal on PostgreSQL: the same cases, on a server of Debian's that the test starts for itself.

mod journal_suite;
mod postgres_server;

use howdah_proxy::journal::Journal;
use journal_suite::{Bench, Hands};
use postgres_server::Server;

macro_rules! all {
    ($($case:ident),* $(,)?) => {
        async fn all(server: &Server) {
            $(
                let hands = Hands::default();
                let url = server.new_database(stringify!($case)).await;
                let open = async || {
                    Journal::open_postgres(&url, &server.key(), hands.clock()).await.expect("opened")
                };
                // Two processes that start at the same time.
                let (journal, other) = tokio::join!(open(), open());
                journal_suite::$case(Bench { journal: journal.clone(), other: other.clone(), hands: hands.clone() }).await;
                journal.close().await;
                other.close().await;
            )*
        }
    };
}

journal_cases!(all);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_holds_on_postgresql() {
    match Server::start().await {
        Ok(server) => all(&server).await,
        Err(missing) if std::env::var_os("HOWDAH_REQUIRE_ALL").is_some_and(|all| all == "1") => panic!("{missing}"),
        Err(missing) => eprintln!("skipped: {missing}"),
    }
}
