//! What is asked of a ResourceManager, and when everything is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use howdah_shared::watch::{columns, lines};

use super::super::changes::Course;
use super::super::poller::Poller;
use super::super::rows::Form;
use super::manager::{Event, KEEPS, Manager};
use super::*;

/// A poller of the list of applications.
pub(super) fn poller() -> Poller {
    let tail = row("ListApplications").spec.tail;
    Poller::new(tail.watch, Shape { rows: tail.rows, delta: tail.delta, ..Shape::default() }, Arc::default())
}

/// An application as the console reads it.
pub(super) fn named(sent: &[u8]) -> Value {
    let names = row("ListApplications").spec.tail.rows.unwrap().shown;
    serde_json::from_slice(&columns::object(names, sent).unwrap()).unwrap()
}

/// The rows of its picture.
pub(super) fn held(poller: &Poller) -> BTreeMap<String, Value> {
    let read = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    let whole = read(poller.book().whole(Form::Whole).plain());
    let rows = whole["apps"]["app"].as_array().unwrap();
    let shown = poller.book().whole(Form::Shown);
    let lines = lines::rows(shown.plain()).unwrap().into_iter().map(|at| named(&shown.plain()[at]));
    assert!(lines.eq(rows.iter().cloned()), "the console is sent the same rows");
    rows.iter().map(|row| (row["id"].as_str().unwrap().to_owned(), row.clone())).collect()
}

struct Bench {
    manager: Manager,
    poller: Poller,
    course: Course,
}

impl Bench {
    async fn with(applications: usize) -> Bench {
        let bench = Bench { manager: Manager::new(), poller: poller(), course: Course::default() };
        for _ in 0..applications {
            bench.manager.happen(Event::Comes).await;
        }
        bench
    }

    /// Looks, five seconds after the last time; gives what was asked.
    async fn look(&mut self) -> Vec<String> {
        self.manager.happen(Event::Passes(5_000)).await;
        self.poller.look(&self.manager, &mut self.course).await.unwrap();
        let asked = self.manager.lock().take_asked();
        asked.iter().map(|asked| asked.split('=').next().unwrap().to_owned()).collect()
    }

    async fn end(&self, count: usize) {
        for _ in 0..count {
            self.manager.happen(Event::Ends(0)).await;
            self.manager.happen(Event::Shows).await;
        }
    }

    fn is_right(&self) -> bool {
        held(&self.poller) == self.manager.lock().list()
    }
}

const FIRST: &[&str] = &["ShowCluster", "states", ""];
const NEXT: &[&str] = &["ShowCluster", "states", "finishedTimeBegin", "ShowApplicationStatistics"];
/// All that is asked where the service tells no time.
const TIMELESS: &[&str] = &["ShowCluster", ""];

