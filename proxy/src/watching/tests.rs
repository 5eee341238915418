//! The poller and its watchers, with a service that does as it is told and a clock that runs only as it must.

mod changes;
mod manager;
mod pages;
mod property;
mod tabs;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use howdah_shared::door;
use howdah_shared::systems::{savanna, yarn};
use howdah_shared::watch::{Patch, Version};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep, timeout};

use super::rows::{Page, Shape};
use super::watcher::News;
use super::*;
use crate::gateway::polling::Polled;

#[derive(Clone)]
struct Fake(Arc<Told>);

struct Told {
    reply: Mutex<Result<String, Code>>,
    hangs: AtomicBool,
    another: AtomicBool,
    gone: AtomicBool,
    asked: AtomicUsize,
}

impl Fake {
    fn listing(rows: Value) -> Fake {
        let (another, hangs, gone) = Default::default();
        let reply = Mutex::new(Ok(list(rows)));
        Fake(Arc::new(Told { reply, hangs, another, gone, asked: AtomicUsize::new(0) }))
    }

    fn lists(&self, rows: Value) {
        *self.0.reply.lock().unwrap() = Ok(list(rows));
    }

    fn says(&self, reply: Value) {
        *self.0.reply.lock().unwrap() = Ok(reply.to_string());
    }

    fn fails(&self, code: Code) {
        *self.0.reply.lock().unwrap() = Err(code);
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::Relaxed)
    }
}

fn list(rows: Value) -> String {
    json!({"apps": {"app": rows}}).to_string()
}

impl Source for Fake {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        match self.0.gone.load(Ordering::Relaxed) {
            true => Err(Box::new(Problem::new(Code::ConnectionNotFound, "gone"))),
            false => Ok(self.0.another.swap(false, Ordering::Relaxed)),
        }
    }

    async fn ask(&self, _more: &str, shape: Shape) -> Result<Polled<Page>, Box<Problem>> {
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        if self.0.hangs.load(Ordering::Relaxed) {
            return timeout(Duration::from_secs(60), std::future::pending())
                .await
                .unwrap_or_else(|_| Err(Box::new(Problem::new(Code::UpstreamTimeout, "hangs"))));
        }
        let reply = self.0.reply.lock().unwrap().clone();
        Polled::of(&reply.map_err(|code| Box::new(Problem::new(code, "fails")))?, shape, None)
    }

    async fn ask_for(&self, operation: &'static str) -> Result<Vec<u8>, Box<Problem>> {
        panic!("asked for {operation}")
    }
}

fn row(name: &str) -> &'static door::Row {
    yarn::TABLE.iter().find(|row| row.spec.name == name).unwrap()
}

/// With this the whole list is asked for each time: it chooses among the rows.
const FILTER: &str = "user=etl";

fn subject(query: &str) -> Subject {
    let row = row("ListApplications");
    Subject::of(Scope::Connection("rm".to_owned()), row, &row.admit(&[], query, b"").unwrap()).unwrap()
}

fn watch(watching: &Arc<Watching>, fake: &Fake, query: &str) -> Result<Watcher, Box<Problem>> {
    watching.watch("ann", subject(query), &row("ListApplications").spec, fake.clone())
}

async fn next(watcher: &mut Watcher) -> News {
    timeout(Duration::from_secs(600), watcher.news()).await.expect("no news").expect("ended")
}

/// The next news that is about rows.
async fn rows(watcher: &mut Watcher) -> Value {
    loop {
        match next(watcher).await {
            News::Whole => {
                return serde_json::from_slice::<Value>(watcher.whole().unwrap().1.plain()).unwrap()["apps"]["app"]
                    .take();
            }
            News::Patch(_, patch) => {
                let patch: Patch<Value> = serde_json::from_slice(patch.plain()).unwrap();
                return json!({"changed": patch.changed, "gone": patch.gone});
            }
            News::Fresh(_) | News::Problem(_) => {}
        }
    }
}

fn app(id: &str, state: &str) -> Value {
    json!({"id": id, "state": state})
}

