//! What the two ResourceManagers of a simulated pair share: the queues, the nodes and the applications. The pair has
//! one memory, as with a store for recovery, so that who becomes active knows what the other knew.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::Options;
use super::super::clock::Clock;
use super::applications::{Application, Schedule};
use super::dialect::Dialect;
use super::nodes::Nodes;
use super::population::Population;
use super::queues::Tree;
use super::submission::Submitted;
use super::tokens::Tokens;
use super::usage::Usage;

/// The user that may see and do everything.
pub(super) const ADMINISTRATOR: &str = "howdah";
/// Who is meant by nobody.
pub(super) const NOBODY: &str = "dr.who";

/// What a ResourceManager of the pair is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Active,
    Standby,
}

/// What the pair shares.
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) schedule: Schedule,
    pub(super) tree: Tree,
    pub(super) nodes: Nodes,
    pub(super) population: Mutex<Population>,
    /// What was submitted, in order, as the service understood it.
    pub(super) submitted: Mutex<Vec<Submitted>>,
    pub(super) tokens: Mutex<Tokens>,
    /// Which of the pair is active, 0 or 1.
    active: AtomicUsize,
}

/// The cluster at an instant, as it is told of.
pub(super) struct Scene<'a> {
    pub(super) dialect: Dialect,
    /// In seconds of life, and in ms since the epoch.
    pub(super) now: f64,
    pub(super) now_ms: i64,
    clock: Clock,
    pub(super) tree: &'a Tree,
    pub(super) nodes: &'a Nodes,
    pub(super) usage: Usage,
    pub(super) administrator: &'static str,
}

impl Scene<'_> {
    /// The instant, in ms since the epoch, at which so many seconds of life have passed.
    pub(super) fn wall_ms(&self, life: f64) -> i64 {
        self.clock.wall_ms(life)
    }
}

impl World {
    /// A cluster as large as wanted.
    pub(super) fn new(options: &Options, clock: Clock) -> World {
        let schedule = Schedule::keeping(options.applications);
        // Room for twenty containers of each application that is expected to run, and some to spare.
        let nodes = options.nodes.max(20 + options.applications.div_ceil(20));
        World {
            clock,
            schedule,
            tree: Tree::of(options.queues),
            nodes: Nodes::new(nodes),
            population: Mutex::new(Population::new(schedule, clock.wall_ms(schedule.birth()))),
            submitted: Mutex::default(),
            tokens: Mutex::default(),
            active: AtomicUsize::new(0),
        }
    }

    /// Which of the pair is active.
    pub(super) fn active(&self) -> usize {
        self.active.load(Ordering::SeqCst)
    }

    /// Makes the other one of the pair active.
    pub(super) fn fail_over(&self) {
        self.active.fetch_xor(1, Ordering::SeqCst);
    }

    /// The cluster now; `population` has come that far.
    pub(super) fn scene(&self, population: &mut Population, dialect: Dialect) -> Scene<'_> {
        let now = self.clock.life();
        population.advance(now, &self.tree);
        Scene {
            dialect,
            now,
            now_ms: self.clock.wall_ms(now),
            clock: self.clock,
            tree: &self.tree,
            nodes: &self.nodes,
            usage: Usage::of(population.kept(), &self.tree, now),
            administrator: ADMINISTRATOR,
        }
    }

    /// Whether a user may see an application whole.
    pub(super) fn may_view(&self, app: &Application, caller: &str) -> bool {
        !self.tree.restricted(&app.queue)
            || self.may_modify(app, caller)
            || app.viewers.iter().any(|one| one == caller || one == "*")
    }

    /// Whether a user may kill or move it.
    pub(super) fn may_modify(&self, app: &Application, caller: &str) -> bool {
        caller == ADMINISTRATOR || caller == app.user || app.modifiers.iter().any(|one| one == caller || one == "*")
    }
}
