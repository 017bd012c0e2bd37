//! What number and character literals mean.

use crate::error::ParseError;
use crate::format::{self, CharacterSyntax};
use crate::strconv;
use crate::token::TokenKind;

/// A constant: every reading that its notation allows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Number {
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
    /// Whether it is written with a point or exponent, so that by itself it is a float.
    pub(crate) looks_like_float: bool,
}

impl Number {
    /// Reads a literal of one of the three number tokens.
    pub(crate) fn read(kind: TokenKind, literal: &[u8]) -> Result<Self, ParseError> {
        let text = || String::from_utf8_lossy(literal).into_owned();
        match kind {
            TokenKind::CharacterConstant => match format::unquote_character(literal) {
                Ok(code) => Ok(Self {
                    int: Some(i64::from(code)),
                    uint: Some(u64::from(code)),
                    float: Some(f64::from(code)),
                    ..Self::default()
                }),
                Err(CharacterSyntax::Malformed) => Err(ParseError::MalformedString { literal: text() }),
                Err(CharacterSyntax::MoreThanOne) => Err(ParseError::MalformedCharacter { literal: text() }),
            },
            TokenKind::Complex => {
                let (real, imaginary) = complex_parts(literal).ok_or_else(unscannable)?;
                Ok(Self::of_complex(scan_float(real)?, scan_float(imaginary)?))
            }
            _ => Self::read_real_or_imaginary(literal, text),
        }
    }

    fn read_real_or_imaginary(literal: &[u8], text: impl Fn() -> String) -> Result<Self, ParseError> {
        if let Some(imaginary) = literal.strip_suffix(b"i").and_then(parse_float) {
            return Ok(Self::of_complex(0.0, imaginary));
        }
        let shows_float = literal.iter().any(|byte| b".eEpP".contains(byte));
        // Go looks at the first two bytes only, so that -0x1e by itself is a float.
        let is_hexadecimal = matches!(literal, [b'0', b'x' | b'X', _, ..]);
        let shows_hexadecimal_float = literal.iter().any(|byte| b"pP".contains(byte));
        let looks_like_float = shows_float && (!is_hexadecimal || shows_hexadecimal_float);
        let (negative, digits) = match literal.first() {
            Some(b'-') => (true, &literal[1..]),
            Some(b'+') => (false, &literal[1..]),
            _ => (false, literal),
        };
        let magnitude = parse_magnitude(digits);
        let signed = magnitude.and_then(|magnitude| match negative {
            false => i64::try_from(magnitude).ok(),
            true => 0i64.checked_sub_unsigned(magnitude),
        });
        // A sign makes it no unsigned number, but zero is one all the same.
        let has_sign = digits.len() < literal.len();
        let unsigned = magnitude.filter(|&magnitude| !has_sign || magnitude == 0);
        if signed.is_some() || unsigned.is_some() {
            let float = signed.map(|value| value as f64).or(unsigned.map(|value| value as f64));
            return Ok(Self { int: signed, uint: unsigned, float, complex: None, looks_like_float });
        }
        let Some(float) = parse_float(literal) else {
            return Err(ParseError::IllegalNumber { literal: text() });
        };
        if !shows_float {
            return Err(ParseError::IntegerOverflow { literal: text() });
        }
        Ok(Self { looks_like_float, ..Self::of_float(float) })
    }

    fn of_float(float: f64) -> Self {
        Self { int: exact_int(float), uint: exact_uint(float), float: Some(float), ..Self::default() }
    }

    fn of_complex(real: f64, imaginary: f64) -> Self {
        let simplified = if imaginary == 0.0 { Self::of_float(real) } else { Self::default() };
        Self { complex: Some((real, imaginary)), ..simplified }
    }
}

fn unscannable() -> ParseError {
    ParseError::NumberSyntax { message: "syntax error scanning complex number".to_owned() }
}

/// A part of a complex number, which Go reads with `fmt.Sscan`.
fn scan_float(literal: &[u8]) -> Result<f64, ParseError> {
    if let Some(value) = parse_float(literal) {
        return Ok(value);
    }
    let digits = literal.strip_prefix(b"-").or_else(|| literal.strip_prefix(b"+")).unwrap_or(literal);
    if matches!(digits, [b'0', b'o' | b'O' | b'b' | b'B', ..]) || literal.ends_with(b"i") {
        return Err(unscannable());
    }
    let quoted = format::quoted(literal);
    Err(ParseError::NumberSyntax { message: format!("strconv.ParseFloat: parsing {quoted}: invalid syntax") })
}

fn exact_int(float: f64) -> Option<i64> {
    let fits =
        float.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
    fits.then_some(float as i64)
}

fn exact_uint(float: f64) -> Option<u64> {
    let fits = float.fract() == 0.0 && (0.0..18_446_744_073_709_551_616.0).contains(&float);
    fits.then_some(float as u64)
}

/// Cuts `1+2i` into `1` and `+2`.
fn complex_parts(literal: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = literal.strip_suffix(b"i")?;
    let is_split = |&at: &usize| matches!(body[at], b'+' | b'-') && !b"eEpP".contains(&body[at - 1]);
    let at = (1..body.len()).rev().find(is_split)?;
    // Without digits, Go's scanner takes the `i` for the beginning of an infinity.
    (at + 1 < body.len()).then(|| body.split_at(at))
}

/// An integer without sign, in any of Go's notations; `None` when malformed or too large.
fn parse_magnitude(text: &[u8]) -> Option<u64> {
    if !underscores_separate_digits(text) {
        return None;
    }
    let (radix, digits) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        _ => (10, text),
    };
    let mut value = None;
    for &byte in digits.iter().filter(|&&byte| byte != b'_') {
        let digit = u64::from(char::from(byte).to_digit(radix)?);
        value = Some(value.unwrap_or(0u64).checked_mul(u64::from(radix))?.checked_add(digit)?);
    }
    value
}

/// A float in any of Go's notations; `None` when malformed or infinite.
fn parse_float(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text.first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if !underscores_separate_digits(digits) {
        return None;
    }
    let digits: Vec<u8> = digits.iter().copied().filter(|&byte| byte != b'_').collect();
    let value = match digits.as_slice() {
        [b'0', b'x' | b'X', rest @ ..] => strconv::parse_hexadecimal_float(rest)?,
        decimal if decimal.iter().all(|byte| b"0123456789.eE+-".contains(byte)) => {
            std::str::from_utf8(decimal).ok()?.parse::<f64>().ok()?
        }
        _ => return None,
    };
    value.is_finite().then_some(if negative { -value } else { value })
}

/// Go's rule: an underscore stands between digits, or between a base prefix and a digit.
fn underscores_separate_digits(text: &[u8]) -> bool {
    #[derive(PartialEq)]
    enum Last {
        Nothing,
        Digit,
        Underscore,
        Other,
    }
    let (is_hexadecimal, digits, mut last) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (true, rest, Last::Digit),
        [b'0', b'o' | b'O' | b'b' | b'B', rest @ ..] => (false, rest, Last::Digit),
        _ => (false, text, Last::Nothing),
    };
    for byte in digits {
        last = match byte {
            b'0'..=b'9' => Last::Digit,
            b'a'..=b'f' | b'A'..=b'F' if is_hexadecimal => Last::Digit,
            b'_' if last == Last::Digit => Last::Underscore,
            b'_' => return false,
            _ if last == Last::Underscore => return false,
            _ => Last::Other,
        };
    }
    last != Last::Underscore
}
