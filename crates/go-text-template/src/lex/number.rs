//! Numbers, as far as the lexer looks at them; what they mean is read later.

use super::Lexer;
use crate::error::LexError;
use crate::token::{Token, TokenKind};
use crate::unicode;

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Token {
        let start = self.at;
        if !self.scan_number() {
            return self.bad_number(start);
        }
        if !matches!(self.peek(), Some(b'+' | b'-')) {
            return self.token(TokenKind::Number, start);
        }
        // A complex number: 1+2i, without spaces.
        if !self.scan_number() || self.text[self.at - 1] != b'i' {
            return self.bad_number(start);
        }
        self.token(TokenKind::Complex, start)
    }

    fn bad_number(&mut self, start: usize) -> Token {
        let literal = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        self.error(LexError::BadNumber(literal), start)
    }

    /// Passes what may be a number; false, with the offender passed too, when a letter follows.
    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = b"0123456789abcdefABCDEF_";
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        let exponent: &[u8] = match digits.len() {
            11 => b"eE",
            23 => b"pP",
            _ => b"",
        };
        if self.accept(exponent) {
            self.accept(b"+-");
            self.accept_run(b"0123456789_");
        }
        self.accept(b"i");
        match unicode::decode(self.rest()) {
            Some((character, length)) if unicode::is_alphanumeric(character) => {
                self.at += length;
                false
            }
            _ => true,
        }
    }

    fn accept(&mut self, set: &[u8]) -> bool {
        let accepted = self.peek().is_some_and(|byte| set.contains(&byte));
        self.at += usize::from(accepted);
        accepted
    }

    fn accept_run(&mut self, set: &[u8]) {
        while self.accept(set) {}
    }
}
