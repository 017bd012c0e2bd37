//! Quantities: `500m`, `1.5Gi`, `1e3`. The API stores them in one form each; this finds it.

use std::cmp::Ordering;

const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const BINARY: [(&str, u32); 7] =
    [("", 0), ("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

const RULE: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const SUFFIX: &str = "unable to parse quantity's suffix";

/// How a quantity was written, and so is written again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Decimal,
    Binary,
    Exponent,
}

/// A number of billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Quantity {
    nanos: i128,
    format: Format,
}

/// The form in which the API stores a quantity: `0.5` is `500m`, `1024Mi` is `1Gi`. One that is too large to be
/// counted stays as it is.
///
/// # Errors
/// The API's words for a text that is no quantity.
pub(super) fn canonical(text: &str) -> Result<String, &'static str> {
    Ok(parse(text)?.map_or_else(|| text.to_owned(), Quantity::write))
}

/// Which of two quantities is more; `None` when one is none, or too large.
pub(crate) fn compare_quantities(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (parse(left).ok()??, parse(right).ok()??);
    Some(left.nanos.cmp(&right.nanos))
}

fn parse(text: &str) -> Result<Option<Quantity>, &'static str> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.chars().take_while(|c| c.is_ascii_digit() || *c == '.').count();
    let (number, suffix) = unsigned.split_at(digits);
    let plain = number.matches('.').count() <= 1 && number.contains(|c: char| c.is_ascii_digit());
    let letters = suffix.trim_start_matches(['e', 'E', 'i', 'n', 'u', 'm', 'k', 'K', 'M', 'G', 'T', 'P']);
    let exponent = letters.strip_prefix(['-', '+']).unwrap_or(letters);
    if !plain || !exponent.chars().all(|c| c.is_ascii_digit()) {
        return Err(RULE);
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let scaled = |power: i32| decimal(whole, fraction, power);
    let (nanos, format) = if let Some((_, power)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        (scaled(*power), Format::Decimal)
    } else if let Some((_, bits)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        (scaled(0).and_then(|nanos| nanos.checked_mul(1_i128 << bits)), Format::Binary)
    } else {
        let power = suffix.strip_prefix(['e', 'E']).and_then(|power| power.parse().ok()).ok_or(SUFFIX)?;
        (scaled(power), Format::Exponent)
    };
    Ok(nanos.map(|nanos| Quantity { nanos: if negative { -nanos } else { nanos }, format }))
}

/// `whole.fraction` times a power of ten, in billionths, rounded up; `None` when it is too large.
fn decimal(whole: &str, fraction: &str, power: i32) -> Option<i128> {
    let digits: i128 = format!("0{whole}{fraction}").parse().ok()?;
    let power = power + 9 - i32::try_from(fraction.len()).ok()?;
    let factor = 10_i128.checked_pow(power.unsigned_abs());
    match factor {
        Some(factor) if power >= 0 => digits.checked_mul(factor),
        Some(factor) => Some(digits / factor + i128::from(digits % factor != 0)),
        None if power < 0 => Some(i128::from(digits != 0)),
        None => None,
    }
}

impl Quantity {
    fn write(self) -> String {
        const UNIT: i128 = 1_000_000_000;
        if self.nanos == 0 {
            return "0".to_owned();
        }
        if self.format == Format::Binary && self.nanos % UNIT == 0 {
            let units = self.nanos / UNIT;
            // Below 1,024 the binary suffixes say nothing.
            let fitting = BINARY.iter().rev().find(|(_, bits)| units % (1_i128 << bits) == 0);
            if let Some((suffix, bits)) = fitting.filter(|_| units.abs() >= 1024) {
                return format!("{}{suffix}", units >> bits);
            }
        }
        let power = |exponent: i32| 10_i128.pow((exponent + 9).unsigned_abs());
        let fitting = DECIMAL.iter().rev().find(|(_, exponent)| self.nanos % power(*exponent) == 0);
        let (suffix, exponent) = fitting.copied().unwrap_or(("n", -9));
        let count = self.nanos / power(exponent);
        match self.format {
            Format::Exponent if exponent != 0 => format!("{count}e{exponent}"),
            _ => format!("{count}{suffix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quantity_has_one_form() {
        for (text, wanted) in [
            ("0.5", "500m"),
            ("1", "1"),
            ("1000m", "1"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("1000", "1k"),
            ("1000Mi", "1000Mi"),
            ("512", "512"),
            ("1024", "1024"),
            ("1024Ki", "1Mi"),
            ("0.1Ki", "102400m"),
            ("1e3", "1e3"),
            ("100e-3", "100e-3"),
            ("-1", "-1"),
            ("0", "0"),
            ("0Gi", "0"),
            ("2.50", "2500m"),
            (".5", "500m"),
            ("1.", "1"),
        ] {
            assert_eq!(canonical(text), Ok(wanted.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_told_in_the_words_of_the_api() {
        for bad in ["", "abc", "1.2.3", "1 Gi", "Gi", "1Gb", "1gi"] {
            assert_eq!(canonical(bad), Err(RULE), "{bad}");
        }
        assert_eq!(canonical("1Kk"), Err(SUFFIX));
    }

    #[test]
    fn quantities_are_compared_by_their_amount() {
        assert_eq!(compare_quantities("0.5", "500m"), Some(Ordering::Equal));
        assert_eq!(compare_quantities("1Gi", "1G"), Some(Ordering::Greater));
        assert_eq!(compare_quantities("x", "1"), None);
    }
}
