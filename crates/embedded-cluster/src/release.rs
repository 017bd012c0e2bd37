//! Which Kubernetes this cluster passes for.

use std::{fmt, str::FromStr};

use crate::builder::ParseReleaseError;

/// A release of Kubernetes 1, and what clients notice of its differences from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    minor: u32,
    patch: u32,
}

impl Default for Release {
    fn default() -> Self {
        Release { minor: 37, patch: 2 }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1.{}.{}", self.minor, self.patch)
    }
}

impl FromStr for Release {
    type Err = ParseReleaseError;

    /// Reads `1.30.0`, `v1.30.0` and `1.30`.
    fn from_str(text: &str) -> Result<Self, ParseReleaseError> {
        let wrong = || ParseReleaseError(text.to_owned());
        let number = |part: &str| part.parse::<u32>().map_err(|_| wrong());
        let core = text.trim_start_matches('v').split(['-', '+']).next().unwrap_or_default();
        match core.split('.').collect::<Vec<_>>().as_slice() {
            ["1", minor] => Ok(Release { minor: number(minor)?, patch: 0 }),
            ["1", minor, patch] => Ok(Release { minor: number(minor)?, patch: number(patch)? }),
            _ => Err(wrong()),
        }
    }
}

impl Release {
    /// The second part of the version.
    pub(crate) fn minor(self) -> u32 {
        self.minor
    }

    /// The gate `WatchList`: on in 1.32 and again since 1.34.
    pub(crate) fn has_watch_lists(self) -> bool {
        self.minor == 32 || self.minor >= 34
    }

    /// A websocket to `exec` or `attach` needs `create` besides `get` since 1.35.
    pub(crate) fn asks_create_of_websockets(self) -> bool {
        self.minor >= 35
    }

    /// A log's `stream` parameter is known since 1.32; before, it is ignored.
    pub(crate) fn knows_log_streams(self) -> bool {
        self.minor >= 32
    }

    /// A job's end is announced by a condition of its own (`SuccessCriteriaMet`, `FailureTarget`) since 1.31.
    pub(crate) fn announces_ends_of_jobs(self) -> bool {
        self.minor >= 31
    }

    /// Events say `Container started`, where 1.30 says `Started container x`. Which release changed it is not known
    /// here.
    pub(crate) fn words_events_briefly(self) -> bool {
        self.minor >= 35
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn releases_are_read_with_or_without_their_letter_and_patch() {
        let read = |text: &str| text.parse::<Release>().map(|release| release.to_string());
        assert_eq!(read("1.30.0").unwrap(), "v1.30.0");
        assert_eq!(read("v1.37.2+embedded").unwrap(), "v1.37.2");
        assert_eq!(read("1.31").unwrap(), "v1.31.0");
        assert!(read("30").is_err());
    }
}
