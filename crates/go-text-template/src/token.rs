//! The tokens of a template.

use std::fmt;

use crate::format;
use crate::span::Span;

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// What a token is. Its text is that of its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// What stands there is no token; the lexer says why.
    Error,
    /// `true` or `false`
    Bool,
    /// A printable ASCII character that is nothing else, such as a comma.
    Character,
    CharacterConstant,
    Complex,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    End,
    /// `.name`
    Field,
    Identifier,
    LeftDelimiter,
    LeftParenthesis,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParenthesis,
    Space,
    String,
    Text,
    /// `$` or `$name`
    Variable,
    Dot,
    Nil,
    Keyword(Keyword),
}

/// Words that begin or end an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

impl Keyword {
    pub(crate) fn of(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            _ => return None,
        })
    }
}

impl Token {
    /// The token as an error names it: its text quoted and cut, words of the language in angle brackets.
    pub(crate) fn describe<'t>(&'t self, text: &'t [u8]) -> Description<'t> {
        Description { token: self, text: self.span.of(text) }
    }
}

/// Displays a token as Go's parser names it.
pub(crate) struct Description<'t> {
    token: &'t Token,
    text: &'t [u8],
}

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text;
        match self.token.kind {
            TokenKind::End => f.write_str("EOF"),
            TokenKind::Keyword(_) | TokenKind::Dot | TokenKind::Nil => {
                write!(f, "<{}>", String::from_utf8_lossy(text))
            }
            _ if text.len() > 10 => {
                let cut: usize = crate::unicode::Characters(text).take(10).map(|(_, length)| length).sum();
                write!(f, "{}...", format::quoted(&text[..cut]))
            }
            _ => f.write_str(&format::quoted(text)),
        }
    }
}