#[tokio::test(start_paused = true)]
async fn a_thousand_watchers_cost_one_call_an_interval() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "RUNNING")])));
    let mut watchers: Vec<Watcher> = (0..1000).map(|_| watch(&watching, &fake, FILTER).unwrap()).collect();
    for watcher in &mut watchers {
        assert_eq!(rows(watcher).await, json!([app("a", "RUNNING")]));
    }
    let (begun, asked) = (Instant::now(), fake.asked());
    assert_eq!(asked, 1);
    for turn in 0..20 {
        let now = app("a", &turn.to_string());
        fake.lists(json!([now]));
        for watcher in &mut watchers {
            assert_eq!(rows(watcher).await, json!({"changed": [now], "gone": []}));
        }
    }
    let fast = row("ListApplications").spec.tail.watch.fast;
    assert_eq!((fake.asked() - asked, begun.elapsed()), (20, Duration::from_secs(20 * u64::from(fast))));
}

#[tokio::test(start_paused = true)]
async fn who_has_read_the_same_is_told_nothing_of_it() {
    let known = {
        let reply = list(json!([app("a", "RUNNING")]));
        let rows =
            rows::read(&reply, subject(FILTER).shape(&row("ListApplications").spec), Instant::now()).unwrap().rows;
        rows::content(rows.iter().map(|(key, row)| (key.as_str(), row)))
    };
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "RUNNING")])));
    let mut watcher = watch(&watching, &fake, FILTER).unwrap();
    watcher.resume(known);
    assert!(matches!(next(&mut watcher).await, News::Fresh(_)));
    let now = app("a", "KILLED");
    fake.lists(json!([now]));
    assert_eq!(rows(&mut watcher).await, json!({"changed": [now], "gone": []}));
    let mut other = watch(&watching, &fake, FILTER).unwrap();
    other.resume(known);
    assert_eq!(rows(&mut other).await, json!([now]));
}

#[tokio::test(start_paused = true)]
async fn who_is_slow_gets_one_merged_patch() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "1"), app("b", "1")])));
    let (mut quick, mut slow) = (watch(&watching, &fake, FILTER).unwrap(), watch(&watching, &fake, FILTER).unwrap());
    rows(&mut quick).await;
    rows(&mut slow).await;
    for turn in 2..10 {
        fake.lists(json!([app("a", &turn.to_string()), app("c", "1")]));
        rows(&mut quick).await;
    }
    let merged = rows(&mut slow).await;
    assert_eq!(merged, json!({"changed": [app("a", "9"), app("c", "1")], "gone": ["b"]}));
    assert!(matches!(next(&mut slow).await, News::Fresh(_)));
}

#[tokio::test(start_paused = true)]
async fn a_known_version_is_gone_on_from_and_an_unknown_one_begins_anew() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "1")])));
    let mut first = watch(&watching, &fake, FILTER).unwrap();
    rows(&mut first).await;
    let known = first.whole().unwrap().0;
    drop(first);
    fake.lists(json!([app("a", "2")]));
    sleep(Duration::from_secs(30)).await;
    let mut again = watch(&watching, &fake, FILTER).unwrap();
    again.resume(known);
    assert_eq!(rows(&mut again).await, json!({"changed": [app("a", "2")], "gone": []}));
    for unknown in [Version { epoch: known.epoch ^ 1, ..known }, Version { number: 99, ..known }] {
        let mut other = watch(&watching, &fake, FILTER).unwrap();
        other.resume(unknown);
        assert_eq!(rows(&mut other).await, json!([app("a", "2")]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_service_is_told_of_and_recovers() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "1")])));
    let mut watcher = watch(&watching, &fake, FILTER).unwrap();
    assert_eq!(rows(&mut watcher).await, json!([app("a", "1")]));
    for fault in [None, Some(Code::UpstreamGarbled), Some(Code::UpstreamBroken)] {
        fault.map_or_else(|| fake.0.hangs.store(true, Ordering::Relaxed), |code| fake.fails(code));
        let problem = loop {
            match next(&mut watcher).await {
                News::Problem(problem) => break problem.code,
                News::Fresh(_) => {}
                _ => panic!("the picture stands as it was"),
            }
        };
        assert_eq!(problem, fault.unwrap_or(Code::UpstreamTimeout));
        // Who comes meanwhile, with or without the picture, is told at once how old it is, and after that why.
        let asked = fake.asked();
        let mut late = watch(&watching, &fake, FILTER).unwrap();
        assert_eq!(rows(&mut late).await, json!([app("a", "1")]));
        let mut knows = watch(&watching, &fake, FILTER).unwrap();
        knows.resume(late.told().unwrap());
        for late in [&mut late, &mut knows] {
            let News::Fresh(fresh) = next(late).await else { panic!("how old it is comes first") };
            assert_eq!(fresh.at, late.poller().state().borrow().at);
            assert!(matches!(next(late).await, News::Problem(told) if told.code == problem));
        }
        assert_eq!(fake.asked(), asked);
        fake.0.hangs.store(false, Ordering::Relaxed);
        fake.lists(json!([app("a", "1")]));
        assert!(matches!(next(&mut watcher).await, News::Fresh(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_no_json_changes_nothing() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "1")])));
    let mut watcher = watch(&watching, &fake, FILTER).unwrap();
    rows(&mut watcher).await;
    *fake.0.reply.lock().unwrap() = Ok("{\"apps\":{\"app\":[{\"id\":\"b\"}".to_owned());
    loop {
        match next(&mut watcher).await {
            News::Problem(problem) => break assert_eq!(problem.code, Code::UpstreamGarbled),
            News::Fresh(_) => {}
            _ => panic!("the picture stands as it was"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn another_service_under_the_same_name_begins_anew_and_none_ends() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "1")])));
    let mut watcher = watch(&watching, &fake, FILTER).unwrap();
    rows(&mut watcher).await;
    let before = watcher.whole().unwrap().0;
    fake.lists(json!([]));
    fake.0.another.store(true, Ordering::Relaxed);
    let News::Fresh(_) = next(&mut watcher).await else { panic!("not fresh") };
    assert_eq!(rows(&mut watcher).await, json!([]));
    assert_ne!(before.epoch, watcher.whole().unwrap().0.epoch);
    fake.0.gone.store(true, Ordering::Relaxed);
    while let Some(news) = watcher.news().await {
        if let News::Problem(problem) = news {
            assert_eq!(problem.code, Code::ConnectionNotFound);
        }
    }
    let asked = fake.asked();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(fake.asked(), asked);
}

