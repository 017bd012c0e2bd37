//! Numbers, dates and times of TOML.

use go_text_template::{Value, format};

use crate::number::{Base, parse_float, parse_int};
use crate::time::{self, Zone};

fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&format::quote(text)).into_owned()
}

/// A whole number, decimal or with a prefix.
pub(super) fn integer(text: &str) -> Result<Value, String> {
    if !underscores_are_placed(text) {
        return Err(format!("Invalid integer {}: underscores must be surrounded by digits", quoted(text)));
    }
    if has_leading_zero(text) {
        return Err(format!("Invalid integer {}: cannot have leading zeroes", quoted(text)));
    }
    match parse_int(text.as_bytes(), Base::Prefixed) {
        Some(number) => Ok(Value::Int64(number)),
        None => Err(format!("{text} is out of range for int64")),
    }
}

/// A number with a point or an exponent, infinity, or NaN.
pub(super) fn float(text: &str) -> Result<Value, String> {
    let parts: Vec<&str> = text.split(['.', 'e', 'E']).filter(|part| !part.is_empty()).collect();
    if !parts.iter().all(|part| underscores_are_placed(part)) {
        return Err(format!("Invalid float {}: underscores must be surrounded by digits", quoted(text)));
    }
    if parts.first().is_some_and(|first| has_leading_zero(first)) {
        return Err(format!("Invalid float {}: cannot have leading zeroes", quoted(text)));
    }
    let is_followed = |(at, _): (usize, &str)| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    if !text.match_indices('.').all(is_followed) {
        return Err(format!("Invalid float {}: '.' must be followed by one or more digits", quoted(text)));
    }
    let digits = text.replace('_', "");
    match digits.as_str() {
        "+nan" => Ok(f64::NAN.into()),
        "-nan" => Ok((-f64::NAN).into()),
        digits => match parse_float(digits.as_bytes()) {
            Some(number) => Ok(number.into()),
            None if is_float(digits) => Err(format!("{text} is out of range for float64")),
            None => Err(format!("Invalid float value: {}", quoted(text))),
        },
    }
}

/// Whether it would be a number if it were not out of range.
fn is_float(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

fn underscores_are_placed(text: &str) -> bool {
    if matches!(text, "nan" | "+nan" | "-nan" | "inf" | "+inf" | "-inf") {
        return true;
    }
    let mut after_digit = false;
    for character in text.chars() {
        if character == '_' && !after_digit {
            return false;
        }
        after_digit = character.is_ascii_hexdigit();
    }
    after_digit
}

fn has_leading_zero(text: &str) -> bool {
    match text.as_bytes() {
        [b'0', second, ..] => !matches!(second, b'b' | b'o' | b'x'),
        [b'-' | b'+', b'0', _, ..] => true,
        _ => false,
    }
}

/// The forms of dates and times, each with the zone it is in when it names none.
const FORMS: [(&str, &str); 7] = [
    ("2006-01-02T15:04:05.999999999Z07:00", ""),
    ("2006-01-02T15:04:05.999999999", "datetime-local"),
    ("2006-01-02", "date-local"),
    ("15:04:05.999999999", "time-local"),
    ("2006-01-02T15:04Z07:00", ""),
    ("2006-01-02T15:04", "datetime-local"),
    ("15:04", "time-local"),
];

/// A date, a time, or both.
pub(super) fn date_time(text: &str) -> Result<Value, String> {
    let text = text.replace('z', "Z").replace(['t', ' '], "T");
    let invalid = || format!("invalid datetime: {}", quoted(&text));
    for (form, zone) in FORMS {
        let zone = match zone {
            "" => Zone::Utc,
            name => Zone::Fixed { offset: 0, abbreviation: name.into() },
        };
        let Ok(time) = time::parse(form.as_bytes(), text.as_bytes(), &zone) else { continue };
        if lacks_zero(&text, form) {
            return Err(invalid());
        }
        return Ok(Value::object(time));
    }
    Err(invalid())
}

/// Whether a number is shorter than the form has it.
fn lacks_zero(text: &str, form: &str) -> bool {
    let before_fraction = form.bytes().take_while(|byte| !matches!(byte, b'.' | b'Z'));
    before_fraction
        .enumerate()
        .any(|(at, byte)| !byte.is_ascii_digit() && text.as_bytes().get(at) != Some(&byte))
}
