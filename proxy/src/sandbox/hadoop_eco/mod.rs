//! KakaoCloud Hadoop Eco: the Cluster Re-work API v2, and the legacy API v1 with the same behaviour in other words.
//!
//! All three headers are checked: 401 for a wrong access key or an unknown cluster key, 403 for the key of another
//! cluster or where none was issued, 404 for an unknown cluster or request, 400 for anything that the reference does
//! not have. A POST changes the settings that the service keeps for the cluster and starts a run. What the reference
//! leaves open is answered so:
//! - 202 ("cluster task (creation) in progress") means here that a run is already under way: nothing is started, and
//!   there is no request id. The sentinels `sentinel-202` and `sentinel-202-without-id` have the other meaning.
//! - A cluster that its policy left running is refused with 400 until somebody ends it, which happens by itself after
//!   ten minutes of life.
//! - The number of masters cannot be changed.
//! - A request that a sentinel does not know is a plain 404, so that a probe of it finds the service well.
//! - A verbose GET tells the settings with which that run was started.

mod catalogue;
mod clusters;
mod door;
mod echo;
mod lifecycle;
mod replies;
mod sentinels;
mod v1;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use howdah_shared::door::Row;
use howdah_shared::systems::hadoop_eco;
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

pub use catalogue::PLANTED;
pub use sentinels::Sentinel;

use super::clock::Clock;
use super::routes::{Found, Routes, lock};
use super::server::{Answer, Asked, Servers, Service};
use super::{Options, made_up};
use clusters::{Cluster, Run};
use door::{AccessKey, Changes};
use lifecycle::{Occupied, Standing};

/// The running simulator, as its caller must know it.
#[derive(Debug)]
pub struct HadoopEco {
    /// Where it listens.
    pub address: SocketAddr,
    /// The access key that it accepts.
    pub credential_id: String,
    /// The access key's secret.
    pub credential_secret: SecretString,
    /// The clusters that work.
    pub clusters: Vec<SimCluster>,
    /// The clusters that fail on command, each as its name says; empty unless wanted.
    pub sentinels: Vec<SimCluster>,
}

/// A cluster of the simulated service, as a configuration needs it.
#[derive(Clone, Debug)]
pub struct SimCluster {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its Open API key; `None` where none was issued.
    pub key: Option<SecretString>,
    /// The ids of runs that were started before the simulator was, oldest first. Nothing but who started them knows
    /// them: they can be adopted.
    pub past: Vec<String>,
}

impl From<&Cluster> for SimCluster {
    fn from(cluster: &Cluster) -> Self {
        SimCluster {
            id: cluster.id.clone(),
            name: cluster.name.clone(),
            key: cluster.key.clone(),
            past: cluster.runs.iter().map(|run| run.id.clone()).collect(),
        }
    }
}

#[derive(Clone, Copy)]
enum Handler {
    StartRework,
    ShowRework,
}

fn handler(name: &str) -> Option<Handler> {
    match name {
        "StartRework" => Some(Handler::StartRework),
        "ShowRework" => Some(Handler::ShowRework),
        _ => None,
    }
}

/// What differs between the versions: paths, and how requests and replies are written.
struct Version {
    table: &'static [Row],
    clusters: fn(&Options) -> io::Result<Vec<Cluster>>,
    /// Reads the query of the GET: whether all is to be told.
    verbose: fn(Option<&str>) -> Result<bool, String>,
    /// Reads the body of the POST.
    changes: fn(&[u8]) -> Result<Changes, String>,
    /// The reply of a POST that has started a run.
    started: fn(&Cluster, &str) -> Value,
    /// The reply of a GET.
    standing: fn(&Cluster, &Run, Standing, bool) -> Value,
}

static V2: Version = Version {
    table: hadoop_eco::v2::TABLE,
    clusters: |options| catalogue::clusters(options.clusters, options.sentinels),
    verbose: door::verbose,
    changes: door::changes,
    started: replies::started,
    standing: replies::standing,
};

