//! What many ask for at once and one finds out.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// A value that is found out by one asker while the others wait, and stays good for a while.
#[derive(Debug)]
pub struct Fresh<T> {
    lasts: Duration,
    /// The value, and until when it is good.
    held: Mutex<Option<(Instant, T)>>,
}

impl<T: Clone> Fresh<T> {
    /// Of which a value is good for so long.
    pub fn new(lasts: Duration) -> Fresh<T> {
        Fresh { lasts, held: Mutex::default() }
    }

    /// The value; `find` runs only where there is none that is good. When its asker goes away, the next one begins.
    pub async fn get(&self, find: impl Future<Output = T>) -> T {
        let mut held = self.held.lock().await;
        if let Some((until, value)) = &*held
            && Instant::now() < *until
        {
            return value.clone();
        }
        let value = find.await;
        *held = Some((Instant::now() + self.lasts, value.clone()));
        value
    }

    /// Takes in a value that was found out by the way, good for so long. One that is being found out goes first.
    pub fn learn(&self, value: T, lasts: Duration) {
        if let Ok(mut held) = self.held.try_lock() {
            *held = Some((Instant::now() + lasts, value));
        }
    }

    /// Holds the value for good no longer.
    pub fn doubt(&self) {
        if let Ok(mut held) = self.held.try_lock() {
            *held = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_who_ask_at_once_cost_one_look() {
        let (fresh, looks) = (Fresh::new(Duration::from_secs(3)), AtomicU32::new(0));
        let look = || async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            looks.fetch_add(1, Ordering::Relaxed)
        };
        assert_eq!(join_all((0..100).map(|_| fresh.get(look()))).await, vec![0; 100]);
        tokio::time::advance(Duration::from_millis(2999)).await;
        assert_eq!(fresh.get(look()).await, 0);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(join_all((0..100).map(|_| fresh.get(look()))).await, vec![1; 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_learned_is_good_for_its_time() {
        let fresh = Fresh::new(Duration::from_secs(3));
        fresh.learn(1, Duration::from_secs(15));
        tokio::time::advance(Duration::from_millis(14_999)).await;
        assert_eq!(fresh.get(async { 2 }).await, 1);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(fresh.get(async { 2 }).await, 2);
        fresh.doubt();
        assert_eq!(fresh.get(async { 3 }).await, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn an_asker_that_goes_away_leaves_the_look_to_the_next() {
        let fresh = Fresh::new(Duration::from_secs(3));
        let gone = tokio::time::timeout(Duration::from_secs(1), fresh.get(std::future::pending())).await;
        assert!(gone.is_err());
        assert_eq!(fresh.get(async { 7 }).await, 7);
    }
}
