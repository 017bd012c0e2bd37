//! Amounts of processor time, memory and devices as Kubernetes writes them: `500m`, `2`, `1.5Gi`, `1e3`.

use serde_json::Value;

/// An amount in thousandths of its unit (a core, a byte, a device).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Quantity {
    milli: i128,
}

const SUFFIXES: [(&str, i128); 16] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("Pi", 1 << 50),
    ("Ei", 1 << 60),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000),
    ("m", 0),
    ("u", 0),
    ("n", 0),
    ("", 1),
];

impl Quantity {
    /// Reads a quantity; `None` if it is not one. Fractions of a thousandth are rounded up, as Kubernetes does.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((mantissa, exponent)) = text.split_once(['e', 'E']).filter(|(_, rest)| is_integer(rest)) {
            let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= 24)?;
            return Self::from_decimal(mantissa, exponent);
        }
        let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        let thousandth = match suffix {
            "m" => -3,
            "u" => -6,
            "n" => -9,
            _ => {
                let (_, factor) = SUFFIXES.iter().find(|(name, _)| *name == suffix)?;
                return Self::from_decimal(number, 0)?.times(*factor, number);
            }
        };
        Self::from_decimal(number, thousandth)
    }

    /// `number` × 10^`exponent`.
    fn from_decimal(number: &str, exponent: i32) -> Option<Self> {
        let (negative, digits) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let all = format!("{whole}{fraction}");
        if !all.bytes().all(|byte| byte.is_ascii_digit()) || all.len() > 30 {
            return None;
        }
        let value: i128 = all.parse().ok()?;
        // In thousandths.
        let shift = exponent + 3 - i32::try_from(fraction.len()).ok()?;
        let power = 10_i128.checked_pow(shift.unsigned_abs())?;
        let milli = if shift >= 0 {
            value.checked_mul(power)?
        } else {
            value / power + i128::from(value % power != 0)
        };
        Some(Self { milli: if negative { -milli } else { milli } })
    }

    fn times(self, factor: i128, number: &str) -> Option<Self> {
        // `1.0005Gi` has more digits than thousandths hold: count in the smaller unit first.
        let fraction = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        if fraction <= 3 || factor == 1 {
            return Some(Self { milli: self.milli.checked_mul(factor)? });
        }
        let scaled = Self::from_decimal(&number.replace('.', ""), 0)?.milli.checked_mul(factor)?;
        let power = 10_i128.checked_pow(u32::try_from(fraction).ok()?)?;
        Some(Self { milli: scaled / power + i128::from(scaled % power != 0) })
    }

    /// Reads a field of `resources`; absent is zero, and so is what is no quantity (the API refuses it before).
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::parse(text).unwrap_or_default(),
            Value::Number(number) => Self::parse(&number.to_string()).unwrap_or_default(),
            _ => Self::default(),
        }
    }

    /// In whole units, rounded up.
    pub(super) fn round_up(self) -> i128 {
        self.milli.div_euclid(1000) + i128::from(self.milli.rem_euclid(1000) != 0)
    }

    /// Whether it is zero.
    pub(super) fn is_zero(self) -> bool {
        self.milli == 0
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl std::ops::Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { milli: self.milli.saturating_add(other.milli) }
    }
}

impl std::ops::Sub for Quantity {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { milli: self.milli.saturating_sub(other.milli) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        for (text, milli) in [
            ("1", Some(1000)),
            ("500m", Some(500)),
            ("0.5", Some(500)),
            (".5", Some(500)),
            ("1.5Gi", Some(1_610_612_736_000)),
            ("1.0005Gi", Some(1_074_278_694_912)),
            ("128M", Some(128_000_000_000)),
            ("1e3", Some(1_000_000)),
            ("1E", Some(1_000_000_000_000_000_000_000)),
            ("100u", Some(1)),
            ("-1", Some(-1000)),
            ("", None),
            ("1 Gi", None),
            ("12x", None),
            ("Mi", None),
        ] {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.milli), milli, "{text:?}");
        }
    }
}
