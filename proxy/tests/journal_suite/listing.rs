//! Listing.

use std::collections::BTreeSet;
use std::time::Duration;

use howdah_proxy::journal::Intent;
use howdah_shared::console::{Request, RequestState, RequestsQuery};

use super::{Bench, accepted, outcome, rework};

fn both() -> Vec<String> {
    vec!["eco".to_owned(), "other".to_owned()]
}

/// All pages of the query, in order.
async fn pages(bench: &Bench, query: RequestsQuery, visible: &[String]) -> Vec<Request> {
    let mut query = query;
    let mut requests = Vec::new();
    loop {
        let page = bench.journal.list(&query, visible).await.expect("read");
        assert!(page.requests.len() <= query.limit.unwrap_or(50) as usize);
        assert!(page.next.is_none() || !page.requests.is_empty());
        requests.extend(page.requests);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return requests,
        }
    }
}

pub(crate) async fn pages_hold_every_request_once(bench: Bench) {
    let mut ids = Vec::new();
    for n in 0..1000 {
        ids.push(bench.intend(rework(&format!("c-{}", n % 7), &n.to_string())).await);
    }
    assert!(ids.is_sorted());
    ids.reverse();
    for limit in [None, Some(1), Some(70), Some(100), Some(500)] {
        if limit == Some(1) {
            // A page each would be a thousand reads; the first ones tell as much.
            let query = RequestsQuery { limit, ..Default::default() };
            let page = bench.journal.list(&query, &both()).await.expect("read");
            assert_eq!((page.requests[0].id.as_str(), page.next.as_ref()), (ids[0].as_str(), Some(&ids[0])));
            continue;
        }
        let found = pages(&bench, RequestsQuery { limit, ..Default::default() }, &both()).await;
        assert!(found.iter().map(|request| &request.id).eq(&ids), "{limit:?}");
    }
    // What is added while somebody pages moves nothing.
    let first = RequestsQuery { limit: Some(100), ..Default::default() };
    let page = bench.journal.list(&first, &both()).await.expect("read");
    bench.intend(rework("c-1", "later")).await;
    let rest = pages(&bench, RequestsQuery { after: page.next, limit: Some(500), ..Default::default() }, &both()).await;
    assert!(rest.iter().map(|request| &request.id).eq(&ids[100..]));
}

pub(crate) async fn filters_add_up(bench: Bench) {
    for n in 0..60 {
        let intent = Intent {
            connection: ["eco", "other"][n % 2].to_owned(),
            operation: ["StartRework", "EndCluster"][n / 2 % 2].to_owned(),
            principal: ["mina", "jun", "sora"][n % 3].to_owned(),
            ..rework(&format!("c-{}", n % 5), &n.to_string())
        };
        bench.hands.pass(Duration::from_millis(10));
        match n % 4 {
            0 => _ = bench.intend(intent).await,
            1 => _ = bench.settled(intent, outcome(RequestState::Unknown, "It broke.")).await,
            2 => _ = bench.settled(intent, outcome(RequestState::Refused, "No.")).await,
            _ => _ = bench.settled(intent, accepted(&format!("req-{n}"))).await,
        }
    }
    let all = pages(&bench, RequestsQuery::default(), &both()).await;
    assert_eq!(all.len(), 60);
    let (since, until) = (all[40].created, all[20].created);
    type Holds = fn(&Request) -> bool;
    let cases: [(RequestsQuery, Holds); 6] = [
        (RequestsQuery { connection: Some("eco".to_owned()), ..Default::default() }, |r| r.connection == "eco"),
        (RequestsQuery { target: Some("c-3".to_owned()), ..Default::default() }, |r| r.target["cluster_id"] == "c-3"),
        (RequestsQuery { operation: Some("EndCluster".to_owned()), ..Default::default() }, |r| {
            r.operation == "EndCluster"
        }),
        (RequestsQuery { principal: Some("jun".to_owned()), ..Default::default() }, |r| r.principal == "jun"),
        (RequestsQuery { service_id: Some("req-3".to_owned()), ..Default::default() }, |r| {
            r.service_id.as_deref() == Some("req-3")
        }),
        (RequestsQuery { state: vec![RequestState::Unknown, RequestState::Accepted], ..Default::default() }, |r| {
            matches!(r.state, RequestState::Unknown | RequestState::Accepted)
        }),
    ];
    for (query, holds) in &cases {
        let expected: Vec<Request> = all.iter().filter(|request| holds(request)).cloned().collect();
        assert!(!expected.is_empty() && expected.len() < all.len());
        assert_eq!(pages(&bench, query.clone(), &both()).await, expected, "{query:?}");
        // Together with an interval, whose end is not part of it.
        let expected: Vec<Request> =
            expected.into_iter().filter(|request| since <= request.created && request.created < until).collect();
        let query = RequestsQuery { since: Some(since), until: Some(until), limit: Some(3), ..query.clone() };
        assert_eq!(pages(&bench, query.clone(), &both()).await, expected, "{query:?}");
    }
    let everything = RequestsQuery {
        connection: Some("other".to_owned()),
        operation: Some("StartRework".to_owned()),
        principal: Some("jun".to_owned()),
        state: vec![RequestState::Unknown],
        ..Default::default()
    };
    let expected: Vec<Request> = all
        .iter()
        .filter(|r| r.connection == "other" && r.operation == "StartRework" && r.principal == "jun")
        .filter(|r| r.state == RequestState::Unknown)
        .cloned()
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(pages(&bench, everything, &both()).await, expected);
}

pub(crate) async fn nobody_sees_other_connections(bench: Bench) {
    let ours = bench.intend(rework("c-1", "k")).await;
    let theirs = bench.intend(Intent { connection: "other".to_owned(), ..rework("c-1", "k") }).await;
    let visible = ["eco".to_owned()];
    let seen = pages(&bench, RequestsQuery::default(), &visible).await;
    assert_eq!(seen.iter().map(|request| request.id.as_str()).collect::<BTreeSet<_>>(), BTreeSet::from([&*ours]));
    let named = RequestsQuery { connection: Some("other".to_owned()), ..Default::default() };
    assert!(pages(&bench, named, &visible).await.is_empty());
    assert!(pages(&bench, RequestsQuery::default(), &[]).await.is_empty());
    assert_eq!(bench.journal.show(&theirs, &visible).await.expect("read"), None);
    assert!(bench.journal.show(&ours, &visible).await.expect("read").is_some());
}
