//! What is wrong with a profiles file.

use std::io;
use std::path::PathBuf;

use kubernetes_backend::templates::ProfileDataError;

use super::key::{self, Refusal};
use crate::config::FileLine;

/// One mistake in a profiles file.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file is there but cannot be read.
    #[error("cannot read the profiles file '{}': {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A line that is not UTF-8.
    #[error("{place}: the line is not valid UTF-8")]
    NotText {
        /// The line.
        place: FileLine,
    },
    /// A line that is neither a heading, nor `key=value`, nor blank.
    #[error("{place}: '{text}' is neither a section nor of the form key=value")]
    NoEquals {
        /// The line.
        place: FileLine,
        /// What stands there.
        text: String,
    },
    /// A heading without `]`.
    #[error("{place}: the section '{text}' lacks its ']'")]
    SectionNotClosed {
        /// The line.
        place: FileLine,
        /// What stands there.
        text: String,
    },
    /// `[]` or `[@]`.
    #[error("{place}: the section '{text}' has no name")]
    SectionWithoutName {
        /// The line.
        place: FileLine,
        /// What stands there.
        text: String,
    },
    /// A heading twice.
    #[error("{place}: the section '{section}' was already begun in line {first}")]
    SectionTwice {
        /// The second line.
        place: FileLine,
        /// The heading.
        section: String,
        /// The first line.
        first: usize,
    },
    /// A key before the first heading.
    #[error("{place}: '{key}' stands in no section")]
    NoSection {
        /// The line.
        place: FileLine,
        /// The key.
        key: String,
    },
    /// A key twice under one heading.
    #[error("{place}: '{key}' was already set in line {first}")]
    KeyTwice {
        /// The second line.
        place: FileLine,
        /// The key.
        key: String,
        /// The first line.
        first: usize,
    },
    /// A key that profiles do not have.
    #[error("{place}: unknown key '{key}'")]
    UnknownKey {
        /// The line.
        place: FileLine,
        /// What stands there.
        key: String,
    },
    /// A heading for a group that there is not.
    #[error("{place}: there is no group '{group}' on this machine")]
    UnknownGroup {
        /// The line.
        place: FileLine,
        /// The group.
        group: String,
    },
    /// The file of an override cannot be read.
    #[error("{place}: cannot read the value for '{pointer}' from the file '{}': {cause}", path.display())]
    OverrideUnreadable {
        /// The line that names it.
        place: FileLine,
        /// What it is for.
        pointer: String,
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file of an override is no JSON.
    #[error("{place}: the value for '{pointer}' in the file '{}' is not valid JSON: {cause}", path.display())]
    OverrideNotJson {
        /// The line that names it.
        place: FileLine,
        /// What it is for.
        pointer: String,
        /// The file.
        path: PathBuf,
        /// Why.
        cause: serde_json::Error,
    },
    /// A file with data for templates cannot be read.
    #[error("{place}: 'template-data' of {section}: cannot read the file '{}': {cause}", path.display())]
    DataUnreadable {
        /// The line that names it.
        place: FileLine,
        /// The heading above the line.
        section: String,
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file with data for templates holds something else.
    #[error("{place}: 'template-data' of {section}: the file '{}{}' is of no use: {cause}", path.display(), line(cause))]
    DataNotUsable {
        /// The line that names it.
        place: FileLine,
        /// The heading above the line.
        section: String,
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Box<ProfileDataError>,
    },
    /// A value that its key does not take.
    #[error("{place}: wrong value '{value}' for '{key}': {refusal}")]
    Value {
        /// The line.
        place: FileLine,
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
        /// Why, and what would be taken.
        refusal: Refusal,
    },
}

fn line(cause: &ProfileDataError) -> String {
    cause.line().map(|line| format!(":{line}")).unwrap_or_default()
}

impl ProfileError {
    /// What to do, where the message does not say so already.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => Some("give the server-user the right to read it".to_owned()),
            Self::NotText { .. } | Self::NoEquals { .. } => {
                Some("correct the line, or put a '#' at its start".to_owned())
            }
            Self::SectionNotClosed { .. } | Self::SectionWithoutName { .. } | Self::NoSection { .. } => {
                Some("write '[*]' for everyone, '[@group]' for a group or '[user]' for a user".to_owned())
            }
            Self::SectionTwice { .. } => Some("put its keys under one heading".to_owned()),
            Self::KeyTwice { .. } => Some("remove one of the two lines".to_owned()),
            Self::UnknownKey { key, .. } => {
                let known = key::ALL.iter().map(|known| known.name);
                crate::nearest::nearest(key, known).map(|near| format!("did you mean '{near}'?"))
            }
            Self::UnknownGroup { .. } => {
                Some("make the group, correct its name, or remove the section".to_owned())
            }
            Self::OverrideUnreadable { .. } | Self::DataUnreadable { .. } => {
                Some("it must be there, and the server-user must have the right to read it".to_owned())
            }
            Self::Value { .. } | Self::OverrideNotJson { .. } | Self::DataNotUsable { .. } => None,
        }
    }

    /// Where it stands; `None` if the file cannot be read at all.
    #[must_use]
    pub fn place(&self) -> Option<&FileLine> {
        match self {
            Self::Unreadable { .. } => None,
            Self::NotText { place }
            | Self::NoEquals { place, .. }
            | Self::SectionNotClosed { place, .. }
            | Self::SectionWithoutName { place, .. }
            | Self::SectionTwice { place, .. }
            | Self::NoSection { place, .. }
            | Self::KeyTwice { place, .. }
            | Self::UnknownKey { place, .. }
            | Self::UnknownGroup { place, .. }
            | Self::OverrideUnreadable { place, .. }
            | Self::OverrideNotJson { place, .. }
            | Self::DataUnreadable { place, .. }
            | Self::DataNotUsable { place, .. }
            | Self::Value { place, .. } => Some(place),
        }
    }

    /// Whether a file cannot be read at all, so that nothing is known to be wrong in it.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        matches!(
            self,
            Self::Unreadable { .. } | Self::OverrideUnreadable { .. } | Self::DataUnreadable { .. }
        )
    }

    /// The mistake and its help in one line, for the answer to a reload.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        match self.help() {
            Some(help) => format!("{self} ({help})"),
            None => self.to_string(),
        }
    }
}
