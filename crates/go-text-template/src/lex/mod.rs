//! Cutting a template's text into tokens, one at a time.

mod action;
mod number;

use std::sync::Arc;

use crate::error::LexError;
use crate::span::Span;
use crate::token::{Token, TokenKind};

/// What opens and closes an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delimiters {
    left: Arc<[u8]>,
    right: Arc<[u8]>,
}

impl Delimiters {
    /// Delimiters other than `{{` and `}}`; an empty one stands for the default, as in Go.
    ///
    /// ```
    /// use go_text_template::{Delimiters, TemplateSet, Value};
    ///
    /// let mut set = TemplateSet::new().with_delimiters(Delimiters::new("<%", "%>"));
    /// set.parse("t", "{{ <% 1 %> }}").unwrap();
    /// assert_eq!(set.render("t", &Value::Nil).unwrap(), "{{ 1 }}");
    /// ```
    #[must_use]
    pub fn new(left: &str, right: &str) -> Self {
        let or = |given: &str, default: &str| {
            if given.is_empty() { default.as_bytes().into() } else { given.as_bytes().into() }
        };
        Self { left: or(left, "{{"), right: or(right, "}}") }
    }
}

impl Default for Delimiters {
    fn default() -> Self {
        Self::new("", "")
    }
}

/// Whether `break` and `continue` are words of the language; a host's function of that name takes precedence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoopWords {
    pub(crate) break_is_keyword: bool,
    pub(crate) continue_is_keyword: bool,
}

/// Cuts tokens off a text.
pub(crate) struct Lexer<'t> {
    text: &'t [u8],
    delimiters: &'t Delimiters,
    words: LoopWords,
    at: usize,
    inside_action: bool,
    open_parentheses: usize,
    /// Why the last token is none.
    failure: Option<LexError>,
}

/// `-` and the white space beside it.
const TRIM_MARKER_LENGTH: usize = 2;

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t [u8], delimiters: &'t Delimiters, words: LoopWords) -> Self {
        Self { text, delimiters, words, at: 0, inside_action: false, open_parentheses: 0, failure: None }
    }

    /// What is wrong, after a [`TokenKind::Error`].
    pub(crate) fn failure(&self) -> Option<&LexError> {
        self.failure.as_ref()
    }

    pub(crate) fn text(&self) -> &'t [u8] {
        self.text
    }

    /// The next token; after the end, [`TokenKind::End`] for ever.
    pub(crate) fn next(&mut self) -> Token {
        if self.inside_action { self.next_in_action() } else { self.next_in_text() }
    }

    fn rest(&self) -> &'t [u8] {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The token from `start` to here.
    fn token(&self, kind: TokenKind, start: usize) -> Token {
        Token { kind, span: Span::new(start, self.at) }
    }

    fn error(&mut self, error: LexError, start: usize) -> Token {
        let token = self.token(TokenKind::Error, start);
        self.failure = Some(error);
        // Nothing follows an error.
        self.at = self.text.len();
        self.inside_action = false;
        token
    }

    fn next_in_text(&mut self) -> Token {
        loop {
            let start = self.at;
            let left = &*self.delimiters.left;
            let Some(distance) = find(self.rest(), left) else {
                self.at = self.text.len();
                let kind = if self.at > start { TokenKind::Text } else { TokenKind::End };
                return self.token(kind, start);
            };
            let delimiter = start + distance;
            let after = delimiter + left.len();
            if distance > 0 {
                let before = &self.text[start..delimiter];
                let kept = if opens_with_trim(&self.text[after..]) {
                    before.iter().rposition(|&byte| !is_space(byte)).map_or(0, |last| last + 1)
                } else {
                    before.len()
                };
                self.at = start + kept;
                let token = self.token(TokenKind::Text, start);
                self.at = delimiter;
                if kept > 0 {
                    return token;
                }
            }
            let marker = if opens_with_trim(&self.text[after..]) { TRIM_MARKER_LENGTH } else { 0 };
            if self.text[after + marker..].starts_with(b"/*") {
                self.at = after + marker;
                if let Err(error) = self.skip_comment() {
                    return error;
                }
                continue;
            }
            self.at = after;
            let token = self.token(TokenKind::LeftDelimiter, delimiter);
            self.at = after + marker;
            self.inside_action = true;
            self.open_parentheses = 0;
            return token;
        }
    }

    /// Passes a comment and the closing delimiter that must follow it.
    fn skip_comment(&mut self) -> Result<(), Token> {
        let start = self.at;
        let Some(length) = find(&self.text[start + 2..], b"*/") else {
            return Err(self.error(LexError::UnclosedComment, start));
        };
        self.at = start + 2 + length + 2;
        match self.closing_delimiter() {
            None => Err(self.error(LexError::CommentNotLast, start)),
            Some(closing) => {
                self.close(closing);
                Ok(())
            }
        }
    }

    /// The closing delimiter, if it stands here.
    fn closing_delimiter(&self) -> Option<Closing> {
        let rest = self.rest();
        let right = &*self.delimiters.right;
        if closes_with_trim(rest) && begins_with(&rest[TRIM_MARKER_LENGTH..], right) {
            return Some(Closing::Trimming);
        }
        begins_with(rest, right).then_some(Closing::Plain)
    }

    /// Passes the closing delimiter and the white space it trims; gives the delimiter's own place.
    fn close(&mut self, closing: Closing) -> (usize, usize) {
        if closing == Closing::Trimming {
            self.at += TRIM_MARKER_LENGTH;
        }
        let start = self.at;
        self.at += self.delimiters.right.len();
        let end = self.at;
        if closing == Closing::Trimming {
            self.at += self.rest().iter().take_while(|&&byte| is_space(byte)).count();
        }
        (start, end)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    Plain,
    Trimming,
}

/// `-` and white space, after the opening delimiter.
fn opens_with_trim(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space(*space))
}

/// White space and `-`, before the closing delimiter.
fn closes_with_trim(text: &[u8]) -> bool {
    matches!(text, [space, b'-', ..] if is_space(*space))
}

/// Whether `text` begins with `delimiter`. It rarely does, and most often the first byte tells.
fn begins_with(text: &[u8], delimiter: &[u8]) -> bool {
    text.first() == delimiter.first() && text.starts_with(delimiter)
}

/// Where `needle`, which is not empty, first stands in `text`.
fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, others) = needle.split_first()?;
    memchr::memchr_iter(first, text).find(|&at| text[at + 1..].starts_with(others))
}
