//! What a scalar means: go-yaml's rules for plain texts and for tags.

use super::number::{parse_decimal, parse_fraction, parse_int, parse_int_in, parse_uint};
use super::timestamp::is_timestamp;

/// What a text stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// Beyond `i64`.
    Uint(u64),
    Float(f64),
    /// A date, kept as text.
    Timestamp,
    Text,
}

/// The types that a tag may ask for. Other tags leave a scalar the text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarTag {
    Text,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    /// Anything else, `!!map` and `!local` among them.
    Other,
}

const TAG_PREFIX: &[u8] = b"tag:yaml.org,2002:";

impl ScalarTag {
    /// Reads a tag as it stands after its handle is replaced.
    pub(super) fn from_uri(tag: &[u8]) -> Self {
        match tag.strip_prefix(TAG_PREFIX) {
            Some(b"str") => Self::Text,
            Some(b"bool") => Self::Bool,
            Some(b"int") => Self::Int,
            Some(b"float") => Self::Float,
            Some(b"null") => Self::Null,
            Some(b"timestamp") => Self::Timestamp,
            Some(b"binary") => Self::Binary,
            _ => Self::Other,
        }
    }

    /// The tag as a person writes it.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::Text => "!!str",
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Null => "!!null",
            Self::Timestamp => "!!timestamp",
            Self::Binary => "!!binary",
            Self::Other => "!",
        }
    }
}

impl Resolved {
    fn tag(self) -> ScalarTag {
        match self {
            Self::Null => ScalarTag::Null,
            Self::Bool(_) => ScalarTag::Bool,
            Self::Int(_) | Self::Uint(_) => ScalarTag::Int,
            Self::Float(_) => ScalarTag::Float,
            Self::Timestamp => ScalarTag::Timestamp,
            Self::Text => ScalarTag::Text,
        }
    }
}

/// What a plain scalar without a tag means.
pub(super) fn resolve(text: &str) -> Resolved {
    resolve_as(text, TimestampRule::Allowed)
}

/// What a scalar with a tag means; `Err` holds the tag that the text would have by itself.
pub(super) fn resolve_tagged(tag: ScalarTag, text: &str) -> Result<Resolved, ScalarTag> {
    let found = match tag {
        ScalarTag::Text | ScalarTag::Binary | ScalarTag::Other => return Ok(Resolved::Text),
        ScalarTag::Timestamp => resolve_as(text, TimestampRule::Allowed),
        ScalarTag::Bool | ScalarTag::Int | ScalarTag::Float | ScalarTag::Null => {
            resolve_as(text, TimestampRule::Ignored)
        }
    };
    match (tag, found) {
        (ScalarTag::Float, Resolved::Int(value)) => Ok(Resolved::Float(value as f64)),
        _ if found.tag() == tag => Ok(found),
        _ => Err(found.tag()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TimestampRule {
    Allowed,
    Ignored,
}

fn resolve_as(text: &str, timestamps: TimestampRule) -> Resolved {
    let Some(first) = text.bytes().next() else {
        return Resolved::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Resolved::Float(f64::INFINITY),
            _ => parse_fraction(text).map_or(Resolved::Text, Resolved::Float),
        },
        b'+' | b'-' | b'0'..=b'9' => match text {
            "+.inf" | "+.Inf" | "+.INF" => Resolved::Float(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Resolved::Float(f64::NEG_INFINITY),
            _ if timestamps == TimestampRule::Allowed && is_timestamp(text) => Resolved::Timestamp,
            _ if text.contains('_') => number(&text.replace('_', "")),
            _ => number(text),
        },
        _ => Resolved::Text,
    }
}

/// The words of YAML 1.1 for booleans and nothing.
fn word(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Resolved::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        _ => Resolved::Text,
    }
}

fn number(text: &str) -> Resolved {
    if let Some(value) = parse_int(text) {
        return Resolved::Int(value);
    }
    if let Some(value) = parse_uint(text) {
        return Resolved::Uint(value);
    }
    if let Some(value) = parse_decimal(text) {
        return Resolved::Float(value);
    }
    // A second attempt of go-yaml's at binary numbers takes a sign after the prefix.
    let signed = text.strip_prefix("0b").and_then(|digits| parse_int_in(digits, 2));
    signed.map_or(Resolved::Text, Resolved::Int)
}

/// Whether go-yaml v3 reads the text as an octal number although v2 takes it for text: a sign after `0o`.
pub(super) fn is_octal_with_inner_sign(text: &str) -> bool {
    let plain = text.replace('_', "");
    plain.strip_prefix("0o").is_some_and(|digits| parse_int_in(digits, 8).is_some())
}

/// Whether the text is a number of base 60 as YAML 1.1 had them, which is quoted on the way out.
///
/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`
pub(super) fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit()) || !unsigned.contains(':') {
        return false;
    }
    let (places, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut places = places.split(':');
    let is_digit_or_gap = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    let is_first = places.next().is_some_and(|first| first.bytes().all(is_digit_or_gap));
    let is_place = |place: &str| match place.as_bytes() {
        [ones] => ones.is_ascii_digit(),
        [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
        _ => false,
    };
    is_first && places.all(is_place) && decimals.bytes().all(is_digit_or_gap)
}
