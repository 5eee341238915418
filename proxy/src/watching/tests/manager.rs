//! A ResourceManager that lives as a test tells it to: applications come, change, end and are forgotten.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use howdah_shared::problem::{Code, Problem};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::rows::{Page, Shape};
use super::super::source::Source;
use crate::gateway::polling::Polled;

/// How many applications that have ended it keeps.
pub(super) const KEEPS: usize = 6;
/// The longest that an end takes to show, in ms.
const SHOWS_WITHIN: i64 = 30_000;

/// An application as it is told of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct App {
    pub(super) state: &'static str,
    /// Something of it that changes.
    pub(super) turn: u32,
    /// When it ended; 0 while it has not.
    pub(super) finished: i64,
}

/// What happens to it.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Comes,
    Changes(usize),
    /// An end is written down; it shows when it is written.
    Ends(usize),
    Shows,
    /// So many ms pass.
    Passes(u64),
    /// Its clock is set.
    Jumps(i64),
    /// It begins anew, and remembers what it had or not.
    Restarts(bool),
    /// What is asked of it fails from then on.
    Breaks,
    Heals,
}

/// The ResourceManager.
#[derive(Clone)]
pub(super) struct Manager(Arc<Mutex<Inner>>);

pub(super) struct Inner {
    started: Instant,
    offset: i64,
    run: i64,
    numbers: u32,
    apps: BTreeMap<String, App>,
    /// Those whose end is not written yet, and when they ended.
    ending: VecDeque<(String, i64)>,
    ended: VecDeque<String>,
    /// Whether its clock was set, which nobody has seen yet; until then it is not set again.
    pub(super) jumped: bool,
    /// The latest instant at which any has ended.
    latest: i64,
    /// Whether one ended after others by an earlier instant, before anybody could see that the clock was set back: which
    /// of them is forgotten first nobody can tell.
    pub(super) unordered: bool,
    broken: bool,
    /// Whether it tells the time.
    pub(super) dated: bool,
    /// Whether it tells how many it keeps.
    pub(super) counts: bool,
    /// What it was asked.
    pub(super) asked: Vec<String>,
    /// What happens between two askings.
    pub(super) meanwhile: VecDeque<Event>,
    /// Those whose end has shown since this was last taken.
    pub(super) newly_ended: Vec<String>,
}

