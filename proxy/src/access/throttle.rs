//! Slowing down whoever guesses tokens.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use howdah_shared::problem::{Code, Problem};
use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(60);
const FAILURES: u32 = 20;
/// Addresses that are remembered at the most.
const ADDRESSES: usize = 4096;

/// Counts wrong tokens by address: 20 within a minute, and that address waits for the next minute.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Throttle {
    /// Looks something up by a secret, unless too many such looks of this address have found nothing.
    ///
    /// # Errors
    /// 429 `too_many_sign_ins`.
    pub fn check<T>(&self, address: IpAddr, look: impl FnOnce() -> Option<T>) -> Result<Option<T>, Box<Problem>> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        failures.retain(|_, (since, _)| now - *since < WINDOW);
        let count = failures.get(&address).map_or(0, |(_, count)| *count);
        if count >= FAILURES || (count == 0 && failures.len() >= ADDRESSES) {
            let detail = "Too many wrong tokens came from your address. Wait a minute.";
            return Err(Box::new(Problem::new(Code::TooManySignIns, detail)));
        }
        let found = look();
        if found.is_none() {
            failures.entry(address).or_insert((now, 0)).1 += 1;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn guessing_is_slowed_and_forgotten_after_a_minute() {
        let throttle = Throttle::default();
        let (here, there) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        for _ in 0..FAILURES {
            assert_eq!(throttle.check(here, || None::<u8>).unwrap(), None);
        }
        assert_eq!(throttle.check(here, || Some(1)).unwrap_err().code, Code::TooManySignIns);
        assert_eq!(throttle.check(there, || Some(1)).unwrap(), Some(1));
        tokio::time::advance(WINDOW).await;
        assert_eq!(throttle.check(here, || Some(1)).unwrap(), Some(1));
    }
}
