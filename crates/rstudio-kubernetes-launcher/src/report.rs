//! Messages to the person who started the program, on stderr: what is wrong, and what to do.

use std::fmt::{self, Write as _};
use std::io::Write as _;

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The program cannot go on.
    Error,
    /// It goes on without something.
    Warning,
}

/// A message and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do, where the message does not say so already.
    pub help: Option<String>,
}

impl Notice {
    /// Something that the program cannot go on with.
    pub fn error(error: &impl fmt::Display, help: Option<String>) -> Self {
        Self { severity: Severity::Error, message: error.to_string(), help }
    }

    /// Something that the program goes on without.
    pub fn warning(warning: &impl fmt::Display, help: Option<String>) -> Self {
        Self { severity: Severity::Warning, message: warning.to_string(), help }
    }

    /// Puts the message into the log, with its help as a field.
    pub fn log(&self) {
        let (message, help) = (self.message.as_str(), self.help.as_deref());
        match self.severity {
            Severity::Error => tracing::error!(help, "{message}"),
            Severity::Warning => tracing::warn!(help, "{message}"),
        }
    }

    /// The message and its help as text.
    pub(crate) fn draw(&self, coloured: bool) -> String {
        let (colour, name) = match self.severity {
            Severity::Error => ("\u{1b}[1;31m", "error"),
            Severity::Warning => ("\u{1b}[1;33m", "warning"),
        };
        let (begin, end) = if coloured { (colour, "\u{1b}[0m") } else { ("", "") };
        let mut text = format!("{begin}{name}:{end} {}\n", self.message);
        if let Some(help) = &self.help {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  help: {help}");
        }
        text
    }
}

/// The messages as text, without colours.
#[must_use]
pub fn plain(notices: &[Notice]) -> String {
    notices.iter().map(|notice| notice.draw(false)).collect()
}

/// Prints messages on stderr, with colours if it is a terminal and `NO_COLOR` is not set.
pub fn print(notices: &[Notice]) {
    let coloured = crate::colour::on_stderr();
    let mut stderr = std::io::stderr().lock();
    for notice in notices {
        // Nobody is left to be told when stderr fails.
        let _ = stderr.write_all(notice.draw(coloured).as_bytes());
    }
}
