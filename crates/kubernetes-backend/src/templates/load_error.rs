//! Why templates can't be used.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::TemplateVersion;

/// A file that is not as it has to be.
#[derive(Debug)]
pub struct LoadError {
    /// The file, or the folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: LoadFault,
}

/// What is wrong with it.
#[derive(Debug)]
pub enum LoadFault {
    /// It can't be read.
    Unreadable(io::Error),
    /// It is not there.
    Missing,
    /// It is no template.
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The most that is read.
        limit: u64,
    },
    /// It does not say of which version it is.
    NoVersion {
        /// Its first line.
        first: String,
        /// What it should say.
        expected: TemplateVersion,
    },
    /// It is of another version, or says it in another place.
    Version {
        /// The line that says it, from 1.
        line: usize,
        /// What it says.
        found: String,
        /// What it should say.
        expected: TemplateVersion,
    },
    /// It is no valid template.
    Syntax(helm_template::Error),
}

impl LoadError {
    /// What to do.
    pub fn help(&self) -> Option<String> {
        match &self.fault {
            LoadFault::Unreadable(error) if error.kind() == io::ErrorKind::NotFound => {
                Some("make it, and the templates in it, with --generate-templates".to_owned())
            }
            LoadFault::Unreadable(_) => Some("the plugin's user must be able to read it".to_owned()),
            LoadFault::Missing => Some("write it with --generate-templates".to_owned()),
            LoadFault::TooLarge { .. } => None,
            LoadFault::NoVersion { expected, .. } => {
                Some(format!("make '# Version: {expected}' its first line, if it is of that version"))
            }
            LoadFault::Version { found, expected, .. } if found == expected.as_str() => {
                Some("make that its first line".to_owned())
            }
            LoadFault::Version { found, .. } => Some(match found.parse::<TemplateVersion>() {
                Ok(known) => format!("set template-version={known} if both templates are of that version"),
                Err(_) => {
                    let known: Vec<&str> =
                        TemplateVersion::ALL.iter().map(|version| version.as_str()).collect();
                    format!("there are {}", known.join(", "))
                }
            }),
            LoadFault::Syntax(error) => error.hint(),
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            LoadFault::Unreadable(error) => write!(f, "{path}: cannot be read: {error}"),
            LoadFault::Missing => write!(f, "{path}: is not there"),
            LoadFault::TooLarge { size, limit } => {
                write!(f, "{path}: has {size} bytes; templates have at most {limit}")
            }
            LoadFault::NoVersion { first, expected } => {
                write!(f, "{path}: the first line is '{first}'; expected is '# Version: {expected}'")
            }
            LoadFault::Version { line, found, expected } => {
                write!(
                    f,
                    "{path}: line {line} says that it is of version {found}; expected is {expected}, in line 1"
                )
            }
            LoadFault::Syntax(error) => write!(f, "{path}: {error}"),
        }
    }
}

impl std::error::Error for LoadError {}
