//! How long what is kept: entries, keys, sessions.

use std::time::Duration;

use howdah_proxy::journal::{Admission, Intent, NewSession};
use howdah_shared::console::{RequestState, RequestsQuery};

use super::{Bench, DAY, accepted, outcome, rework};

pub(crate) async fn old_entries_go_and_unfinished_ones_stay(bench: Bench) {
    let mut stay = vec![
        bench.intend(rework("c-1", "1")).await,
        bench.sent(rework("c-1", "2")).await,
        bench.settled(rework("c-1", "3"), accepted("req-1")).await,
        bench.settled(rework("c-1", "4"), outcome(RequestState::Unknown, "It broke.")).await,
    ];
    bench.settled(rework("c-1", "5"), outcome(RequestState::Refused, "No.")).await;
    bench.settled(rework("c-1", "6"), outcome(RequestState::Unresolved, "Forgotten.")).await;
    bench.settled(rework("c-1", "7"), outcome(RequestState::Failed, "Failure")).await;
    bench.settled(Intent { follow: false, ..rework("c-1", "8") }, accepted("req-2")).await;
    bench.hands.pass(DAY * 399);
    assert_eq!(bench.journal.retain(400).await.expect("written"), 0);
    stay.push(bench.settled(rework("c-1", "9"), outcome(RequestState::Succeeded, "Success")).await);
    bench.hands.pass(DAY * 2);
    assert_eq!(bench.journal.retain(400).await.expect("written"), 4);
    let left = bench.journal.list(&RequestsQuery::default(), &["eco".to_owned()]).await.expect("read");
    assert!(left.requests.iter().rev().map(|request| &request.id).eq(&stay));
    assert_eq!(bench.show(&stay[1]).await.events.len(), 2);
}

pub(crate) async fn keys_are_forgotten_after_a_week(bench: Bench) {
    let refused = bench.settled(rework("c-1", "1"), outcome(RequestState::Refused, "No.")).await;
    let unknown = bench.settled(rework("c-1", "2"), outcome(RequestState::Unknown, "It broke.")).await;
    bench.hands.pass(DAY * 6);
    bench.journal.retain(400).await.expect("written");
    let same = bench.journal.intend(rework("c-1", "1")).await.expect("read");
    assert_eq!(same, Admission::Same { id: refused.clone() });
    bench.hands.pass(DAY * 2);
    bench.journal.retain(400).await.expect("written");
    let again = bench.intend(rework("c-1", "1")).await;
    assert!(again > refused);
    assert_eq!(bench.show(&refused).await.state, RequestState::Refused);
    assert_eq!(bench.standing(&refused).await.request_id, Some(refused));
    // As long as nobody knows what became of it, it is not made again.
    let same = bench.journal.intend(rework("c-1", "2")).await.expect("read");
    assert_eq!(same, Admission::Same { id: unknown });
}

fn session(hash: &str, token_id: Option<&str>, created: i64) -> NewSession {
    NewSession {
        hash: hash.to_owned(),
        principal: "mina".to_owned(),
        token_id: token_id.map(str::to_owned),
        created,
        idle: Duration::from_secs(60 * 60),
        absolute: DAY,
    }
}

pub(crate) async fn a_session_lives_by_its_use(bench: Bench) {
    const MINUTE: i64 = 60_000;
    let start = bench.hands.now();
    let journal = &bench.journal;
    journal.create_session(session("h", Some("t"), start)).await.expect("written");
    assert!(journal.create_session(session("h", Some("t"), start)).await.is_err(), "a hash is one session's");
    let found = async |now| bench.other.find_session("h", now).await.expect("read");
    let first = found(start).await.expect("valid");
    assert_eq!((first.principal.as_str(), first.token_id.as_deref()), ("mina", Some("t")));
    assert_eq!((first.created, first.expires), (start, start + 24 * 60 * MINUTE));
    assert!(journal.find_session("other", start).await.expect("read").is_none());
    // Idle for an hour it ends; a use within the first minute was not written, one after it was.
    assert!(found(start + MINUTE / 2).await.is_some());
    assert!(found(start + 60 * MINUTE).await.is_none());
    let mut now = start;
    while now + 59 * MINUTE < first.expires {
        now += 59 * MINUTE;
        assert!(found(now).await.is_some(), "used {} minutes after it began", (now - start) / MINUTE);
    }
    assert!(found(first.expires).await.is_none(), "used all the time, it ends all the same");
    bench.hands.pass(DAY * 2);
    journal.retain(400).await.expect("written");
    assert!(found(start + 1).await.is_none(), "deleted");
}

pub(crate) async fn a_session_ends_with_its_token(bench: Bench) {
    let now = bench.hands.now();
    let journal = &bench.journal;
    for (hash, token) in [("a", Some("t")), ("b", Some("t")), ("c", Some("u")), ("d", None)] {
        journal.create_session(session(hash, token, now)).await.expect("written");
    }
    let valid = async || {
        let mut valid = String::new();
        for hash in ["a", "b", "c", "d"] {
            if journal.find_session(hash, now).await.expect("read").is_some() {
                valid.push_str(hash);
            }
        }
        valid
    };
    assert_eq!(valid().await, "abcd");
    assert_eq!(journal.end_sessions_of("t").await.expect("written"), 2);
    assert_eq!(valid().await, "cd");
    // A session of a one-time code ends with the process.
    journal.recover().await.expect("written");
    assert_eq!(valid().await, "c");
    journal.end_session("c").await.expect("written");
    journal.end_session("c").await.expect("written");
    assert_eq!(valid().await, "");
}