#[tokio::test(start_paused = true)]
async fn what_a_poller_has_just_seen_need_not_be_asked_for() {
    let (watching, fake): (Arc<Watching>, _) = (Arc::default(), Fake::listing(json!([app("a", "1")])));
    let row = row("ListApplications");
    let call = |query| row.admit(&[], query, b"").unwrap();
    let mut watcher = watch(&watching, &fake, FILTER).unwrap();
    assert!(watching.latest("rm", row, &call(FILTER)).is_none(), "nothing was seen yet");
    rows(&mut watcher).await;
    let seen = watching.latest("rm", row, &call(FILTER)).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&seen).unwrap()["apps"]["app"], json!([app("a", "1")]));
    assert!(watching.latest("rm", row, &call("user=ml")).is_none());
    assert!(watching.latest("other", row, &call(FILTER)).is_none());
    fake.fails(Code::UpstreamBroken);
    while !matches!(next(&mut watcher).await, News::Problem(_)) {}
    assert!(watching.latest("rm", row, &call(FILTER)).is_none(), "it fails by now");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_a_minute_after_the_last_one_left() {
    let (watching, fake): (Arc<Watching>, _) = (Arc::default(), Fake::listing(json!([])));
    drop(watch(&watching, &fake, FILTER).unwrap());
    sleep(Duration::from_secs(90)).await;
    let asked = fake.asked();
    assert!(asked >= 4, "it lingers: {asked}");
    sleep(Duration::from_secs(600)).await;
    assert_eq!(fake.asked(), asked);
    assert!(watching.register().pollers.is_empty() && watching.register().watched.is_empty());
    assert_eq!(watching.memory.0.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_takes_long_is_asked_less_often() {
    let (watching, fake): (Arc<Watching>, _) = (Arc::default(), Fake::listing(json!([])));
    fake.0.hangs.store(true, Ordering::Relaxed);
    let _watcher = watch(&watching, &fake, FILTER).unwrap();
    sleep(Duration::from_secs(60 * 60)).await;
    assert!(fake.asked() <= 30, "{}", fake.asked());
}

#[tokio::test(start_paused = true)]
async fn a_principal_watches_so_much_and_no_more() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([])));
    let query = |turn: usize| format!("user=u{turn}");
    let mut held: Vec<Watcher> =
        (0..PRINCIPAL_LIMIT).map(|turn| watch(&watching, &fake, &query(turn)).unwrap()).collect();
    held.push(watch(&watching, &fake, &query(0)).unwrap());
    let refused = watch(&watching, &fake, &query(PRINCIPAL_LIMIT)).err().unwrap();
    assert_eq!(refused.code, Code::TooManyWatches);
    // The first one is watched twice.
    held.remove(0);
    assert!(watch(&watching, &fake, &query(PRINCIPAL_LIMIT)).is_err());
    held.remove(0);
    watch(&watching, &fake, &query(PRINCIPAL_LIMIT)).unwrap();
    watching.stop();
    assert_eq!(watch(&watching, &fake, FILTER).err().unwrap().code, Code::Stopping);
}

