//! A change's way, and doing it once.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use howdah_proxy::journal::{Admission, Answered, JournalError, Settled};
use howdah_shared::console::RequestState;
use howdah_shared::problem::Code;

use super::{Bench, accepted, outcome, rework};

pub(crate) async fn a_change_leaves_its_whole_way(bench: Bench) {
    let id = bench.intend(rework("c-1", "k")).await;
    assert_eq!(bench.show(&id).await.state, RequestState::Intended);
    bench.journal.mark_sent(&id).await.expect("written");
    assert_eq!(bench.show(&id).await.state, RequestState::Sent);
    let settled = bench.journal.settle(&id, accepted("req-1")).await.expect("written");
    assert_eq!(settled, Settled::Written);
    assert!(!bench.journal.is_pending(&id));

    let request = bench.show(&id).await;
    let intent = rework("c-1", "k");
    assert_eq!(request.id, id);
    assert_eq!(request.connection, intent.connection);
    assert_eq!(request.operation, intent.operation);
    assert_eq!(request.target, intent.target);
    assert_eq!(request.principal, intent.principal);
    assert_eq!(request.body, intent.body);
    assert_eq!(request.state, RequestState::Accepted);
    assert_eq!(request.service_id.as_deref(), Some("req-1"));
    assert_eq!(request.status, Some(202));
    assert_eq!((request.words, request.adopted, request.ended), (None, false, None));
    assert!(request.created <= request.sent.expect("sent") && request.sent <= request.answered);
    let states: Vec<RequestState> = request.events.iter().map(|event| event.state).collect();
    assert_eq!(states, [RequestState::Intended, RequestState::Sent, RequestState::Accepted]);
    assert_eq!(bench.before(&id).await, accepted("req-1").answer);
}

pub(crate) async fn a_second_try_is_a_second_event(bench: Bench) {
    let id = bench.sent(rework("c-1", "k")).await;
    let first = bench.show(&id).await.sent;
    bench.hands.pass(Duration::from_secs(1));
    bench.journal.mark_sent(&id).await.expect("written");
    let request = bench.show(&id).await;
    assert_eq!(request.sent, first);
    assert_eq!(request.events.len(), 3);
    assert!(request.events[1].at < request.events[2].at);
}

pub(crate) async fn what_is_settled_stays(bench: Bench) {
    let id = bench.settled(rework("c-1", "k"), outcome(RequestState::Refused, "No.")).await;
    let before = bench.show(&id).await;
    assert_eq!(bench.journal.settle(&id, accepted("req-1")).await.expect("read"), Settled::Before);
    assert_eq!(bench.show(&id).await, before);
    let sent = bench.journal.mark_sent(&id).await;
    assert!(matches!(sent, Err(JournalError::Settled { state: RequestState::Refused, .. })), "{sent:?}");
    assert_eq!(bench.show(&id).await, before);
}

pub(crate) async fn unknown_may_become_known(bench: Bench) {
    let id = bench.settled(rework("c-1", "k"), outcome(RequestState::Unknown, "It broke.")).await;
    let again = bench.journal.settle(&id, outcome(RequestState::Unknown, "Still.")).await.expect("read");
    assert_eq!(again, Settled::Before);
    assert_eq!(bench.journal.settle(&id, accepted("req-1")).await.expect("written"), Settled::Written);
    let request = bench.show(&id).await;
    assert_eq!((request.state, request.code, request.words), (RequestState::Accepted, None, None));
    assert_eq!(bench.before(&id).await, accepted("req-1").answer);
}

