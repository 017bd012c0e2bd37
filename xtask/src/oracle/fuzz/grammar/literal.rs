//! Literals in every form that the language has.

use super::super::random::Random;

/// Bytes as a literal: between double quotes with some escapes, or between backquotes where that can be.
pub(crate) fn text(random: &mut Random, bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if random.percent(25) && !text.contains(['`', '\r']) => format!("`{text}`"),
        _ => quoted(random, bytes),
    }
}

fn quoted(random: &mut Random, bytes: &[u8]) -> String {
    let is_escaped_much = random.percent(8);
    let mut literal = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => literal.extend(['\\', c]),
                '\n' => literal.push_str("\\n"),
                '\t' if random.percent(80) => literal.push_str("\\t"),
                '\r' => literal.push_str("\\r"),
                c if is_escaped_much && random.percent(30) => literal.push_str(&escape(random, c)),
                c => literal.push(c),
            }
        }
        for byte in chunk.invalid() {
            literal.push_str(&format!("\\x{byte:02x}"));
        }
    }
    literal.push('"');
    literal
}

/// One of the ways to write a character.
fn escape(random: &mut Random, c: char) -> String {
    let code = u32::from(c);
    match random.below(4) {
        0 if code < 0x80 => format!("\\x{code:02X}"),
        1 if code < 0x80 => format!("\\{code:03o}"),
        2 if code < 0x1_0000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

#[rustfmt::skip]
const INTEGERS: &[&str] = &[
    "0", "1", "2", "3", "7", "-1", "-3", "10", "42", "+7", "0x1F", "0b101", "0o17", "017", "1_000", "'a'",
    "'\\n'", "'世'", "'\\x41'", "'\\''", "100", "9223372036854775807", "-9223372036854775808", "1e3", "0x_1",
    "-0", "255", "'\\u00e9'", "'\\U0001F600'", "1e0",
];

#[rustfmt::skip]
const FLOATS: &[&str] = &[
    "0.0", "1.5", "-2.5", "0.1", "2.5", "3.7", "1e21", "1e-7", "1e300", ".5", "5.", "0x1p4", "0x1.8p-1",
    "1.0", "-0.0", "100.0", "1_0.5", "5e-324", "1.7976931348623157e308", "123456789.123", "1e6", "-1e-7",
    "0.30000000000000004",
];

/// Numbers that are none, or too large, or of a sort that few functions take.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "9223372036854775808", "08", "1i", "2.5i", "1+2i", "1e400", "0x", "1__0", "1a", "'ab'", "''", "1.2.3",
    "0b2", "-", "+", "18446744073709551615", "0x1.8", "1e", "'\\q'", "-'a'", "0x8000000000000000", "1_",
    "--1", "1.e3", "0X1F", "0B1", "0O7", "00", "1E3", "0i", "'\\400'", "0x1p", "1-2i", ".", "..",
];

pub(crate) fn integer(random: &mut Random) -> String {
    if random.below(300) == 0 { odd(random) } else { random.word(INTEGERS).to_owned() }
}

pub(crate) fn float(random: &mut Random) -> String {
    if random.below(300) == 0 { odd(random) } else { random.word(FLOATS).to_owned() }
}

pub(crate) fn odd(random: &mut Random) -> String {
    random.word(ODD).to_owned()
}

/// A number as a size, a place or a count: small, most of the time.
pub(crate) fn size(random: &mut Random) -> String {
    const LARGE: &[&str] =
        &["100", "1000", "9223372036854775807", "-9223372036854775808", "65536", "4294967296", "-100"];
    if random.percent(4) {
        return random.word(LARGE).to_owned();
    }
    match random.between(0, 26) {
        small @ 0..=20 => small.to_string(),
        negative => format!("-{}", negative - 20),
    }
}
