//! What a cluster of the list means.

use howdah_shared::problem::Problem;
use howdah_shared::systems::cyclecloud::ClusterStatus;

use super::cluster::state_of;
use super::limits::{Binding, active_of_all, limits};
use super::standing::{self, CLUSTER_STATES};
use crate::components::listing::{Listed, Rank};
use crate::i18n::*;
use crate::list::Keyed;
use crate::ui::mark::Kind;

/// What is known of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// Where it stands.
    pub(super) state: Option<String>,
    /// Where it is to stand.
    pub(super) target: Option<String>,
    /// Nodes of its arrays, and how many it may have.
    pub(super) nodes: Option<(i64, Option<i64>)>,
    /// Their cores, and how many it may have.
    pub(super) cores: Option<(i64, Option<i64>)>,
    /// How many of its kinds of machines can have no more nodes, or had none to be had of late.
    pub(super) full: Option<usize>,
    /// Why it cannot be asked.
    pub(super) problem: Option<Problem>,
}

impl Figures {
    /// Of what the service tells of the cluster itself.
    pub(super) fn of(status: &ClusterStatus) -> Figures {
        let (nodes, cores) = active_of_all(status);
        let buckets =
            status.nodearrays.iter().flat_map(|array| array.buckets.iter().map(move |bucket| (array, bucket)));
        let full = buckets.filter(|(array, bucket)| {
            let known = limits(status, array, bucket);
            match known.binding {
                // Nobody waits for what was switched off.
                Binding::Invalid(_) => false,
                Binding::Capacity(_) => true,
                _ => known.fits == Some(0),
            }
        });
        Figures {
            state: Some(state_of(status)),
            target: status.target_state.clone(),
            nodes: Some((nodes, status.max_count)),
            cores: Some((cores, status.max_core_count)),
            full: Some(full.count()),
            problem: None,
        }
    }
}

/// A cluster with what is looked for in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The service's name for it.
    pub(super) id: String,
    /// What the configuration calls it.
    pub(super) name: String,
    /// What is known of it.
    pub(super) known: Figures,
    haystack: String,
}

impl Row {
    /// A cluster by its name and by what it is called.
    pub(super) fn new(id: String, name: String, known: Figures) -> Row {
        let haystack = format!("{}\n{}\n", id.to_lowercase(), name.to_lowercase());
        Row { id, name, known, haystack }
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.id
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn standing(&self) -> &str {
        self.known.state.as_deref().unwrap_or_default()
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        let known = &self.known;
        match column {
            "state" => Some(Rank::Text(self.standing())),
            "target" => known.target.as_deref().map(Rank::Text),
            "nodes" => known.nodes.map(|(used, _)| Rank::Figure(used)),
            "cores" => known.cores.map(|(used, _)| Rank::Figure(used)),
            "full" => known.full.map(|full| Rank::Figure(full as i64)),
            _ => Some(Rank::Text(&self.name)),
        }
    }

    fn plain(&self, column: &str, _: i64) -> String {
        let of = |counts: Option<(i64, Option<i64>)>| match counts {
            Some((used, Some(most))) => format!("{used} / {most}"),
            Some((used, None)) => used.to_string(),
            None => String::new(),
        };
        let known = &self.known;
        match column {
            "state" => self.standing().to_owned(),
            "target" => known.target.clone().unwrap_or_default(),
            "nodes" => of(known.nodes),
            "cores" => of(known.cores),
            "full" => known.full.map(|full| full.to_string()).unwrap_or_default(),
            _ => self.name.clone(),
        }
    }

    fn level(&self) -> impl Ord {
        self.id.clone()
    }

    fn place(standing: &str) -> usize {
        CLUSTER_STATES.iter().position(|other| *other == standing).unwrap_or(CLUSTER_STATES.len())
    }

    fn kind(standing: &str) -> Option<Kind> {
        Some(standing::cluster_kind(standing))
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        standing::cluster_word(i18n, standing)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_kind_of_machine_that_was_switched_off_is_not_waited_for() {
        let bucket = |valid: bool, available: i64| json!({"valid": valid, "availableCount": available, "activeCount": 2, "activeCoreCount": 8});
        let status = json!({"maxCount": 9, "nodearrays": [
            {"buckets": [bucket(true, 0), bucket(false, 0)]}, {"buckets": [bucket(true, 3)]}
        ]});
        let figures = Figures::of(&serde_json::from_value(status).unwrap());
        assert_eq!((figures.full, figures.nodes, figures.cores), (Some(1), Some((6, Some(9))), Some((24, None))));
        assert_eq!(figures.state.as_deref(), Some(standing::NEVER));
    }
}
