//! The metrics that a plugin tells of itself.

use std::sync::Arc;
use std::time::Duration;

use launcher_api::Response;
use launcher_api::response::Metrics;
use tokio::time::{Instant, MissedTickBehavior};

use crate::backend::Backend;
use crate::outbox::{Outbound, Outbox};

/// Tells the metrics every `interval`, the first time after one. A message for which there is no room is dropped.
pub(crate) async fn tell<B: Backend>(backend: Arc<B>, outbox: Outbox, started: Instant, interval: Duration) {
    let mut ticks = tokio::time::interval_at(Instant::now() + interval, interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // First the room: a sample that was taken must be sent.
        let Some(slot) = outbox.slot_now() else {
            tracing::debug!("metrics dropped: the Launcher does not read");
            continue;
        };
        let metrics = Metrics {
            uptime_seconds: started.elapsed().as_secs(),
            memory_usage_bytes: resident_memory().unwrap_or(0),
            cluster_interaction_latency: backend.take_latency_sample(),
        };
        slot.send(Outbound::answer(Response::Metrics(metrics)));
    }
}

/// The memory of this process that is in use, in bytes. `None` where the system does not tell.
fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    parse_resident(&status)
}

/// Finds `VmRSS:   1234 kB`.
fn parse_resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::parse_resident;

    #[test]
    fn resident_memory_is_read_from_the_process_status_in_bytes() {
        assert_eq!(parse_resident("Name:\tx\nVmRSS:\t   47104 kB\nThreads:\t1\n"), Some(48_234_496));
        assert_eq!(parse_resident("Name:\tx\n"), None);
        assert_eq!(parse_resident("VmRSS:\tmuch\n"), None);
    }
}
