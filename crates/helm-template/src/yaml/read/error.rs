//! Why a text cannot be read.

use std::fmt;

use super::Root;
use crate::yaml::MAX_DEPTH;
use crate::yaml::write::NonFinite;

/// Why a text cannot be read as YAML. It prints as Go's error text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{kind}", self.prefix())]
pub struct ReadError {
    kind: ReadErrorKind,
    line: Option<usize>,
}

impl ReadError {
    pub(super) fn new(kind: ReadErrorKind, line: Option<usize>) -> Self {
        Self { kind, line: line.map(|line| line + 1) }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ReadErrorKind {
        &self.kind
    }

    /// The line that it was found on, counted from 1, where one is known.
    ///
    /// The line in Go's text is another one at times: it is left out on the first line, and one less for what the
    /// grammar, not the characters, forbids.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The error's text without Go's words about the way through JSON and without a line: for messages that say
    /// the line themselves.
    #[must_use]
    pub fn problem(&self) -> String {
        match &self.kind {
            ReadErrorKind::Syntax { problem, .. } => problem.to_string(),
            kind => kind.to_string(),
        }
    }

    fn prefix(&self) -> &'static str {
        match self.kind {
            ReadErrorKind::WrongRoot { .. } | ReadErrorKind::TooDeepForJson { .. } => {
                "error unmarshaling JSON: while decoding JSON: "
            }
            ReadErrorKind::UnsupportedKey { .. } | ReadErrorKind::NotFinite(_) => {
                "error converting YAML to JSON: "
            }
            _ => "error converting YAML to JSON: yaml: ",
        }
    }
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The bytes are no text that YAML allows.
    #[error("{0}")]
    Source(SourceFault),
    /// The text is no YAML.
    #[error("{}{problem}", Where(*shown_line))]
    Syntax {
        /// What is wrong.
        problem: Problem,
        /// Who noticed.
        phase: SyntaxPhase,
        /// The line as Go tells it.
        shown_line: Option<usize>,
    },
    /// An alias without an anchor before it.
    #[error("unknown anchor '{name}' referenced")]
    UnknownAnchor {
        /// The name after `*`.
        name: String,
    },
    /// An alias inside what it stands for.
    #[error("anchor '{name}' value contains itself")]
    AnchorContainsItself {
        /// The name after `*`.
        name: String,
    },
    /// Aliases that would make a small text huge.
    #[error("document contains excessive aliasing")]
    ExcessiveAliasing,
    /// A tag that the text does not fit.
    #[error("cannot decode {found} `{text}` as a {wanted}")]
    CannotDecode {
        /// The tag that the text would have by itself.
        found: &'static str,
        /// The text.
        text: String,
        /// The tag that it has.
        wanted: &'static str,
    },
    /// `!!binary` with what is no base64.
    #[error("!!binary value contains invalid base64 data")]
    InvalidBase64,
    /// A list or mapping as a key.
    #[error("invalid map key: {key}")]
    ContainerAsKey {
        /// The key in Go's syntax.
        key: String,
    },
    /// `<<` with something other than mappings.
    #[error("map merge requires map or sequence of maps as the value")]
    MergeOfNoMapping,
    /// Keys that are there twice, when that is refused.
    #[error("unmarshal errors:{}", Listed(keys))]
    DuplicateKeys {
        /// Each with the line of its value, counted from 1, and the key in Go's syntax.
        keys: Vec<(usize, String)>,
    },
    /// A key that JSON cannot have: null, or a number beyond 63 bits.
    #[error("unsupported map key of type: {key_type}, key: {key}, value: {value}")]
    UnsupportedKey {
        /// The key's type in Go's words.
        key_type: &'static str,
        /// The key in Go's syntax.
        key: String,
        /// Its value in Go's syntax.
        value: String,
    },
    /// A number that JSON does not have.
    #[error("json: unsupported value: {0}")]
    NotFinite(NonFinite),
    /// Aliases that nest deeper than JSON may.
    #[error("invalid character '{bracket}' exceeded max depth")]
    TooDeepForJson {
        /// The bracket of the first container that is too deep.
        bracket: char,
    },
    /// The document is not what was asked for.
    #[error("json: cannot unmarshal {found} into Go value of type {}", GoType(*wanted))]
    WrongRoot {
        /// What the document is.
        found: JsonType,
        /// What was asked for.
        wanted: Root,
    },
}

