//! Times as they stand on the wire.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::field_error::FieldError;
use crate::wire::{FromWire, Path};

/// A moment in the life of a job, in whole microseconds since 1970 (UTC).
///
/// Written as `2026-11-24T09:30:12.250118Z`, without the fraction where it is zero. Read with a fraction of one to nine
/// digits or none (cut to microseconds) and with `Z`, `±hh:mm` or no zone, which means UTC. Years are 0000 to 9999.
///
/// What is told is what is kept: a time that went over the wire is equal to the one that was sent, so filters with both
/// ends included find the job whose time they name.
///
/// ```
/// use launcher_api::JobTime;
///
/// let time: JobTime = "2026-11-24T11:30:12.5+02:00".parse()?;
/// assert_eq!(time.to_string(), "2026-11-24T09:30:12.500000Z");
/// # Ok::<(), launcher_api::ParseTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobTime(Timestamp);

/// The text is not a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time such as 2026-11-24T09:30:12Z, found '{found}'")]
pub struct ParseTimeError {
    /// What stood there.
    pub found: String,
}

impl JobTime {
    /// Keeps the microseconds of `timestamp`.
    #[must_use]
    pub fn new(timestamp: Timestamp) -> Self {
        Self(Timestamp::from_microsecond(timestamp.as_microsecond()).unwrap_or(timestamp))
    }

    /// The same moment for calculations.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for JobTime {
    fn from(timestamp: Timestamp) -> Self {
        Self::new(timestamp)
    }
}

impl fmt::Display for JobTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Offset::UTC.to_datetime(self.0);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        )?;
        match time.subsec_nanosecond() / 1000 {
            0 => f.write_str("Z"),
            micros => write!(f, ".{micros:06}Z"),
        }
    }
}

impl FromStr for JobTime {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        parse(text.as_bytes()).map(Self::new).ok_or_else(|| ParseTimeError { found: text.to_owned() })
    }
}

impl Serialize for JobTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for JobTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl FromWire for JobTime {
    const EXPECTED: &'static str = "a time such as 2026-11-24T09:30:12Z";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(text) => {
                text.parse().map_err(|_| FieldError::wrong_word(path, Self::EXPECTED, &text))
            }
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

/// Reads the fixed columns `YYYY-MM-DDThh:mm:ss`, then a fraction, then a zone.
fn parse(text: &[u8]) -> Option<Timestamp> {
    let (fixed, rest) = text.split_at_checked(19)?;
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|&(column, mark)| !fixed[column].eq_ignore_ascii_case(&mark)) {
        return None;
    }
    let (nanoseconds, zone) = parse_fraction(rest)?;
    let time = DateTime::new(
        i16::try_from(digits(&fixed[0..4])?).ok()?,
        small(&fixed[5..7])?,
        small(&fixed[8..10])?,
        small(&fixed[11..13])?,
        small(&fixed[14..16])?,
        small(&fixed[17..19])?,
        nanoseconds,
    )
    .ok()?;
    let timestamp = parse_zone(zone)?.to_timestamp(time).ok()?;
    // A zone can carry the first and last hours over the edge of the years that have four digits.
    (0..=9999).contains(&Offset::UTC.to_datetime(timestamp).year()).then_some(timestamp)
}

fn parse_fraction(text: &[u8]) -> Option<(i32, &[u8])> {
    let Some(fraction) = text.strip_prefix(b".") else { return Some((0, text)) };
    let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&length) {
        return None;
    }
    let (number, zone) = fraction.split_at(length);
    let scale = 10_i32.pow(9 - u32::try_from(length).ok()?);
    Some((i32::try_from(digits(number)?).ok()? * scale, zone))
}

fn parse_zone(text: &[u8]) -> Option<Offset> {
    let (sign, hours, minutes) = match text {
        [] | [b'Z' | b'z'] => return Some(Offset::UTC),
        [b'+', h1, h2, b':', m1, m2] => (1, [*h1, *h2], [*m1, *m2]),
        [b'-', h1, h2, b':', m1, m2] => (-1, [*h1, *h2], [*m1, *m2]),
        _ => return None,
    };
    let (hours, minutes) = (i32::from(small(&hours)?), i32::from(small(&minutes)?));
    if hours > 23 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// Two digits.
fn small(text: &[u8]) -> Option<i8> {
    digits(text).and_then(|number| i8::try_from(number).ok())
}

/// At most nine digits, so nothing overflows.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}
