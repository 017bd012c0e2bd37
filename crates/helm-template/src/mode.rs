//! Which of the languages around Go templates is meant.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use go_text_template::{Functions, MissingKey};

use crate::functions;

/// Which functions there are, and what a missing key gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Sprig's functions without `env` and `expandenv`, Helm's, and `exec` and `groups`. A missing key gives nothing, and
    /// `<no value>` is removed from the finished text, wherever it came from.
    #[default]
    Helm,
    /// Like [`Mode::Helm`], but a missing key is an error.
    Strict,
    /// The functions of [`Mode::Helm`], but a missing key gives `<no value>`, which stays.
    Go,
    /// Sprig's own functions only, as Go programs use them: with `env`, and without Helm's.
    Sprig,
    /// Go's built-in functions only.
    Bare,
    /// Like [`Mode::Bare`], but a missing key is an error.
    BareStrict,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 6] =
        [Self::Helm, Self::Strict, Self::Go, Self::Sprig, Self::Bare, Self::BareStrict];

    /// Its name in requests and on command lines: `helm`, `strict`, `go`, `sprig`, `bare`, `barestrict`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Helm => "helm",
            Self::Strict => "strict",
            Self::Go => "go",
            Self::Sprig => "sprig",
            Self::Bare => "bare",
            Self::BareStrict => "barestrict",
        }
    }

    pub(crate) fn missing_key(self) -> MissingKey {
        match self {
            Self::Helm => MissingKey::Zero,
            Self::Strict | Self::BareStrict => MissingKey::Error,
            Self::Go | Self::Sprig | Self::Bare => MissingKey::NoValue,
        }
    }

    pub(crate) fn functions(self) -> Arc<Functions> {
        match self {
            Self::Helm | Self::Strict | Self::Go => functions::helm(),
            Self::Sprig => functions::sprig(),
            Self::Bare | Self::BareStrict => Arc::default(),
        }
    }
}

/// A name that no mode has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no mode '{name}'")]
pub struct UnknownMode {
    /// The name.
    pub name: String,
}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(name: &str) -> Result<Self, UnknownMode> {
        let known = Self::ALL.into_iter().find(|mode| mode.name() == name);
        known.ok_or_else(|| UnknownMode { name: name.to_owned() })
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_stand_in_the_order_of_their_numbers_and_are_found_by_name() {
        for (number, mode) in Mode::ALL.into_iter().enumerate() {
            assert_eq!(mode as usize, number);
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert_eq!("Helm".parse::<Mode>().unwrap_err().to_string(), "there is no mode 'Helm'");
    }
}
