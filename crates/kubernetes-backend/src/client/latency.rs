//! How long calls to the API took, for the plugin's metrics.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use launcher_api::response::LatencySample;

/// Counts since the last time they were taken.
#[derive(Debug, Default)]
pub(super) struct Latency {
    sample: Mutex<Option<LatencySample>>,
}

impl Latency {
    /// One call took this long.
    pub(super) fn record(&self, duration: Duration) {
        let mut sample = self.sample.lock().unwrap_or_else(PoisonError::into_inner);
        sample.get_or_insert_default().observe(duration);
    }

    /// What was counted since the last call of this.
    pub(super) fn take(&self) -> Option<LatencySample> {
        self.sample.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
