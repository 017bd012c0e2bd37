//! Floats with the fewest digits that are read back as the same.

/// The shortest digits of a finite float other than zero, without leading or trailing zeros, and the power of ten of
/// the first digit: 123.5 is `1235` and 2.
pub(crate) fn digits_of(number: f64) -> (String, i32) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(number.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    let leading = i32::try_from(all.len() - significant.len()).unwrap_or(0);
    let point = i32::try_from(whole.len()).unwrap_or(0);
    (significant.trim_end_matches('0').to_owned(), exponent + point - leading - 1)
}

/// Appends a finite float as JSON has it: with an exponent below 1e-6 and from 1e21 on.
pub(crate) fn write_float(out: &mut Vec<u8>, number: f64) {
    if number.is_sign_negative() {
        out.push(b'-');
    }
    if number == 0.0 {
        out.push(b'0');
        return;
    }
    let (digits, exponent) = digits_of(number);
    if (-6..21).contains(&exponent) {
        out.extend_from_slice(plain(&digits, exponent).as_bytes());
        return;
    }
    let (first, rest) = digits.split_at(1);
    out.extend_from_slice(first.as_bytes());
    if !rest.is_empty() {
        out.push(b'.');
        out.extend_from_slice(rest.as_bytes());
    }
    out.extend_from_slice(format!("e{exponent:+}").as_bytes());
}

/// Digits with a point where it belongs.
pub(crate) fn plain(digits: &str, exponent: i32) -> String {
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    if exponent + 1 >= length {
        let zeros = usize::try_from(exponent + 1 - length).unwrap_or(0);
        return format!("{digits}{}", "0".repeat(zeros));
    }
    let (whole, fraction) = digits.split_at(usize::try_from(exponent + 1).unwrap_or(0));
    format!("{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(number: f64) -> String {
        let mut out = Vec::new();
        write_float(&mut out, number);
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (number, text) in [
            (1.0, "1"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (-0.0, "-0"),
            (123.25, "123.25"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(written(number), text);
        }
    }
}
