//! Pausing calls to a service that fails, so that it can recover and its callers do not wait in vain.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const FAILURES_TO_OPEN: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Opens after some failures in a row; lets one call try after each pause, and closes when it succeeds.
#[derive(Debug, Default)]
pub struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    pause: Duration,
    until: Option<Instant>,
}

impl Breaker {
    /// Whether a call may go out now.
    ///
    /// # Errors
    /// How long to wait before the next try.
    pub fn admit(&self) -> Result<(), Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(until) = state.until else { return Ok(()) };
        let now = Instant::now();
        if now < until {
            return Err(until - now);
        }
        // This call tries; the others wait for what becomes of it, another pause at the most.
        state.until = Some(now + state.pause);
        Ok(())
    }

    /// Whether calls are paused, but for one that may try from time to time.
    pub fn is_open(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).until.is_some()
    }

    /// A call came through.
    pub fn succeeded(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// A call failed in a way that says that the service is not there.
    pub fn failed(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.failures += 1;
        if state.failures >= FAILURES_TO_OPEN {
            state.pause = (state.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
            state.until = Some(Instant::now() + state.pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_opens_pauses_ever_longer_and_closes() {
        let breaker = Breaker::default();
        for _ in 0..FAILURES_TO_OPEN {
            assert_eq!(breaker.admit(), Ok(()));
            breaker.failed();
        }
        assert_eq!((breaker.admit(), breaker.is_open()), (Err(FIRST_PAUSE), true));
        tokio::time::advance(FIRST_PAUSE).await;
        assert_eq!(breaker.admit(), Ok(()), "one call may try");
        assert!(breaker.admit().is_err(), "and no other meanwhile");
        breaker.failed();
        assert_eq!(breaker.admit(), Err(FIRST_PAUSE * 2));
        tokio::time::advance(FIRST_PAUSE * 2).await;
        assert_eq!(breaker.admit(), Ok(()));
        breaker.succeeded();
        assert_eq!((breaker.admit(), breaker.admit()), (Ok(()), Ok(())));
        assert!(!breaker.is_open());
    }
}
