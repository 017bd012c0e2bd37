//! Numbers as Go's `strconv` reads them, where Rust's own readers do not.

/// Reads the rest of a hexadecimal float after its `0x`, such as `1.8p1`: exactly, and rounded once, to even.
///
/// `None` when it is malformed (the exponent must be there, underscores must not), or larger than any float.
///
/// ```
/// use go_text_template::strconv::parse_hexadecimal_float;
///
/// assert_eq!(parse_hexadecimal_float(b"1.8p1"), Some(3.0));
/// assert_eq!(parse_hexadecimal_float(b"1p-9999999999"), Some(0.0));
/// assert_eq!(parse_hexadecimal_float(b"1p9999999999"), None);
/// ```
#[must_use]
pub fn parse_hexadecimal_float(text: &[u8]) -> Option<f64> {
    let (mantissa, exponent) = std::str::from_utf8(text).ok()?.split_once(['p', 'P'])?;
    let exponent = parse_exponent(exponent)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(0.0);
    }
    // Fifteen digits fit without a loss; of those that follow it only matters whether they are zero.
    let (head, tail) = significant.split_at(significant.len().min(15));
    let mut number = u64::from_str_radix(head, 16).ok()?;
    number = number << 1 | u64::from(tail.bytes().any(|byte| byte != b'0'));
    let dropped = i64::try_from(tail.len()).ok()? * 4;
    let places = i64::try_from(fraction.len()).ok()? * 4;
    let exponent = exponent + dropped - places - 1;
    scaled(number, exponent)
}

/// Digits after a sign, if there is one. Beyond all floats, one exponent is as good as another.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse().unwrap_or(i64::MAX).min(MOST_EXPONENT);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

const MOST_EXPONENT: i64 = 1_000_000;

/// `number · 2^exponent`, rounded once, to even.
fn scaled(number: u64, exponent: i64) -> Option<f64> {
    const MANTISSA_BITS: i64 = 53;
    let length = 64 - i64::from(number.leading_zeros());
    // Below the smallest normal number, fewer bits are kept.
    let kept = MANTISSA_BITS.min(length + exponent + 1074);
    if kept < 0 {
        return Some(0.0);
    }
    let shift = (length - kept).max(0);
    let rounded = round_to_even(number, shift);
    let power = exponent + shift;
    let mut value = rounded as f64;
    let mut left = power;
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        value *= 2f64.powi(i32::try_from(step).ok()?);
        left -= step;
        if value == 0.0 || value.is_infinite() {
            break;
        }
    }
    value.is_finite().then_some(value)
}

fn round_to_even(number: u64, shift: i64) -> u64 {
    if shift == 0 {
        return number;
    }
    let (number, shift) = (u128::from(number), u32::try_from(shift).unwrap_or(100).min(100));
    let (kept, rest, half) = (number >> shift, number & ((1 << shift) - 1), 1u128 << (shift - 1));
    let up = rest > half || (rest == half && kept & 1 == 1);
    (kept + u128::from(up)) as u64
}
