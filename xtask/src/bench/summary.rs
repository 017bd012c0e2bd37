//! Several measurements of one thing, as a median and a spread.

use std::time::{Duration, Instant};

/// Measurements of one thing.
#[derive(Debug, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn push(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    /// The value that a share of the samples does not exceed; zero when there is none.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        sorted.get(index(share, sorted.len())).copied().unwrap_or_default()
    }

    /// `median 3.1 ms   p95 4.0 ms   (20 samples)`
    pub(crate) fn describe(&self) -> String {
        let ms = |d: Duration| format!("{:8.2} ms", d.as_secs_f64() * 1e3);
        format!(
            "median {}   p95 {}   max {}   ({} samples)",
            ms(self.quantile(0.5)),
            ms(self.quantile(0.95)),
            ms(self.quantile(1.0)),
            self.0.len()
        )
    }
}

/// By how much one moment was later than another; earlier ones count as negative.
#[derive(Debug, Default)]
pub(crate) struct Lags(Vec<f64>);

impl Lags {
    pub(crate) fn push(&mut self, later: Instant, earlier: Instant) {
        let after = later.saturating_duration_since(earlier).as_secs_f64();
        let before = earlier.saturating_duration_since(later).as_secs_f64();
        self.0.push((after - before) * 1e3);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The milliseconds that a share of the samples does not exceed; zero when there is none.
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(index(share, sorted.len())).copied().unwrap_or_default()
    }
}

/// Where a share of so many sorted samples ends.
fn index(share: f64, count: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index into a short list")]
    let index = (share * count.saturating_sub(1) as f64).round() as usize;
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_sample_whatever_the_order() {
        let mut samples = Samples::default();
        for ms in [5, 1, 9, 3, 7] {
            samples.push(Duration::from_millis(ms));
        }
        assert_eq!(samples.quantile(0.5), Duration::from_millis(5));
        assert_eq!(samples.quantile(1.0), Duration::from_millis(9));
    }
}
