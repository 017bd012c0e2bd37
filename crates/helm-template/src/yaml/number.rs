//! Numbers as Go's strconv reads and writes them.

/// A finite float's shortest decimal digits: 0.DIGITS × 10^point.
struct Shortest {
    is_negative: bool,
    digits: [u8; 24],
    count: usize,
    point: i32,
}

impl Shortest {
    /// Reads what a shortest-digits formatter wrote (`-12.5`, `1e21`, `1.5e-7`).
    fn parse(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut shortest =
            Self { is_negative: false, digits: [b'0'; 24], count: 0, point: exponent.parse().unwrap_or(0) };
        let mut is_fraction = false;
        for byte in mantissa.bytes() {
            match byte {
                b'-' => shortest.is_negative = true,
                b'.' => is_fraction = true,
                b'0' if shortest.count == 0 => shortest.point -= i32::from(is_fraction),
                digit => {
                    // A formatter of shortest digits pads with zeros only; what would not fit is one.
                    if let Some(slot) = shortest.digits.get_mut(shortest.count) {
                        *slot = digit;
                        shortest.count += 1;
                    }
                    shortest.point += i32::from(!is_fraction);
                }
            }
        }
        while shortest.count > 0 && shortest.digits[shortest.count - 1] == b'0' {
            shortest.count -= 1;
        }
        shortest
    }

    fn digits(&self) -> &str {
        std::str::from_utf8(&self.digits[..self.count]).unwrap_or("")
    }

    /// `d.ddde±dd`
    fn write_exponent(&self, out: &mut String) {
        let (first, rest) = self.digits().split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        let exponent = self.point - 1;
        out.push_str(if exponent < 0 { "e-" } else { "e+" });
        if exponent.abs() < 10 {
            out.push('0');
        }
        out.push_str(itoa(exponent.unsigned_abs().into(), &mut [0; 20]));
    }

    /// `ddd.ddd`
    fn write_plain(&self, out: &mut String) {
        let digits = self.digits();
        let point = usize::try_from(self.point).unwrap_or(0);
        if point == 0 {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', self.point.unsigned_abs() as usize));
            out.push_str(digits);
        } else if point >= digits.len() {
            out.push_str(digits);
            out.extend(std::iter::repeat_n('0', point - digits.len()));
        } else {
            out.push_str(&digits[..point]);
            out.push('.');
            out.push_str(&digits[point..]);
        }
    }

    /// `strconv.FormatFloat(f, 'g', -1, …)`: an exponent below 1e-4 and from 1e6 on.
    fn write_general(&self, out: &mut String) {
        if self.is_negative {
            out.push('-');
        }
        if self.count == 0 {
            out.push('0');
        } else if self.point < -3 || self.point > 6 {
            self.write_exponent(out);
        } else {
            self.write_plain(out);
        }
    }
}

/// The decimal digits of an integer.
pub(super) fn itoa(mut value: u64, buffer: &mut [u8; 20]) -> &str {
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    std::str::from_utf8(&buffer[start..]).unwrap_or("")
}

/// Appends an integer.
pub(super) fn write_int(out: &mut String, value: i64) {
    if value < 0 {
        out.push('-');
    }
    out.push_str(itoa(value.unsigned_abs(), &mut [0; 20]));
}

/// Appends a float as `strconv.FormatFloat(f, 'g', -1, 64)` does; infinities and NaN as YAML has them.
pub(super) fn write_float(out: &mut String, value: f64) {
    if value.is_finite() {
        Shortest::parse(zmij::Buffer::new().format_finite(value)).write_general(out);
    } else {
        out.push_str(non_finite(value));
    }
}

/// [`write_float`] for a float of 32 bits.
pub(super) fn write_float32(out: &mut String, value: f32) {
    if value.is_finite() {
        Shortest::parse(zmij::Buffer::new().format_finite(value)).write_general(out);
    } else {
        out.push_str(non_finite(value.into()));
    }
}

fn non_finite(value: f64) -> &'static str {
    match value {
        f64::INFINITY => ".inf",
        f64::NEG_INFINITY => "-.inf",
        _ => ".nan",
    }
}

/// Appends a finite float as it comes out of JSON read again as YAML: whole numbers that fit 64 bits are integers.
pub(super) fn write_json_float(out: &mut String, value: f64) {
    let shortest = Shortest::parse(zmij::Buffer::new().format_finite(value));
    if shortest.count == 0 {
        out.push('0');
        return;
    }
    let is_whole = shortest.point >= i32::try_from(shortest.count).unwrap_or(i32::MAX);
    if !is_whole || shortest.point > 20 {
        shortest.write_general(out);
        return;
    }
    let start = out.len();
    if shortest.is_negative {
        out.push('-');
    }
    shortest.write_plain(out);
    let text = &out[start..];
    if text.parse::<u64>().is_err() && text.parse::<i64>().is_err() {
        out.truncate(start);
        shortest.write_general(out);
    }
}

/// The double nearest to the shortest digits of a float of 32 bits: what JSON makes of it.
pub(super) fn widen(value: f32) -> f64 {
    zmij::Buffer::new().format_finite(value).parse().unwrap_or_else(|_| value.into())
}

/// `strconv.ParseInt(text, 0, 64)`, for text without underscores.
pub(super) fn parse_int(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(digits) => 0i64.checked_sub_unsigned(parse_uint(digits)?),
        None => i64::try_from(parse_uint(text.strip_prefix('+').unwrap_or(text))?).ok(),
    }
}

/// `strconv.ParseUint(text, 0, 64)`, for text without underscores.
pub(super) fn parse_uint(text: &str) -> Option<u64> {
    let (digits, base) = match text.as_bytes() {
        [b'0', b'b' | b'B', _, ..] => (&text[2..], 2),
        [b'0', b'o' | b'O', _, ..] => (&text[2..], 8),
        [b'0', b'x' | b'X', _, ..] => (&text[2..], 16),
        [b'0'] => return Some(0),
        [b'0', ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    // Rust's parser takes a sign, Go's does not at this place.
    if digits.starts_with(['+', '-']) { None } else { u64::from_str_radix(digits, base).ok() }
}

/// `strconv.ParseInt(text, base, 64)`, for text without underscores.
pub(super) fn parse_int_in(text: &str, base: u32) -> Option<i64> {
    i64::from_str_radix(text, base).ok()
}

/// Whether the text is a decimal float as go-yaml has it: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
pub(super) fn parse_decimal(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(at);
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if whole == 0 && fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return None;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    if at < bytes.len() {
        return None;
    }
    // Go refuses what is out of range.
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// `strconv.ParseFloat(text, 64)` for text that begins with a point: underscores may stand between digits.
pub(super) fn parse_fraction(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return parse_decimal(text);
    }
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let is_placed_well = (0..bytes.len())
        .filter(|&at| bytes[at] == b'_')
        .all(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    if is_placed_well { parse_decimal(&text.replace('_', "")) } else { None }
}
