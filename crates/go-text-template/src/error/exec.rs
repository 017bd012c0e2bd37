//! Why a rendering stopped.

use thiserror::Error;

use super::Error as TemplateError;
use crate::format::{PrintError, quoted};
use crate::suggest;
use crate::value::NilMap;

/// What stopped a rendering. `Display` is Go's message, without the place.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ExecError {
    /// A function failed.
    #[error("error calling {function}: {source}")]
    Call {
        /// The function's name.
        function: String,
        /// Why.
        #[source]
        source: CallError,
    },
    /// A function was given too few or too many arguments.
    #[error("wrong number of args for {function}: want {}{want} got {got}", if *.at_least { "at least " } else { "" })]
    ArgumentCount {
        /// The function's name.
        function: String,
        /// How many it takes.
        want: usize,
        /// Whether it takes more, too.
        at_least: bool,
        /// How many it was given.
        got: usize,
    },
    /// A function that nobody registered; met only where parsing went on in spite of it.
    #[error("{} is not a defined function", quoted(.name))]
    UnknownFunction {
        /// As written.
        name: String,
    },
    /// A value of another type than the parameter's.
    #[error("wrong type for value; expected {expected}; got {found}")]
    WrongType {
        /// The parameter's type.
        expected: String,
        /// The value's type.
        found: String,
    },
    /// No value where a parameter needs one.
    #[error("invalid value; expected {expected}")]
    NoValue {
        /// The parameter's type.
        expected: String,
    },
    /// A literal `nil` for a parameter that cannot be nil.
    #[error("cannot assign nil to {expected}")]
    NilArgument {
        /// The parameter's type.
        expected: String,
    },
    /// A literal of another sort than the parameter wants.
    #[error("expected {expected}; found {found}")]
    WrongLiteral {
        /// The sort wanted.
        expected: &'static str,
        /// As written.
        found: String,
    },
    /// A literal for a parameter that no literal fits.
    #[error("can't handle {found} for arg of type {expected}")]
    UnfitLiteral {
        /// As written.
        found: String,
        /// The parameter's type.
        expected: String,
    },
    /// An integer constant that `int` cannot hold.
    #[error("{literal} overflows int")]
    Overflow {
        /// As written.
        literal: String,
    },
    /// A field of something that has none of that name.
    #[error("can't evaluate field {field} in type {in_type}")]
    NoField {
        /// The field's name.
        field: String,
        /// The static type it was looked for in: `interface {}` for what a map or list holds.
        in_type: String,
        /// The type of the value itself.
        found: String,
        /// The nearest name that is there.
        nearest: Option<String>,
    },
    /// A field of nil.
    #[error("nil pointer evaluating {in_type}.{field}")]
    NilPointer {
        /// The field's name.
        field: String,
        /// The static type of what was nil.
        in_type: String,
        /// The key that was not there to begin with, where one is known.
        absent: Option<AbsentKey>,
    },
    /// A key that a map does not have, when missing keys are errors.
    #[error("map has no entry for key {}", quoted(.key))]
    MissingKey {
        /// The key.
        key: String,
        /// The nearest key that is there.
        nearest: Option<String>,
    },
    /// A field of no value, when missing keys are errors.
    #[error("nil data; no entry for key {}", quoted(.key))]
    NilData {
        /// The key.
        key: String,
    },
    /// Arguments for a map's entry.
    #[error("{field} is not a method but has arguments")]
    NotAMethod {
        /// The field's name.
        field: String,
    },
    /// Arguments for a structure's field.
    #[error("{field} has arguments but cannot be invoked as function")]
    FieldWithArguments {
        /// The field's name.
        field: String,
    },
    /// Arguments for something that is no function.
    #[error("can't give argument to non-function {found}")]
    NotAFunction {
        /// As written.
        found: String,
    },
    /// A literal `nil` as an action.
    #[error("nil is not a command")]
    NilCommand,
    /// A field of a literal `nil`.
    #[error("indirection through explicit nil in {expression}")]
    NilIndirection {
        /// As written.
        expression: String,
    },
    /// A variable that was never declared.
    #[error("undefined variable: {name}")]
    UndefinedVariable {
        /// With its `$`.
        name: String,
    },
    /// A template that is not in the set.
    #[error("template {} not defined", quoted(.name))]
    UnknownTemplate {
        /// The name asked for.
        name: String,
        /// The nearest name that is there.
        nearest: Option<String>,
    },
    /// The template asked for has no text of its own.
    #[error("{} is an incomplete or empty template", quoted(.name))]
    Incomplete {
        /// The name asked for.
        name: String,
    },
    /// A loop over what has no elements.
    #[error("range can't iterate over {found}")]
    NotIterable {
        /// The value, printed.
        found: String,
    },
    /// A loop with more variables than its values come with.
    #[error("can't use {found} to iterate over more than one variable")]
    OneVariableOnly {
        /// The value, printed.
        found: String,
    },
    /// A loop with two variables over an iterator of single values; the words are Go's.
    #[error("can't use {found} iterate over more than one variable")]
    SingleValues {
        /// The value, printed.
        found: String,
    },
    /// A value that cannot be printed.
    #[error("can't print {expression} of type {of}")]
    NotPrintable {
        /// As written.
        expression: String,
        /// The value's type.
        of: String,
    },
    /// `template` actions inside each other.
    #[error("exceeded maximum template depth ({limit})")]
    TemplateDepth {
        /// [`Limits::template_depth`](crate::Limits::template_depth)
        limit: usize,
    },
    /// Templates run by functions inside each other.
    #[error("exceeded maximum depth of templates run by functions ({limit})")]
    RenderDepth {
        /// [`Limits::render_depth`](crate::Limits::render_depth)
        limit: usize,
    },
    /// Too many values held at once.
    #[error("exceeded maximum number of values held ({limit})")]
    Stack {
        /// [`Limits::stack`](crate::Limits::stack)
        limit: usize,
    },
    /// Functions made too much.
    #[error("exceeded maximum of {limit} bytes that functions make")]
    Made {
        /// [`Limits::made`](crate::Limits::made)
        limit: usize,
    },
    /// Too many steps.
    #[error("exceeded maximum number of steps ({limit})")]
    Steps {
        /// [`Limits::steps`](crate::Limits::steps)
        limit: u64,
    },
    /// Too late.
    #[error("deadline exceeded")]
    Deadline,
    /// Printing was given up.
    #[error(transparent)]
    Print(#[from] PrintError),
}

