//! How long to wait before trying again.

use std::time::Duration;

use crate::chance;

/// A source of numbers from 0 up to but not including 1. Injected, so that tests know what comes.
pub type Jitter = fn() -> f64;

/// Delays that double, up to a longest one, with half of each left to chance: clients that lost the same server do not
/// come back together.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    jitter: Jitter,
}

impl Backoff {
    /// Delays that begin with `first` and stay below `longest`; `first` counts where it is the longer one.
    pub fn new(first: Duration, longest: Duration, jitter: Jitter) -> Self {
        Self { first, longest: longest.max(first), jitter }
    }

    /// For watches: half a second to half a minute.
    pub fn for_watches() -> Self {
        Self::new(Duration::from_millis(500), Duration::from_secs(30), chance::fraction)
    }

    /// The delay before attempt number `attempt`, counted from 0.
    pub fn delay(&self, attempt: u32) -> Duration {
        let whole = self.first.saturating_mul(2u32.saturating_pow(attempt.min(16))).min(self.longest);
        whole.mul_f64(0.5 + (self.jitter)() / 2.0)
    }

    /// A moment of up to a second, to spread what many clients do at once.
    pub fn spread(&self) -> Duration {
        Duration::from_secs(1).mul_f64((self.jitter)())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest() {
        let backoff =
            Backoff::new(Duration::from_millis(500), Duration::from_secs(30), || 1.0 - f64::EPSILON);
        let seconds: Vec<f64> = [0, 1, 2, 3, 9, 400].map(|n| backoff.delay(n).as_secs_f64().round()).into();
        assert_eq!(seconds, [1.0, 1.0, 2.0, 4.0, 30.0, 30.0]);
    }

    #[test]
    fn half_of_a_delay_is_chance() {
        let least = Backoff::new(Duration::from_secs(2), Duration::from_secs(8), || 0.0);
        assert_eq!(least.delay(0), Duration::from_secs(1));
        assert_eq!(least.delay(1), Duration::from_secs(2));
    }
}
