//! What is followed to its end: a cluster that starts or is scaled until it is active, one that is terminated until it is
//! gone.

use super::ClusterReply;
use crate::follow::{End, Follow, Progress};
use crate::lenient;

/// The most characters of what is said of an end.
const SAID: usize = 2000;

/// A new cluster, whose id the service gave.
pub(super) const START: Follow = Follow {
    operation: "ShowCluster",
    segments: |change, id| change.iter().take(1).cloned().chain([id.to_owned()]).collect(),
    query: |_| String::new(),
    progress: until_active,
    at_once: |_| None,
    missing: None,
};

/// One that there was before.
pub(super) const SCALING: Follow = Follow { segments: |change, _| change.to_vec(), ..START };

/// One that is to be no more.
pub(super) const END: Follow = Follow { progress: until_gone, missing: Some(End::Succeeded), ..SCALING };

fn until_active(body: &[u8]) -> Option<Progress> {
    let cluster = lenient::reply::<ClusterReply>(body).ok()?.cluster;
    let stage = cluster.status?;
    let said = cluster.status_description.filter(|said| !said.trim().is_empty());
    let end = match stage.as_str() {
        "Error" => Some(End::Failed),
        // One that could not be scaled is active again, and tells why.
        "Active" if said.is_some() => Some(End::Failed),
        "Active" => Some(End::Succeeded),
        // Somebody has ended it.
        "Deleting" => Some(End::Other),
        _ => None,
    };
    let said = said.filter(|_| end == Some(End::Failed));
    Some(Progress { stage, end, said: said.map(|said| said.trim().chars().take(SAID).collect()) })
}

fn until_gone(body: &[u8]) -> Option<Progress> {
    let stage = lenient::reply::<ClusterReply>(body).ok()?.cluster.status?;
    Some(Progress { stage, end: None, said: None })
}
