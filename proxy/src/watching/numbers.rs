//! Watching in numbers, for whoever keeps an eye on it.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use super::{MEMORY_LIMIT, Watching};

/// What is watched now.
#[derive(Debug, Default)]
pub struct Numbers {
    /// By connection; what is Howdah's own stands under an empty name.
    pub polled: BTreeMap<String, Polled>,
    /// WebSockets.
    pub sockets: usize,
    /// The bytes of all pictures.
    pub bytes: usize,
    /// The most that they may have.
    pub limit: usize,
    /// Watchers that had to begin anew since the start.
    pub resets: u64,
}

/// What is watched of a connection.
#[derive(Debug, Default)]
pub struct Polled {
    /// Pollers.
    pub pollers: usize,
    /// Those whose last look failed.
    pub failing: usize,
    /// Those who watch.
    pub watchers: usize,
}

impl Watching {
    /// How it stands now.
    pub fn numbers(&self) -> Numbers {
        let register = self.register();
        let mut polled: BTreeMap<String, Polled> = BTreeMap::new();
        for (subject, poller) in &register.pollers {
            let (watchers, failing) = poller.numbers();
            let counted = polled.entry(subject.connection().to_owned()).or_default();
            counted.pollers += 1;
            counted.failing += usize::from(failing);
            counted.watchers += watchers;
        }
        Numbers {
            polled,
            sockets: register.sockets.values().sum(),
            bytes: self.memory.0.load(Ordering::Relaxed),
            limit: MEMORY_LIMIT,
            resets: self.resets.load(Ordering::Relaxed),
        }
    }
}