pub(crate) async fn what_howdah_tells_has_a_code(bench: Bench) {
    let mut verdict = outcome(RequestState::Unknown, "It answered 500.");
    verdict.code = Some(Code::UpstreamFailed);
    verdict.said = Some("내부 오류입니다.".to_owned());
    let id = bench.settled(rework("c-1", "k"), verdict).await;
    let request = bench.show(&id).await;
    let told = (request.code, request.words.as_deref(), request.said.as_deref());
    assert_eq!(told, (Some(Code::UpstreamFailed), Some("It answered 500."), Some("내부 오류입니다.")));
    let last = request.events.last().expect("three");
    assert_eq!((last.code, last.words.as_deref(), last.said.as_deref()), told);
    assert!(request.events[..2].iter().all(|event| event.code.is_none() && event.words.is_none()));
    let listed = bench.journal.list(&Default::default(), &["eco".to_owned()]).await.expect("read");
    assert_eq!((listed.requests[0].code, listed.requests[0].said.as_ref()), (request.code, request.said.as_ref()));

    // What has become known is told no more; that it was is history.
    bench.journal.settle(&id, accepted("req-1")).await.expect("written");
    let request = bench.show(&id).await;
    assert_eq!((request.code, request.words, request.said), (None, None, None));
    assert_eq!(request.events[2].code, Some(Code::UpstreamFailed));
}

pub(crate) async fn an_entry_must_be_there(bench: Bench) {
    let missing = |error: Result<(), JournalError>| matches!(error, Err(JournalError::NoSuchRequest(_)));
    assert!(missing(bench.journal.mark_sent("none").await));
    assert!(missing(bench.journal.settle("none", accepted("req-1")).await.map(|_| ())));
    assert!(missing(bench.journal.answer("none").await.map(|_| ())));
    assert_eq!(bench.journal.show("none", &["eco".to_owned()]).await.expect("read"), None);
    let id = bench.intend(rework("c-1", "k")).await;
    let nothing = bench.journal.settle(&id, outcome(RequestState::Sent, "")).await;
    assert!(matches!(nothing, Err(JournalError::NoOutcome(RequestState::Sent))), "{nothing:?}");
}

pub(crate) async fn fifty_at_once_are_one(bench: Bench) {
    let calls: Vec<_> = (0..50)
        .map(|n| {
            let journal = if n % 2 == 0 { bench.journal.clone() } else { bench.other.clone() };
            tokio::spawn(async move { journal.intend(rework("c-1", "k")).await.expect("written") })
        })
        .collect();
    let mut new = Vec::new();
    let mut same = Vec::new();
    for call in calls {
        match call.await.expect("no panic") {
            Admission::New { id } => new.push(id),
            Admission::Same { id } => same.push(id),
            Admission::Reused => panic!("the calls are the same"),
        }
    }
    assert_eq!((new.len(), same.len()), (1, 49));
    assert!(same.iter().all(|id| *id == new[0]));
    assert_eq!(bench.show(&new[0]).await.events.len(), 1);
}

pub(crate) async fn a_key_is_good_for_one_call(bench: Bench) {
    let id = bench.intend(rework("c-1", "k")).await;
    assert_eq!(bench.journal.intend(rework("c-1", "k")).await.expect("read"), Admission::Same { id: id.clone() });
    assert_eq!(bench.other.intend(rework("c-1", "k")).await.expect("read"), Admission::Same { id });
    assert_eq!(bench.journal.intend(rework("c-2", "k")).await.expect("read"), Admission::Reused);
    bench.intend(rework("c-1", "k2")).await;
}

pub(crate) async fn a_key_has_a_scope(bench: Bench) {
    bench.intend(rework("c-1", "k")).await;
    bench.intend(howdah_proxy::journal::Intent { principal: "jun".to_owned(), ..rework("c-1", "k") }).await;
    bench.intend(howdah_proxy::journal::Intent { connection: "other".to_owned(), ..rework("c-1", "k") }).await;
    bench.intend(howdah_proxy::journal::Intent { operation: "EndCluster".to_owned(), ..rework("c-1", "k") }).await;
}

