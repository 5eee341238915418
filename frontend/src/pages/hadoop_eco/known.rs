//! What is known of one cluster: as the list has it, and all that its last run tells.

use std::sync::Arc;

use howdah_shared::console::{Cluster, ClustersQuery, ListClusters};
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::version::{Told, Version};
use crate::api::{Polled, bad_path, polled, read};
use crate::components::configured::clusters_path;

/// How often it is looked whether the cluster still is as the page says, in ms.
const PAUSE: i32 = 15_000;

/// What is known.
#[derive(Clone, PartialEq)]
pub(super) struct Known {
    /// Which API its connection speaks.
    pub(super) version: Version,
    /// The cluster.
    pub(super) cluster: Cluster,
    /// What ran last; `None` where nothing did, or nothing that can be asked for.
    pub(super) last: Option<Result<Arc<Told>, Problem>>,
}

/// Follows the cluster. What ran last is asked for again only once something else did.
pub(super) fn poll(connection: String, cluster: String) -> Polled<Known> {
    let asked: StoredValue<Option<(String, Arc<Told>)>> = StoredValue::new(None);
    let only = ClustersQuery { id: Some(cluster.clone()) };
    let query = only.clone();
    polled(
        clusters_path(&connection),
        move || serde_html_form::to_string(&query).unwrap_or_default(),
        move || {
            let (connection, cluster, only) = (connection.clone(), cluster.clone(), only.clone());
            async move {
                let list = ListClusters { connection: connection.parse().map_err(bad_path)? };
                let listed = read(&list, &only).await?;
                let found = listed.reply.iter().find(|other| other.id == cluster).cloned();
                let found = found.ok_or_else(|| Problem::new(Code::ClusterNotConfigured, ""))?;
                let version = Version::of(&found.system);
                let id = found.last_accepted.as_ref().and_then(|last| last.service_id.clone());
                let last = match id.filter(|_| found.has_key) {
                    None => None,
                    Some(id) => Some(match asked.try_get_value().flatten().filter(|(other, _)| *other == id) {
                        Some((_, last)) => Ok(last),
                        None => version.ask(&connection, &cluster, &id).await.map(Arc::new).inspect(|last| {
                            // The page may be gone by now.
                            let _ = asked.try_set_value(Some((id, last.clone())));
                        }),
                    }),
                };
                Ok(listed.with(|_| Known { version, cluster: found, last }))
            }
        },
        |_| PAUSE,
    )
}
