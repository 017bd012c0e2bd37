//! Where something was written, for messages.

use std::fmt;

pub use kubernetes_backend::profiles::FileLine;

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// On the command line.
    CommandLine,
    /// In the configuration file.
    File(FileLine),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::File(line) => line.fmt(f),
        }
    }
}
