//! What of the simulated cluster is in use: by queue with all below it, by user of a queue, and in all.

use std::collections::BTreeMap;

use super::applications::{Application, State};
use super::queues::Tree;

/// What applications hold, and what they wait for. Memory is in MiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) running: u64,
    pub(super) waiting: u64,
    pub(super) containers: u64,
    pub(super) memory: u64,
    pub(super) cores: u64,
    /// Of `memory` and `cores`, what the masters hold.
    pub(super) master_memory: u64,
    pub(super) master_cores: u64,
    pub(super) pending_memory: u64,
    pub(super) pending_cores: u64,
}

impl Held {
    fn add(&mut self, app: &Application, running: bool) {
        if running {
            self.running += 1;
            self.containers += app.containers;
            self.memory += app.containers * app.memory;
            self.cores += app.containers * app.cores;
            self.master_memory += app.memory;
            self.master_cores += app.cores;
        } else {
            self.waiting += 1;
            self.pending_memory += app.memory;
            self.pending_cores += app.cores;
        }
    }

    /// How much of so much memory and so many cores it is, by the one of which it holds more.
    pub(super) fn share(&self, of: (u64, u64)) -> f32 {
        let part = |held: u64, of: u64| if of == 0 { 0.0 } else { held as f32 / of as f32 };
        part(self.memory, of.0).max(part(self.cores, of.1))
    }
}

/// What is in use at an instant.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub(super) all: Held,
    /// By the queue's place in the tree.
    pub(super) queues: Vec<Held>,
    /// By user, for each queue in which applications are.
    pub(super) users: BTreeMap<usize, BTreeMap<String, Held>>,
}

impl Usage {
    /// Of these applications.
    pub(super) fn of<'a>(apps: impl Iterator<Item = &'a Application>, tree: &Tree, now: f64) -> Usage {
        let mut usage = Usage { queues: vec![Held::default(); tree.queues().len()], ..Usage::default() };
        for app in apps {
            let running = match app.state(now) {
                State::Running(_) => true,
                State::Submitted | State::Accepted => false,
                State::Ended(_) => continue,
            };
            usage.all.add(app, running);
            let Some(leaf) = tree.find(&app.queue) else { continue };
            usage.users.entry(leaf).or_default().entry(app.user.clone()).or_default().add(app, running);
            let mut at = Some(leaf);
            while let Some(queue) = at {
                usage.queues[queue].add(app, running);
                at = tree.queues()[queue].parent;
            }
        }
        usage
    }
}

#[cfg(test)]
mod tests {
    use super::super::applications::Schedule;
    use super::super::population::Population;
    use super::*;

    #[test]
    fn the_root_holds_what_its_leafs_hold() {
        let tree = Tree::of(100);
        let mut population = Population::new(Schedule::keeping(500), 7);
        population.advance(0.0, &tree);
        let usage = Usage::of(population.kept(), &tree, 0.0);
        assert_eq!(usage.queues[0], usage.all);
        assert!(usage.all.running > 5 && usage.all.memory > usage.all.master_memory);
        let leafs = tree.queues().iter().zip(&usage.queues).filter(|(queue, _)| queue.is_leaf());
        assert_eq!(leafs.map(|(_, held)| held.containers).sum::<u64>(), usage.all.containers);
        let users = usage.users.values().flat_map(BTreeMap::values);
        assert_eq!(users.map(|held| held.memory).sum::<u64>(), usage.all.memory);
    }
}