pub(crate) async fn an_outcome_wakes_who_waits_for_it(bench: Bench) {
    let id = bench.sent(rework("c-1", "k")).await;
    let mut waiting = Vec::new();
    for _ in 0..10 {
        let (journal, id) = (bench.journal.clone(), id.clone());
        waiting.push(tokio::spawn(async move { journal.answer(&id).await }));
    }
    // This one is seen to wait, also while other things are written and settled.
    let mut watched = pin!(bench.journal.answer(&id));
    let mut poll = async || poll_fn(|context| Poll::Ready(watched.as_mut().poll(context).is_pending())).await;
    for n in 0..5 {
        assert!(poll().await, "answered before it was settled");
        bench.settled(rework("c-2", &n.to_string()), outcome(RequestState::Refused, "No.")).await;
    }
    assert!(waiting.iter().all(|waiting| !waiting.is_finished()));
    bench.journal.settle(&id, accepted("req-1")).await.expect("written");
    for waiting in waiting {
        assert_eq!(waiting.await.expect("no panic").expect("settled"), Answered::Before(accepted("req-1").answer));
    }
    assert_eq!(watched.await.expect("settled"), Answered::Before(accepted("req-1").answer));
}

pub(crate) async fn an_answer_too_large_is_told_so(bench: Bench) {
    let answer = |length| {
        let mut verdict = accepted("req-1");
        verdict.answer.body = "x".repeat(length);
        verdict
    };
    let kept = bench.settled(rework("c-1", "k"), answer(64 * 1024)).await;
    assert_eq!(bench.before(&kept).await.body.len(), 64 * 1024);
    let dropped = bench.settled(rework("c-1", "k2"), answer(64 * 1024 + 1)).await;
    let problem = bench.standing(&dropped).await;
    assert_eq!((problem.code, problem.request_id.as_ref()), (Code::AnswerNotKept, Some(&dropped)));
    assert!(problem.detail.contains("answered 202") && problem.detail.contains("req-1"), "{problem}");
}

pub(crate) async fn text_that_is_no_text_is_kept(bench: Bench) {
    let mut verdict = accepted("req\0-1");
    verdict.words = Some("half\0way 'quoted' \u{1f418}".to_owned());
    verdict.said = Some("half\0".to_owned());
    verdict.answer.body = "\0".to_owned();
    let id = bench.settled(rework("c-1'; DROP TABLE requests; --", "k"), verdict).await;
    let request = bench.show(&id).await;
    assert_eq!(request.words.as_deref(), Some("half\u{fffd}way 'quoted' \u{1f418}"));
    assert_eq!(request.said.as_deref(), Some("half\u{fffd}"));
    assert_eq!(request.events[2].said, request.said);
    assert_eq!(request.service_id.as_deref(), Some("req\u{fffd}-1"));
    assert_eq!(request.target["cluster_id"], "c-1'; DROP TABLE requests; --");
}

pub(crate) async fn what_a_stop_left_is_sorted_out(bench: Bench) {
    let intended = bench.intend(rework("c-1", "k1")).await;
    let sent = bench.sent(rework("c-1", "k2")).await;
    let settled = bench.settled(rework("c-1", "k3"), accepted("req-1")).await;
    let before = bench.show(&settled).await;
    let recovered = bench.journal.recover().await.expect("written");
    assert_eq!((recovered.refused, recovered.unknown), (1, 1));
    let (never, cut) = (bench.show(&intended).await, bench.show(&sent).await);
    assert_eq!((never.state, never.events.len()), (RequestState::Refused, 2));
    assert_eq!((cut.state, cut.events.len()), (RequestState::Unknown, 3));
    assert_eq!((never.code, never.events[1].code), (Some(Code::NeverSent), Some(Code::NeverSent)));
    assert_eq!((cut.code, cut.events[2].code), (Some(Code::CutOff), Some(Code::CutOff)));
    assert!(cut.words.is_some());
    assert_eq!(cut.events[2].words, cut.words);
    assert_eq!(bench.show(&settled).await, before);
    assert_eq!(bench.journal.recover().await.expect("written"), Default::default());

    // The same call again is told how it stands.
    let stand = [("k1", &intended, Code::NeverSent, None), ("k2", &sent, Code::OutcomeUnknown, Some(Code::CutOff))];
    for (key, id, code, reason) in stand {
        let same = bench.journal.intend(rework("c-1", key)).await.expect("read");
        assert_eq!(same, Admission::Same { id: id.clone() });
        let problem = bench.standing(id).await;
        assert_eq!((problem.code, problem.reason, problem.request_id.as_ref()), (code, reason, Some(id)));
    }
}
