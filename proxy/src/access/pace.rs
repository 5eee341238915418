//! How often a principal may call.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use howdah_shared::problem::{Code, Problem};

/// Principals of whom it is remembered how often they called, before those who have long been quiet are forgotten.
const REMEMBERED: usize = 4096;

/// Counts calls by principal.
pub struct Pace {
    limiter: RateLimiter<String, HashMapStateStore<String>, DefaultClock, NoOpMiddleware>,
    clock: DefaultClock,
    per_second: u32,
}

impl Pace {
    /// So many calls a second for each, and as many at once.
    pub fn new(per_second: u32) -> Pace {
        let quota = Quota::per_second(NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN));
        Pace { limiter: RateLimiter::hashmap(quota), clock: DefaultClock::default(), per_second }
    }

    /// Counts a call of a principal.
    ///
    /// # Errors
    /// 429 `too_many_requests`.
    pub fn check(&self, principal: &str) -> Result<(), Box<Problem>> {
        if self.limiter.len() > REMEMBERED {
            self.limiter.retain_recent();
        }
        let Err(until) = self.limiter.check_key(&principal.to_owned()) else { return Ok(()) };
        let wait = until.wait_time_from(self.clock.now()).max(Duration::from_secs(1));
        let detail =
            format!("You may make {} calls a second; this one came too soon. Nothing was done.", self.per_second);
        let retry_after = Some(wait.as_secs());
        Err(Box::new(Problem { retry_after, ..Problem::new(Code::TooManyRequests, detail) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_calls_too_often_waits_and_others_do_not() {
        let pace = Pace::new(1);
        assert!(pace.check("eager").is_ok());
        let problem = pace.check("eager").unwrap_err();
        assert_eq!((problem.code, problem.retry_after), (Code::TooManyRequests, Some(1)));
        assert!(pace.check("calm").is_ok());
    }
}
