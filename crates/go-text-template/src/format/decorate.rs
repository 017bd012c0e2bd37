//! What flags do to floats and to the bytes of strings.

use super::flags::Flags;
use super::integer::Case;

/// Appends a float written by `float::write`, with sign, `#` and padding. `precision` is the one it was written with.
pub(crate) fn write_float(
    out: &mut Vec<u8>,
    flags: &Flags,
    text: Vec<u8>,
    verb: char,
    precision: Option<usize>,
) {
    // The first byte is the sign from here on.
    let mut number = text;
    if !matches!(number.first(), Some(b'-' | b'+')) {
        number.insert(0, b'+');
    }
    let is_special = matches!(number.get(1), Some(b'I' | b'N'));
    if matches!(verb, 'G' | 'E' | 'X') && !is_special {
        number.make_ascii_uppercase();
    }
    if flags.space && number[0] == b'+' && !flags.plus {
        number[0] = b' ';
    }
    if is_special {
        // An infinity keeps its sign always.
        let unsigned = number[1] == b'N' && !flags.space && !flags.plus;
        return flags.without_zero().pad(out, if unsigned { &number[1..] } else { &number });
    }
    if flags.sharp && verb != 'b' {
        number = with_point(number, verb, precision);
    }
    if flags.plus || number[0] != b'+' {
        if let Some(width) = flags.width
            && flags.zero
            && !flags.minus
            && width > number.len()
        {
            out.push(number[0]);
            flags.write_padding(out, width - number.len());
            return out.extend_from_slice(&number[1..]);
        }
        return flags.pad(out, &number);
    }
    flags.pad(out, &number[1..]);
}

/// The `#` flag: always a decimal point, and for `%g` as many digits as the precision says.
fn with_point(mut number: Vec<u8>, verb: char, precision: Option<usize>) -> Vec<u8> {
    let mut missing: i64 = match verb {
        'v' | 'g' | 'G' | 'x' => {
            precision.map_or(6, |precision| i64::try_from(precision).unwrap_or(i64::MAX))
        }
        _ => 0,
    };
    let exponent_marks: &[u8] = if matches!(verb, 'x' | 'X') { b"pP" } else { b"pPeE" };
    let tail_at = number.iter().position(|byte| exponent_marks.contains(byte)).unwrap_or(number.len());
    let tail = number.split_off(tail_at);
    let mut has_point = false;
    let mut saw_nonzero = false;
    for &byte in &number[1..] {
        if byte == b'.' {
            has_point = true;
            continue;
        }
        saw_nonzero |= byte != b'0';
        if saw_nonzero {
            missing -= 1;
        }
    }
    if !has_point {
        // A lone leading zero counts as a digit.
        if number.len() == 2 && number[1] == b'0' {
            missing -= 1;
        }
        number.push(b'.');
    }
    number.resize(number.len() + usize::try_from(missing).unwrap_or(0), b'0');
    number.extend_from_slice(&tail);
    number
}

/// `%x` and `%X` of strings and bytes.
pub(crate) fn write_hexadecimal(out: &mut Vec<u8>, flags: &Flags, text: &[u8], case: Case) {
    let text = &text[..text.len().min(flags.precision.unwrap_or(usize::MAX))];
    if text.is_empty() {
        return flags.write_padding(out, flags.width.unwrap_or(0));
    }
    let prefix: &[u8] = match (flags.sharp, case) {
        (false, _) => b"",
        (true, Case::Lower) => b"0x",
        (true, Case::Upper) => b"0X",
    };
    let mut encoded = prefix.to_vec();
    for (i, &byte) in text.iter().enumerate() {
        if flags.space && i > 0 {
            encoded.push(b' ');
            encoded.extend_from_slice(prefix);
        }
        let digits = match case {
            Case::Lower => format!("{byte:02x}"),
            Case::Upper => format!("{byte:02X}"),
        };
        encoded.extend_from_slice(digits.as_bytes());
    }
    flags.pad(out, &encoded);
}
