//! Stretches of time.

use std::fmt;

use super::parse::quoted;

/// Nanoseconds, up to some 292 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Duration(pub(crate) i64);

/// Nanoseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000_000;

impl Duration {
    /// So many seconds; too many wrap around, as in Go.
    pub(crate) fn of_seconds(seconds: i64) -> Self {
        Self(seconds.wrapping_mul(SECOND))
    }

    /// Rounded to a multiple of a unit, half away from zero.
    pub(crate) fn round(self, unit: i64) -> Self {
        if unit <= 0 {
            return self;
        }
        let rest = i128::from(self.0 % unit);
        let (number, unit) = (i128::from(self.0), i128::from(unit));
        let rounded = if rest.abs() * 2 < unit {
            number - rest
        } else if number < 0 {
            number - rest - unit
        } else {
            number - rest + unit
        };
        Self(rounded.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }

    /// Without what is beyond the last multiple of a unit.
    pub(crate) fn truncate(self, unit: i64) -> Self {
        if unit <= 0 { self } else { Self(self.0 - self.0 % unit) }
    }

    /// In a unit, as Go divides: the whole part and the fraction apart.
    pub(crate) fn in_unit(self, unit: i64) -> f64 {
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64
    }
}

impl fmt::Display for Duration {
    /// As Go prints it: `1h0m0.5s`, `1.5ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match magnitude {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{magnitude}ns"),
            1_000..1_000_000 => write!(f, "{}µs", fraction(magnitude, 1_000)),
            1_000_000..1_000_000_000 => write!(f, "{}ms", fraction(magnitude, 1_000_000)),
            _ => {
                let minutes = magnitude / 60_000_000_000;
                let seconds = fraction(magnitude % 60_000_000_000, 1_000_000_000);
                match (minutes / 60, minutes % 60) {
                    (0, 0) => write!(f, "{seconds}s"),
                    (0, minutes) => write!(f, "{minutes}m{seconds}s"),
                    (hours, minutes) => write!(f, "{hours}h{minutes}m{seconds}s"),
                }
            }
        }
    }
}

/// A number of units with a fraction without zeros at its end.
fn fraction(number: u64, unit: u64) -> String {
    let digits = unit.ilog10() as usize;
    let text = format!("{}.{:0digits$}", number / unit, number % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DurationError {
    /// No duration at all, or too long a one.
    #[error("time: invalid duration {}", quoted(.text))]
    Invalid {
        /// The text.
        text: Vec<u8>,
    },
    /// A number without a unit.
    #[error("time: missing unit in duration {}", quoted(.text))]
    MissingUnit {
        /// The text.
        text: Vec<u8>,
    },
    /// A unit that there is not.
    #[error("time: unknown unit {} in duration {}", quoted(.unit), quoted(.text))]
    UnknownUnit {
        /// The unit.
        unit: Vec<u8>,
        /// The text.
        text: Vec<u8>,
    },
}

/// Go's `time.ParseDuration`.
pub(crate) fn parse_duration(text: &[u8]) -> Result<Duration, DurationError> {
    let invalid = || DurationError::Invalid { text: text.to_vec() };
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if rest == b"0" {
        return Ok(Duration(0));
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let whole_digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let whole = parse_unsigned(&rest[..whole_digits]).ok_or_else(invalid)?;
        rest = &rest[whole_digits..];
        let mut fraction: &[u8] = &[];
        if let Some(after) = rest.strip_prefix(b".") {
            let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
            (fraction, rest) = after.split_at(digits);
        }
        if whole_digits == 0 && fraction.is_empty() {
            return Err(invalid());
        }
        let unit_length =
            rest.iter().position(|&byte| byte == b'.' || byte.is_ascii_digit()).unwrap_or(rest.len());
        if unit_length == 0 {
            return Err(DurationError::MissingUnit { text: text.to_vec() });
        }
        let (unit, after) = rest.split_at(unit_length);
        rest = after;
        let scale: u64 = match unit {
            b"ns" => 1,
            b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
            b"ms" => 1_000_000,
            b"s" => 1_000_000_000,
            b"m" => 60_000_000_000,
            b"h" => 3_600_000_000_000,
            _ => return Err(DurationError::UnknownUnit { unit: unit.to_vec(), text: text.to_vec() }),
        };
        let whole = whole.checked_mul(scale).filter(|&whole| whole <= 1 << 63).ok_or_else(invalid)?;
        let part = whole.checked_add(part_of(fraction, scale));
        total = part
            .and_then(|part| total.checked_add(part))
            .filter(|&total| total <= 1 << 63)
            .ok_or_else(invalid)?;
    }
    match (negative, total) {
        (true, total) => Ok(Duration((total as i64).wrapping_neg())),
        (false, total) => i64::try_from(total).map(Duration).map_err(|_| invalid()),
    }
}

fn parse_unsigned(digits: &[u8]) -> Option<u64> {
    let mut number: u64 = 0;
    for &digit in digits {
        number = number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        if number > 1 << 63 {
            return None;
        }
    }
    Some(number)
}

/// A fraction of a unit, counted in floats as Go does. Digits that no longer fit are dropped.
fn part_of(digits: &[u8], scale: u64) -> u64 {
    let (mut number, mut divisor) = (0u64, 1f64);
    for &digit in digits {
        let Some(next) = number.checked_mul(10).and_then(|ten| ten.checked_add(u64::from(digit - b'0')))
        else {
            break;
        };
        if next > i64::MAX as u64 {
            break;
        }
        (number, divisor) = (next, divisor * 10.0);
    }
    (number as f64 * (scale as f64 / divisor)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_as_in_go() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5µs"),
            (1_500_000, "1.5ms"),
            (90_000_000_000, "1m30s"),
            (-3_600_500_000_000, "-1h0m0.5s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(Duration(nanoseconds).to_string(), text);
        }
    }
}
