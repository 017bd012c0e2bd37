//! Stretches of time.

use std::fmt;

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
