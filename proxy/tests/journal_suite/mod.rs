//! What a journal must do, whatever database it stands on: cases that each start with an empty one.

mod adopting;
mod following;
mod keeping;
mod listing;
mod outlook;
mod way;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use howdah_proxy::journal::{Admission, Answer, Answered, Clock, Intent, Journal, Settled, Verdict};
use howdah_shared::console::{Request, RequestState};
use howdah_shared::problem::Problem;

pub(crate) use adopting::*;
pub(crate) use following::*;
pub(crate) use keeping::*;
pub(crate) use listing::*;
pub(crate) use outlook::*;
pub(crate) use way::*;

/// Hands all cases, by name, to a macro of the caller.
#[macro_export]
macro_rules! journal_cases {
    ($each:ident) => {
        $each! {
            a_change_leaves_its_whole_way,
            a_second_try_is_a_second_event,
            what_is_settled_stays,
            unknown_may_become_known,
            what_howdah_tells_has_a_code,
            an_entry_must_be_there,
            fifty_at_once_are_one,
            a_key_is_good_for_one_call,
            a_key_has_a_scope,
            an_outcome_wakes_who_waits_for_it,
            an_answer_too_large_is_told_so,
            text_that_is_no_text_is_kept,
            what_a_stop_left_is_sorted_out,
            pages_hold_every_request_once,
            filters_add_up,
            nobody_sees_other_connections,
            a_connection_stands_as_its_requests_do,
            a_success_heals_a_failure,
            a_cluster_stands_as_its_requests_do,
            many_clusters_at_once,
            old_entries_go_and_unfinished_ones_stay,
            keys_are_forgotten_after_a_week,
            a_session_lives_by_its_use,
            a_session_ends_with_its_token,
            what_was_started_elsewhere_is_taken_in,
            what_is_unknown_is_settled_by_its_service_id,
            what_cannot_be_adopted,
            two_who_adopt_the_same_make_one_entry,
            a_run_is_followed_to_its_end,
            a_new_run_is_looked_after_at_once,
            what_the_service_forgot_is_unresolved,
            a_service_that_is_away_ends_nothing,
            nothing_is_followed_for_ever,
            a_word_that_nobody_knows_is_unresolved,
            two_trackers_follow_a_run_once,
            a_tracker_that_stops_lets_go,
            a_sick_connection_holds_up_no_other,
        }
    };
}

/// An empty journal, and the clock that it goes by.
pub(crate) struct Bench {
    /// The journal.
    pub(crate) journal: Journal,
    /// The same database, as another process sees it where the database allows that.
    pub(crate) other: Journal,
    /// Its clock.
    pub(crate) hands: Hands,
}

/// A clock that runs as the machine's does, and can be put forward.
#[derive(Clone, Default)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    /// The clock.
    pub(crate) fn clock(&self) -> Clock {
        let ahead = Arc::clone(&self.0);
        let machine = Clock::system();
        Clock::new(move || machine.now() + ahead.load(Ordering::SeqCst))
    }

    /// What it shows.
    pub(crate) fn now(&self) -> i64 {
        self.clock().now()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.0.fetch_add(time.as_millis().try_into().expect("not too long"), Ordering::SeqCst);
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Somebody runs a cluster of `eco` again, under a key of its own.
fn rework(cluster: &str, key: &str) -> Intent {
    Intent {
        connection: "eco".to_owned(),
        operation: "StartRework".to_owned(),
        target: BTreeMap::from([("cluster_id".to_owned(), cluster.to_owned())]),
        segments: vec![cluster.to_owned()],
        subject: cluster.to_owned(),
        principal: "mina".to_owned(),
        body: Some(serde_json::json!({ "instanceSpecs": [{ "type": "WORKER", "nodeCnt": 6 }] })),
        key: key.to_owned(),
        fingerprint_input: format!("/v2/hadoop-eco/clusters/{cluster}\n{{}}").into_bytes(),
        follow: true,
        service_id: None,
    }
}

fn accepted(service_id: &str) -> Verdict {
    Verdict {
        state: RequestState::Accepted,
        service_id: Some(service_id.to_owned()),
        status: Some(202),
        code: None,
        words: None,
        said: None,
        answer: Answer { status: 202, body: format!(r#"{{"requestId":"{service_id}"}}"#) },
    }
}

fn outcome(state: RequestState, words: &str) -> Verdict {
    let answer = Answer { status: 502, body: "{}".to_owned() };
    Verdict { state, service_id: None, status: None, code: None, words: Some(words.to_owned()), said: None, answer }
}

impl Bench {
    async fn intend(&self, intent: Intent) -> String {
        match self.journal.intend(intent).await.expect("written") {
            Admission::New { id } => id,
            before => panic!("{before:?}"),
        }
    }

    /// A change that has been sent.
    async fn sent(&self, intent: Intent) -> String {
        let id = self.intend(intent).await;
        self.journal.mark_sent(&id).await.expect("written");
        id
    }

    /// A change that has come so far.
    async fn settled(&self, intent: Intent, verdict: Verdict) -> String {
        let id = self.sent(intent).await;
        assert_eq!(self.journal.settle(&id, verdict).await.expect("written"), Settled::Written);
        id
    }

    /// The answer that was given before.
    async fn before(&self, id: &str) -> Answer {
        match self.journal.answer(id).await.expect("settled") {
            Answered::Before(answer) => answer,
            Answered::Standing(problem) => panic!("{problem}"),
        }
    }

    /// How a change stands whose answer is not there.
    async fn standing(&self, id: &str) -> Problem {
        match self.journal.answer(id).await.expect("settled") {
            Answered::Standing(problem) => *problem,
            Answered::Before(answer) => panic!("{answer:?}"),
        }
    }

    async fn show(&self, id: &str) -> Request {
        let connection = ["eco".to_owned(), "other".to_owned()];
        self.journal.show(id, &connection).await.expect("read").expect("there")
    }
}

/// Waits until the condition holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}
