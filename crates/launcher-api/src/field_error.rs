//! What is wrong with a field of a message.

use std::fmt;

use serde_json::Value;

use crate::wire::Path;

/// Letters of a wrong word that are shown; more would hide the rest of the message.
const SHOWN_LETTERS: usize = 60;

/// A field that is missing or holds the wrong thing.
///
/// Prints as one line for whoever wrote the message, naming the field by its path:
/// `` `job.mounts[1].mountSource.source.path` is missing: it must be a string ``. Free text is never shown, as it may be
/// a secret; numbers and words out of a fixed set are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// From the message's outermost object: keys with dots between them, list positions from 0 in brackets. Empty for
    /// the whole value.
    pub path: String,
    /// What is wrong there.
    pub problem: FieldProblem,
}

/// The two ways in which a field can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// The key is absent or `null`.
    Missing {
        /// What must stand there.
        expected: &'static str,
    },
    /// Something else stands there.
    Mismatch {
        /// What must stand there.
        expected: &'static str,
        /// What does, in words.
        found: String,
    },
}

impl FieldError {
    pub(crate) fn missing(path: &Path<'_>, expected: &'static str) -> Self {
        Self { path: path.to_string(), problem: FieldProblem::Missing { expected } }
    }

    /// A value of the wrong type, or a number out of range.
    pub(crate) fn mismatch(path: &Path<'_>, expected: &'static str, found: &Value) -> Self {
        Self { path: path.to_string(), problem: FieldProblem::Mismatch { expected, found: describe(found) } }
    }

    /// A string that is not one of those allowed. It is shown, so it must be one that can't be a secret.
    pub(crate) fn wrong_word(path: &Path<'_>, expected: &'static str, word: &str) -> Self {
        let found = quote(word);
        Self { path: path.to_string(), problem: FieldProblem::Mismatch { expected, found } }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str("the value")?;
        } else {
            write!(f, "`{}`", self.path)?;
        }
        match &self.problem {
            FieldProblem::Missing { expected } => write!(f, " is missing: it must be {expected}"),
            FieldProblem::Mismatch { expected, found } => write!(f, " must be {expected}, found {found}"),
        }
    }
}

impl std::error::Error for FieldError {}

/// A value in words, without free text.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(_) => "a string".to_owned(),
        Value::Array(items) if items.is_empty() => "an empty array".to_owned(),
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The beginning of a text in quotes.
fn quote(text: &str) -> String {
    match text.char_indices().nth(SHOWN_LETTERS) {
        Some((end, _)) => format!("'{}…'", on_one_line(&text[..end])),
        None => format!("'{}'", on_one_line(text)),
    }
}

/// A text without line ends and letters that can't be seen: those are escaped.
pub(crate) fn on_one_line(text: &str) -> String {
    let escape = |letter: char| match letter {
        '\'' | '"' | '\\' => letter.to_string(),
        other => other.escape_debug().to_string(),
    };
    text.chars().map(escape).collect()
}
