//! Tokens inside an action.

use super::{Closing, Lexer, begins_with, closes_with_trim, is_space};
use crate::error::LexError;
use crate::format;
use crate::token::{Keyword, Token, TokenKind};
use crate::unicode;
use crate::value::Value;

impl Lexer<'_> {
    pub(super) fn next_in_action(&mut self) -> Token {
        let start = self.at;
        if let Some(closing) = self.closing_delimiter() {
            if self.open_parentheses > 0 {
                return self.error(LexError::UnclosedParenthesis, start);
            }
            return self.right_delimiter(closing);
        }
        let Some((character, length)) = unicode::decode(self.rest()) else {
            return self.error(LexError::UnclosedAction, start);
        };
        if character.is_ascii() && is_space(character as u8) {
            return self.space();
        }
        if character.is_ascii_digit()
            || matches!(character, '+' | '-')
            || (character == '.' && self.rest().get(1).is_none_or(u8::is_ascii_digit))
        {
            return self.number();
        }
        if unicode::is_alphanumeric(character) {
            return self.identifier();
        }
        self.at += length;
        match character {
            '=' => self.token(TokenKind::Assign, start),
            ':' => {
                if self.peek() != Some(b'=') {
                    return self.error(LexError::ExpectedDeclaration, start);
                }
                self.at += 1;
                self.token(TokenKind::Declare, start)
            }
            '|' => self.token(TokenKind::Pipe, start),
            '"' => self.quoted(b'"', TokenKind::String, LexError::UnterminatedString),
            '\'' => self.quoted(b'\'', TokenKind::CharacterConstant, LexError::UnterminatedCharacter),
            '`' => self.raw_string(),
            '$' => self.field_or_variable(TokenKind::Variable),
            '.' => self.field_or_variable(TokenKind::Field),
            '(' => {
                self.open_parentheses += 1;
                self.token(TokenKind::LeftParenthesis, start)
            }
            ')' => match self.open_parentheses.checked_sub(1) {
                None => self.error(LexError::UnexpectedParenthesis, start),
                Some(open) => {
                    self.open_parentheses = open;
                    self.token(TokenKind::RightParenthesis, start)
                }
            },
            ' '..='~' => self.token(TokenKind::Character, start),
            other => self.error(LexError::UnrecognizedCharacter(describe(Some(other))), start),
        }
    }

    fn right_delimiter(&mut self, closing: Closing) -> Token {
        let (start, end) = self.close(closing);
        self.inside_action = false;
        let after = std::mem::replace(&mut self.at, end);
        let token = self.token(TokenKind::RightDelimiter, start);
        self.at = after;
        token
    }

    /// A run of white space; a space that belongs to ` -}}` is left to the delimiter.
    fn space(&mut self) -> Token {
        let start = self.at;
        let count = self.rest().iter().take_while(|&&byte| is_space(byte)).count();
        self.at += count - 1;
        if closes_with_trim(self.rest()) && self.closing_delimiter() == Some(Closing::Trimming) {
            if count == 1 {
                return self.right_delimiter(Closing::Trimming);
            }
        } else {
            self.at += 1;
        }
        self.token(TokenKind::Space, start)
    }

    fn quoted(&mut self, delimiter: u8, kind: TokenKind, unterminated: LexError) -> Token {
        let start = self.at - 1;
        loop {
            let byte = self.peek();
            self.at += 1;
            match byte {
                Some(b'\\') if self.peek().is_some_and(|escaped| escaped != b'\n') => self.at += 1,
                None | Some(b'\\' | b'\n') => {
                    self.at = self.at.min(self.text.len());
                    return self.error(unterminated, start);
                }
                Some(byte) if byte == delimiter => return self.token(kind, start),
                Some(_) => {}
            }
        }
    }

    fn raw_string(&mut self) -> Token {
        let start = self.at - 1;
        match self.rest().iter().position(|&byte| byte == b'`') {
            None => self.error(LexError::UnterminatedRawString, start),
            Some(length) => {
                self.at += length + 1;
                self.token(TokenKind::RawString, start)
            }
        }
    }

    /// The rest of `.name` or `$name`, whose first character is passed.
    fn field_or_variable(&mut self, kind: TokenKind) -> Token {
        let start = self.at - 1;
        if self.at_terminator() {
            let kind = if kind == TokenKind::Field { TokenKind::Dot } else { kind };
            return self.token(kind, start);
        }
        self.skip_name();
        if !self.at_terminator() {
            return self.bad_character(start);
        }
        self.token(kind, start)
    }

    fn identifier(&mut self) -> Token {
        let start = self.at;
        self.skip_name();
        if !self.at_terminator() {
            return self.bad_character(start);
        }
        let kind = match &self.text[start..self.at] {
            b"true" | b"false" => TokenKind::Bool,
            b"nil" => TokenKind::Nil,
            word => match Keyword::of(word) {
                Some(Keyword::Break) if !self.words.break_is_keyword => TokenKind::Identifier,
                Some(Keyword::Continue) if !self.words.continue_is_keyword => TokenKind::Identifier,
                Some(keyword) => TokenKind::Keyword(keyword),
                None => TokenKind::Identifier,
            },
        };
        self.token(kind, start)
    }

    fn bad_character(&mut self, start: usize) -> Token {
        let found = unicode::decode(self.rest()).map(|(character, _)| character);
        self.error(LexError::BadCharacter(describe(found)), start)
    }

    fn skip_name(&mut self) {
        let ascii = self.rest().iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'_');
        self.at += ascii.count();
        while let Some((character, length)) = unicode::decode(self.rest()) {
            if !unicode::is_alphanumeric(character) {
                break;
            }
            self.at += length;
        }
    }

    /// Whether a name may end here.
    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some(b'.' | b',' | b'|' | b':' | b')' | b'(') => true,
            Some(byte) if is_space(byte) => true,
            Some(_) => begins_with(self.rest(), &self.delimiters.right),
        }
    }
}

/// A character as `%#U` prints it.
fn describe(character: Option<char>) -> String {
    let code = Value::Int32(character.map_or(-1, |character| u32::from(character).cast_signed()));
    let text = format::sprintf("%#U", &[&code]).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}
