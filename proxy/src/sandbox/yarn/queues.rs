//! The queues of the simulated cluster, as a capacity scheduler is configured with them.
//!
//! Names below `root.legacy` are such as break a page that takes them for markup; nothing runs there. With many
//! queues wanted, the rest stand below `root.teams`, where the same last name is found more than once.

use std::collections::HashMap;
use std::sync::Arc;

/// A queue. Capacities are fractions, in the precision that the service keeps them in.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    /// The full path.
    pub(super) path: Arc<str>,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    /// Of its parent.
    pub(super) capacity: f32,
    pub(super) maximum: f32,
    /// Of the cluster.
    pub(super) absolute: f32,
    pub(super) absolute_maximum: f32,
    /// Who may submit: everybody (`*`), nobody, or these users, separated by commas.
    pub(super) submit: &'static str,
    /// Whether only an application's own user and the administrators see what is in it.
    pub(super) restricted: bool,
    /// Whether it takes nothing new.
    pub(super) stopped: bool,
}

struct Configured {
    path: &'static str,
    capacity: f32,
    maximum: f32,
    submit: &'static str,
}

const fn configured(path: &'static str, capacity: f32, maximum: f32, submit: &'static str) -> Configured {
    Configured { path, capacity, maximum, submit }
}

/// Percent of the parent; a parent stands before its children.
const CONFIGURED: &[Configured] = &[
    configured("root", 100.0, 100.0, ""),
    configured("root.default", 20.0, 100.0, "*"),
    configured("root.eng", 40.0, 80.0, ""),
    configured("root.eng.etl", 60.0, 100.0, "etl"),
    configured("root.eng.ml", 40.0, 60.0, "ml"),
    configured("root.analytics", 20.0, 60.0, ""),
    configured("root.analytics.adhoc", 100.0, 100.0, "*"),
    configured("root.finance", 15.0, 30.0, "reporting"),
    configured("root.legacy", 2.0, 5.0, ""),
    configured("root.legacy.<i>first</i>", 70.0, 100.0, "*"),
    configured("root.legacy.\u{202e}dnoces", 30.0, 100.0, ""),
    configured("root.teams", 3.0, 100.0, ""),
    configured("root.teams.pool", 100.0, 100.0, "*"),
];

/// Those in which the simulated applications run, before there are more.
const BUSY: &[&str] = &["root.default", "root.eng.etl", "root.eng.ml", "root.analytics.adhoc", "root.finance"];
/// How many queues stand below one team.
const OF_TEAM: usize = 40;

/// The tree of queues. The first is the root.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    queues: Vec<Queue>,
    by_path: HashMap<Arc<str>, usize>,
    /// `None` where more than one has that last name.
    by_name: HashMap<Arc<str>, Option<usize>>,
    busy: Vec<usize>,
}

impl Tree {
    /// A tree of so many queues, or of the usual ones where those are more.
    pub(super) fn of(count: usize) -> Tree {
        let mut tree = Tree { queues: Vec::new(), by_path: HashMap::new(), by_name: HashMap::new(), busy: Vec::new() };
        for Configured { path, capacity, maximum, submit } in CONFIGURED {
            tree.add(path, *capacity, *maximum, submit);
        }
        tree.busy = BUSY.iter().filter_map(|path| tree.by_path.get(*path).copied()).collect();
        let more = count.saturating_sub(tree.queues.len());
        let teams = more.div_ceil(OF_TEAM + 1);
        if teams > 0 {
            // The teams take from the pool what they are given.
            let pool = tree.by_path["root.teams.pool"];
            tree.queues[pool].capacity = 0.1;
            tree.queues[pool].absolute *= 0.1;
        }
        for team in 0..teams {
            let path = format!("root.teams.team-{team:02}");
            tree.add(&path, 90.0 / teams as f32, 100.0, "");
            let below = (more - team * (OF_TEAM + 1)).min(OF_TEAM + 1) - 1;
            for project in 0..below {
                let queue = tree.add(&format!("{path}.project-{project:02}"), 100.0 / below as f32, 100.0, "*");
                tree.busy.push(queue);
            }
        }
        tree
    }

