//! Why a chore did not succeed, as one text for the person at the terminal.

use std::fmt;

/// A text that says what was expected and what came instead.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Failure(text.into())
    }

    /// Adds what was being done.
    pub(crate) fn during(doing: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Failure(format!("{doing}: {cause}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
