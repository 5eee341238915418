//! The queues as the lines of a tree: which of them are shown, how each is drawn, and what it is called elsewhere.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use howdah_shared::operation::Nothing;
use howdah_shared::systems::yarn::{Level, Queue, QueueRow, SchedulerKind, ShowScheduler, levels};
use leptos::prelude::*;

use crate::api::{Polled, watched};
use crate::list::{Keyed, List, Text};
use crate::ui::live::memo;
use crate::ui::meter::Share;

/// The queues of a scheduler, watched.
#[derive(Clone, Copy)]
pub(super) struct Queues {
    /// Which scheduler it is; `None` where it does not tell.
    pub(super) kind: Memo<Option<SchedulerKind>>,
    /// Every queue in the order of the tree.
    pub(super) levels: Memo<List<Level>>,
    /// How they are had.
    pub(super) polled: Polled<List<Row>>,
}

/// A row of the scheduler.
pub(super) type Row = QueueRow<Text>;

impl From<Text> for Row {
    fn from(text: Text) -> Row {
        QueueRow::new(text)
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        self.path()
    }

    fn text(&self) -> Option<&Text> {
        Some(self.json())
    }
}

/// Watches the queues of a connection as long as the owner lives.
pub(super) fn queues(connection: &str) -> Queues {
    let polled = watched::<_, Row>(connection, &ShowScheduler {}, &Nothing {}).list;
    let read = memo(move || polled.value.with(|rows| rows.as_ref().and_then(|rows| Tree::of(rows))));
    let kind = memo(move || read.with(|tree| tree.as_ref().map(|tree| tree.kind.clone())));
    let levels = memo(move || read.with(|tree| tree.as_ref().map(|tree| tree.levels.clone())).unwrap_or_default());
    Queues { kind, levels, polled }
}

/// What the rows tell.
#[derive(PartialEq)]
struct Tree {
    kind: SchedulerKind,
    levels: List<Level>,
}

impl Tree {
    fn of(rows: &[Arc<Row>]) -> Option<Tree> {
        let (kind, levels) = levels(rows)?;
        Some(Tree { kind, levels: levels.into_iter().map(Arc::new).collect() })
    }
}

/// The bar of a queue: its end is the most that it may have, the line across its share.
pub(super) fn share(queue: &Queue) -> Share {
    let Queue { used, configured, max, .. } = queue;
    let end = max.filter(|max| *max > 0.0).unwrap_or(100.0);
    let part = |of: Option<f64>| of.filter(|of| of.is_finite()).map(|of| of / end);
    Share { used: part(*used).unwrap_or(0.0), reserved: 0.0, meant: part(*configured), capped: true }
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
            (level.queue.path.clone(), if is_alone { name.clone() } else { level.queue.path.clone() })
        })
        .collect()
}

/// The lines that are shown: below none that is folded; where something is looked for, what fits and all above it.
pub(super) fn shown(tree: &[Arc<Level>], folded: &HashSet<String>, text: &str) -> List<Level> {
    let text = text.trim().to_lowercase();
    if !text.is_empty() {
        let fits: Vec<bool> = tree.iter().map(|level| level.queue.path.to_lowercase().contains(&text)).collect();
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
        hidden_below = folded.contains(&level.queue.path).then_some(level.depth);
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
    tree.iter().filter(|level| level.parent && level.depth >= DEEP).map(|level| level.queue.path.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn example() -> List<Level> {
        let leaf = |name: &str, path: &str, used: f64| {
            format!(
                r#"{{"howdahPath":"{path}","type":"capacitySchedulerLeafQueueInfo","queueName":"{name}","absoluteCapacity":20.0,"absoluteMaxCapacity":40.0,"absoluteUsedCapacity":{used}}}"#
            )
        };
        let rows = [
            leaf("daily", "root.eng.daily", 40.0),
            leaf("etl", "root.eng.etl", 30.0),
            leaf("daily", "root.daily", 0.0),
            r#"{"howdahPath":"root.eng","queueName":"eng"}"#.to_owned(),
            r#"{"howdahPath":"root","type":"capacityScheduler","queueName":"root"}"#.to_owned(),
        ];
        let rows = rows.map(|row| RawValue::from_string(row).unwrap());
        let rows: Vec<Arc<Row>> = rows.into_iter().map(|row| Arc::new(Text::from(row).into())).collect();
        Tree::of(&rows).unwrap().levels
    }

    fn paths(levels: &[Arc<Level>]) -> Vec<String> {
        levels.iter().map(|level| level.queue.path.clone()).collect()
    }

    #[test]
    fn those_below_follow() {
        let tree = example();
        let of: Vec<(&str, usize)> = tree.iter().map(|level| (level.queue.path.as_str(), level.depth)).collect();
        assert_eq!(of, [("root", 0), ("root.daily", 1), ("root.eng", 1), ("root.eng.daily", 2), ("root.eng.etl", 2)]);
    }

    #[test]
    fn a_queue_is_called_by_its_path_where_its_name_is_not_enough() {
        let named = named(&example());
        let values: Vec<&str> = named.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["root.daily", "root.eng.daily", "etl"]);
    }

    #[test]
    fn what_is_folded_hides_what_is_below_it() {
        let tree = example();
        let folded = HashSet::from(["root.eng".to_owned()]);
        assert_eq!(paths(&shown(&tree, &folded, "")), ["root", "root.daily", "root.eng"]);
        assert_eq!(paths(&shown(&tree, &folded, "ETL")), ["root", "root.eng", "root.eng.etl"]);
        assert!(shown(&tree, &HashSet::new(), "nothing").is_empty());
    }

    #[test]
    fn more_than_its_share_is_seen() {
        let tree = example();
        let by = |path: &str| tree.iter().find(|level| level.queue.path == path).unwrap();
        assert!(by("root.eng.etl").is_over() && !by("root.eng.etl").is_full());
        assert!(by("root.eng.daily").is_full());
        assert!(!by("root.daily").is_over());
        let share = share(&by("root.eng.etl").queue);
        assert_eq!((share.used, share.meant), (0.75, Some(0.5)));
        assert!(
            by("root.eng.etl").is("etl") && by("root.eng.etl").is("root.eng.etl") && !by("root.eng.etl").is("eng.etl")
        );
    }
}