    fn add(&mut self, path: &str, capacity: f32, maximum: f32, submit: &'static str) -> usize {
        let parent = path.rsplit_once('.').and_then(|(parent, _)| self.by_path.get(parent).copied());
        let of =
            parent.map_or((1.0, 1.0), |parent| (self.queues[parent].absolute, self.queues[parent].absolute_maximum));
        let (capacity, maximum) = (capacity / 100.0, maximum / 100.0);
        let at = self.queues.len();
        if let Some(parent) = parent {
            self.queues[parent].children.push(at);
        }
        let path: Arc<str> = path.into();
        self.by_path.insert(path.clone(), at);
        let name = last(&path).into();
        self.by_name.entry(name).and_modify(|one| *one = None).or_insert(Some(at));
        self.queues.push(Queue {
            restricted: &*path == "root.finance",
            stopped: path.starts_with("root.legacy"),
            path,
            parent,
            children: Vec::new(),
            capacity,
            maximum,
            absolute: capacity * of.0,
            absolute_maximum: maximum * of.1,
            submit,
        });
        at
    }

    /// All of them.
    pub(super) fn queues(&self) -> &[Queue] {
        &self.queues
    }

    /// The place of the queue that is meant by its full path, or by a last name that no other has.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_path.get(name).copied().or_else(|| self.by_name.get(name).copied().flatten())
    }

    /// One of those in which applications run, by a number.
    pub(super) fn busy(&self, number: u64) -> &Queue {
        // Half of them where they always are, however many queues there are.
        let usual = BUSY.len() as u64;
        let more = self.busy.len() as u64 - usual;
        let at = match number % 2 {
            0 if more > 0 => usual + number / 2 % more,
            _ if more > 0 => number / 2 % usual,
            _ => number % usual,
        };
        &self.queues[self.busy[at as usize]]
    }

    /// Whether what is in the queue of that path is seen only by some.
    pub(super) fn restricted(&self, path: &str) -> bool {
        self.by_path.get(path).is_some_and(|at| self.queues[*at].restricted)
    }
}

impl Queue {
    /// The last part of its path.
    pub(super) fn name(&self) -> &str {
        last(&self.path)
    }

    /// Whether applications can be in it.
    pub(super) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }

    /// Whether a user who is no administrator may submit to it.
    pub(super) fn admits(&self, user: &str) -> bool {
        self.submit == "*" || self.submit.split(',').any(|one| one == user && !user.is_empty())
    }
}

/// The last part of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_wanted_and_they_share_what_there_is() {
        for (wanted, count) in [(0, CONFIGURED.len()), (20, 20), (55, 55), (56, 56), (2000, 2000)] {
            let tree = Tree::of(wanted);
            assert_eq!(tree.queues().len(), count);
            for queue in tree.queues().iter().filter(|queue| !queue.is_leaf()) {
                let sum: f32 = queue.children.iter().map(|child| tree.queues()[*child].capacity).sum();
                assert!((sum - 1.0).abs() < 1e-3, "{} of {wanted}: {sum}", queue.path);
            }
        }
    }

    #[test]
    fn a_last_name_is_enough_where_it_is_the_only_one() {
        let tree = Tree::of(200);
        let path = |name: &str| tree.find(name).map(|at| &*tree.queues()[at].path);
        assert_eq!(path("etl"), Some("root.eng.etl"));
        assert_eq!(path("root.eng"), Some("root.eng"));
        assert_eq!(path("project-00"), None);
        assert_eq!(path("root.teams.team-01.project-00"), Some("root.teams.team-01.project-00"));
        let seen = (0..1000).map(|number| tree.busy(number).path.clone()).collect::<std::collections::HashSet<_>>();
        assert!(seen.len() > 100 && seen.contains("root.finance"));
    }
}