impl ExecError {
    /// What might help.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoField { nearest: Some(nearest), .. }
            | Self::MissingKey { nearest: Some(nearest), .. }
            | Self::UnknownTemplate { nearest: Some(nearest), .. } => Some(suggest::did_you_mean(nearest)),
            Self::NoValue { expected } => Some(format!(
                "a value is missing where a `{expected}` is needed: guard it with `if` or `with`"
            )),
            Self::NilPointer { absent: Some(AbsentKey { key, nearest: Some(nearest) }), .. } => {
                Some(format!("there is no `{key}`: {}", suggest::did_you_mean(nearest)))
            }
            Self::NilPointer { absent: Some(AbsentKey { key, nearest: None }), .. } => {
                Some(format!("there is no `{key}`: guard it with `if` or `with`"))
            }
            Self::NilPointer { field, .. } => {
                Some(format!("what `.{field}` is read from may be missing: guard it with `if` or `with`"))
            }
            _ => None,
        }
    }
}

/// A key that a map does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsentKey {
    /// The key.
    pub key: String,
    /// The nearest key that is there.
    pub nearest: Option<String>,
}

/// Why a function failed. `Display` is what follows `error calling NAME: `.
#[derive(Clone, Debug, Error)]
pub enum CallError {
    /// The function's own words.
    #[error("{0}")]
    Message(String),
    /// A template that the function ran failed. In an [`Error`](crate::Error) such calls are
    /// [`places`](crate::Error::places) of the error that began it.
    #[error("{prefix}{error}")]
    Template {
        /// What the function puts before the error.
        prefix: String,
        /// The error of the template.
        error: TemplateError,
    },
    /// The function panicked.
    #[error("{0}")]
    Panic(String),
    /// Printing was given up.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// A write to a nil map.
    #[error(transparent)]
    NilMap(#[from] NilMap),
}

impl CallError {
    /// A failure in the function's own words.
    pub fn new(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }

    /// The error of a template that the function ran, with the function's own words before it.
    pub fn within(prefix: impl Into<String>, error: TemplateError) -> Self {
        Self::Template { prefix: prefix.into(), error }
    }
}

impl From<TemplateError> for CallError {
    fn from(error: TemplateError) -> Self {
        Self::within("", error)
    }
}
