//! Where a cluster is in its life: the way that it is on, and the statuses along it.

use howdah_shared::systems::savanna::{Cluster, Dialect};

use crate::i18n::*;
use crate::ui::mark::Kind;

/// What the service makes of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It is made.
    Starting,
    /// It gets more nodes or less.
    Scaling,
    /// A scaling that failed is taken back.
    Undoing,
    /// It is terminated.
    Ending,
}

/// The statuses along a way in their order. The service may be too quick for one to be seen.
pub(super) fn stages(way: Way, dialect: Dialect) -> &'static [&'static str] {
    match (way, dialect) {
        (Way::Starting, Dialect::Today) => {
            &["Validating", "InfraUpdating", "Spawning", "Waiting", "Preparing", "Configuring", "Starting"]
        }
        (Way::Starting, _) => &["Validating", "Spawning", "Waiting", "Preparing", "Configuring", "Starting"],
        (Way::Scaling, Dialect::Today) => &[
            "Validating",
            "Decommissioning",
            "Scaling",
            "Scaling: Spawning",
            "Scaling: Waiting",
            "Scaling: Preparing",
            "Configuring",
        ],
        (Way::Scaling, _) => {
            &["Validating", "Scaling", "Decommissioning", "Deleting Instances", "Adding Instances", "Configuring"]
        }
        (Way::Undoing, _) => &["Rollback: Spawning", "Rollback: Waiting", "Rollback: Preparing"],
        (Way::Ending, _) => &["Deleting"],
    }
}

/// The way that a cluster is on; `None` where it is on none, or nobody knows its status. Some statuses are on two: then
/// what it was on before decides, else whether it has nodes already.
pub(super) fn way(cluster: &Cluster, before: Option<Way>) -> Option<Way> {
    let status = cluster.status.as_deref()?;
    let on = |way: Way| stages(way, cluster.dialect()).contains(&status);
    match status {
        "Active" | "Error" => None,
        "Deleting" => Some(Way::Ending),
        _ if status.starts_with("Rollback") => Some(Way::Undoing),
        _ if status.starts_with("Scaling") => Some(Way::Scaling),
        _ if on(Way::Starting) && on(Way::Scaling) => Some(match before {
            Some(Way::Starting | Way::Scaling) => before?,
            _ if was_scaled_last(cluster) => Way::Scaling,
            _ => Way::Starting,
        }),
        _ => [Way::Starting, Way::Scaling].into_iter().find(|way| on(*way)),
    }
}

/// Whether the last thing that the service tells of it is a scaling: its latest step, or nodes that it has before it was
/// checked.
fn was_scaled_last(cluster: &Cluster) -> bool {
    let step = cluster.provision_progress.iter().max_by(|one, other| one.created_at.cmp(&other.created_at));
    let scaled = step.and_then(|step| step.step_type.as_deref()).is_some_and(|kind| kind.contains("scale"));
    let has_nodes = cluster.node_groups.iter().any(|group| !group.instances.is_empty());
    scaled || (cluster.status.as_deref() == Some("Validating") && has_nodes)
}

/// The place of a cluster on its way, from 1, and the length of that.
pub(super) fn stage(cluster: &Cluster, before: Option<Way>) -> Option<(usize, usize)> {
    let stages = stages(way(cluster, before)?, cluster.dialect());
    let at = stages.iter().position(|stage| cluster.status.as_deref() == Some(stage))?;
    Some((at + 1, stages.len()))
}

/// The shape of a status.
pub(super) fn kind(status: &str) -> Kind {
    match status {
        "Active" => Kind::Good,
        "Error" => Kind::Broken,
        _ if STATUSES.contains(&status) => Kind::Moving,
        _ => Kind::Unknown,
    }
}

/// The statuses in the order in which they are offered.
pub(super) const STATUSES: &[&str] = &[
    "Error",
    "Active",
    "Validating",
    "InfraUpdating",
    "Spawning",
    "Waiting",
    "Preparing",
    "Configuring",
    "Starting",
    "Scaling",
    "Decommissioning",
    "Deleting Instances",
    "Adding Instances",
    "Scaling: Spawning",
    "Scaling: Waiting",
    "Scaling: Preparing",
    "Rollback: Spawning",
    "Rollback: Waiting",
    "Rollback: Preparing",
    "AwaitingTermination",
    "Deleting",
];