static V1: Version = Version {
    table: hadoop_eco::v1::TABLE,
    clusters: |_| catalogue::legacy_clusters(),
    verbose: v1::verbose,
    changes: v1::changes,
    started: v1::started,
    standing: v1::standing,
};

pub(super) async fn start_v1(options: &Options, clock: Clock, servers: &mut Servers) -> io::Result<HadoopEco> {
    start(&V1, options, clock, servers).await
}

pub(super) async fn start_v2(options: &Options, clock: Clock, servers: &mut Servers) -> io::Result<HadoopEco> {
    start(&V2, options, clock, servers).await
}

async fn start(
    version: &'static Version,
    options: &Options,
    clock: Clock,
    servers: &mut Servers,
) -> io::Result<HadoopEco> {
    let access = AccessKey { id: made_up::key_id()?, secret: made_up::secret()? };
    let clusters = (version.clusters)(options)?;
    let listed = |sentinel| clusters.iter().filter(move |c| c.sentinel.is_some() == sentinel).map(SimCluster::from);
    let mut handle = HadoopEco {
        address: SocketAddr::from(([127, 0, 0, 1], 0)),
        credential_id: access.id.clone(),
        credential_secret: access.secret.clone(),
        clusters: listed(false).collect(),
        sentinels: listed(true).collect(),
    };
    let unread = clusters.iter().find(|c| c.sentinel == Some(Sentinel::ResetBefore)).map(|c| c.id.clone().into_bytes());
    let simulator = Simulator {
        version,
        routes: Routes::of(version.table, handler)?,
        access,
        clusters: Mutex::new(clusters),
        started: Mutex::default(),
        unread,
        slow: options.slow,
        clock,
    };
    handle.address = servers.serve(Arc::new(simulator)).await?;
    Ok(handle)
}

struct Simulator {
    version: &'static Version,
    routes: Routes<Handler>,
    access: AccessKey,
    clusters: Mutex<Vec<Cluster>>,
    /// Cluster and request id of each run that was started, in order.
    started: Mutex<Vec<(String, String)>>,
    /// The id of the cluster whose requests are not even read.
    unread: Option<Vec<u8>>,
    slow: Duration,
    clock: Clock,
}

/// What a well cluster answers, and how the asked one fails.
type Said = (StatusCode, Value, Option<Sentinel>);

impl Service for Simulator {
    async fn answer(&self, asked: Asked) -> Answer {
        match (asked.method.as_str(), asked.uri.path()) {
            ("GET", "/_sandbox/calls") => return Answer::json(StatusCode::OK, &self.routes.calls()),
            ("GET", "/_sandbox/runs") => return Answer::json(StatusCode::OK, &self.runs()),
            (_, sentinels::REDIRECTED) => return self.redirected(&asked),
            _ => {}
        }
        let said = match self.routes.find(asked.method.as_str(), asked.uri.path()) {
            Found::Row(Handler::StartRework, segments) => self.start_rework(&asked, &segments[0]),
            Found::Row(Handler::ShowRework, segments) => self.show_rework(&asked, &segments[0], &segments[1]),
            Found::OtherMethod => {
                Err(Answer::json(StatusCode::METHOD_NOT_ALLOWED, &json!({"message": "no such method"})))
            }
            Found::Nothing => Err(door::not_found("There is no such resource.")),
        };
        match said {
            Err(refusal) => refusal,
            Ok((status, body, None)) => Answer::json(status, &body),
            Ok((status, body, Some(sentinel))) => sentinel.answer(&asked, status, body, self.slow).await,
        }
    }

    fn resets_unread(&self, beginning: &[u8]) -> bool {
        let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
        self.unread.as_deref().is_some_and(|id| line.windows(id.len()).any(|part| part == id))
    }
}