/// What is wrong with the bytes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says it in its text")]
pub enum SourceFault {
    #[error("control characters are not allowed")]
    ControlCharacter,
    #[error("invalid leading UTF-8 octet")]
    LeadingOctet,
    #[error("invalid trailing UTF-8 octet")]
    TrailingOctet,
    #[error("invalid length of a UTF-8 sequence")]
    Utf8Length,
    #[error("invalid Unicode character")]
    InvalidCharacter,
    #[error("incomplete UTF-8 octet sequence")]
    IncompleteUtf8,
    #[error("incomplete UTF-16 character")]
    IncompleteUtf16,
    #[error("incomplete UTF-16 surrogate pair")]
    IncompleteSurrogatePair,
    #[error("unexpected low surrogate area")]
    UnexpectedLowSurrogate,
    #[error("expected low surrogate area")]
    MissingLowSurrogate,
}

impl SourceFault {
    /// Whether more bytes could mend it.
    pub(super) fn is_incomplete(self) -> bool {
        matches!(self, Self::IncompleteUtf8 | Self::IncompleteUtf16 | Self::IncompleteSurrogatePair)
    }
}

/// Who noticed that a text is no YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxPhase {
    /// Making tokens of characters.
    Scanner,
    /// Fitting tokens into the grammar.
    Parser,
}

/// What is wrong with the text, in libyaml's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each says it in its text")]
pub enum Problem {
    #[error("found character that cannot start any token")]
    NoToken,
    #[error("could not find expected ':'")]
    MissingColon,
    #[error("exceeded max depth of {MAX_DEPTH}")]
    TooDeep,
    #[error("block sequence entries are not allowed in this context")]
    MisplacedEntry,
    #[error("mapping keys are not allowed in this context")]
    MisplacedKey,
    #[error("mapping values are not allowed in this context")]
    MisplacedValue,
    #[error("found unknown directive name")]
    UnknownDirective,
    #[error("did not find expected comment or line break")]
    MissingCommentOrBreak,
    #[error("could not find expected directive name")]
    MissingDirectiveName,
    #[error("found unexpected non-alphabetical character")]
    DirectiveNameCharacter,
    #[error("did not find expected digit or '.' character")]
    MissingVersionDot,
    #[error("found extremely long version number")]
    LongVersion,
    #[error("did not find expected version number")]
    MissingVersion,
    #[error("did not find expected whitespace")]
    MissingWhitespace,
    #[error("did not find expected whitespace or line break")]
    MissingWhitespaceOrBreak,
    #[error("did not find expected alphabetic or numeric character")]
    AnchorName,
    #[error("did not find the expected '>'")]
    MissingTagEnd,
    #[error("did not find expected '!'")]
    MissingTagMark,
    #[error("did not find expected tag URI")]
    MissingTagUri,
    #[error("did not find URI escaped octet")]
    UriEscape,
    #[error("found an incorrect leading UTF-8 octet")]
    UriLeadingOctet,
    #[error("found an incorrect trailing UTF-8 octet")]
    UriTrailingOctet,
    #[error("found an indentation indicator equal to 0")]
    ZeroIndentation,
    #[error("found a tab character where an indentation space is expected")]
    TabAsIndentation,
    #[error("found a tab character that violates indentation")]
    TabInPlain,
    #[error("found unexpected document indicator")]
    DocumentIndicatorInQuotes,
    #[error("found unexpected end of stream")]
    EndInQuotes,
    #[error("found unknown escape character")]
    UnknownEscape,
    #[error("did not find expected hexdecimal number")]
    EscapeDigits,
    #[error("found invalid Unicode character escape code")]
    EscapeCode,
    #[error("did not find expected <document start>")]
    MissingDocumentStart,
    #[error("found undefined tag handle")]
    UndefinedTagHandle,
    #[error("did not find expected node content")]
    MissingContent,
    #[error("did not find expected '-' indicator")]
    MissingEntry,
    #[error("did not find expected key")]
    MissingKey,
    #[error("did not find expected ',' or ']'")]
    MissingSequenceComma,
    #[error("did not find expected ',' or '}}'")]
    MissingMappingComma,
    #[error("found duplicate %YAML directive")]
    DuplicateVersion,
    #[error("found incompatible YAML document")]
    IncompatibleVersion,
    #[error("found duplicate %TAG directive")]
    DuplicateTagDirective,
}

/// JSON's types, in encoding/json's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says it in its text")]
pub enum JsonType {
    #[error("bool")]
    Bool,
    #[error("number")]
    Number,
    #[error("string")]
    String,
    #[error("array")]
    Array,
    #[error("object")]
    Object,
}

struct Where(Option<usize>);

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, "line {line}: "))
    }
}

struct Listed<'a>(&'a [(usize, String)]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(line, key)| write!(f, "\n  line {line}: key {key} already set in map"))
    }
}

struct GoType(Root);

impl fmt::Display for GoType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Root::Any => "interface {}",
            Root::Mapping => "map[string]interface {}",
            Root::Sequence => "[]interface {}",
        })
    }
}