/// The word for a status; one that nobody knew is its own.
pub(super) fn word(i18n: I18nContext<Locale>, status: &str) -> String {
    let word = match status {
        "" => t_string!(i18n, savanna.status_untold),
        "Active" => t_string!(i18n, savanna.status_active),
        "Error" => t_string!(i18n, savanna.status_error),
        "Validating" => t_string!(i18n, savanna.status_validating),
        "InfraUpdating" => t_string!(i18n, savanna.status_infra),
        "Spawning" => t_string!(i18n, savanna.status_spawning),
        "Waiting" => t_string!(i18n, savanna.status_waiting),
        "Preparing" => t_string!(i18n, savanna.status_preparing),
        "Configuring" => t_string!(i18n, savanna.status_configuring),
        "Starting" => t_string!(i18n, savanna.status_starting),
        "Scaling" => t_string!(i18n, savanna.status_scaling),
        "Decommissioning" => t_string!(i18n, savanna.status_decommissioning),
        "Deleting Instances" => t_string!(i18n, savanna.status_deleting_instances),
        "Adding Instances" => t_string!(i18n, savanna.status_adding_instances),
        "Scaling: Spawning" => t_string!(i18n, savanna.status_scaling_spawning),
        "Scaling: Waiting" => t_string!(i18n, savanna.status_scaling_waiting),
        "Scaling: Preparing" => t_string!(i18n, savanna.status_scaling_preparing),
        "Rollback: Spawning" => t_string!(i18n, savanna.status_rollback_spawning),
        "Rollback: Waiting" => t_string!(i18n, savanna.status_rollback_waiting),
        "Rollback: Preparing" => t_string!(i18n, savanna.status_rollback_preparing),
        "AwaitingTermination" => t_string!(i18n, savanna.status_awaiting),
        "Deleting" => t_string!(i18n, savanna.status_deleting),
        other => return other.to_owned(),
    };
    word.to_string()
}

/// The shape and the word of a health.
pub(super) fn health(i18n: I18nContext<Locale>, status: &str) -> (Kind, String) {
    let (kind, word) = match status {
        "GREEN" => (Kind::Good, t_string!(i18n, savanna.health_green)),
        "YELLOW" => (Kind::Caution, t_string!(i18n, savanna.health_yellow)),
        "RED" => (Kind::Broken, t_string!(i18n, savanna.health_red)),
        "CHECKING" => (Kind::Moving, t_string!(i18n, savanna.health_checking)),
        other => return (Kind::Unknown, other.to_owned()),
    };
    (kind, word.to_string())
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::savanna::{Instance, NodeGroup, Step};

    use super::*;

    fn cluster(status: &str) -> Cluster {
        Cluster { status: Some(status.to_owned()), tenant_id: Some("t".to_owned()), ..Cluster::default() }
    }

    #[test]
    fn most_statuses_are_on_one_way() {
        for (status, expected) in [
            ("Spawning", Some(Way::Starting)),
            ("Scaling: Waiting", Some(Way::Scaling)),
            ("Decommissioning", Some(Way::Scaling)),
            ("Rollback: Preparing", Some(Way::Undoing)),
            ("Deleting", Some(Way::Ending)),
            ("Active", None),
            ("Error", None),
            ("Zork", None),
        ] {
            assert_eq!(way(&cluster(status), None), expected, "{status}");
        }
    }

    #[test]
    fn what_is_on_two_ways_is_told_by_what_was_before() {
        assert_eq!(way(&cluster("Configuring"), None), Some(Way::Starting));
        assert_eq!(way(&cluster("Configuring"), Some(Way::Scaling)), Some(Way::Scaling));
        let mut with_nodes = cluster("Validating");
        with_nodes.node_groups = vec![NodeGroup { instances: vec![Instance::default()], ..NodeGroup::default() }];
        assert_eq!(way(&with_nodes, None), Some(Way::Scaling));
        let mut scaled = cluster("Configuring");
        let step = |at: &str, kind: &str| Step {
            created_at: Some(at.to_owned()),
            step_type: Some(kind.to_owned()),
            ..Step::default()
        };
        scaled.provision_progress = vec![step("2", "Engine: scale cluster"), step("1", "Engine: create cluster")];
        assert_eq!(way(&scaled, None), Some(Way::Scaling));
        assert_eq!(stage(&scaled, None), Some((7, 7)));
    }

    #[test]
    fn a_status_that_nobody_knew_is_unknown() {
        assert_eq!(kind("Zork"), Kind::Unknown);
        assert_eq!(kind("InfraUpdating"), Kind::Moving);
        for way in [Way::Starting, Way::Scaling, Way::Undoing, Way::Ending] {
            for dialect in [Dialect::Reference, Dialect::Today] {
                assert!(stages(way, dialect).iter().all(|status| kind(status) == Kind::Moving), "{way:?}");
            }
        }
    }
}
