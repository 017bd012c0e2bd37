//! Whose rights a request is made with, and which jobs it is about.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::field_error::FieldError;
use crate::ids::{JobId, Username};
use crate::wire::{FromWire, Path};

/// The text that stands for all users and for all jobs.
const ALL: &str = "*";

/// Whose rights apply to a request: the wire's `username`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Requester {
    /// `*`: an administrator, or a Launcher without authorization. Sees and controls every job.
    Everyone,
    /// One user, who sees and controls exactly the jobs that are theirs.
    User(Username),
}

impl Requester {
    /// Whether a job of `owner` exists for this requester. Names are compared as text; groups play no role.
    #[must_use]
    pub fn sees(&self, owner: &Username) -> bool {
        match self {
            Self::Everyone => true,
            Self::User(user) => user == owner,
        }
    }

    /// The wire form: `*` or the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Everyone => ALL,
            Self::User(user) => user.as_str(),
        }
    }

    /// The user, where there is one. Neither `*` nor an empty name is one.
    #[must_use]
    pub fn user(&self) -> Option<&Username> {
        match self {
            Self::User(user) if !user.is_empty() => Some(user),
            Self::Everyone | Self::User(_) => None,
        }
    }
}

impl From<&str> for Requester {
    fn from(text: &str) -> Self {
        match text.trim() {
            ALL => Self::Everyone,
            name => Self::User(Username::from(name)),
        }
    }
}

impl FromStr for Requester {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl From<Username> for Requester {
    fn from(user: Username) -> Self {
        Self::from(user.as_str())
    }
}

impl fmt::Display for Requester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Requester {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromWire for Requester {
    const EXPECTED: &'static str = "the name of a user, or `*` for all";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(text) => Ok(Self::from(text.as_str())),
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

/// Which jobs a request is about: the wire's `jobId`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JobSelector {
    /// `*`: all jobs that the requester sees.
    All,
    /// One job.
    One(JobId),
}

impl JobSelector {
    /// The wire form: `*` or the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::All => ALL,
            Self::One(id) => id.as_str(),
        }
    }
}

impl From<&str> for JobSelector {
    fn from(text: &str) -> Self {
        if text == ALL { Self::All } else { Self::One(JobId::from(text)) }
    }
}

impl From<JobId> for JobSelector {
    fn from(id: JobId) -> Self {
        if id.as_str() == ALL { Self::All } else { Self::One(id) }
    }
}

impl fmt::Display for JobSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for JobSelector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromWire for JobSelector {
    const EXPECTED: &'static str = "the id of a job, or `*` for all";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        match value {
            Value::String(text) => Ok(Self::from(JobId::from(text))),
            other => Err(FieldError::mismatch(path, Self::EXPECTED, &other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_sees_their_own_jobs_and_everyone_sees_all() {
        let mara = Username::from("mara");
        assert!(Requester::Everyone.sees(&mara));
        assert!(Requester::from("mara").sees(&mara));
        assert!(!Requester::from("Mara").sees(&mara));
        assert!(!Requester::from("").sees(&mara));
    }

    #[test]
    fn a_star_with_white_space_around_it_is_still_everyone() {
        assert_eq!(Requester::from(" * "), Requester::Everyone);
        assert_eq!(Requester::from(" mara "), Requester::User(Username::from("mara")));
    }
}
