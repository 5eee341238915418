//! What the figures of a cluster were while somebody looked on: the last hour, for as long as the tab lives.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use howdah_shared::systems::yarn::ClusterMetrics;

/// How far back it reaches, in ms.
pub(super) const REACH: f64 = 3_600_000.0;

/// The figures at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    /// When, in ms since the epoch by the browser's clock.
    pub(super) at: f64,
    /// Memory allocated, in MiB.
    pub(super) memory: Option<f64>,
    /// Cores allocated.
    pub(super) cores: Option<f64>,
    /// Containers allocated.
    pub(super) containers: Option<f64>,
    /// Applications that run.
    pub(super) running: Option<f64>,
    /// Applications that wait.
    pub(super) pending: Option<f64>,
}

impl Sample {
    fn new(at: f64, metrics: &ClusterMetrics) -> Sample {
        let figure = |figure: Option<i64>| figure.filter(|figure| *figure >= 0).map(|figure| figure as f64);
        Sample {
            at,
            memory: figure(metrics.allocated_mb),
            cores: figure(metrics.allocated_virtual_cores),
            containers: figure(metrics.containers_allocated),
            running: figure(metrics.apps_running),
            pending: figure(metrics.apps_pending),
        }
    }
}

thread_local! {
    static SEEN: RefCell<HashMap<String, VecDeque<Sample>>> = RefCell::default();
}

/// Takes in what was seen of a connection's cluster, and gives the last hour in the order of time.
pub(super) fn take(connection: &str, at: f64, metrics: &ClusterMetrics) -> Vec<Sample> {
    SEEN.with_borrow_mut(|seen| {
        let samples = seen.entry(connection.to_owned()).or_default();
        add(samples, Sample::new(at, metrics));
        samples.iter().copied().collect()
    })
}

/// A clock that was set back begins anew: there is no order between the two.
fn add(samples: &mut VecDeque<Sample>, sample: Sample) {
    if samples.back().is_some_and(|last| last.at > sample.at) {
        samples.clear();
    }
    if samples.back().is_some_and(|last| last.at == sample.at) {
        samples.pop_back();
    }
    samples.push_back(sample);
    while samples.front().is_some_and(|first| sample.at - first.at > REACH) {
        samples.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(at: f64) -> Sample {
        Sample::new(at, &ClusterMetrics { apps_running: Some(1), apps_pending: Some(-1), ..Default::default() })
    }

    #[test]
    fn an_hour_is_kept() {
        let mut samples = VecDeque::new();
        for minute in 0..100 {
            add(&mut samples, at(f64::from(minute) * 60_000.0));
        }
        assert_eq!((samples.len(), samples[0].at), (61, 39.0 * 60_000.0));
        add(&mut samples, at(5.0));
        assert_eq!(samples.len(), 1, "the clock was set back");
        add(&mut samples, at(5.0));
        assert_eq!(samples.len(), 1, "the same instant once more");
    }

    #[test]
    fn what_is_below_nothing_is_not_known() {
        assert_eq!((at(0.0).running, at(0.0).pending, at(0.0).memory), (Some(1.0), None, None));
    }
}
