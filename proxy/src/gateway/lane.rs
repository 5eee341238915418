//! The ways out to a service: small pools for what may share connections, and what changes need, which share none.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::breaker::Breaker;
use super::trust::Trust;
use crate::metrics::Calls;

/// How long making a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a change waits while as many as may be are under way.
pub const CHANGE_WAITS: Duration = Duration::from_secs(15);
/// As much of a reply as is read at once: a long one costs a few times this in memory, and stays in a core's cache.
const PIECE: usize = 64 * 1024;

/// How requests leave for a service.
pub type Connector = HttpsConnector<HttpConnector>;

/// A small pool of connections with its own breaker.
pub struct Lane {
    /// The pool.
    pub client: Client<Connector, Full<Bytes>>,
    /// How many calls may be under way.
    pub permits: Semaphore,
    /// Whether calls may go out.
    pub breaker: Breaker,
    /// How many retries may be spent; successes earn them.
    pub budget: RetryBudget,
    /// Counts its calls.
    pub calls: Calls,
}

/// What changes need: they share no connection with anything.
pub struct ChangeLane {
    /// Makes connections.
    pub connector: Connector,
    /// Counts failures to connect, nothing else.
    pub breaker: Breaker,
    /// Counts its calls.
    pub calls: Calls,
    /// How many changes may be under way.
    permits: Semaphore,
}

impl ChangeLane {
    pub(super) fn new(connector: Connector, calls: Calls) -> ChangeLane {
        ChangeLane { connector, breaker: Breaker::default(), calls, permits: Semaphore::new(8) }
    }

    /// Waits until the change may be made; `None` when that takes too long, because others hang.
    pub async fn place(&self) -> Option<SemaphorePermit<'_>> {
        tokio::time::timeout(CHANGE_WAITS, self.permits.acquire()).await.ok()?.ok()
    }
}

/// Retries that may be spent: ten at first, and one more for ten successes.
#[derive(Debug)]
pub struct RetryBudget(std::sync::atomic::AtomicI32);

impl Default for RetryBudget {
    fn default() -> Self {
        RetryBudget(100.into())
    }
}

impl RetryBudget {
    const ORDER: std::sync::atomic::Ordering = std::sync::atomic::Ordering::Relaxed;

    /// A call succeeded.
    pub fn earn(&self) {
        let _ = self.0.fetch_update(Self::ORDER, Self::ORDER, |tenths| (tenths < 100).then_some(tenths + 1));
    }

    /// Whether a retry may be made; it is spent if so.
    pub fn spend(&self) -> bool {
        self.0.fetch_update(Self::ORDER, Self::ORDER, |tenths| (tenths >= 10).then_some(tenths - 10)).is_ok()
    }
}

impl Lane {
    pub(super) fn new(connector: Connector, permits: usize, calls: Calls) -> Lane {
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(permits)
            .pool_timer(TokioTimer::new())
            .http1_max_headers(100)
            .http1_max_buf_size(PIECE)
            .build(connector);
        let budget = RetryBudget::default();
        Lane { client, permits: Semaphore::new(permits), breaker: Breaker::default(), budget, calls }
    }
}

/// What makes connections to whom one trusts.
///
/// # Errors
/// A sentence when certificates cannot be read.
pub fn connector(trust: Trust<'_>) -> Result<Connector, String> {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    http.set_nodelay(true);
    http.enforce_http(false);
    Ok(hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(trust.client()?)
        .https_or_http()
        .enable_http1()
        .wrap_connector(http))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Metrics;

    #[tokio::test(start_paused = true)]
    async fn a_change_does_not_wait_for_ever_for_others() {
        let lane = ChangeLane::new(connector(Trust::Machine).unwrap(), Metrics::new().calls("eco", "changes"));
        let mut held = Vec::new();
        for _ in 0..8 {
            held.push(lane.place().await.unwrap());
        }
        assert!(lane.place().await.is_none());
        held.pop();
        assert!(lane.place().await.is_some());
    }
}