impl Manager {
    pub(super) fn new() -> Manager {
        Manager(Arc::new(Mutex::new(Inner {
            started: Instant::now(),
            offset: 1_700_000_000_000,
            run: 1,
            numbers: 0,
            apps: BTreeMap::new(),
            ending: VecDeque::new(),
            ended: VecDeque::new(),
            jumped: false,
            latest: 0,
            unordered: false,
            broken: false,
            dated: true,
            counts: true,
            asked: Vec::new(),
            meanwhile: VecDeque::new(),
            newly_ended: Vec::new(),
        })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// Lets something happen.
    pub(super) async fn happen(&self, event: Event) {
        if let Event::Passes(time) = event {
            tokio::time::advance(Duration::from_millis(time)).await;
        }
        self.lock().happen(event);
    }

    fn answer(
        &self,
        what: &str,
        reply: impl FnOnce(&mut Inner) -> Value,
    ) -> Result<(String, Option<i64>), Box<Problem>> {
        let mut inner = self.lock();
        if let Some(event) = inner.meanwhile.pop_front() {
            inner.happen(event);
        }
        inner.asked.push(what.to_owned());
        if inner.broken {
            return Err(Box::new(Problem::new(Code::UpstreamBroken, "broken")));
        }
        let asked = inner.dated.then(|| inner.now() / 1000 * 1000);
        Ok((reply(&mut inner).to_string(), asked))
    }
}

impl Source for Manager {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        Ok(false)
    }

    async fn ask(&self, more: &str, shape: Shape) -> Result<Polled<Page>, Box<Problem>> {
        let (body, asked) = self.answer(more, |inner| {
            let since = more.strip_prefix("finishedTimeBegin=").map(|since| since.parse::<i64>().unwrap());
            let states = more.strip_prefix("states=");
            assert!(more.is_empty() || since.is_some() || states.is_some(), "{more}");
            let wanted = |app: &App| match (since, states) {
                (Some(since), _) => app.finished >= since,
                (_, Some(states)) => states.split(',').any(|state| state == app.state),
                _ => true,
            };
            let rows = inner.apps.iter().filter(|(_, app)| wanted(app)).map(|(id, app)| row(id, app));
            json!({"apps": {"app": rows.collect::<Vec<_>>()}})
        })?;
        Polled::of(&body, shape, asked)
    }

    async fn ask_for(&self, operation: &'static str) -> Result<Vec<u8>, Box<Problem>> {
        let answered = self.answer(operation, |inner| match operation {
            "ShowCluster" => json!({"clusterInfo": {"id": inner.run, "startedOn": inner.run}}),
            "ShowApplicationStatistics" if inner.counts => {
                let count = |state| inner.apps.values().filter(|app| app.state == state).count();
                let items =
                    ["ACCEPTED", "RUNNING", "FINISHED"].map(|state| json!({"state": state, "count": count(state)}));
                json!({"appStatInfo": {"statItem": items}})
            }
            "ShowApplicationStatistics" => json!({"RemoteException": {}}),
            _ => panic!("asked for {operation}"),
        });
        answered.map(|(body, _)| body.into_bytes())
    }
}

/// An application as a row.
pub(super) fn row(id: &str, app: &App) -> Value {
    json!({"id": id, "state": app.state, "finishedTime": app.finished, "progress": app.turn})
}

impl Inner {
    fn now(&self) -> i64 {
        self.offset + i64::try_from(self.started.elapsed().as_millis()).unwrap()
    }

    /// All that it lists.
    pub(super) fn list(&self) -> BTreeMap<String, Value> {
        self.apps.iter().map(|(id, app)| (id.clone(), row(id, app))).collect()
    }

    /// What it was asked since this was last called.
    pub(super) fn take_asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.asked)
    }

    pub(super) fn happen(&mut self, event: Event) {
        let running: Vec<String> =
            self.apps.iter().filter(|(_, app)| app.finished == 0).map(|(id, _)| id.clone()).collect();
        let pick = |at: usize| (!running.is_empty()).then(|| running[at % running.len()].clone());
        match event {
            Event::Comes => {
                self.numbers += 1;
                let app = App { state: "ACCEPTED", turn: 0, finished: 0 };
                self.apps.insert(format!("{}_{:04}", self.run, self.numbers), app);
            }
            Event::Changes(at) => {
                if let Some(app) = pick(at).and_then(|id| self.apps.get_mut(&id)) {
                    (app.state, app.turn) = ("RUNNING", app.turn + 1);
                }
            }
            Event::Ends(at) => {
                let ending = pick(at).filter(|id| self.ending.iter().all(|(ending, _)| ending != id));
                let now = self.now();
                if let Some(id) = ending {
                    self.unordered |= self.jumped && now < self.latest;
                    self.latest = self.latest.max(now);
                    self.ending.push_back((id, now));
                }
            }
            Event::Shows => self.show(|_| true),
            Event::Passes(_) => {
                let now = self.now();
                self.show(|finished| now - finished >= SHOWS_WITHIN);
            }
            Event::Jumps(by) if !self.jumped => {
                self.show(|_| true);
                (self.jumped, self.offset) = (true, self.offset + by);
            }
            Event::Jumps(_) => {}
            Event::Restarts(remembers) => {
                self.run += 1;
                self.ending.clear();
                if !remembers {
                    self.ended.clear();
                    self.apps.clear();
                }
            }
            Event::Breaks => self.broken = true,
            Event::Heals => self.broken = false,
        }
    }

    fn show(&mut self, which: impl Fn(i64) -> bool) {
        while let Some((id, finished)) = self.ending.pop_front_if(|(_, finished)| which(*finished)) {
            let Some(app) = self.apps.get_mut(&id) else { continue };
            *app = App { state: "FINISHED", turn: app.turn, finished };
            self.newly_ended.push(id.clone());
            self.ended.push_back(id);
            if self.ended.len() > KEEPS
                && let Some(forgotten) = self.ended.pop_front()
            {
                self.apps.remove(&forgotten);
            }
        }
    }
}
