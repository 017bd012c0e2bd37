//! Which Kubernetes, and which releases of the programs around it.

use std::fmt;
use std::str::FromStr;

/// The patch release that a bare minor version (`1.37`) means, newest first.
const KNOWN: [Version; 2] = [Version { minor: 37, patch: 2 }, Version { minor: 30, patch: 14 }];

/// The store of the API server.
pub(crate) const ETCD: &str = "v3.7.3";
/// The container runtime.
pub(crate) const CONTAINERD: &str = "v2.4.2";
/// The source of `metrics.k8s.io`.
pub(crate) const METRICS_SERVER: &str = "v0.9.0";
/// The oldest Go that builds all of the above: what their `go.mod` files ask for.
pub(crate) const GO_NEEDED: [u32; 3] = [1, 26, 6];

/// A release of Kubernetes 1.
///
/// Parses from `1.37` (the known patch of it), `1.37.2` and `v1.37.2`; prints as `v1.37.2`. The default is the
/// newest known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    minor: u16,
    patch: u16,
}

/// A text that names no release of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{given}' is no version of Kubernetes that can be built here; use one of {}, or a whole version like 1.36.3",
    known()
)]
pub struct UnknownVersion {
    /// What was given.
    pub given: String,
}

impl Version {
    /// The versions that have been tried, newest first.
    #[must_use]
    pub fn known() -> &'static [Version] {
        &KNOWN
    }

    /// The number after `1.`.
    #[must_use]
    pub fn minor(self) -> u16 {
        self.minor
    }

    /// `1.37`: the version without its patch, which is also a cluster's default name.
    #[must_use]
    pub fn without_patch(self) -> String {
        format!("1.{}", self.minor)
    }

    /// The version of the modules that are published with this one (`k8s.io/api` and its like): `v0.37.2`.
    pub(crate) fn of_libraries(self) -> String {
        format!("v0.{}.{}", self.minor, self.patch)
    }
}

impl Default for Version {
    fn default() -> Self {
        KNOWN[0]
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1.{}.{}", self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownVersion { given: given.to_owned() };
        let number = |text: &str| -> Result<u16, UnknownVersion> {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse().map_err(|_| unknown()) } else { Err(unknown()) }
        };
        let parts: Vec<&str> = given.strip_prefix('v').unwrap_or(given).split('.').collect();
        match parts.as_slice() {
            ["1", minor] => {
                let minor = number(minor)?;
                KNOWN.into_iter().find(|version| version.minor == minor).ok_or_else(unknown)
            }
            ["1", minor, patch] => Ok(Version { minor: number(minor)?, patch: number(patch)? }),
            _ => Err(unknown()),
        }
    }
}

fn known() -> String {
    KNOWN.map(Version::without_patch).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minor_version_means_its_known_patch() {
        assert_eq!("1.37".parse::<Version>().unwrap().to_string(), "v1.37.2");
        assert_eq!("v1.30".parse::<Version>().unwrap().to_string(), "v1.30.14");
    }

    #[test]
    fn a_whole_version_is_taken_as_it_is() {
        for text in ["1.36.3", "v1.36.3"] {
            let version: Version = text.parse().unwrap();
            assert_eq!(version.to_string(), "v1.36.3");
            assert_eq!(version.without_patch(), "1.36");
            assert_eq!(version.of_libraries(), "v0.36.3");
        }
    }

    #[test]
    fn everything_else_is_refused_with_what_would_be_taken() {
        for text in ["", "1", "1.", "1.36", "2.0.0", "1.37.", "1.37.2.1", "1.+37.2", "latest", "1.99999.1"] {
            assert_eq!(text.parse::<Version>(), Err(UnknownVersion { given: text.to_owned() }), "{text:?}");
        }
        insta::assert_snapshot!(
            "1.36".parse::<Version>().unwrap_err(),
            @"'1.36' is no version of Kubernetes that can be built here; use one of 1.37, 1.30, or a whole version like 1.36.3"
        );
    }

    #[test]
    fn the_default_is_the_newest() {
        assert_eq!(Some(&Version::default()), Version::known().iter().max());
    }
}
