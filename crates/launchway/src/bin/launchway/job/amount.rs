//! Amounts of what a job may use, checked before they are sent.

/// CPUs, with decimals, as the wire wants them.
pub(super) fn cpus(text: &str) -> Result<String, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(text.to_owned()),
        _ => Err("write a number of CPUs such as 2 or 0.5".to_owned()),
    }
}

/// Memory in MB (10^6 bytes), as the wire wants it, from a plain number of MB or one with `M`, `G` or `T`.
pub(super) fn megabytes(text: &str) -> Result<String, String> {
    let (number, factor) = match text.char_indices().next_back() {
        Some((at, 'M')) => (&text[..at], 1.0),
        Some((at, 'G')) => (&text[..at], 1_000.0),
        Some((at, 'T')) => (&text[..at], 1_000_000.0),
        _ => (text, 1.0),
    };
    match number.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(format!("{}", number * factor)),
        _ => Err("write a number of MB such as 512, or 512M, 4G (1 G is 1000 M)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_sent_in_megabytes() {
        for (text, sent) in
            [("512", "512"), ("512M", "512"), ("4G", "4000"), ("0.5G", "500"), ("1T", "1000000")]
        {
            assert_eq!(megabytes(text).as_deref(), Ok(sent), "{text}");
        }
        for wrong in ["", "G", "4GB", "4Gi", "-1", "0", "inf", "é"] {
            assert!(megabytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn cpus_are_sent_as_written() {
        assert_eq!(cpus("0.5").as_deref(), Ok("0.5"));
        for wrong in ["", "two", "0", "-1", "NaN"] {
            assert!(cpus(wrong).is_err(), "{wrong}");
        }
    }
}
