//! What can go wrong, in Go's words and as data.

mod exec;
mod parse;

use std::fmt;

pub use exec::{AbsentKey, CallError, ExecError};
pub use parse::{LexError, ParseError};

use crate::span::Span;

/// A template that cannot be parsed, or a rendering that was stopped.
///
/// Its `Display` is the text Go gives. The parts are there for drawing the place and offering help.
///
/// ```
/// use go_text_template::{Cause, ExecError, TemplateSet, Value};
///
/// let mut set = TemplateSet::new();
/// set.parse("t", "first\n{{ len 3 }}").unwrap();
/// let error = set.render("t", &Value::Nil).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"template: t:2:3: executing "t" at <len 3>: error calling len: len of type int"#
/// );
/// assert_eq!((error.place().line, error.place().column), (2, Some(3)));
/// assert!(matches!(error.cause(), Cause::Exec(ExecError::Call { function, .. }) if function == "len"));
/// ```
#[derive(Clone, Debug)]
pub struct Error(Box<Parts>);

/// One link of a chain of templates run by functions; the chain is flat, so its length endangers no stack.
#[derive(Clone, Debug)]
struct Parts {
    place: Place,
    cause: Cause,
    /// The calls that led here, innermost first.
    callers: Vec<Caller>,
}

#[derive(Clone, Debug)]
struct Caller {
    place: Place,
    function: String,
    /// What the function put before the error of the template it ran.
    prefix: String,
}

/// Where an error was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the text that was parsed (in Go the template's `ParseName`): usually a file name.
    pub file: String,
    /// The template that was being parsed or run: the file itself or a `define` in it.
    pub template: String,
    /// The line, from 1; 0 when execution had not begun.
    pub line: usize,
    /// The column that Go reports, in bytes from 0; parse errors have none.
    pub column: Option<usize>,
    /// The stretch of the file's text that a caret should point at.
    pub span: Option<Span>,
    /// The expression that was being evaluated, printed back in normal form.
    pub expression: Option<String>,
}

/// The reason of an [`Error`].
#[derive(Clone, Debug)]
pub enum Cause {
    /// The text is no template.
    Parse(ParseError),
    /// The template ran into something.
    Exec(ExecError),
}

impl Error {
    pub(crate) fn parse(file: &str, template: &str, line: usize, span: Span, cause: ParseError) -> Self {
        let place = Place {
            file: file.to_owned(),
            template: template.to_owned(),
            line,
            column: None,
            span: Some(span),
            expression: None,
        };
        Self(Box::new(Parts { place, cause: Cause::Parse(cause), callers: Vec::new() }))
    }

    pub(crate) fn with_span(mut self, span: Span) -> Self {
        self.0.place.span = Some(span);
        self
    }

    pub(crate) fn exec(place: Place, cause: ExecError) -> Self {
        match cause {
            ExecError::Call { function, source: CallError::Template { prefix, error } } => {
                let mut parts = error.0;
                parts.callers.push(Caller { place, function, prefix });
                Self(parts)
            }
            cause => Self(Box::new(Parts { place, cause: Cause::Exec(cause), callers: Vec::new() })),
        }
    }

    /// An error before the first node.
    pub(crate) fn before_start(template: &str, cause: ExecError) -> Self {
        let place = Place {
            file: template.to_owned(),
            template: template.to_owned(),
            line: 0,
            column: None,
            span: None,
            expression: None,
        };
        Self::exec(place, cause)
    }

    /// Where it shows first: of templates that functions ran inside each other, in the outermost.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.0.callers.last().map_or(&self.0.place, |caller| &caller.place)
    }

    /// Where it began: of templates that functions ran inside each other, in the innermost.
    #[must_use]
    pub fn origin(&self) -> &Place {
        &self.0.place
    }

    /// All places from the outermost call to the origin.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.0.callers.iter().rev().map(|caller| &caller.place).chain(std::iter::once(&self.0.place))
    }

    /// The reason, at the origin.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.cause
    }

    /// What might help, for the reader of the error; not part of Go's text.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match &self.0.cause {
            Cause::Parse(cause) => cause.hint(),
            Cause::Exec(cause) => cause.hint(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Caller { place, function, prefix } in self.0.callers.iter().rev() {
            write!(f, "{place}error calling {function}: {prefix}")?;
        }
        self.0.place.fmt(f)?;
        self.0.cause.fmt(f)
    }
}

impl fmt::Display for Place {
    /// What Go writes before the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, template, line, column, expression, .. } = self;
        match (column, expression) {
            (Some(column), Some(expression)) => {
                let template = crate::format::quoted(template);
                write!(f, "template: {file}:{line}:{column}: executing {template} at <{expression}>: ")
            }
            _ if *line == 0 => write!(f, "template: {template}: "),
            _ => write!(f, "template: {file}:{line}: "),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse(cause) => cause.fmt(f),
            Self::Exec(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
