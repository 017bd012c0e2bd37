//! Why a value cannot be written.

use std::fmt;

/// Why a value cannot be written as YAML. Helm's functions answer with an empty text in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// JSON has no such number.
    #[error("cannot write {0} as YAML: JSON, which it goes through, has no such number")]
    NotFinite(NonFinite),
    /// A complex number or a function. The words are those of go-yaml v3.
    #[error("cannot marshal type: {type_name}")]
    Unsupported {
        /// The name of its type in Go.
        type_name: &'static str,
    },
    /// A character that JSON leaves as it is and YAML refuses.
    #[error("cannot write the character U+{:04X} as YAML: readers of YAML refuse it", u32::from(*.character))]
    Character {
        /// The character.
        character: char,
    },
    /// U+0085 ends a line, and a key must be on one.
    #[error("cannot write a key with U+0085 as YAML: it would end the key's line")]
    LineBreakInKey,
    /// The key is too long for a reader of YAML.
    #[error(
        "cannot write a key of {length} characters as YAML: in JSON, with its quotes, it may have {limit}"
    )]
    KeyTooLong {
        /// Its length in JSON, in characters, with quotes.
        length: usize,
        /// The largest length.
        limit: usize,
    },
    /// U+0085 followed by `---` or `...` looks like the border of a document.
    #[error("cannot write `{indicator}` after U+0085 as YAML: it would end the document")]
    DocumentIndicator {
        /// `---` or `...`
        indicator: &'static str,
    },
    /// Too much.
    #[error("cannot write more than {limit} bytes of YAML")]
    TooLong {
        /// In bytes.
        limit: usize,
    },
    /// Too many containers inside one another, or one that contains itself.
    #[error("cannot write values nested deeper than {limit} as YAML")]
    TooDeep {
        /// The largest depth.
        limit: usize,
    },
}

/// A float that is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonFinite {
    /// Positive infinity.
    Infinity,
    /// Negative infinity.
    NegativeInfinity,
    /// Not a number.
    NaN,
}

impl NonFinite {
    /// Which one a float is, if any.
    #[must_use]
    pub fn of(value: f64) -> Option<Self> {
        match value {
            f64::INFINITY => Some(Self::Infinity),
            f64::NEG_INFINITY => Some(Self::NegativeInfinity),
            _ if value.is_nan() => Some(Self::NaN),
            _ => None,
        }
    }
}

impl fmt::Display for NonFinite {
    /// As Go prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Infinity => "+Inf",
            Self::NegativeInfinity => "-Inf",
            Self::NaN => "NaN",
        })
    }
}
