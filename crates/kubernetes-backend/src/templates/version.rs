//! The version that a template says it is of.

use std::fmt;
use std::str::FromStr;

/// A published generation of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TemplateVersion(&'static str);

impl TemplateVersion {
    /// Those that the product's document describes, and the plugin writes.
    pub const ONE: Self = Self("1");
    /// All that are in use, from the oldest.
    pub const ALL: [Self; 7] =
        [Self::ONE, Self("2"), Self("2.1.0"), Self("2.3.0"), Self("2.3.1"), Self("2.4.0"), Self("2.5.0")];

    /// As it stands in a template.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for TemplateVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A word that is no version of templates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is no version of object templates")]
pub struct UnknownVersion {
    /// The word.
    pub word: String,
}

impl FromStr for TemplateVersion {
    type Err = UnknownVersion;

    fn from_str(word: &str) -> Result<Self, UnknownVersion> {
        let known = Self::ALL.into_iter().find(|version| version.0 == word);
        known.ok_or_else(|| UnknownVersion { word: word.to_owned() })
    }
}

/// What a template says of its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// This, in that line, counted from 1. It may be none that is known.
    Version { line: usize, word: String },
    /// Nothing. This is its first line.
    Nothing { first: String },
}

/// Looks for `# Version: X` among the comments that a template begins with.
pub(super) fn told(text: &str) -> Told {
    let comments = text.lines().take_while(|line| line.is_empty() || line.starts_with('#'));
    for (index, line) in comments.enumerate() {
        let word = line.strip_prefix('#').and_then(|rest| rest.trim().strip_prefix("Version:"));
        if let Some(word) = word {
            return Told::Version { line: index + 1, word: word.trim().to_owned() };
        }
    }
    Told::Nothing { first: text.lines().next().unwrap_or_default().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_by_a_comment_at_the_beginning() {
        let version = |line, word: &str| Told::Version { line, word: word.to_owned() };
        assert_eq!(told("# Version: 1\r\napiVersion: v1\n"), version(1, "1"));
        assert_eq!(told("#Version:2.5.0"), version(1, "2.5.0"));
        assert_eq!(told("# Copyright\n\n# Version: 2\n"), version(3, "2"));
        for text in ["", "apiVersion: v1\n# Version: 1\n", "{{/* x */}}\n# Version: 1", "# version: 1"] {
            assert!(matches!(told(text), Told::Nothing { .. }), "{text:?}");
        }
    }
}
