//! Why templates can't be used.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use helm_template::diagnostic::{Diagnostic, Severity, Source};

use super::TemplateVersion;

/// A file that is not as it has to be.
#[derive(Debug)]
pub struct LoadError {
    /// The file, or the folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: LoadFault,
    /// Its text, where it could be read.
    pub text: Option<Arc<str>>,
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
    pub(super) fn of(path: PathBuf, fault: LoadFault) -> Self {
        Self { path, fault, text: None }
    }

    pub(super) fn in_text(path: &Path, text: &str, fault: LoadFault) -> Self {
        Self { path: path.to_owned(), fault, text: Some(text.into()) }
    }

    /// What to do.
    pub fn help(&self) -> Option<String> {
        match &self.fault {
            LoadFault::Unreadable(error) if error.kind() == io::ErrorKind::NotFound => {
                Some("make it, and the templates in it, with --generate-templates".to_owned())
            }
            LoadFault::Unreadable(error) if error.kind() == io::ErrorKind::PermissionDenied => Some(format!(
                "'{}' must have the right to read it, and to enter every folder above it: chmod a+rX {}",
                present_user(),
                self.path.display()
            )),
            LoadFault::Unreadable(_) => None,
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

    /// Its line (from 1) and column (in bytes, from 1), where they are known.
    pub fn line_and_column(&self) -> Option<(usize, Option<usize>)> {
        match &self.fault {
            LoadFault::NoVersion { .. } => Some((1, None)),
            LoadFault::Version { line, .. } => Some((*line, None)),
            LoadFault::Syntax(error) => {
                let place = error.engine().origin();
                let column = self.text.as_deref().zip(place.span).map(|(text, span)| {
                    let before = &text.as_bytes()[..(span.start as usize).min(text.len())];
                    1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count()
                });
                Some((place.line, column))
            }
            LoadFault::Unreadable(_) | LoadFault::Missing | LoadFault::TooLarge { .. } => None,
        }
    }

    /// The error with the line that it is about, and a mark under what is wrong there.
    pub fn diagnostic(&self) -> Diagnostic {
        let path = self.path.display().to_string();
        let Some(text) = self.text.as_deref() else {
            return self.helped(Diagnostic::of_file(Severity::Error, self.fault.to_string(), &path));
        };
        let source = Source { path: &path, text: text.as_bytes() };
        match &self.fault {
            LoadFault::Syntax(error) => Diagnostic::of_template(error, |_| Some(source)),
            LoadFault::NoVersion { .. } => self.helped(Diagnostic::of_text(
                Severity::Error,
                self.fault.to_string(),
                source,
                line_of(text, 1),
            )),
            LoadFault::Version { line, .. } => self.helped(Diagnostic::of_text(
                Severity::Error,
                self.fault.to_string(),
                source,
                line_of(text, *line),
            )),
            LoadFault::Unreadable(_) | LoadFault::Missing | LoadFault::TooLarge { .. } => {
                self.helped(Diagnostic::of_file(Severity::Error, self.fault.to_string(), &path))
            }
        }
    }

    fn helped(&self, drawn: Diagnostic) -> Diagnostic {
        match self.help() {
            Some(help) => drawn.with_help(help),
            None => drawn,
        }
    }
}

/// The name of the user that this process runs as, or else its number.
fn present_user() -> String {
    let uid = nix::unistd::geteuid();
    nix::unistd::User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}

/// The bytes of a line, counted from 1.
fn line_of(text: &str, number: usize) -> Range<usize> {
    let start: usize = text.split_inclusive('\n').take(number.saturating_sub(1)).map(str::len).sum();
    start..start + text[start..].lines().next().unwrap_or_default().len()
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.fault)
    }
}

impl fmt::Display for LoadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
            Self::Missing => f.write_str("is not there"),
            Self::TooLarge { size, limit } => write!(f, "has {size} bytes; templates have at most {limit}"),
            Self::NoVersion { first, expected } => {
                write!(f, "the first line is '{first}'; expected is '# Version: {expected}'")
            }
            Self::Version { line, found, expected } => {
                write!(f, "line {line} says that it is of version {found}; expected is {expected}, in line 1")
            }
            Self::Syntax(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}
