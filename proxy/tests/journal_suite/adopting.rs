//! Taking in what was started elsewhere.

use howdah_proxy::journal::{AdoptConflict, AdoptOutcome, Adopted, Answer, Verdict};
use howdah_shared::console::{Request, RequestState};
use howdah_shared::problem::Code;

use super::{Bench, accepted, outcome, rework};

fn adopted(cluster: &str, service_id: &str, request: Option<&str>) -> Adopted {
    let started = rework(cluster, "");
    Adopted {
        connection: started.connection,
        operation: started.operation,
        target: started.target,
        segments: started.segments,
        principal: "jun".to_owned(),
        service_id: service_id.to_owned(),
        request: request.map(str::to_owned),
        follow: true,
        answer: None,
    }
}

impl Bench {
    async fn adopt(&self, adopted: Adopted) -> AdoptOutcome {
        self.journal.adopt(adopted).await.expect("written")
    }
}

pub(crate) async fn what_was_started_elsewhere_is_taken_in(bench: Bench) {
    let AdoptOutcome::Created(request) = bench.adopt(adopted("c-1", "req-1", None)).await else { panic!("new") };
    assert_eq!((request.state, request.adopted), (RequestState::Accepted, true));
    assert_eq!((request.principal.as_str(), request.service_id.as_deref()), ("jun", Some("req-1")));
    assert_eq!(request.target, rework("c-1", "").target);
    assert_eq!((request.sent, request.body.as_ref()), (None, None));
    let shown = bench.show(&request.id).await;
    assert_eq!(shown.events.len(), 1);
    assert_eq!((shown.events[0].by.as_deref(), shown.events[0].code), (Some("jun"), None));
    assert_eq!(Request { events: Vec::new(), ..shown }, request);
    assert_eq!(bench.journal.summary("eco").await.expect("read").running, 1);
    // Once more, and one that Howdah started itself.
    assert_eq!(bench.adopt(adopted("c-1", "req-1", None)).await, AdoptOutcome::Existing(request));
    let own = bench.settled(rework("c-1", "k"), accepted("req-2")).await;
    let AdoptOutcome::Existing(found) = bench.adopt(adopted("c-1", "req-2", None)).await else { panic!("existing") };
    assert_eq!((found.id, found.adopted), (own, false));
}

pub(crate) async fn what_is_unknown_is_settled_by_its_service_id(bench: Bench) {
    let broken = Verdict { code: Some(Code::UpstreamBroken), ..outcome(RequestState::Unknown, "It broke.") };
    let id = bench.settled(rework("c-1", "k"), broken).await;
    let answer = Answer { status: 202, body: "{\"a\":1}".to_owned() };
    let settles = Adopted { answer: Some(answer.clone()), ..adopted("c-1", "req-1", Some(&id)) };
    let AdoptOutcome::Settled(request) = bench.adopt(settles).await else { panic!("settled") };
    assert_eq!((&request.id, request.state, request.adopted), (&id, RequestState::Accepted, false));
    assert_eq!((request.principal.as_str(), request.code, request.words.as_ref()), ("mina", None, None));
    let events = bench.show(&id).await.events;
    let taken_by: Vec<Option<&str>> = events.iter().map(|event| event.by.as_deref()).collect();
    assert_eq!((taken_by, events[2].code), (vec![None, None, None, Some("jun")], Some(Code::UpstreamBroken)));
    assert_eq!(bench.before(&id).await, answer);

    // Without an answer of its own it tells how it stands, not that it is unknown.
    let id = bench.settled(rework("c-2", "k2"), outcome(RequestState::Unresolved, "Forgotten.")).await;
    let AdoptOutcome::Settled(_) = bench.adopt(adopted("c-2", "req-2", Some(&id))).await else { panic!("settled") };
    let problem = bench.standing(&id).await;
    assert_eq!(problem.code, Code::AnswerNotKept);
    assert!(problem.detail.contains("accepted") && problem.detail.contains("req-2"), "{problem}");
}

pub(crate) async fn what_cannot_be_adopted(bench: Bench) {
    let conflict = AdoptOutcome::Conflict;
    let unknown = bench.settled(rework("c-1", "1"), outcome(RequestState::Unknown, "It broke.")).await;
    let refused = bench.settled(rework("c-1", "2"), outcome(RequestState::Refused, "No.")).await;
    let none = bench.adopt(adopted("c-1", "req-1", Some("none"))).await;
    assert_eq!(none, conflict(AdoptConflict::NoSuchRequest));
    let elsewhere = Adopted { connection: "other".to_owned(), ..adopted("c-1", "req-1", Some(&unknown)) };
    assert_eq!(bench.adopt(elsewhere).await, conflict(AdoptConflict::NoSuchRequest));
    let other = bench.adopt(adopted("c-2", "req-1", Some(&unknown))).await;
    assert_eq!(other, conflict(AdoptConflict::OtherTarget));
    let known = bench.adopt(adopted("c-1", "req-1", Some(&refused))).await;
    assert_eq!(known, conflict(AdoptConflict::NotUnsettled(RequestState::Refused)));
    assert_eq!(bench.show(&unknown).await.state, RequestState::Unknown);
    assert_eq!(bench.show(&refused).await.state, RequestState::Refused);
}

pub(crate) async fn two_who_adopt_the_same_make_one_entry(bench: Bench) {
    let (first, second) = tokio::join!(
        bench.journal.adopt(adopted("c-1", "req-1", None)),
        bench.other.adopt(adopted("c-1", "req-1", None))
    );
    match (first.expect("written"), second.expect("written")) {
        (AdoptOutcome::Created(made), AdoptOutcome::Existing(found))
        | (AdoptOutcome::Existing(found), AdoptOutcome::Created(made)) => assert_eq!(made, found),
        both => panic!("{both:?}"),
    }
}
