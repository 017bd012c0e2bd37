//! How long calls took, counted in buckets.

use std::time::Duration;

use serde::ser::SerializeMap;
use serde_json::Value;

use crate::field_error::FieldError;
use crate::wire::{FromWire, ObjectReader, ObjectWriter, Path, ReadObject, WriteObject, wire_object};

/// The upper bounds of the buckets, each included in its bucket.
pub const LATENCY_BUCKET_BOUNDS: [Duration; 10] = [
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// How many calls took how long since the last message.
///
/// ```
/// use std::time::Duration;
/// use launcher_api::response::LatencySample;
///
/// let mut sample = LatencySample::default();
/// sample.observe(Duration::from_millis(10));
/// sample.observe(Duration::from_millis(11));
/// assert_eq!(sample.buckets()[..3], [1, 1, 0]);
/// assert_eq!(sample.sum(), Duration::from_millis(21));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LatencySample {
    /// Not cumulative: each call is in one bucket at most.
    buckets: [u64; LATENCY_BUCKET_BOUNDS.len()],
    sum: Duration,
}

impl LatencySample {
    /// Counts one call. One that took longer than the last bound is only in the sum.
    pub fn observe(&mut self, duration: Duration) {
        let bucket = LATENCY_BUCKET_BOUNDS.iter().position(|bound| duration <= *bound);
        if let Some(count) = bucket.and_then(|bucket| self.buckets.get_mut(bucket)) {
            *count = count.saturating_add(1);
        }
        self.sum = self.sum.saturating_add(duration);
    }

    /// Whether nothing was counted: then no sample is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many calls took at most the [bound](LATENCY_BUCKET_BOUNDS) of the same place, and longer than the one before.
    #[must_use]
    pub fn buckets(&self) -> &[u64; LATENCY_BUCKET_BOUNDS.len()] {
        &self.buckets
    }

    /// How long all calls took together.
    #[must_use]
    pub fn sum(&self) -> Duration {
        self.sum
    }
}

impl ReadObject for LatencySample {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let buckets: Buckets = object.required("buckets")?;
        let sum: Seconds = object.required("sum")?;
        Ok(Self { buckets: buckets.0, sum: sum.0 })
    }
}

impl WriteObject for LatencySample {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("buckets", &self.buckets)?;
        out.always("sum", &self.sum.as_secs_f64())
    }
}

wire_object!(LatencySample);

/// The value of `buckets`.
struct Buckets([u64; LATENCY_BUCKET_BOUNDS.len()]);

impl FromWire for Buckets {
    const EXPECTED: &'static str = "an array of ten counts";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        let error = FieldError::mismatch(path, Self::EXPECTED, &value);
        Vec::from_wire(value, path)?.try_into().map(Self).map_err(|_| error)
    }
}

/// A time in seconds, with decimals.
struct Seconds(Duration);

impl FromWire for Seconds {
    const EXPECTED: &'static str = "a number of seconds, not negative";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        let seconds = value.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        seconds.map(Self).ok_or_else(|| FieldError::mismatch(path, Self::EXPECTED, &value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_in_the_first_bucket_whose_bound_it_does_not_pass() {
        for (place, bound) in LATENCY_BUCKET_BOUNDS.iter().enumerate() {
            let mut sample = LatencySample::default();
            sample.observe(*bound);
            sample.observe(*bound + Duration::from_nanos(1));
            assert_eq!(sample.buckets()[place], 1, "{bound:?}");
            assert_eq!(sample.buckets().get(place + 1).copied().unwrap_or(1), 1, "{bound:?}");
        }
    }

    #[test]
    fn a_call_beyond_the_last_bound_is_only_in_the_sum() {
        let mut sample = LatencySample::default();
        assert!(sample.is_empty());
        sample.observe(Duration::from_secs(31));
        assert_eq!(sample.buckets(), &[0; 10]);
        assert_eq!(sample.sum(), Duration::from_secs(31));
        assert!(!sample.is_empty());
    }
}