#[tokio::test(start_paused = true)]
async fn everything_is_asked_for_once() {
    let mut bench = Bench::with(20).await;
    assert_eq!(bench.look().await, FIRST);
    for turn in 0..200 {
        // None is forgotten, as no more than that have ended.
        if turn % 40 == 0 {
            bench.end(1).await;
        }
        bench.manager.happen(Event::Comes).await;
        bench.manager.happen(Event::Changes(turn)).await;
        assert_eq!(bench.look().await, NEXT, "{turn}");
        assert!(bench.is_right(), "{turn}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_active_ones_are_there_before_all_are() {
    let mut bench = Bench::with(3).await;
    bench.end(2).await;
    bench.manager.lock().meanwhile.extend([Event::Heals, Event::Heals, Event::Breaks]);
    bench.manager.happen(Event::Passes(5_000)).await;
    assert!(bench.poller.look(&bench.manager, &mut bench.course).await.is_err());
    assert_eq!(held(&bench.poller).len(), 1);
    assert!(!bench.poller.book().is_complete());
    bench.manager.happen(Event::Heals).await;
    bench.manager.happen(Event::Comes).await;
    bench.manager.lock().take_asked();
    assert_eq!(bench.look().await, FIRST);
    assert!(bench.is_right() && bench.poller.book().is_complete());
}

#[tokio::test(start_paused = true)]
async fn another_run_of_the_service_begins_anew_at_once() {
    for remembers in [false, true] {
        let mut bench = Bench::with(5).await;
        bench.look().await;
        let before = bench.poller.book().version().unwrap();
        bench.manager.happen(Event::Restarts(remembers)).await;
        bench.manager.happen(Event::Comes).await;
        assert_eq!(bench.look().await, FIRST);
        assert!(bench.is_right());
        assert_ne!(bench.poller.book().version().unwrap().epoch, before.epoch);
        assert_eq!(bench.look().await, NEXT);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_service_has_forgotten_goes_and_everything_is_loaded_every_ten_minutes_at_most() {
    let mut bench = Bench::with(KEEPS).await;
    bench.end(KEEPS).await;
    bench.look().await;
    let mut loads = 0;
    // One comes, one ends and one is forgotten at each look, for an hour.
    for _ in 0..720 {
        bench.manager.happen(Event::Comes).await;
        bench.end(1).await;
        loads += bench.look().await.iter().filter(|asked| asked.is_empty()).count();
        assert!(bench.is_right());
    }
    assert_eq!(loads, 6);
}

#[tokio::test(start_paused = true)]
async fn counts_that_cannot_be_had_lead_to_a_load_every_ten_minutes() {
    let mut bench = Bench::with(3).await;
    bench.manager.lock().counts = false;
    bench.look().await;
    let mut loads = 0;
    for _ in 0..720 {
        loads += bench.look().await.iter().filter(|asked| asked.is_empty()).count();
    }
    assert_eq!(loads, 6);
}

#[tokio::test(start_paused = true)]
async fn counts_that_disagree_for_a_moment_lead_to_nothing() {
    let mut bench = Bench::with(3).await;
    bench.look().await;
    for turn in 0..300 {
        if turn % 3 != 0 {
            // One that comes after the rows were asked for and before they are counted.
            bench.manager.lock().meanwhile.extend([Event::Heals, Event::Heals, Event::Heals, Event::Comes]);
        }
        assert_eq!(bench.look().await, NEXT, "{turn}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_tells_no_time_is_asked_for_everything() {
    let mut bench = Bench::with(3).await;
    bench.manager.lock().dated = false;
    assert_eq!(bench.look().await, FIRST);
    for _ in 0..3 {
        bench.end(1).await;
        assert_eq!(bench.look().await, TIMELESS);
        assert!(bench.is_right());
    }
    bench.manager.lock().dated = true;
    assert_eq!(bench.look().await, TIMELESS);
    assert_eq!(bench.look().await, NEXT);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_shows_late_is_found() {
    let mut bench = Bench::with(3).await;
    bench.look().await;
    bench.manager.happen(Event::Ends(1)).await;
    for _ in 0..5 {
        assert_eq!(bench.look().await, NEXT);
    }
    bench.manager.happen(Event::Shows).await;
    let asked = bench.look().await;
    assert_eq!(asked.iter().filter(|asked| *asked == "finishedTimeBegin").count(), 2);
    assert!(bench.is_right());
    assert_eq!(bench.look().await, NEXT);
}

#[tokio::test(start_paused = true)]
async fn loading_everything_does_not_delay_the_next_look() {
    let (watching, manager) = (Arc::<Watching>::default(), Manager::new());
    manager.happen(Event::Comes).await;
    let row = row("ListApplications");
    let mut watcher = watching.watch("ann", subject(""), &row.spec, Slow(manager.clone())).unwrap();
    watcher.shows();
    let mut of_script = watching.watch("ann", subject(""), &row.spec, Slow(manager.clone())).unwrap();
    let begun = Instant::now();
    assert_eq!(rows(&mut watcher).await.as_array().unwrap().len(), 1);
    let News::Fresh(fresh) = next(&mut watcher).await else { panic!("not fresh") };
    assert_eq!((fresh.complete, begun.elapsed()), (false, Duration::ZERO));
    manager.happen(Event::Comes).await;
    // All are there after half a minute, and the next look is at once or as soon as ever.
    assert_eq!(rows(&mut watcher).await["changed"].as_array().unwrap().len(), 1);
    let News::Fresh(fresh) = next(&mut watcher).await else { panic!("not fresh") };
    assert!(fresh.complete);
    // Who wants no parts begins with all.
    assert_eq!(rows(&mut of_script).await.as_array().unwrap().len(), 2);
    manager.happen(Event::Comes).await;
    rows(&mut watcher).await;
    assert!(begun.elapsed() <= Duration::from_secs(30 + u64::from(row.spec.tail.watch.fast)));
}

/// Takes half a minute for everything, and no time for less.
struct Slow(Manager);

impl Source for Slow {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        Ok(false)
    }

    async fn ask(&self, more: &str, shape: Shape) -> Result<Polled<Page>, Box<Problem>> {
        if more.is_empty() {
            sleep(Duration::from_secs(30)).await;
        }
        self.0.ask(more, shape).await
    }

    async fn ask_for(&self, operation: &'static str) -> Result<Vec<u8>, Box<Problem>> {
        self.0.ask_for(operation).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_switch_to_another_server_does_not_delay_the_next_look() {
    let (watching, manager) = (Arc::<Watching>::default(), Manager::new());
    let (server, waits) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let row = row("ListApplications");
    let source = Pair { manager: manager.clone(), server, waits: waits.clone() };
    let mut watcher = watching.watch("ann", subject(""), &row.spec, source).unwrap();
    rows(&mut watcher).await;
    waits.store(true, Ordering::SeqCst);
    manager.happen(Event::Comes).await;
    rows(&mut watcher).await;
    assert!(!waits.load(Ordering::SeqCst), "that look waited for the switch");
    manager.happen(Event::Comes).await;
    let begun = Instant::now();
    rows(&mut watcher).await;
    assert!(begun.elapsed() <= Duration::from_secs(row.spec.tail.watch.fast.into()));
}

/// When it is told to, answers only after 20 seconds, from the other of two servers.
struct Pair {
    manager: Manager,
    server: Arc<AtomicUsize>,
    waits: Arc<AtomicBool>,
}

impl Source for Pair {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        Ok(false)
    }

    async fn server(&self) -> Option<usize> {
        Some(self.server.load(Ordering::SeqCst))
    }

    async fn ask(&self, more: &str, shape: Shape) -> Result<Polled<Page>, Box<Problem>> {
        self.manager.ask(more, shape).await
    }

    async fn ask_for(&self, operation: &'static str) -> Result<Vec<u8>, Box<Problem>> {
        if self.waits.swap(false, Ordering::SeqCst) {
            sleep(Duration::from_secs(20)).await;
            self.server.fetch_add(1, Ordering::SeqCst);
        }
        self.manager.ask_for(operation).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_ahead_between_two_askings_hides_no_end() {
    let mut bench = Bench::with(1).await;
    bench.manager.happen(Event::Ends(0)).await;
    assert_eq!(bench.look().await, FIRST);
    // Its end shows, with an instant of the old clock, after it was listed among the active ones.
    bench.manager.lock().meanwhile.extend([Event::Comes, Event::Comes, Event::Jumps(58_000)]);
    bench.look().await;
    bench.look().await;
    assert!(bench.is_right());
}
