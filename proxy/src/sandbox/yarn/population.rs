//! Which applications the simulated ResourceManager keeps: as many as wanted, those that came by themselves and those
//! that were submitted, the oldest that have ended forgotten first.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::applications::{Application, Id, Outcome, Schedule, State};
use super::dialect::Dialect;
use super::queues::Tree;

/// The applications that are kept, in the order in which they came.
pub(super) struct Population {
    schedule: Schedule,
    /// Of the ids that are given.
    pub(super) cluster: i64,
    kept: BTreeMap<u64, Kept>,
    places: HashMap<Id, u64>,
    /// How many have come by themselves, and how many at all.
    arrived: u64,
    came: u64,
    /// The last number that was given.
    given: u64,
    /// The counts of those that are no longer kept.
    forgotten: Counts,
}

/// An application that is kept.
pub(super) struct Kept {
    pub(super) app: Application,
    /// How a version tells of it once it has ended: that never changes again.
    pub(super) text: Option<(Dialect, Arc<str>)>,
}

/// Counts of applications by what has become of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) submitted: u64,
    pub(super) pending: u64,
    pub(super) running: u64,
    pub(super) finished: u64,
    pub(super) failed: u64,
    pub(super) killed: u64,
}

impl Counts {
    fn count(&mut self, state: State) {
        self.submitted += 1;
        *match state {
            State::Submitted | State::Accepted => &mut self.pending,
            State::Running(_) => &mut self.running,
            State::Ended(Outcome::Succeeded | Outcome::SaidFailed) => &mut self.finished,
            State::Ended(Outcome::Failed) => &mut self.failed,
            State::Ended(Outcome::Killed) => &mut self.killed,
        } += 1;
    }
}

impl Population {
    /// Nobody yet.
    pub(super) fn new(schedule: Schedule, cluster: i64) -> Population {
        Population {
            schedule,
            cluster,
            kept: BTreeMap::new(),
            places: HashMap::new(),
            arrived: 0,
            came: 0,
            given: 0,
            forgotten: Counts::default(),
        }
    }

    /// Lets come what has come until now.
    pub(super) fn advance(&mut self, now: f64, tree: &Tree) {
        while self.schedule.keep > 0 && self.schedule.submitted(self.arrived + 1) <= now {
            self.arrived += 1;
            let id = self.next_id();
            self.add(self.schedule.application(self.arrived, id, tree), now);
        }
    }

    /// An id that no application has had.
    pub(super) fn next_id(&mut self) -> Id {
        loop {
            self.given += 1;
            let id = Id { cluster: self.cluster, number: self.given };
            if !self.places.contains_key(&id) {
                return id;
            }
        }
    }

    /// Takes one in, and forgets what is too much.
    pub(super) fn add(&mut self, app: Application, now: f64) {
        self.came += 1;
        self.places.insert(app.id, self.came);
        self.kept.insert(self.came, Kept { app, text: None });
        while self.kept.len() as u64 > self.schedule.keep {
            let ended = |kept: &Kept| matches!(kept.app.state(now), State::Ended(_));
            let Some(oldest) = self.kept.iter().find(|(_, kept)| ended(kept)).map(|(at, _)| *at) else { return };
            if let Some(kept) = self.kept.remove(&oldest) {
                self.places.remove(&kept.app.id);
                self.forgotten.count(kept.app.state(now));
            }
        }
    }

    /// The one of that id.
    pub(super) fn find(&mut self, id: Id) -> Option<&mut Kept> {
        self.kept.get_mut(self.places.get(&id)?)
    }

    /// All that are kept.
    pub(super) fn kept(&self) -> impl Iterator<Item = &Application> {
        self.kept.values().map(|kept| &kept.app)
    }

    /// The same, to be changed.
    pub(super) fn kept_mut(&mut self) -> impl Iterator<Item = &mut Kept> {
        self.kept.values_mut()
    }

    /// What has become of all that ever came.
    pub(super) fn counts(&self, now: f64) -> Counts {
        let mut counts = self.forgotten;
        self.kept().for_each(|app| counts.count(app.state(now)));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_kept_as_wanted_and_none_is_forgotten_while_it_runs() {
        let tree = Tree::of(0);
        for keep in [0, 1, 2, 40, 500] {
            let schedule = Schedule::keeping(keep);
            let mut population = Population::new(schedule, 7);
            let mut running: Vec<(Id, f64)> = Vec::new();
            for now in [0.0, 0.5, 300.0, 1234.5, 1500.0, 1e5] {
                population.advance(now, &tree);
                assert_eq!(population.kept().count(), keep, "{keep} at {now}");
                assert!(population.kept().all(|app| app.submitted <= now));
                assert_eq!(population.counts(now).submitted, population.came, "{keep} at {now}");
                for (id, ends) in &running {
                    assert!(*ends < now || population.places.contains_key(id), "{keep} at {now}: {id}");
                }
                running = population.kept().map(|app| (app.id, app.ends())).filter(|(_, ends)| *ends > now).collect();
                assert!(keep < 40 || !running.is_empty());
            }
        }
    }

    #[test]
    fn what_is_submitted_pushes_out_what_has_ended() {
        let tree = Tree::of(0);
        let schedule = Schedule::keeping(40);
        let mut population = Population::new(schedule, 7);
        population.advance(0.0, &tree);
        let first = population.kept().next().unwrap().id;
        let id = population.next_id();
        let app = Application { runs: 1e9, ..schedule.application(999, id, &tree) };
        population.add(app, 0.0);
        assert!(population.find(first).is_none() && population.find(id).is_some());
        population.advance(1e5, &tree);
        assert_eq!(population.kept().count(), 40);
        assert!(population.find(id).is_some() && population.kept().filter(|app| app.id == id).count() == 1);
        assert_eq!(population.counts(1e5).submitted, population.came);
    }
}
