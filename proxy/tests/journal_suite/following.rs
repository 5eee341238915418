//! Following runs to their end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use howdah_proxy::journal::{Ask, Intent, Tracker, TrackerSettings};
use howdah_shared::console::{Request, RequestState};
use howdah_shared::follow::Follow;
use howdah_shared::problem::Code;
use howdah_shared::systems;
use tokio::sync::Notify;

use super::{Bench, DAY, accepted, rework, until};

const QUICK: TrackerSettings =
    TrackerSettings { fast: Duration::from_millis(30), slow: Duration::from_millis(60), give_up: DAY };

/// A service that tells of each run what is written for it, a line an answer, the last line for ever.
#[derive(Default)]
struct Service {
    lines: Vec<&'static str>,
    /// Answers given, by run.
    asked: Mutex<HashMap<String, usize>>,
    /// Runs that are being asked about now.
    asking: Mutex<Vec<String>>,
    /// How often one was asked about twice at a time.
    overlaps: AtomicU32,
    /// Somebody asked.
    news: Notify,
}

impl Service {
    fn telling(lines: &[&'static str]) -> Arc<Service> {
        Arc::new(Service { lines: lines.to_vec(), ..Service::default() })
    }

    fn asked(&self, run: &str) -> usize {
        self.asked.lock().expect("no panic").get(run).copied().unwrap_or(0)
    }
}

impl Ask for Service {
    fn follow(&self, connection: &str, operation: &str) -> Option<Follow> {
        if connection == "gone" { None } else { systems::by_id("hadoop-eco-v2")?.row(operation)?.spec.tail.follow }
    }

