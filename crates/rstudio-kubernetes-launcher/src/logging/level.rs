//! How much is logged.

use std::fmt;

use tracing_subscriber::filter::LevelFilter;

/// The value of `log-level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What went wrong.
    Error,
    /// And what is odd.
    Warning,
    /// And what happens.
    Info,
    /// And every message.
    Debug,
}

impl LogLevel {
    /// Reads a level: its name in any case (`WARN` too), or its number from 0 (`OFF`) to 4 (`DEBUG`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "OFF" | "0" => Some(Self::Off),
            "ERROR" | "1" => Some(Self::Error),
            "WARNING" | "WARN" | "2" => Some(Self::Warning),
            "INFO" | "3" => Some(Self::Info),
            "DEBUG" | "4" => Some(Self::Debug),
            _ => None,
        }
    }

    /// The level as the log's filter knows it.
    pub(super) fn filter(self) -> LevelFilter {
        match self {
            Self::Off => LevelFilter::OFF,
            Self::Error => LevelFilter::ERROR,
            Self::Warning => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "OFF",
            Self::Error => "ERROR",
            Self::Warning => "WARNING",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::LogLevel;

    #[test]
    fn levels_are_read_by_name_in_any_case_and_by_number() {
        for (text, level) in [
            ("off", Some(LogLevel::Off)),
            ("Error", Some(LogLevel::Error)),
            ("WARN", Some(LogLevel::Warning)),
            ("warning", Some(LogLevel::Warning)),
            ("3", Some(LogLevel::Info)),
            ("4", Some(LogLevel::Debug)),
            ("5", None),
            ("trace", None),
        ] {
            assert_eq!(LogLevel::parse(text), level, "{text}");
        }
    }
}
