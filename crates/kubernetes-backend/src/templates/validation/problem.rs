//! A problem, its place in a template, and how it is drawn.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use helm_template::diagnostic::{Diagnostic, Severity, Source};

use super::Question;
use super::test_case::{self, TestCase};
use crate::FieldPath;
use crate::templates::ObjectKind;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub question: Question,
    /// Whether the templates can be used in spite of it.
    pub gravity: Gravity,
    /// The template's file.
    pub file: String,
    /// Where in the file, where that is known.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do.
    pub fix: Option<String>,
    /// When it was met.
    pub(super) cases: Vec<TestCase>,
    /// The field of the object that it is about.
    pub(super) field: Option<FieldPath>,
    /// What was rendered.
    pub(super) of_kind: ObjectKind,
}

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravity {
    /// Jobs fail, or are not what their users asked for.
    Problem,
    /// Worth knowing.
    Warning,
}

/// A stretch of a template's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The column at which it begins, in bytes from 1.
    pub column: usize,
    /// Its first byte in the text.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
}

impl Problem {
    /// With a template as it was rendered for test jobs; what is wrong is still to be said.
    pub(super) fn of(question: Question, kind: ObjectKind, cases: &[TestCase]) -> Self {
        Self {
            question,
            gravity: Gravity::Problem,
            file: kind.file().to_owned(),
            place: None,
            message: String::new(),
            why: None,
            fix: None,
            cases: cases.to_vec(),
            field: None,
            of_kind: kind,
        }
    }

    /// The test jobs that it was met with.
    pub fn jobs(&self) -> Vec<&'static str> {
        test_case::jobs(&self.cases)
    }

    /// The files with data of a profile that it was met with; `None` for no data.
    pub fn data(&self) -> Vec<Option<&Path>> {
        test_case::data(&self.cases)
    }

    pub(super) fn at(self, place: Option<(String, Place)>) -> Self {
        match place {
            Some((file, place)) => Self { file, place: Some(place), ..self },
            None => self,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(Place { line, column, .. }) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// The texts of the templates, by their files' names.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(BTreeMap<String, String>);

impl Sources {
    pub(super) fn new(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// A stretch of a file's text.
    pub(super) fn place(&self, file: &str, start: usize, end: usize) -> Option<(String, Place)> {
        let text = self.0.get(file)?;
        let start = start.min(text.len());
        let before = &text.as_bytes()[..start];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count();
        Some((file.to_owned(), Place { line, column, start, end: end.clamp(start, text.len()) }))
    }

    /// What stands on the line of a byte, without the space around it.
    pub(super) fn whole_line(&self, file: &str, at: usize) -> Option<(String, Place)> {
        let text = self.0.get(file)?;
        let at = at.min(text.len());
        let bytes = text.as_bytes();
        let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |next| at + next);
        let line = text.get(start..end)?;
        let indent = line.len() - line.trim_start().len();
        self.place(file, start + indent, (start + line.trim_end().len()).max(start + indent))
    }

    /// A problem with its line, and a mark under what is wrong there.
    pub(super) fn draw(&self, folder: &Path, problem: &Problem) -> Diagnostic {
        let path = folder.join(&problem.file).display().to_string();
        let severity = match problem.gravity {
            Gravity::Problem => Severity::Error,
            Gravity::Warning => Severity::Warning,
        };
        let mut drawn = match problem.place.zip(self.0.get(&problem.file)) {
            Some((place, text)) => {
                let source = Source { path: &path, text: text.as_bytes() };
                Diagnostic::of_text(severity, &problem.message, source, place.start..place.end)
            }
            None => Diagnostic::of_file(severity, &problem.message, &path),
        };
        if let Some(why) = &problem.why {
            drawn = drawn.with_note(why);
        }
        if let Some(fix) = &problem.fix {
            drawn = drawn.with_help(fix);
        }
        drawn
    }
}
