//! Integers: `%d %b %o %O %x %X`, and characters: `%c %q %U`.

use super::flags::Flags;
use super::quote;
use crate::unicode;

/// An integer to print: its size without sign, and whether it was negative.
#[derive(Clone, Copy)]
pub(crate) struct Integer {
    pub(crate) magnitude: u64,
    pub(crate) negative: bool,
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self { magnitude: value.unsigned_abs(), negative: value < 0 }
    }
}

impl From<u64> for Integer {
    fn from(value: u64) -> Self {
        Self { magnitude: value, negative: false }
    }
}

impl Integer {
    /// The number as the 64 bits Go would read as a character code.
    fn code(self) -> u64 {
        if self.negative { self.magnitude.wrapping_neg() } else { self.magnitude }
    }
}

/// Digits' letter case, and with it the case of the `0x` prefix.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
}

/// Appends a plain decimal number.
pub(crate) fn write_decimal(out: &mut Vec<u8>, number: Integer) {
    let sign = number.negative.then_some(b'-');
    out.extend_from_slice(Decimal::of(number.magnitude, sign).as_bytes());
}

/// A decimal number with its sign, written without an allocation.
struct Decimal {
    text: [u8; 21],
    start: usize,
}

impl Decimal {
    fn of(magnitude: u64, sign: Option<u8>) -> Self {
        let mut text = [0; 21];
        let mut start = text.len();
        let mut rest = magnitude;
        loop {
            start -= 1;
            text[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if let Some(sign) = sign {
            start -= 1;
            text[start] = sign;
        }
        Self { text, start }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.text[self.start..]
    }
}

/// Appends `number` in `base`, with sign, prefix, precision and padding. `verb_o` is `%O`, which always has `0o`.
pub(crate) fn write(out: &mut Vec<u8>, flags: &Flags, number: Integer, base: Base) {
    let sign = if number.negative {
        Some(b'-')
    } else if flags.plus {
        Some(b'+')
    } else if flags.space {
        Some(b' ')
    } else {
        None
    };
    let mut least_digits = 0;
    if let Some(precision) = flags.precision {
        if precision == 0 && number.magnitude == 0 {
            return flags.without_zero().write_padding(out, flags.width.unwrap_or(0));
        }
        least_digits = precision;
    } else if let Some(width) = flags.width
        && flags.zero
        && !flags.minus
    {
        least_digits = width.saturating_sub(usize::from(sign.is_some()));
    }

    if base == Base::Decimal && least_digits == 0 {
        return flags.without_zero().pad(out, Decimal::of(number.magnitude, sign).as_bytes());
    }
    // Built backwards, then turned round.
    let mut text = Vec::with_capacity(24.max(least_digits + 4));
    let mut rest = number.magnitude;
    loop {
        text.push(base.digit(rest % base.radix()));
        rest /= base.radix();
        if rest == 0 {
            break;
        }
    }
    text.resize(text.len().max(least_digits), b'0');
    if flags.sharp {
        match base {
            Base::Binary => text.extend_from_slice(b"b0"),
            Base::Octal | Base::PrefixedOctal => {
                if text.last() != Some(&b'0') {
                    text.push(b'0');
                }
            }
            Base::Hexadecimal(Case::Lower) => text.extend_from_slice(b"x0"),
            Base::Hexadecimal(Case::Upper) => text.extend_from_slice(b"X0"),
            Base::Decimal => {}
        }
    }
    if base == Base::PrefixedOctal {
        text.extend_from_slice(b"o0");
    }
    text.extend(sign);
    text.reverse();
    flags.without_zero().pad(out, &text);
}

/// The base to write in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Binary,
    Octal,
    /// `%O`: octal that always begins with `0o`.
    PrefixedOctal,
    Decimal,
    Hexadecimal(Case),
}

impl Base {
    fn radix(self) -> u64 {
        match self {
            Self::Binary => 2,
            Self::Octal | Self::PrefixedOctal => 8,
            Self::Decimal => 10,
            Self::Hexadecimal(_) => 16,
        }
    }

    fn digit(self, digit: u64) -> u8 {
        let digit = digit as u8;
        match self {
            _ if digit < 10 => b'0' + digit,
            Self::Hexadecimal(Case::Upper) => b'A' + digit - 10,
            _ => b'a' + digit - 10,
        }
    }
}

/// `%c`
pub(crate) fn write_character(out: &mut Vec<u8>, flags: &Flags, number: Integer) {
    let mut buffer = [0; 4];
    flags.pad(out, character(number.code()).encode_utf8(&mut buffer).as_bytes());
}

/// `%q` of an integer
pub(crate) fn write_quoted_character(out: &mut Vec<u8>, flags: &Flags, number: Integer) {
    let mut text = Vec::new();
    quote::quote_character(&mut text, character(number.code()), flags.plus);
    flags.pad(out, &text);
}

/// `%U`, and with `#` the character itself.
pub(crate) fn write_unicode(out: &mut Vec<u8>, flags: &Flags, number: Integer) {
    let code = number.code();
    let digits = format!("{code:04X}");
    let mut text = b"U+".to_vec();
    text.resize(2 + flags.precision.unwrap_or(0).saturating_sub(digits.len()), b'0');
    text.extend_from_slice(digits.as_bytes());
    if flags.sharp
        && let Some(character) = u32::try_from(code).ok().and_then(char::from_u32)
        && unicode::is_printable(character)
    {
        text.extend_from_slice(format!(" '{character}'").as_bytes());
    }
    flags.without_zero().pad(out, &text);
}

fn character(code: u64) -> char {
    u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(unicode::REPLACEMENT)
}
