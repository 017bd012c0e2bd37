//! Kubernetes quantities: `100m`, `512Mi`, `4096M`, `0`.

/// A quantity as a plain number (CPUs, bytes, pieces), or nothing where it is none.
///
/// Suffixes are those of Kubernetes' "Quantity" reference: `n u m k M G T P E`, `Ki` … `Ei`, and exponents.
///
/// ```
/// use kubernetes_backend::quantity::parse;
/// assert_eq!(parse("300155143n"), Some(0.300155143));
/// assert_eq!(parse("20100Ki"), Some(20_582_400.0));
/// assert_eq!(parse("lots"), None);
/// ```
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))).unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let number: f64 = number.parse().ok()?;
    let factor = match suffix {
        "" => 1.0,
        "n" => return Some(number / 1e9),
        "u" => return Some(number / 1e6),
        "m" => return Some(number / 1e3),
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "Ei" => 1_152_921_504_606_846_976.0,
        other => {
            let exponent: i32 = other.strip_prefix(['e', 'E'])?.parse().ok()?;
            10f64.powi(exponent)
        }
    };
    Some(number * factor)
}

/// A plain number without needless digits: `2`, `0.5`.
pub fn plain(number: f64) -> String {
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_has_its_factor() {
        for (text, number) in [
            ("0", 0.0),
            ("2", 2.0),
            ("0.5", 0.5),
            ("250m", 0.25),
            ("5u", 5e-6),
            ("7n", 7e-9),
            ("4096M", 4_096_000_000.0),
            ("1k", 1000.0),
            ("2G", 2e9),
            ("1Ki", 1024.0),
            ("3Gi", 3_221_225_472.0),
            ("1e3", 1000.0),
            ("12E2", 1200.0),
            ("1E", 1e18),
        ] {
            assert_eq!(parse(text), Some(number), "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_nothing() {
        for text in ["", "M", "1 M", "1Mb", "--1", "1e", "ten"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
