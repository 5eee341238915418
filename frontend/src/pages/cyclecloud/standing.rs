//! Where clusters and nodes stand, in words and shapes. Servers may have states that nobody knew: they are told as they
//! are.

use crate::i18n::*;
use crate::ui::mark::Kind;

/// The state of a cluster that was never started: the service tells none.
pub(super) const NEVER: &str = "NeverStarted";

/// The states of clusters in the order in which they are offered.
pub(super) const CLUSTER_STATES: &[&str] =
    &["Started", "Starting", "Failed", "Terminating", "Terminated", "Off", NEVER, ""];

/// The shape of a cluster's state.
pub(super) fn cluster_kind(state: &str) -> Kind {
    match state {
        "Started" => Kind::Good,
        "Starting" | "Terminating" | "Deallocating" => Kind::Moving,
        "Terminated" | "Off" | "Deallocated" => Kind::Ended,
        "Failed" => Kind::Broken,
        NEVER => Kind::Waiting,
        _ => Kind::Unknown,
    }
}

/// The word for a cluster's state.
pub(super) fn cluster_word(i18n: I18nContext<Locale>, state: &str) -> String {
    let word = match state {
        "Started" => t_string!(i18n, cycle.state_started),
        "Starting" => t_string!(i18n, cycle.state_starting),
        "Terminating" => t_string!(i18n, cycle.state_terminating),
        "Terminated" => t_string!(i18n, cycle.state_terminated),
        "Deallocating" => t_string!(i18n, cycle.state_deallocating),
        "Deallocated" => t_string!(i18n, cycle.state_deallocated),
        "Off" => t_string!(i18n, cycle.state_off),
        "Failed" => t_string!(i18n, cycle.state_failed),
        NEVER => t_string!(i18n, cycle.state_never),
        "" => t_string!(i18n, cycle.state_unknown),
        other => return other.to_owned(),
    };
    word.to_string()
}

/// The words of `Status` in the order in which they are offered.
pub(super) const NODE_STATUSES: &[&str] = &[
    "Ready",
    "Failed",
    "Acquiring",
    "Preparing",
    "Starting",
    "Restarting",
    "Reimaging",
    "Terminating",
    "Deallocating",
    "Deallocated",
    "Terminated",
    "Off",
];

/// The shape of a node's status.
pub(super) fn node_kind(status: &str) -> Kind {
    match status {
        "Ready" => Kind::Good,
        "Failed" => Kind::Broken,
        "Off" | "Terminated" | "Deallocated" => Kind::Ended,
        _ if NODE_STATUSES.contains(&status) => Kind::Moving,
        _ => Kind::Unknown,
    }
}

/// The word for a node's status.
pub(super) fn node_word(i18n: I18nContext<Locale>, status: &str) -> String {
    let word = match status {
        "Ready" => t_string!(i18n, cycle_nodes.ready),
        "Acquiring" => t_string!(i18n, cycle_nodes.acquiring),
        "Preparing" => t_string!(i18n, cycle_nodes.preparing),
        "Restarting" => t_string!(i18n, cycle_nodes.restarting),
        "Reimaging" => t_string!(i18n, cycle_nodes.reimaging),
        other => return cluster_word(i18n, other),
    };
    word.to_string()
}