    async fn ask(
        &self,
        connection: &str,
        operation: &str,
        segments: Vec<String>,
        query: &str,
    ) -> Option<(u16, Vec<u8>)> {
        assert_eq!((operation, query), ("ShowRework", ""));
        let [_, run] = segments.as_slice() else { panic!("{segments:?}") };
        {
            let mut asking = self.asking.lock().expect("no panic");
            if asking.contains(run) {
                self.overlaps.fetch_add(1, Ordering::SeqCst);
            }
            asking.push(run.clone());
        }
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let line = {
            let mut asked = self.asked.lock().expect("no panic");
            let count = asked.entry(run.clone()).or_default();
            *count += 1;
            self.lines.get(*count - 1).or(self.lines.last()).copied().expect("a line")
        };
        self.news.notify_one();
        if line == "hang" || connection == "sick" {
            std::future::pending::<()>().await;
        }
        self.asking.lock().expect("no panic").retain(|other| other != run);
        let body = |text: String| Some((200, text.into_bytes()));
        match line.split_once(' ') {
            Some((stage, result)) => {
                body(format!(r#"{{"requestId":"{run}","requestStatus":"{stage}","requestResult":"{result}"}}"#))
            }
            None => match line {
                "away" => None,
                "html" => body("<html>".to_owned()),
                "404" | "500" => Some((line.parse().expect("a status"), Vec::new())),
                stage => body(format!(r#"{{"requestId":"{run}","requestStatus":"{stage}"}}"#)),
            },
        }
    }
}

impl Bench {
    fn track(&self, service: &Arc<Service>, settings: TrackerSettings) -> Tracker {
        Tracker::start(self.journal.clone(), Arc::clone(service), settings).expect("started")
    }

    async fn in_state(&self, id: &str, state: RequestState) -> Request {
        until(state.as_str(), async || self.show(id).await.state == state).await;
        self.show(id).await
    }
}

/// State and stage of each event after the service had accepted.
fn seen(request: &Request) -> Vec<(RequestState, Option<&str>)> {
    let after = request.events.iter().skip_while(|event| event.state != RequestState::Accepted).skip(1);
    after.map(|event| (event.state, event.stage.as_deref())).collect()
}

pub(crate) async fn a_run_is_followed_to_its_end(bench: Bench) {
    let service = Service::telling(&["Creating", "Running", "Running", "html", "500", "away", "Terminate Success"]);
    let id = bench.settled(rework("c-1", "k"), accepted("req-1")).await;
    let tracker = bench.track(&service, QUICK);
    let request = bench.in_state(&id, RequestState::Succeeded).await;
    let running = RequestState::Running;
    let expected =
        [(running, Some("Creating")), (running, Some("Running")), (RequestState::Succeeded, Some("Terminate"))];
    assert_eq!(seen(&request), expected);
    assert_eq!((request.stage.as_deref(), request.words.as_ref()), (Some("Terminate"), None));
    assert!(request.ended.is_some() && request.checked == request.ended);
    assert_eq!(bench.journal.summary("eco").await.expect("read").running, 0);

    // One that fails, while the tracker is there.
    let failing = Service::telling(&["Terminate Failure"]);
    tracker.stop().await;
    let tracker = bench.track(&failing, QUICK);
    let failed = bench.settled(rework("c-1", "k2"), accepted("req-2")).await;
    let request = bench.in_state(&failed, RequestState::Failed).await;
    assert_eq!(seen(&request), [(RequestState::Failed, Some("Terminate"))]);
    assert_eq!(service.asked("req-1"), 7);
    assert_eq!(failing.asked("req-1"), 0, "what has ended is not asked for again");
    tracker.stop().await;
}

pub(crate) async fn a_new_run_is_looked_after_at_once(bench: Bench) {
    let service = Service::telling(&["Creating"]);
    let hour = Duration::from_secs(60 * 60);
    let tracker = bench.track(&service, TrackerSettings { fast: hour, slow: hour, give_up: DAY });
    let first = bench.settled(rework("c-1", "1"), accepted("req-1")).await;
    bench.in_state(&first, RequestState::Running).await;
    // Now it sleeps for an hour, if nothing comes.
    let second = bench.settled(rework("c-2", "2"), accepted("req-2")).await;
    bench.in_state(&second, RequestState::Running).await;
    assert_eq!((service.asked("req-1"), service.asked("req-2")), (1, 1));
    tracker.stop().await;
}

pub(crate) async fn what_the_service_forgot_is_unresolved(bench: Bench) {
    let service = Service::telling(&["404", "404", "Creating", "404", "404", "500", "404", "404", "404"]);
    let id = bench.settled(rework("c-1", "k"), accepted("req-1")).await;
    let tracker = bench.track(&service, QUICK);
    let request = bench.in_state(&id, RequestState::Unresolved).await;
    assert_eq!(service.asked("req-1"), 9, "only three in a row count");
    let expected = [(RequestState::Running, Some("Creating")), (RequestState::Unresolved, None)];
    assert_eq!(seen(&request), expected);
    assert!(request.words.is_some() && request.ended.is_none());
    assert_eq!(
        (request.code, request.events.last().and_then(|event| event.code)),
        (Some(Code::Forgotten), request.code)
    );
    assert_eq!(bench.journal.summary("eco").await.expect("read").unsettled, 1);
    tracker.stop().await;
}

pub(crate) async fn a_service_that_is_away_ends_nothing(bench: Bench) {
    let service = Service::telling(&["away"]);
    let id = bench.settled(rework("c-1", "k"), accepted("req-1")).await;
    let gone = Intent { connection: "gone".to_owned(), ..rework("c-1", "k") };
    let gone = bench.settled(gone, accepted("req-2")).await;
    let tracker = bench.track(&service, QUICK);
    until("asked five times", async || service.asked("req-1") >= 5).await;
    tracker.stop().await;
    let request = bench.show(&id).await;
    assert_eq!((request.state, request.checked), (RequestState::Accepted, None));
    let gone = bench.journal.show(&gone, &["gone".to_owned()]).await.expect("read").expect("there");
    assert_eq!((gone.state, service.asked("req-2")), (RequestState::Accepted, 0));
}

pub(crate) async fn nothing_is_followed_for_ever(bench: Bench) {
    let service = Service::telling(&["Running"]);
    let id = bench.settled(rework("c-1", "k"), accepted("req-1")).await;
    let gone = Intent { connection: "other".to_owned(), operation: "Gone".to_owned(), ..rework("c-1", "k") };
    let gone = bench.settled(gone, accepted("req-2")).await;
    let tracker = bench.track(&service, QUICK);
    bench.in_state(&id, RequestState::Running).await;
    bench.hands.pass(DAY);
    let request = bench.in_state(&id, RequestState::Unresolved).await;
    assert!(request.words.is_some());
    assert_eq!(request.code, Some(Code::FollowedInVain));
    bench.in_state(&gone, RequestState::Unresolved).await;
    tracker.stop().await;
}

pub(crate) async fn a_word_that_nobody_knows_is_unresolved(bench: Bench) {
    let service = Service::telling(&["Terminate Perhaps"]);
    let id = bench.settled(rework("c-1", "k"), accepted("req-1")).await;
    let tracker = bench.track(&service, QUICK);
    let request = bench.in_state(&id, RequestState::Unresolved).await;
    assert_eq!((request.stage.as_deref(), request.code), (Some("Terminate"), Some(Code::EndedOtherwise)));
    assert!(request.words.is_some());
    tracker.stop().await;
}

pub(crate) async fn two_trackers_follow_a_run_once(bench: Bench) {
    let lines = ["One", "Two", "Three", "Four", "Terminate Success"];
    let service = Service::telling(&lines);
    let mut ids = Vec::new();
    for n in 0..8 {
        let run = accepted(&format!("req-{n}"));
        ids.push(bench.settled(rework(&format!("c-{n}"), &n.to_string()), run).await);
    }
    let one = bench.track(&service, QUICK);
    let two = Tracker::start(bench.other.clone(), Arc::clone(&service), QUICK).expect("started");
    for (n, id) in ids.iter().enumerate() {
        let request = bench.in_state(id, RequestState::Succeeded).await;
        let stages: Vec<Option<&str>> = seen(&request).into_iter().map(|(_, stage)| stage).collect();
        assert_eq!(stages, [Some("One"), Some("Two"), Some("Three"), Some("Four"), Some("Terminate")]);
        assert_eq!(service.asked(&format!("req-{n}")), lines.len());
    }
    assert_eq!(service.overlaps.load(Ordering::SeqCst), 0);
    one.stop().await;
    two.stop().await;
}

pub(crate) async fn a_tracker_that_stops_lets_go(bench: Bench) {
    let id = bench.settled(rework("c-1", "k"), accepted("req-1")).await;
    let hanging = Service::telling(&["hang"]);
    let tracker = bench.track(&hanging, QUICK);
    hanging.news.notified().await;
    tracker.stop().await;
    let service = Service::telling(&["Terminate Success"]);
    let next = Tracker::start(bench.other.clone(), Arc::clone(&service), QUICK).expect("started");
    bench.in_state(&id, RequestState::Succeeded).await;
    assert_eq!((hanging.asked("req-1"), service.asked("req-1")), (1, 1));
    next.stop().await;
}

pub(crate) async fn a_sick_connection_holds_up_no_other(bench: Bench) {
    for n in 0..10 {
        let sick = Intent { connection: "sick".to_owned(), ..rework("c-1", &n.to_string()) };
        bench.settled(sick, accepted(&format!("sick-{n}"))).await;
    }
    let id = bench.settled(rework("c-1", "k"), accepted("req-1")).await;
    let service = Service::telling(&["Creating", "Terminate Success"]);
    let tracker = bench.track(&service, QUICK);
    bench.in_state(&id, RequestState::Succeeded).await;
    let waiting = service.asking.lock().expect("no panic").len();
    assert!(waiting < 10, "{waiting} looks at one connection at a time");
    tracker.stop().await;
}
