//! Slowing down whoever guesses tokens or a trusted proxy's secret.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use howdah_shared::problem::{Code, Problem};
use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(60);
const FAILURES: u32 = 20;
/// Addresses that are remembered at the most.
const ADDRESSES: usize = 4096;

/// Counts wrong secrets by address: 20 within a minute, and that address waits for the next minute.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Throttle {
    /// Looks something up by a secret, unless too many such looks of this address have found nothing.
    ///
    /// # Errors
    /// 429 `too_many_sign_ins`.
    pub fn check<T>(&self, address: IpAddr, look: impl FnOnce() -> Option<T>) -> Result<Option<T>, Box<Problem>> {
        let address = network(address);
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let recent = failures.get(&address).filter(|(since, _)| now - *since < WINDOW);
        if recent.is_some_and(|(_, count)| *count >= FAILURES) {
            let detail = "Too many wrong secrets came from your address. Wait a minute.";
            let retry_after = Some(WINDOW.as_secs());
            return Err(Box::new(Problem { retry_after, ..Problem::new(Code::TooManySignIns, detail) }));
        }
        let found = look();
        if found.is_none() {
            failures.retain(|_, (since, _)| now - *since < WINDOW);
            // Who has many addresses must not shut out those who have done nothing.
            if failures.len() >= ADDRESSES
                && !failures.contains_key(&address)
                && let Some(oldest) = failures.iter().min_by_key(|(_, (since, _))| *since).map(|(oldest, _)| *oldest)
            {
                failures.remove(&oldest);
            }
            failures.entry(address).or_insert((now, 0)).1 += 1;
        }
        Ok(found)
    }
}

/// Whoever has one address of IPv6 has a network of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address => address,
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

    #[tokio::test(start_paused = true)]
    async fn many_addresses_shut_nobody_out_and_are_not_all_remembered() {
        let throttle = Throttle::default();
        let networks = |number: u128| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8 << 96) + (number << 64) + number));
        for number in 0..2 * ADDRESSES as u128 {
            assert_eq!(throttle.check(networks(number), || None::<u8>).unwrap(), None);
        }
        assert_eq!(throttle.0.lock().unwrap().len(), ADDRESSES);
        assert_eq!(throttle.check(IpAddr::from([127, 0, 0, 1]), || Some(1)).unwrap(), Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_of_one_network_count_together() {
        let throttle = Throttle::default();
        let neighbours = |number: u32| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8 << 96) + u128::from(number)));
        for number in 0..FAILURES {
            assert_eq!(throttle.check(neighbours(number), || None::<u8>).unwrap(), None);
        }
        assert!(throttle.check(neighbours(FAILURES), || Some(1)).is_err());
    }
}
