//! Why a text is no template.

use thiserror::Error;

use crate::format::quoted;
use crate::suggest;

/// What the parser refused. `Display` is Go's message, without the place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The text cannot be cut into tokens.
    #[error("{error}{}", started_elsewhere(.error, .action_start))]
    Lex {
        /// What was wrong.
        error: LexError,
        /// File and line where the action began, when it was another line.
        action_start: Option<(String, usize)>,
    },
    /// A token that cannot stand here.
    #[error("unexpected {found} in {context}")]
    Unexpected {
        /// The token, in Go's notation.
        found: String,
        /// What was being read.
        context: &'static str,
    },
    /// `{{end}}` or `{{else}}` with nothing to end.
    #[error("unexpected {found}")]
    Unopened {
        /// `{{end}}` or `{{else}}`.
        found: &'static str,
    },
    /// A second `{{else}}`.
    #[error("expected end; found {found}")]
    ExpectedEnd {
        /// What stands there instead.
        found: &'static str,
    },
    /// The text ends inside a structure.
    #[error("unexpected EOF")]
    UnexpectedEnd,
    /// An action or parenthesis without a value.
    #[error("missing value for {context}")]
    MissingValue {
        /// What needs the value.
        context: &'static str,
    },
    /// A pipeline's later stage is a constant.
    #[error("non executable command in pipeline stage {stage}")]
    NotExecutable {
        /// Counted from 1.
        stage: usize,
    },
    /// An empty command.
    #[error("empty command")]
    EmptyCommand,
    /// A function that nobody registered.
    #[error("function {} not defined", quoted(.name))]
    UnknownFunction {
        /// As written.
        name: String,
        /// The known name nearest to it.
        nearest: Option<String>,
    },
    /// A variable that is not in scope.
    #[error("undefined variable {}", quoted(.name))]
    UndefinedVariable {
        /// With its `$`.
        name: String,
        /// The variable in scope nearest to it.
        nearest: Option<String>,
    },
    /// A field of a constant.
    #[error("unexpected . after term {}", quoted(.term))]
    FieldOfConstant {
        /// The constant.
        term: String,
    },
    /// More variables than can be declared here.
    #[error("too many declarations in {context}")]
    TooManyDeclarations {
        /// Where.
        context: &'static str,
    },
    /// Something other than variables before `:=` in a `range`.
    #[error("range can only initialize variables")]
    RangeInitializesVariables,
    /// `{{break}}` or `{{continue}}` outside a loop.
    #[error("{{{{{keyword}}}}} outside {{{{range}}}}")]
    OutsideRange {
        /// `break` or `continue`.
        keyword: &'static str,
    },
    /// A name defined twice in one text.
    #[error("template: multiple definition of template {}", quoted(.name))]
    MultipleDefinition {
        /// The template's name.
        name: String,
    },
    /// A malformed number.
    #[error("illegal number syntax: {}", quoted(.literal))]
    IllegalNumber {
        /// As written.
        literal: String,
    },
    /// An integer that no 64 bits can hold.
    #[error("integer overflow: {}", quoted(.literal))]
    IntegerOverflow {
        /// As written.
        literal: String,
    },
    /// A malformed character constant.
    #[error("malformed character constant: {literal}")]
    MalformedCharacter {
        /// As written.
        literal: String,
    },
    /// A malformed string constant, in `strconv.Unquote`'s words.
    #[error("invalid syntax")]
    MalformedString {
        /// As written.
        literal: String,
    },
    /// A malformed number, in the words of Go's number scanner.
    #[error("{message}")]
    NumberSyntax {
        /// The scanner's message.
        message: String,
    },
    /// Too many parentheses inside each other.
    #[error("max expression depth exceeded")]
    TooDeep,
    /// The text has more than 4 GiB.
    #[error("text exceeds the limit of {limit} bytes")]
    TooLong {
        /// In bytes.
        limit: usize,
    },
}

/// Why a text cannot be cut into tokens.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each is Go's message")]
pub enum LexError {
    #[error("unclosed comment")]
    UnclosedComment,
    #[error("comment ends before closing delimiter")]
    CommentNotLast,
    #[error("unclosed action")]
    UnclosedAction,
    #[error("unclosed left paren")]
    UnclosedParenthesis,
    #[error("unexpected right paren")]
    UnexpectedParenthesis,
    #[error("expected :=")]
    ExpectedDeclaration,
    #[error("unterminated quoted string")]
    UnterminatedString,
    #[error("unterminated raw quoted string")]
    UnterminatedRawString,
    #[error("unterminated character constant")]
    UnterminatedCharacter,
    #[error("bad character {0}")]
    BadCharacter(String),
    #[error("unrecognized character in action: {0}")]
    UnrecognizedCharacter(String),
    #[error("bad number syntax: {}", quoted(.0))]
    BadNumber(String),
}

fn started_elsewhere(error: &LexError, start: &Option<(String, usize)>) -> String {
    match start {
        None => String::new(),
        // Not "action in action".
        Some((file, line)) if *error == LexError::UnclosedAction => format!(" started at {file}:{line}"),
        Some((file, line)) => format!(" in action started at {file}:{line}"),
    }
}

impl ParseError {
    /// What might help.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownFunction { nearest: Some(nearest), .. }
            | Self::UndefinedVariable { nearest: Some(nearest), .. } => Some(suggest::did_you_mean(nearest)),
            Self::Lex { error: LexError::BadCharacter(found), .. } if found.ends_with("'-'") => {
                Some("a name with `-` is no field: write `index . \"name-with-dash\"`".to_owned())
            }
            Self::UnexpectedEnd => {
                Some("an `if`, `with`, `range`, `define` or `block` has no `{{end}}`".to_owned())
            }
            _ => None,
        }
    }
}
