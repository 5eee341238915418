//! The queues as the lines of a tree: which of them are shown, how each is drawn, and what it is called elsewhere.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use howdah_shared::systems::yarn::{Queue, SchedulerReply};

use crate::list::List;
use crate::ui::meter::Share;

/// A queue with its place in the tree; those below it follow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Level {
    /// Its path from the root.
    pub(super) path: String,
    /// How far it is from the root.
    pub(super) depth: usize,
    /// Whether applications are submitted to it.
    pub(super) leaf: bool,
    /// Whether there are queues below it.
    pub(super) parent: bool,
    /// All that is told of it, without those below.
    pub(super) queue: Queue,
}

/// Every queue in the order of the tree.
pub(super) fn tree(reply: &SchedulerReply) -> List<Level> {
    let mut out = Vec::new();
    let mut left = vec![(0, reply.tree())];
    while let Some((depth, mut queue)) = left.pop() {
        let below = std::mem::take(&mut queue.children);
        let (path, leaf) = (queue.path.clone(), queue.leaf);
        out.push(Arc::new(Level { path, depth, leaf, parent: !below.is_empty(), queue }));
        left.extend(below.into_iter().rev().map(|queue| (depth + 1, queue)));
    }
    out.into_iter().collect()
}

impl Level {
    /// The bar: its end is the most that the queue may have, the line across its share.
    pub(super) fn share(&self) -> Share {
        let Queue { used, configured, max, .. } = &self.queue;
        let end = max.filter(|max| *max > 0.0).unwrap_or(100.0);
        let part = |of: Option<f64>| of.filter(|of| of.is_finite()).map(|of| of / end);
        Share { used: part(*used).unwrap_or(0.0), reserved: 0.0, meant: part(*configured), most: Some(1.0) }
    }

    /// Whether it has as much as it may.
    pub(super) fn is_full(&self) -> bool {
        let Queue { used, max, .. } = &self.queue;
        used.zip(*max).is_some_and(|(used, max)| max > 0.0 && used >= max - 0.05)
    }

    /// Whether it has more than its share.
    pub(super) fn is_over(&self) -> bool {
        let Queue { used, configured, .. } = &self.queue;
        used.zip(*configured).is_some_and(|(used, share)| used > share + 0.05)
    }

    /// Whether an application says of itself that it is in it: by its path, or by its name on older servers.
    pub(super) fn is(&self, queue: &str) -> bool {
        self.path == queue || (!queue.contains('.') && self.queue.name == queue)
    }
}

/// The queues that applications can be moved and submitted to: the path for people, and what the service takes. Older
/// servers know a queue by its name alone; the path is needed where two have the same.
pub(super) fn named(tree: &[Arc<Level>]) -> Vec<(String, String)> {
    let leaves = || tree.iter().filter(|level| level.leaf);
    let mut counts = HashMap::<&str, usize>::new();
    for level in leaves() {
        *counts.entry(&level.queue.name).or_default() += 1;
    }
    leaves()
        .map(|level| {
            let name = &level.queue.name;
            let is_alone = counts.get(name.as_str()) == Some(&1);
            (level.path.clone(), if is_alone { name.clone() } else { level.path.clone() })
        })
        .collect()
}

/// The lines that are shown: below none that is folded; where something is looked for, what fits and all above it.
pub(super) fn shown(tree: &[Arc<Level>], folded: &HashSet<String>, text: &str) -> List<Level> {
    let text = text.trim().to_lowercase();
    if !text.is_empty() {
        let fits: Vec<bool> = tree.iter().map(|level| level.path.to_lowercase().contains(&text)).collect();
        // One is shown where it fits, or something below it does.
        let below = |at: usize| {
            let depth = tree[at].depth;
            (at + 1..tree.len()).take_while(|at| tree[*at].depth > depth).any(|at| fits[at])
        };
        let fitting = tree.iter().enumerate().filter(|(at, _)| fits[*at] || below(*at));
        return fitting.map(|(_, level)| level.clone()).collect();
    }
    let mut out = Vec::new();
    let mut hidden_below = None;
    for level in tree {
        if hidden_below.is_some_and(|depth| level.depth > depth) {
            continue;
        }
        hidden_below = folded.contains(&level.path).then_some(level.depth);
        out.push(level.clone());
    }
    out.into_iter().collect()
}

/// What is folded at first: in a large tree all that is deep.
pub(super) fn folded_at_first(tree: &[Arc<Level>]) -> HashSet<String> {
    const MANY: usize = 100;
    const DEEP: usize = 1;
    if tree.len() <= MANY {
        return HashSet::new();
    }
    tree.iter().filter(|level| level.parent && level.depth >= DEEP).map(|level| level.path.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> SchedulerReply {
        serde_json::from_str(text).unwrap()
    }

    fn example() -> List<Level> {
        let leaf = |name: &str, path: &str, used: f64| {
            format!(
                r#"{{"type":"capacitySchedulerLeafQueueInfo","queueName":"{name}","queuePath":"{path}","absoluteCapacity":20.0,"absoluteMaxCapacity":40.0,"absoluteUsedCapacity":{used}}}"#
            )
        };
        tree(&reply(&format!(
            r#"{{"scheduler":{{"schedulerInfo":{{"type":"capacityScheduler","queueName":"root","queues":{{"queue":[
                {{"queueName":"eng","queuePath":"root.eng","queues":{{"queue":[{},{}]}}}},{}]}}}}}}}}"#,
            leaf("etl", "root.eng.etl", 30.0),
            leaf("daily", "root.eng.daily", 40.0),
            leaf("daily", "root.daily", 0.0),
        )))
    }

    fn paths(levels: &[Arc<Level>]) -> Vec<String> {
        levels.iter().map(|level| level.path.clone()).collect()
    }

    #[test]
    fn those_below_follow() {
        let tree = example();
        let of: Vec<(&str, usize)> = tree.iter().map(|level| (level.path.as_str(), level.depth)).collect();
        assert_eq!(of, [("root", 0), ("root.eng", 1), ("root.eng.etl", 2), ("root.eng.daily", 2), ("root.daily", 1)]);
    }

    #[test]
    fn a_queue_is_called_by_its_path_where_its_name_is_not_enough() {
        let named = named(&example());
        let values: Vec<&str> = named.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["etl", "root.eng.daily", "root.daily"]);
    }

    #[test]
    fn what_is_folded_hides_what_is_below_it() {
        let tree = example();
        let folded = HashSet::from(["root.eng".to_owned()]);
        assert_eq!(paths(&shown(&tree, &folded, "")), ["root", "root.eng", "root.daily"]);
        assert_eq!(paths(&shown(&tree, &folded, "ETL")), ["root", "root.eng", "root.eng.etl"]);
        assert!(shown(&tree, &HashSet::new(), "nothing").is_empty());
    }

    #[test]
    fn more_than_its_share_is_seen() {
        let tree = example();
        let by = |path: &str| tree.iter().find(|level| level.path == path).unwrap();
        assert!(by("root.eng.etl").is_over() && !by("root.eng.etl").is_full());
        assert!(by("root.eng.daily").is_full());
        assert!(!by("root.daily").is_over());
        let share = by("root.eng.etl").share();
        assert_eq!((share.used, share.meant), (0.75, Some(0.5)));
        assert!(
            by("root.eng.etl").is("etl") && by("root.eng.etl").is("root.eng.etl") && !by("root.eng.etl").is("eng.etl")
        );
    }
}
