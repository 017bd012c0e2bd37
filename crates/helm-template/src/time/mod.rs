//! Times, durations and layouts as in Go's `time` package.

mod calendar;
mod duration;
mod format;
mod layout;
pub(crate) mod location;
mod object;
mod parse;
mod zone;

pub(crate) use calendar::Civil;
pub(crate) use duration::{Duration, parse_duration};
pub(crate) use object::time_in;
pub(crate) use parse::{ParseError, parse};
pub(crate) use zone::Zone;

/// Seconds from year 1 to 1970: the zero time of Go is year 1.
const ZERO_SECONDS: i64 = -62_135_596_800;

/// A moment in a time zone.
#[derive(Clone, Debug)]
pub(crate) struct Time {
    /// Since 1970 in UTC.
    seconds: i64,
    nanoseconds: u32,
    zone: Zone,
    /// The zone of the machine, for `.Local`.
    local: Zone,
}

/// Go prints a time so.
const DEFAULT_LAYOUT: &str = "2006-01-02 15:04:05.999999999 -0700 MST";

const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

impl Time {
    /// A moment, seen from a zone.
    pub(crate) fn new(seconds: i64, nanoseconds: u32, zone: Zone) -> Self {
        Self { seconds, nanoseconds, zone, local: Zone::Utc }
    }

    /// The same time, for a machine in this zone.
    pub(crate) fn with_local(self, local: Zone) -> Self {
        Self { local, ..self }
    }

    /// Go's zero time.
    pub(crate) fn zero() -> Self {
        Self::new(ZERO_SECONDS, 0, Zone::Utc)
    }

    /// The moment that calendar and clock show in a zone.
    fn of_civil(civil: &Civil, zone: Zone) -> Self {
        let shown = civil.seconds();
        // The offset is first looked up as if the zone were UTC, and again where that leads.
        let first = zone.offset_at(shown);
        let mut seconds = shown.wrapping_sub(i64::from(first));
        let second = zone.offset_at(seconds);
        if first != 0 && second != first {
            seconds = shown.wrapping_sub(i64::from(second));
        }
        Self::new(seconds, civil.nanosecond, zone)
    }

    /// Seconds since 1970 in UTC.
    pub(crate) fn seconds(&self) -> i64 {
        self.seconds
    }

    /// The same moment in another zone.
    pub(crate) fn in_zone(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// What calendar and clock show.
    pub(crate) fn civil(&self) -> Civil {
        let offset = i64::from(self.zone.offset_at(self.seconds));
        Civil::of_seconds(self.seconds.wrapping_add(offset), self.nanoseconds)
    }

    /// Seconds east of UTC.
    fn offset(&self) -> i32 {
        self.zone.offset_at(self.seconds)
    }

    fn is_zero(&self) -> bool {
        self.seconds == ZERO_SECONDS && self.nanoseconds == 0
    }

    /// Later (or earlier) by a duration.
    pub(crate) fn plus(&self, duration: Duration) -> Self {
        let total = i128::from(self.nanoseconds) + i128::from(duration.0);
        let seconds = self.seconds.wrapping_add(total.div_euclid(1_000_000_000) as i64);
        let nanoseconds = total.rem_euclid(1_000_000_000) as u32;
        Self { seconds, nanoseconds, ..self.clone() }
    }

    /// How much later it is than another, as far as a duration goes.
    pub(crate) fn since(&self, other: &Self) -> Duration {
        let seconds = i128::from(self.since_year_one()) - i128::from(other.since_year_one());
        let total = seconds * 1_000_000_000 + i128::from(self.nanoseconds) - i128::from(other.nanoseconds);
        Duration(total.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }

    /// Seconds as Go keeps them: the last of those since 1970 wrap around.
    fn since_year_one(&self) -> i64 {
        self.seconds.wrapping_sub(ZERO_SECONDS)
    }

    /// In a layout, by default Go's own.
    pub(crate) fn format(&self, layout: &[u8]) -> Vec<u8> {
        format::format(self, layout)
    }

    fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.format(DEFAULT_LAYOUT.as_bytes())).into_owned()
    }

    /// RFC 3339 with as many digits of the second as needed.
    pub(crate) fn to_rfc3339(&self) -> String {
        String::from_utf8_lossy(&self.format(RFC3339_NANO.as_bytes())).into_owned()
    }

    /// RFC 3339, or less for the dates and times without a zone that TOML has.
    pub(crate) fn to_toml_text(&self) -> String {
        let name = self.zone.name();
        let layout = match name.as_bytes() {
            b"datetime-local" => "2006-01-02T15:04:05.999999999",
            b"date-local" => "2006-01-02",
            b"time-local" => "15:04:05.999999999",
            _ => RFC3339_NANO,
        };
        String::from_utf8_lossy(&self.format(layout.as_bytes())).into_owned()
    }

    /// What `MarshalJSON` gives, without quotes.
    pub(crate) fn to_json_text(&self) -> Result<String, String> {
        const DAY: i32 = 86_400;
        if !(0..=9999).contains(&self.civil().year) {
            return Err("Time.MarshalJSON: year outside of range [0,9999]".to_owned());
        }
        if self.offset().abs() >= DAY {
            return Err("Time.MarshalJSON: timezone hour outside of range [0,23]".to_owned());
        }
        Ok(self.to_rfc3339())
    }

    /// Whether both show the same moment in the same zone.
    pub(crate) fn is_identical(&self, other: &Self) -> bool {
        self.seconds == other.seconds && self.nanoseconds == other.nanoseconds && self.zone == other.zone
    }
}
