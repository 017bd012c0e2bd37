//! Versions: up to three numbers, a pre-release and metadata.

use std::cmp::Ordering;
use std::fmt;

/// A version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    /// Without its dash.
    pub(super) pre: String,
    /// Without its plus.
    pub(super) metadata: String,
    /// As written.
    pub(super) original: String,
}

/// The text is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VersionError {
    /// It is something else.
    #[error("invalid semantic version")]
    Invalid,
    /// A number of the pre-release begins with 0; those of the version itself may.
    #[error("version segment starts with 0")]
    StartsWithZero,
    /// A number is too large.
    #[error("error parsing version segment: strconv.ParseUint: parsing \"{digits}\": value out of range")]
    Range {
        /// As written.
        digits: String,
    },
    /// It is too long.
    #[error("version string is too long (max {MOST_BYTES} bytes)")]
    TooLong,
}

const MOST_BYTES: usize = 256;

/// The parts of a version as written.
struct Parts<'t> {
    numbers: Vec<&'t str>,
    pre: Option<&'t str>,
    metadata: Option<&'t str>,
}

impl Version {
    /// Reads `v1.2.3-pre+meta`; the `v`, minor and patch may be left out.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, VersionError> {
        if text.len() > MOST_BYTES {
            return Err(VersionError::TooLong);
        }
        let text = std::str::from_utf8(text).map_err(|_| VersionError::Invalid)?;
        let parts = parts(text).ok_or(VersionError::Invalid)?;
        for digits in &parts.numbers {
            number(digits)?;
        }
        if let Some(pre) = parts.pre {
            check_prerelease(pre)?;
        }
        let at = |index: usize| parts.numbers.get(index).map_or(Ok(0), |digits| number(digits));
        Ok(Self {
            major: at(0)?,
            minor: at(1)?,
            patch: at(2)?,
            pre: parts.pre.unwrap_or_default().to_owned(),
            metadata: parts.metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        })
    }

    /// Which comes first; metadata does not count.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => prerelease_order(&self.pre, &other.pre),
        })
    }

    /// The next version of some sort, made by `change`.
    pub(super) fn next(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut next = Self { metadata: String::new(), ..self.clone() };
        change(&mut next);
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        next.original = format!("{prefix}{next}");
        next
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn number(digits: &str) -> Result<u64, VersionError> {
    digits.parse().map_err(|_| VersionError::Range { digits: digits.to_owned() })
}

/// Takes a version apart, if every character is one that may be there.
fn parts(text: &str) -> Option<Parts<'_>> {
    let body = text.strip_prefix('v').unwrap_or(text);
    let (body, metadata) = match body.split_once('+') {
        Some((body, metadata)) => (body, Some(metadata)),
        None => (body, None),
    };
    let (core, pre) = match body.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (body, None),
    };
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_identifiers = |part: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        !part.is_empty() && part.bytes().all(is_allowed) && !part.split('.').any(str::is_empty)
    };
    let is_good = numbers.len() <= 3
        && numbers.iter().all(is_number)
        && pre.is_none_or(is_identifiers)
        && metadata.is_none_or(is_identifiers);
    is_good.then_some(Parts { numbers, pre, metadata })
}

fn check_prerelease(pre: &str) -> Result<(), VersionError> {
    for part in pre.split('.') {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && part.len() > 1 && part.starts_with('0') {
            return Err(VersionError::StartsWithZero);
        }
    }
    Ok(())
}

/// Part by part: fewer parts before more, numbers before texts.
pub(super) fn prerelease_order(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => part_order(a, b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn part_order(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => left.cmp(right),
    }
}
