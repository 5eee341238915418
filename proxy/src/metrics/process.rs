//! What the process takes, by the names that Prometheus has for it, as far as Linux tells.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::set;

/// Ticks in a second of the clock by which Linux tells programs their processor's time.
const TICKS: f64 = 100.0;

#[derive(Default)]
pub(super) struct Numbers {
    resident: Gauge,
    open: Gauge,
    most_open: Gauge,
    started: Gauge,
    busy: Counter<f64, AtomicU64>,
}

impl Numbers {
    /// Registers them; this moment counts as the start.
    pub(super) fn register(&self, registry: &mut Registry) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        set(&self.started, since.as_secs());
        registry.register_with_unit("resident_memory", "Memory in use", Unit::Bytes, self.resident.clone());
        registry.register("open_fds", "File descriptors that are open", self.open.clone());
        registry.register("max_fds", "File descriptors that may be open", self.most_open.clone());
        registry.register_with_unit("start_time", "The start, since the epoch", Unit::Seconds, self.started.clone());
        registry.register_with_unit("cpu", "The processor's time", Unit::Seconds, self.busy.clone());
    }

    /// Looks.
    pub(super) fn look(&self) {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        if let Some(kilobytes) = number_after(&status, "VmRSS:") {
            set(&self.resident, kilobytes * 1024);
        }
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            // Less the one by which they are listed.
            set(&self.open, open.count().saturating_sub(1));
        }
        let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
        if let Some(most) = number_after(&limits, "Max open files") {
            set(&self.most_open, most);
        }
        if let Some(seconds) = fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(busy) {
            self.busy.inner().store(seconds.to_bits(), Ordering::Relaxed);
        }
    }
}

/// The number that follows a name at the beginning of a line.
fn number_after(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

/// The processor's time in seconds, of the process itself and of the kernel for it.
fn busy(stat: &str) -> Option<f64> {
    // The program's name may hold spaces and ends with the last parenthesis; the third field follows it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u32>().ok().map(f64::from);
    Some((next()? + next()?) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_linux_writes_them() {
        let status = "Name:\thowdah\nVmHWM:\t   21880 kB\nVmRSS:\t   21500 kB\n";
        assert_eq!(number_after(status, "VmRSS:"), Some(21500));
        let limits = "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024      524288     files\n";
        assert_eq!(number_after(limits, "Max open files"), Some(1024));
        assert_eq!(number_after("Max open files   unlimited", "Max open files"), None);
        let stat = "7 (a) b) c) S 1 7 7 0 -1 4194560 2215 0 0 0 230 20 0 0 20 0 4 0 99 1 2";
        assert_eq!(busy(stat), Some(2.5));
        assert_eq!(busy(""), None);
    }
}
