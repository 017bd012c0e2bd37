//! The name of a cluster: a folder, a network namespace and a cgroup are called after it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::version::Version;

/// The longest name: socket paths inside the cluster's folder must stay within the kernel's 107 bytes.
const LONGEST: usize = 30;

/// 1 to 30 of `a-z`, `0-9`, `-` and `.`, with a letter or digit at both ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// A text that can't be a cluster's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{given}' can't be the name of a cluster; use 1 to {LONGEST} of a-z, 0-9, '-' and '.', with a letter or digit at both ends"
)]
pub struct InvalidName {
    /// What was given.
    pub given: String,
}

impl Name {
    /// `1.37`: the name of a cluster that was given none.
    #[must_use]
    pub fn of_version(version: Version) -> Self {
        Name(version.without_patch())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl TryFrom<String> for Name {
    type Error = InvalidName;

    fn try_from(given: String) -> Result<Self, Self::Error> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = given.as_bytes();
        let ends = [bytes.first(), bytes.last()].into_iter().all(|end| end.is_some_and(|end| plain(*end)));
        let inside = bytes.iter().all(|byte| plain(*byte) || matches!(byte, b'-' | b'.'));
        if ends && inside && bytes.len() <= LONGEST { Ok(Name(given)) } else { Err(InvalidName { given }) }
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        given.to_owned().try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_safe_in_a_path_are_taken() {
        for name in ["1.37", "a", "load-test", "e2e.2"] {
            assert_eq!(name.parse::<Name>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_versions_name_is_a_name() {
        for version in Version::known() {
            let name = Name::of_version(*version);
            assert_eq!(name.as_str().parse(), Ok(name.clone()));
        }
    }

    #[test]
    fn names_that_would_lead_elsewhere_are_refused() {
        for name in ["", ".", "..", "a/b", "-x", "x-", "A", "a b", "ä", &"a".repeat(31)] {
            assert!(name.parse::<Name>().is_err(), "{name:?}");
        }
    }
}
