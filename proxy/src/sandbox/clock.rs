//! Time as the simulated services live it: a state is computed from the time that has passed, never by a timer.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// When the simulators started, and how much faster than ours their time runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started: Instant,
    epoch_ms: i64,
    pace: f64,
}

impl Clock {
    /// A clock that starts now.
    pub(super) fn start(pace: f64) -> Clock {
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Clock { started: Instant::now(), epoch_ms: i64::try_from(epoch.as_millis()).unwrap_or(i64::MAX), pace }
    }

    /// Seconds of life since the start.
    pub(super) fn life(&self) -> f64 {
        self.started.elapsed().as_secs_f64() * self.pace
    }

    /// The instant that it is, in ms since the epoch.
    pub(super) fn now_ms(&self) -> i64 {
        self.wall_ms(self.life())
    }

    /// The instant, in ms since the epoch, at which so many seconds of life since the start have passed.
    pub(super) fn wall_ms(&self, life: f64) -> i64 {
        self.epoch_ms.saturating_add((life / self.pace * 1000.0) as i64)
    }
}
