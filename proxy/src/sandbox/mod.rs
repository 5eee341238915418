//! The sandbox's services: a working simulator of each system, as a real HTTP server on loopback.
//!
//! The simulators know nothing of Howdah's types. Their routes come from the tables of operations, a handler a row;
//! what they answer is literal JSON written from the references, and what they are asked is checked as raw JSON
//! against the references. So a wrong field name in `howdah-shared` cannot agree with itself.
//!
//! Beside the service's own paths each server answers, without credentials, paths below `/_sandbox/` that no table holds
//! and that the proxy therefore never reaches: `GET /_sandbox/calls`, how often each operation was called (by row name,
//! with `other` for what no row matches), `GET /_sandbox/runs`, what was really started, and what else a simulator has.

pub mod cyclecloud;
pub mod hadoop_eco;
pub mod savanna;
pub mod yarn;

mod clock;
mod faults;
mod made_up;
mod routes;
mod server;
mod times;

use std::io;
use std::time::Duration;

pub use cyclecloud::CycleCloud;
pub use hadoop_eco::{HadoopEco, SimCluster};
pub use savanna::Savanna;
pub use yarn::Yarn;

use clock::Clock;
use server::Servers;

/// How the simulators are run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many times faster than life time runs in the simulated services. A Hadoop Eco run takes about 25 minutes
    /// of life, so that it takes about a minute at the default of 25.
    pub pace: f64,
    /// How many applications the simulated ResourceManager keeps.
    pub applications: usize,
    /// How many nodes it has, at least those that the applications need.
    pub nodes: usize,
    /// How many queues it has, at least its usual ones.
    pub queues: usize,
    /// How many clusters that work the simulated Hadoop Eco (v2) has, at least those of its catalogue.
    pub clusters: usize,
    /// How many clusters the simulated Savanna has, at least its usual one.
    pub savanna_clusters: usize,
    /// Whether there are Hadoop Eco clusters that fail on command, each in the way that its name says.
    pub sentinels: bool,
    /// How many nodes the large cluster of the simulated Azure CycleCloud has; without any there is no such cluster.
    pub cyclecloud: usize,
    /// How long the slow sentinel takes to answer; not changed by the pace.
    pub slow: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            pace: 25.0,
            applications: 40,
            nodes: 0,
            queues: 0,
            clusters: 12,
            savanna_clusters: 0,
            sentinels: true,
            cyclecloud: 0,
            slow: Duration::from_secs(8),
        }
    }
}

/// The running simulators. They end when this is dropped.
#[derive(Debug)]
pub struct Simulators {
    /// KakaoCloud Hadoop Eco, Cluster Re-work API v2.
    pub hadoop_eco: HadoopEco,
    /// KakaoCloud Hadoop Eco, the legacy API v1.
    pub hadoop_eco_v1: HadoopEco,
    /// A pair of ResourceManagers.
    pub yarn: Yarn,
    /// OpenStack Savanna.
    pub savanna: Savanna,
    /// Azure CycleCloud.
    pub cyclecloud: CycleCloud,
    servers: Servers,
}

impl Simulators {
    /// Ends them and every connection to them.
    pub fn stop(self) {
        drop(self.servers);
    }
}

/// Starts a simulator of each system on a free port of 127.0.0.1, with secrets made for this run.
///
/// # Errors
/// If `options` make no sense, if an operation's table has a row without a handler, or if no port can be had.
pub async fn start(options: Options) -> io::Result<Simulators> {
    if !(options.pace.is_finite() && options.pace > 0.0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the pace must be a number above 0"));
    }
    let clock = Clock::start(options.pace);
    let mut servers = Servers::default();
    let hadoop_eco_v1 = hadoop_eco::start_v1(&options, clock, &mut servers).await?;
    let hadoop_eco = hadoop_eco::start_v2(&options, clock, &mut servers).await?;
    let yarn = yarn::start(&options, clock, &mut servers).await?;
    let savanna = savanna::start(clock, options.savanna_clusters, &mut servers).await?;
    let cyclecloud = cyclecloud::start(clock, options.cyclecloud, &mut servers).await?;
    Ok(Simulators { hadoop_eco, hadoop_eco_v1, yarn, savanna, cyclecloud, servers })
}

#[cfg(test)]
mod tests;
