//! Times as the API writes them.

use jiff::{SignedDuration, Timestamp};

/// The present.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// `2026-11-24T11:10:15Z`: `meta/v1.Time`.
pub(crate) fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-11-24T11:05:41.436536Z`: `meta/v1.MicroTime`.
pub(crate) fn micros(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// The present as `meta/v1.Time`.
pub(crate) fn now_seconds() -> String {
    seconds(now())
}

/// `time` and so many seconds; the end of all time when that is beyond it.
pub(crate) fn after_seconds(time: Timestamp, count: u64) -> Timestamp {
    let span = SignedDuration::from_secs(i64::try_from(count).unwrap_or(i64::MAX));
    time.saturating_add(span).unwrap_or(Timestamp::MAX)
}