impl Simulator {
    fn start_rework(&self, asked: &Asked, id: &str) -> Result<Said, Answer> {
        let mut clusters = lock(&self.clusters);
        let cluster = self.enter(asked, &mut clusters, id)?;
        if asked.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(door::bad_request("there are no query parameters"));
        }
        let changes = (self.version.changes)(&asked.body).map_err(|why| door::bad_request(&why))?;
        let masters = changes.groups.iter().filter(|(kind, ..)| *kind == door::Group::Master);
        if masters.filter_map(|(_, nodes, _)| *nodes).any(|nodes| nodes != cluster.settings.masters.nodes) {
            return Err(door::bad_request("the number of masters cannot be changed"));
        }
        let now = self.clock.life();
        if let Some(sentinel) = cluster.sentinel {
            let id = match sentinel.starts() {
                true => self.start(cluster, changes, now)?,
                false => String::new(),
            };
            return Ok((StatusCode::OK, (self.version.started)(cluster, &id), Some(sentinel)));
        }
        match cluster.occupied(now) {
            Occupied::ByRun => Ok((StatusCode::ACCEPTED, replies::under_way(cluster), None)),
            Occupied::LeftRunning => Err(door::bad_request("the cluster is running: terminate it first")),
            Occupied::No => {
                let id = self.start(cluster, changes, now)?;
                Ok((StatusCode::OK, (self.version.started)(cluster, &id), None))
            }
        }
    }

    fn start(&self, cluster: &mut Cluster, changes: door::Changes, now: f64) -> Result<String, Answer> {
        let failed =
            |error: io::Error| Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": error.to_string()}));
        let id = cluster.start(changes, now).map_err(failed)?;
        lock(&self.started).push((cluster.id.clone(), id.clone()));
        Ok(id)
    }

    fn show_rework(&self, asked: &Asked, id: &str, request_id: &str) -> Result<Said, Answer> {
        let mut clusters = lock(&self.clusters);
        let cluster = self.enter(asked, &mut clusters, id)?;
        let verbose = (self.version.verbose)(asked.uri.query()).map_err(|why| door::bad_request(&why))?;
        let run = cluster.runs.iter().find(|run| run.id == request_id);
        let run = run.ok_or_else(|| door::not_found("The request was not found."))?;
        let body = (self.version.standing)(cluster, run, cluster.standing(run, self.clock.life()), verbose);
        Ok((StatusCode::OK, body, cluster.sentinel))
    }

    /// The cluster of that id, if the caller may use it.
    fn enter<'a>(&self, asked: &Asked, clusters: &'a mut [Cluster], id: &str) -> Result<&'a mut Cluster, Answer> {
        door::check_type(asked).map_err(|why| door::bad_request(&why))?;
        if !self.access.admits(&asked.headers) {
            return Err(door::unauthorized("The access key is missing or wrong."));
        }
        let given = door::single(&asked.headers, "hadoop-eco-api-key");
        let is = |key: &Option<SecretString>| key.as_ref().map(ExposeSecret::expose_secret) == given && given.is_some();
        let known = clusters.iter().any(|cluster| is(&cluster.key));
        let cluster = clusters.iter_mut().find(|cluster| cluster.id == id);
        let cluster = cluster.ok_or_else(|| door::not_found("The cluster was not found."))?;
        if is(&cluster.key) {
            Ok(cluster)
        } else if known {
            Err(door::forbidden("The Open API key is that of another cluster."))
        } else if cluster.key.is_none() {
            Err(door::forbidden("No Open API key has been issued for the cluster."))
        } else {
            Err(door::unauthorized("The Open API key is missing or wrong."))
        }
    }

    fn redirected(&self, asked: &Asked) -> Answer {
        let carried = ["credential-id", "credential-secret", "hadoop-eco-api-key"];
        let carried = carried.iter().any(|name| asked.headers.contains_key(*name));
        self.routes.count(if carried { "redirected with keys" } else { "redirected" });
        Answer::json(StatusCode::OK, &json!({"message": "nobody should have come here"}))
    }

    fn runs(&self) -> Value {
        let started = lock(&self.started);
        let runs: Vec<Value> =
            started.iter().map(|(cluster, id)| json!({"clusterId": cluster, "requestId": id})).collect();
        json!(runs)
    }
}
