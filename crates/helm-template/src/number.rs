//! Numbers read from values and texts as Go and spf13/cast read them.

use go_text_template::{Kind, Value, strconv};

/// `cast.ToInt64`: what is no number is 0.
pub(crate) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Bool(value) => i64::from(*value),
        Value::Float64(value) => truncated(*value),
        Value::Float32(value) => truncated(f64::from(*value)),
        Value::String(text) => parse_int(trim_zero_decimal(text.as_bytes()), Base::Prefixed).unwrap_or(0),
        Value::Uintptr(_) => 0,
        Value::Object(_) => calendar_number(value).unwrap_or(0),
        other => other.as_integer().map_or(0, |number| number as i64),
    }
}

/// `cast.ToFloat64`: what is no number is 0.
pub(crate) fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Float64(value) => *value,
        Value::Float32(value) => f64::from(*value),
        Value::String(text) => parse_float(text.as_bytes()).unwrap_or(0.0),
        Value::Uintptr(_) => 0.0,
        Value::Object(_) => calendar_number(value).map_or(0.0, |number| number as f64),
        other => other.as_integer().map_or(0.0, |number| number as f64),
    }
}

/// Months and weekdays are numbers to cast; other named numbers are not.
fn calendar_number(value: &Value) -> Option<i64> {
    let Value::Object(object) = value else { return None };
    let is_calendar = matches!(object.object_type().to_string().as_str(), "time.Month" | "time.Weekday");
    match object.underlying() {
        Some(Value::Int(number)) if is_calendar && value.kind() == Kind::Int => Some(number),
        _ => None,
    }
}

/// Go's conversion on amd64: what does not fit is the smallest number.
pub(crate) fn truncated(value: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) { value as i64 } else { i64::MIN }
}

/// Cuts a final `.000` off.
fn trim_zero_decimal(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|&&byte| byte == b'0').count();
    match text[..text.len() - zeros].strip_suffix(b".") {
        Some(whole) if zeros > 0 => whole,
        _ => text,
    }
}

/// How `parse_int` takes digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// Base 10.
    Decimal,
    /// Base 8.
    Octal,
    /// Go's base 0: `0x`, `0o`, `0b` and `0` are prefixes, and `_` may stand between digits.
    Prefixed,
}

/// Go's `strconv.ParseInt` for 64 bits.
pub(crate) fn parse_int(text: &[u8], base: Base) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (radix, digits) = match (base, digits) {
        (Base::Decimal, digits) => (10, digits),
        (Base::Octal, digits) => (8, digits),
        (Base::Prefixed, [b'0', b'x' | b'X', rest @ ..]) => (16, with_prefix(rest)?),
        (Base::Prefixed, [b'0', b'o' | b'O', rest @ ..]) => (8, with_prefix(rest)?),
        (Base::Prefixed, [b'0', b'b' | b'B', rest @ ..]) => (2, with_prefix(rest)?),
        (Base::Prefixed, [b'0', rest @ ..]) if !rest.is_empty() => (8, with_prefix(rest)?),
        (Base::Prefixed, digits) => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number: i128 = 0;
    let mut after_digit = false;
    for &byte in digits {
        if byte == b'_' {
            if base != Base::Prefixed || !after_digit {
                return None;
            }
            after_digit = false;
            continue;
        }
        let digit = char::from(byte).to_digit(radix)?;
        number = number * i128::from(radix) + i128::from(digit);
        if number > 1 << 64 {
            return None;
        }
        after_digit = true;
    }
    if !after_digit {
        return None;
    }
    i64::try_from(if negative { -number } else { number }).ok()
}

/// One `_` may stand between a prefix and its digits.
fn with_prefix(digits: &[u8]) -> Option<&[u8]> {
    let digits = digits.strip_prefix(b"_").unwrap_or(digits);
    if digits.is_empty() { None } else { Some(digits) }
}

/// Go's `strconv.ParseFloat` for 64 bits; numbers out of range are refused.
pub(crate) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = body.to_ascii_lowercase();
    let number = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" if text.len() == 3 => return Some(f64::NAN),
        _ => {
            // Go allows underscores only beside a base prefix, and then checks where they stand.
            if lower.starts_with("0x") {
                hexadecimal(&lower)?
            } else if lower.contains('_') {
                let digits = underscored(&lower)?;
                decimal(&digits)?
            } else {
                decimal(&lower)?
            }
        }
    };
    Some(if negative { -number } else { number })
}

/// Removes underscores if each stands between digits. Go accepts them in decimal floats by mistake of its callers.
fn underscored(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let placed = |at: usize| at > 0 && is_digit(at - 1) && is_digit(at + 1);
    let all = bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'_').all(|(at, _)| placed(at));
    all.then(|| text.replace('_', ""))
}

fn decimal(text: &str) -> Option<f64> {
    let mantissa = text.split('e').next().unwrap_or(text);
    let is_unsigned = !mantissa.contains(['+', '-']);
    let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'+' | b'-'));
    if !is_plain || !is_unsigned || !mantissa.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A hexadecimal float such as `0x1.8p1`.
fn hexadecimal(text: &str) -> Option<f64> {
    let cleaned = if text.contains('_') {
        let rest = text.replacen("0x_", "0x", 1);
        underscored(&rest)?
    } else {
        text.to_owned()
    };
    strconv::parse_hexadecimal_float(cleaned.strip_prefix("0x")?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_with_their_prefixes() {
        let read = |text: &str| parse_int(text.as_bytes(), Base::Prefixed);
        assert_eq!(
            [read("0x1f"), read("012"), read("1_000"), read("-0b11")],
            [Some(31), Some(10), Some(1000), Some(-3)]
        );
        assert_eq!([read("08"), read("1__0"), read("_1"), read("")], [None; 4]);
        assert_eq!(read("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(read("9223372036854775808"), None);
    }

    #[test]
    fn hexadecimal_floats_are_read() {
        let read = |text: &str| parse_float(text.as_bytes());
        assert_eq!([read("0x1p-2"), read("0x1.8p1"), read("-0x1p4")], [Some(0.25), Some(3.0), Some(-16.0)]);
        assert_eq!(read("0x1p-1074"), Some(5e-324));
        assert_eq!(read("0x1p-1080"), Some(0.0));
        assert_eq!(read("0x1"), None);
    }
}