#[test]
fn a_window_of_time_is_no_subject() {
    let row = row("ListApplications");
    let call = row.admit(&[], "user=a&finishedTimeBegin=5", b"").unwrap();
    assert_eq!(Subject::of(Scope::Connection("rm".to_owned()), row, &call).unwrap_err().code, Code::NotWatchable);
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_is_not_watched_until_there_is_room() {
    let (watching, fake): (Arc<Watching>, _) = (Arc::default(), Fake::listing(json!([app("a", "1")])));
    let mut held = watch(&watching, &fake, FILTER).unwrap();
    rows(&mut held).await;
    let taken = watching.memory.0.load(Ordering::Relaxed);
    assert!(watching.memory.resize(0, MEMORY_LIMIT - taken));
    let mut refused = watch(&watching, &fake, "user=ml").unwrap();
    let News::Problem(problem) = next(&mut refused).await else { panic!("there is no room") };
    assert_eq!(problem.code, Code::UpstreamTooLarge);
    // What there was room for goes on, and cannot grow.
    fake.lists(json!([app("a", "2")]));
    assert_eq!(rows(&mut held).await["changed"], json!([app("a", "2")]));
    fake.lists(json!([app("a", "2"), app("b", "1")]));
    while !matches!(next(&mut held).await, News::Problem(_)) {}
    assert_eq!(watching.memory.0.load(Ordering::Relaxed), MEMORY_LIMIT);
    watching.memory.resize(MEMORY_LIMIT - taken, 0);
    assert_eq!(rows(&mut refused).await.as_array().unwrap().len(), 2);
    assert_eq!(rows(&mut held).await["changed"], json!([app("b", "1")]));
}

#[test]
fn pictures_have_so_much_memory_and_no_more() {
    let memory = Memory::default();
    assert!(memory.resize(0, MEMORY_LIMIT - 10) && !memory.resize(0, 11) && memory.resize(0, 10));
    assert!(memory.resize(10, 9) && memory.resize(MEMORY_LIMIT - 10, 0) && memory.resize(0, 11));
}

#[tokio::test(start_paused = true)]
async fn what_is_on_its_way_is_looked_at_as_often_as_what_changes() {
    let clusters = savanna::TABLE.iter().find(|row| row.spec.name == "ListClusters").unwrap();
    let cluster = savanna::TABLE.iter().find(|row| row.spec.name == "ShowCluster").unwrap();
    let listed = |status: &str| json!({"clusters": [{"id": "a", "status": "Active"}, {"id": "b", "status": status}]});
    let shown = |status: &str| json!({"cluster": {"id": "b", "status": status}});
    for (row, path, reply) in [
        (clusters, &["t"][..], &listed as &dyn Fn(&str) -> Value),
        (cluster, &["t", "b"][..], &shown as &dyn Fn(&str) -> Value),
    ] {
        let (watching, fake): (Arc<Watching>, _) = (Arc::default(), Fake::listing(json!([])));
        fake.says(reply("Preparing"));
        let segments: Vec<String> = path.iter().map(|segment| (*segment).to_owned()).collect();
        let call = row.admit(&segments, "", b"").unwrap();
        let subject = Subject::of(Scope::Connection("os".to_owned()), row, &call).unwrap();
        let _watcher = watching.watch("ann", subject, &row.spec, fake.clone()).unwrap();
        let watch = row.spec.tail.watch;
        let asked_within = async |seconds: u32| {
            let before = fake.asked();
            tokio::time::sleep(Duration::from_secs(seconds.into())).await;
            fake.asked() - before
        };
        tokio::time::sleep(Duration::from_secs(600)).await;
        assert_eq!(asked_within(10 * watch.fast).await, 10, "nothing has changed for long, but it is on its way");
        for settled in ["Active", "Error"] {
            fake.says(reply(settled));
            tokio::time::sleep(Duration::from_secs(600)).await;
            assert_eq!(asked_within(10 * watch.slow).await, 10, "{settled}");
        }
    }
}
