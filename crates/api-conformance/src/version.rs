//! Minor versions of Kubernetes 1.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error as _};

/// A minor version of Kubernetes 1, such as `1.37`: rows may hold from one on, or before one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    minor: u32,
}

impl Version {
    /// `1.minor`.
    #[must_use]
    pub const fn of_minor(minor: u32) -> Version {
        Version { minor }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

impl FromStr for Version {
    type Err = String;

    /// Reads `1.37`, `v1.37.2` and the like.
    fn from_str(text: &str) -> Result<Version, String> {
        let mut parts = text.trim_start_matches('v').split('.');
        match (parts.next(), parts.next().map(str::parse)) {
            (Some("1"), Some(Ok(minor))) => Ok(Version { minor }),
            _ => Err(format!("`{text}` is no version of Kubernetes such as 1.37")),
        }
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_ordered_by_number_and_not_by_text() {
        let read = |text: &str| text.parse::<Version>().unwrap();
        assert!(read("1.9") < read("v1.30.0"));
        assert_eq!(read("1.37"), read("v1.37.2"));
        assert!("2.0".parse::<Version>().is_err());
    }
}
