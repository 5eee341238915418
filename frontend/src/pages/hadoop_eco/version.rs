//! The two versions of the API behind one face: what the pages ask for and what they are told.

use std::ops::RangeInclusive;

use garde::Validate;
use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::Problem;
use howdah_shared::systems::hadoop_eco::{v1, v2};

use crate::api::{At, bad_path, call, change};

/// The version of the API that a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// The legacy one.
    V1,
    /// Today's.
    V2,
}

/// All that is told of a cluster with one of its runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    /// In the words of v2.
    pub(super) rework: v2::Rework,
    /// What v1 tells beyond them.
    pub(super) legacy: Option<v1::ClusterMeta>,
}

/// What a run is asked for with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Settings {
    /// In the words of v1.
    V1(v1::ReworkRequest),
    /// In the words of v2.
    V2(v2::ReworkRequest),
}

impl Version {
    /// That of a system.
    pub(super) fn of(system: &str) -> Version {
        if system == "hadoop-eco-v1" { Version::V1 } else { Version::V2 }
    }

    /// The block storage that a node may be asked for, in GB.
    pub(super) fn volume(self) -> RangeInclusive<u32> {
        match self {
            Version::V1 => v1::VOLUME_SIZE,
            Version::V2 => v2::VOLUME_SIZE,
        }
    }

    /// Asks for all about a cluster with one of its runs.
    pub(super) async fn ask(self, connection: &str, cluster: &str, id: &str) -> Result<Told, Problem> {
        let (cluster_id, request_id) = (cluster.parse().map_err(bad_path)?, id.parse().map_err(bad_path)?);
        let at = At::Connection(connection);
        match self {
            Version::V1 => {
                let show = v1::ShowRework { cluster_id, request_id };
                let query = v1::ReworkQuery { verbose: Some(v1::Verbose::True) };
                let told = call(at, &show, &query, &Nothing {}).await?;
                Ok(Told { rework: told.as_v2(), legacy: Some(told.cluster_meta) })
            }
            Version::V2 => {
                let show = v2::ShowRework { cluster_id, request_id };
                let query = v2::ReworkQuery { verbose: Some(true) };
                let rework = call(at, &show, &query, &Nothing {}).await?;
                Ok(Told { rework, legacy: None })
            }
        }
    }
}

impl Settings {
    /// Where a run of the cluster is asked for; nowhere for what cannot be the id of one.
    pub(super) fn path(&self, cluster: &str) -> String {
        let Ok(cluster_id) = cluster.parse() else { return String::new() };
        match self {
            Settings::V1(_) => v1::StartRework { cluster_id }.path(),
            Settings::V2(_) => v2::StartRework { cluster_id }.path(),
        }
    }

    /// As it is sent.
    pub(super) fn text(&self) -> String {
        let text = match self {
            Settings::V1(request) => serde_json::to_string(request),
            Settings::V2(request) => serde_json::to_string(request),
        };
        text.unwrap_or_default()
    }

    /// The places of what the operation's own rules refuse.
    pub(super) fn refused(&self) -> Vec<String> {
        let checked = match self {
            Settings::V1(request) => request.validate(),
            Settings::V2(request) => request.validate(),
        };
        let Err(report) = checked else { return Vec::new() };
        report.iter().map(|(path, _)| path.to_string()).collect()
    }

    /// Asks for a run under an idempotency key; gives the journal's id of it.
    pub(super) async fn send(&self, connection: &str, cluster: &str, key: &str) -> Result<Option<String>, Problem> {
        let cluster_id = cluster.parse().map_err(bad_path)?;
        let at = At::Connection(connection);
        match self {
            Settings::V1(request) => {
                let start = v1::StartRework { cluster_id };
                change(at, &start, &Nothing {}, request, Some(key)).await.map(|changed| changed.request_id)
            }
            Settings::V2(request) => {
                let start = v2::StartRework { cluster_id };
                change(at, &start, &Nothing {}, request, Some(key)).await.map(|changed| changed.request_id)
            }
        }
    }
}
