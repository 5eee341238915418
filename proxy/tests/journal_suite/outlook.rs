//! How connections and clusters stand.

use std::time::Duration;

use howdah_proxy::journal::{AdoptOutcome, Adopted, Intent, Summary, TargetSummary, Verdict};
use howdah_shared::console::RequestState;

use super::{Bench, accepted, outcome, rework};

/// An outcome that the service gave at once.
fn ended(state: RequestState) -> Verdict {
    Verdict { state, ..accepted("req-ended") }
}

pub(crate) async fn a_connection_stands_as_its_requests_do(bench: Bench) {
    assert_eq!(bench.journal.summary("eco").await.expect("read"), Summary::default());
    bench.intend(rework("c-1", "1")).await;
    bench.sent(rework("c-1", "2")).await;
    bench.settled(rework("c-1", "3"), accepted("req-1")).await;
    bench.settled(rework("c-1", "4"), outcome(RequestState::Unknown, "It broke.")).await;
    bench.settled(rework("c-1", "5"), outcome(RequestState::Unresolved, "Forgotten.")).await;
    bench.settled(rework("c-1", "6"), outcome(RequestState::Refused, "No.")).await;
    bench.settled(rework("c-1", "7"), ended(RequestState::Succeeded)).await;
    // What is accepted and cannot be followed is not on its way for ever.
    bench.settled(Intent { follow: false, ..rework("c-1", "8") }, accepted("req-2")).await;
    bench.settled(Intent { connection: "other".to_owned(), ..rework("c-1", "9") }, accepted("req-3")).await;
    let summary = bench.journal.summary("eco").await.expect("read");
    assert_eq!((summary.running, summary.unsettled, summary.failed), (3, 2, None));
}

pub(crate) async fn a_success_heals_a_failure(bench: Bench) {
    let failed = async || bench.journal.summary("eco").await.expect("read").failed.map(|request| request.id);
    let first = bench.settled(rework("c-1", "1"), ended(RequestState::Failed)).await;
    assert_eq!(failed().await.as_ref(), Some(&first));
    let second = bench.settled(rework("c-2", "2"), ended(RequestState::Failed)).await;
    assert_eq!(failed().await.as_ref(), Some(&second));
    bench.settled(rework("c-2", "3"), ended(RequestState::Succeeded)).await;
    assert_eq!(failed().await.as_ref(), Some(&first));
    bench.intend(rework("c-1", "4")).await;
    assert_eq!(failed().await.as_ref(), Some(&first));
    bench.settled(rework("c-1", "5"), ended(RequestState::Succeeded)).await;
    assert_eq!(failed().await, None);
    let third = bench.settled(rework("c-1", "6"), ended(RequestState::Failed)).await;
    assert_eq!(failed().await.as_ref(), Some(&third));
}

pub(crate) async fn a_cluster_stands_as_its_requests_do(bench: Bench) {
    let names = ["c-1", "c-2", "none"].map(str::to_owned);
    // Twelve runs that take 10, 20, … 120 s; the last ten count.
    let mut ids = Vec::new();
    for n in 1..=12 {
        let id = bench.sent(rework("c-1", &n.to_string())).await;
        ids.push(id.clone());
        bench.hands.pass(Duration::from_secs(10 * n));
        bench.journal.settle(&id, ended(RequestState::Succeeded)).await.expect("written");
    }
    let accepted_last = bench.settled(rework("c-1", "13"), accepted("req-13")).await;
    bench.settled(rework("c-1", "14"), outcome(RequestState::Unknown, "It broke.")).await;
    let last = bench.settled(rework("c-1", "15"), outcome(RequestState::Refused, "No.")).await;
    let elsewhere = Intent { connection: "other".to_owned(), ..rework("c-1", "16") };
    bench.settled(elsewhere, outcome(RequestState::Unknown, "It broke.")).await;
    let mine = bench.intend(rework("c-2", "17")).await;

    let targets = bench.journal.targets("eco", &names).await.expect("read");
    assert_eq!(targets.len(), 3);
    let one = &targets["c-1"];
    assert_eq!(one.last.as_ref().map(|request| &request.id), Some(&last));
    assert_eq!(one.last_accepted.as_ref().map(|request| &request.id), Some(&accepted_last));
    assert_eq!(one.unknown, 1);
    let usual = one.usual.expect("ten runs");
    assert!((75_000..76_000).contains(&usual), "{usual}");
    // The one that took 120 s had the ten before it to be compared with, the fourth three, the third only two.
    let visible = ["eco".to_owned()];
    let mut told = Vec::new();
    for id in [&ids[11], &ids[3], &ids[2]] {
        told.push(bench.journal.show(id, &visible).await.expect("read").expect("there").usual);
    }
    let seconds: Vec<Option<u64>> = told.iter().map(|usual| usual.map(|usual| usual / 1000)).collect();
    assert_eq!(seconds, [Some(65), Some(20), None]);
    let two = &targets["c-2"];
    assert_eq!(two.last.as_ref().map(|request| &request.id), Some(&mine));
    assert_eq!((two.last_accepted.as_ref(), two.usual, two.unknown), (None, None, 0));
    assert_eq!(targets["none"], TargetSummary::default());
    assert!(bench.journal.targets("eco", &[]).await.expect("read").is_empty());
}

pub(crate) async fn many_clusters_at_once(bench: Bench) {
    let names: Vec<String> = (0..100).map(|n| format!("c-{n}")).collect();
    for (n, name) in names.iter().enumerate() {
        let adopted = Adopted {
            connection: "eco".to_owned(),
            operation: "StartRework".to_owned(),
            target: [("cluster_id".to_owned(), name.clone())].into(),
            segments: vec![name.clone()],
            principal: "mina".to_owned(),
            service_id: format!("req-{n}"),
            request: None,
            follow: true,
            answer: None,
        };
        assert!(matches!(bench.journal.adopt(adopted).await.expect("written"), AdoptOutcome::Created(_)));
    }
    let targets = bench.journal.targets("eco", &names).await.expect("read");
    for (n, name) in names.iter().enumerate() {
        let last = targets[name].last.as_ref().expect("one each");
        assert_eq!(last.service_id, Some(format!("req-{n}")));
        assert_eq!(targets[name].last_accepted.as_ref(), Some(last));
    }
}
