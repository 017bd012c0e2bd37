//! Floats as `strconv.FormatFloat` writes them: shortest or to a precision, decimal, binary and hexadecimal.

/// A float of one of Go's two sizes.
#[derive(Clone, Copy)]
pub(crate) enum Float {
    Single(f32),
    Double(f64),
}

impl Float {
    fn value(self) -> f64 {
        match self {
            Self::Single(value) => f64::from(value),
            Self::Double(value) => value,
        }
    }
}

/// The layouts of `strconv.FormatFloat`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// `d.ddde±dd`
    Exponent,
    /// `ddd.ddd`
    Fixed,
    /// The exponent form for very large and very small numbers, else fixed.
    General,
    /// Mantissa and exponent as integers: `ddddp±ddd`
    Binary,
    /// `0x1.hhhp±dd`
    Hexadecimal,
}

/// No float64 has more decimal digits before they are all zero.
const MOST_DIGITS: usize = 1100;

/// Significant digits without leading and trailing zeros: the number is `0.DIGITS × 10^point`.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

/// Appends the number; without a precision, with the fewest digits that read back as the same number.
pub(crate) fn write(out: &mut Vec<u8>, float: Float, layout: Layout, precision: Option<usize>) {
    let value = float.value();
    if value.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if value.is_infinite() {
        return out.extend_from_slice(if value > 0.0 { b"+Inf" } else { b"-Inf" });
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    match layout {
        Layout::Binary => write_binary(out, float),
        Layout::Hexadecimal => write_hexadecimal(out, value.abs(), precision),
        Layout::Exponent => match precision {
            Some(precision) => write_exponent(out, &rounded(value, precision + 1), precision),
            None => {
                let digits = shortest(float);
                let fraction = digits.digits.len().saturating_sub(1);
                write_exponent(out, &digits, fraction);
            }
        },
        Layout::Fixed => match precision {
            Some(precision) => {
                let written = precision.min(MOST_DIGITS);
                out.extend_from_slice(format!("{:.written$}", value.abs()).as_bytes());
                out.resize(out.len() + precision - written, b'0');
            }
            None => write_shortest_fixed(out, &shortest(float)),
        },
        Layout::General => write_general(out, float, precision),
    }
}

fn write_general(out: &mut Vec<u8>, float: Float, precision: Option<usize>) {
    let (digits, threshold) = match precision {
        None => {
            let digits = shortest(float);
            (digits, 6)
        }
        Some(precision) => {
            let precision = precision.max(1);
            let digits = rounded(float.value(), precision);
            let count = digits.digits.len();
            let short = precision > count && i32::try_from(count).is_ok_and(|count| count >= digits.point);
            (digits, if short { count } else { precision })
        }
    };
    let exponent = digits.point - 1;
    let too_large = usize::try_from(exponent).is_ok_and(|exponent| exponent >= threshold);
    if exponent < -4 || too_large {
        let fraction = digits.digits.len().saturating_sub(1);
        write_exponent(out, &digits, fraction);
    } else {
        write_shortest_fixed(out, &digits);
    }
}

/// The fewest digits that tell the number from its neighbours.
fn shortest(float: Float) -> Digits {
    let mut buffer = zmij::Buffer::new();
    let text = match float {
        Float::Single(value) => buffer.format_finite(value.abs()),
        Float::Double(value) => buffer.format_finite(value.abs()),
    };
    parse(text)
}

/// At most `count` significant digits, correctly rounded.
fn rounded(value: f64, count: usize) -> Digits {
    let fraction = (count - 1).min(MOST_DIGITS);
    parse(&format!("{:.fraction$e}", value.abs()))
}

/// Takes a Rust rendering of a number apart: `1.5e-7`, `0.001`, `120`.
fn parse(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let mut point = exponent + i32::try_from(whole.len()).unwrap_or(i32::MAX);
    let leading = digits.iter().take_while(|&&digit| digit == b'0').count();
    digits.drain(..leading);
    point -= i32::try_from(leading).unwrap_or(0);
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    if digits.is_empty() {
        point = 0;
    }
    Digits { digits, point }
}

fn write_exponent(out: &mut Vec<u8>, digits: &Digits, fraction: usize) {
    let first = digits.digits.first().copied().unwrap_or(b'0');
    out.push(first);
    if fraction > 0 {
        out.push(b'.');
        let given = digits.digits.get(1..).unwrap_or(&[]);
        let given = &given[..given.len().min(fraction)];
        out.extend_from_slice(given);
        out.resize(out.len() + fraction - given.len(), b'0');
    }
    let exponent = if digits.digits.is_empty() { 0 } else { digits.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("e{sign}{:02}", exponent.abs()).as_bytes());
}

fn write_shortest_fixed(out: &mut Vec<u8>, digits: &Digits) {
    let Ok(whole) = usize::try_from(digits.point) else {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + digits.point.unsigned_abs() as usize, b'0');
        return out.extend_from_slice(&digits.digits);
    };
    if whole == 0 {
        out.push(b'0');
    }
    let given = digits.digits.len().min(whole);
    out.extend_from_slice(&digits.digits[..given]);
    out.resize(out.len() + whole - given, b'0');
    if digits.digits.len() > whole {
        out.push(b'.');
        out.extend_from_slice(&digits.digits[whole..]);
    }
}

fn write_binary(out: &mut Vec<u8>, float: Float) {
    let (mantissa, exponent) = match float {
        Float::Single(value) => {
            let (mantissa, exponent) = split(u64::from(value.to_bits()), 23, 8);
            (mantissa, exponent - 127 - 23)
        }
        Float::Double(value) => {
            let (mantissa, exponent) = split(value.to_bits(), 52, 11);
            (mantissa, exponent - 1023 - 52)
        }
    };
    let sign = if exponent < 0 { "" } else { "+" };
    out.extend_from_slice(format!("{mantissa}p{sign}{exponent}").as_bytes());
}

/// Mantissa with its hidden bit, and biased exponent (1 for subnormal numbers).
fn split(bits: u64, mantissa_bits: u32, exponent_bits: u32) -> (u64, i64) {
    let mantissa = bits & ((1 << mantissa_bits) - 1);
    let exponent = (bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
    match exponent {
        0 => (mantissa, 1),
        _ => (mantissa | (1 << mantissa_bits), exponent as i64),
    }
}

fn write_hexadecimal(out: &mut Vec<u8>, value: f64, precision: Option<usize>) {
    let (mut mantissa, biased) = split(value.to_bits(), 52, 11);
    let mut exponent = if mantissa == 0 { 0 } else { biased - 1023 };
    // The leading one is put at bit 60, so that 15 hexadecimal digits follow it.
    mantissa <<= 8;
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(precision) = precision.filter(|&precision| precision < 15) {
        let shift = precision * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    out.extend_from_slice(if mantissa == 0 { b"0x0" } else { b"0x1" });
    let fraction = mantissa << 4;
    let digits = format!("{fraction:016x}");
    match precision {
        None => {
            let digits = digits.trim_end_matches('0');
            if !digits.is_empty() {
                out.push(b'.');
                out.extend_from_slice(digits.as_bytes());
            }
        }
        Some(0) => {}
        Some(precision) => {
            out.push(b'.');
            let given = &digits.as_bytes()[..precision.min(16)];
            out.extend_from_slice(given);
            out.resize(out.len() + precision - given.len(), b'0');
        }
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("p{sign}{:02}", exponent.abs()).as_bytes());
}
