//! What is done with several nodes: one call with the ids of all.

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::cyclecloud::{
    ClusterName, DeallocateNodes, NodeManagementRequest, NodeManagementResult, RemoveNodes, ShutdownNodes, StartNodes,
    TerminateNodes,
};
use leptos::prelude::*;

use crate::api::{At, Changed, change};
use crate::i18n::*;
use crate::ui::format;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Act {
    Start,
    Shutdown,
    Deallocate,
    Terminate,
    Remove,
}

impl Act {
    /// All of them, as they are offered.
    pub(super) const ALL: [Act; 5] = [Act::Start, Act::Shutdown, Act::Deallocate, Act::Terminate, Act::Remove];

    /// Its word.
    pub(super) fn word(self) -> Signal<String> {
        match self {
            Act::Start => words!(cycle_nodes.start),
            Act::Shutdown => words!(cycle_nodes.shutdown),
            Act::Deallocate => words!(cycle_nodes.deallocate),
            Act::Terminate => words!(cycle_nodes.terminate),
            Act::Remove => words!(cycle_nodes.remove),
        }
    }

    /// Whether what a node holds is lost by it.
    pub(super) fn ends(self) -> bool {
        matches!(self, Act::Terminate | Act::Remove)
    }

    /// What is done with so many.
    pub(super) fn title(self, i18n: I18nContext<Locale>, count: usize) -> String {
        let all = format::count(count as i64);
        match (self, count) {
            (Act::Start, 1) => t_string!(i18n, cycle_nodes.start_one).to_string(),
            (Act::Start, _) => t_string!(i18n, cycle_nodes.start_all, count = all).to_string(),
            (Act::Shutdown, 1) => t_string!(i18n, cycle_nodes.shutdown_one).to_string(),
            (Act::Shutdown, _) => t_string!(i18n, cycle_nodes.shutdown_all, count = all).to_string(),
            (Act::Deallocate, 1) => t_string!(i18n, cycle_nodes.deallocate_one).to_string(),
            (Act::Deallocate, _) => t_string!(i18n, cycle_nodes.deallocate_all, count = all).to_string(),
            (Act::Terminate, 1) => t_string!(i18n, cycle_nodes.terminate_one).to_string(),
            (Act::Terminate, _) => t_string!(i18n, cycle_nodes.terminate_all, count = all).to_string(),
            (Act::Remove, 1) => t_string!(i18n, cycle_nodes.remove_one).to_string(),
            (Act::Remove, _) => t_string!(i18n, cycle_nodes.remove_all, count = all).to_string(),
        }
    }

    /// What to know before saying yes.
    pub(super) fn text(self) -> Signal<String> {
        match self {
            Act::Start => words!(cycle_nodes.start_text),
            Act::Shutdown => words!(cycle_nodes.shutdown_text),
            Act::Deallocate => words!(cycle_nodes.deallocate_text),
            Act::Terminate => words!(cycle_nodes.terminate_text),
            Act::Remove => words!(cycle_nodes.remove_text),
        }
    }
}

/// Does it, under a key.
///
/// # Errors
/// As of [`change`].
pub(super) async fn send(
    act: Act,
    connection: &str,
    cluster: ClusterName,
    body: &NodeManagementRequest,
    key: &str,
) -> Result<Changed<NodeManagementResult>, Problem> {
    let (at, none, key) = (At::Connection(connection), Nothing {}, Some(key));
    match act {
        Act::Start => change(at, &StartNodes { cluster }, &none, body, key).await,
        Act::Shutdown => change(at, &ShutdownNodes { cluster }, &none, body, key).await,
        Act::Deallocate => change(at, &DeallocateNodes { cluster }, &none, body, key).await,
        Act::Terminate => change(at, &TerminateNodes { cluster }, &none, body, key).await,
        Act::Remove => change(at, &RemoveNodes { cluster }, &none, body, key).await,
    }
}
