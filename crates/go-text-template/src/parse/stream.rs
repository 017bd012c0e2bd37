//! Looking ahead: up to three tokens can be put back, as in Go's parser.

use super::Parser;
use crate::lex::Lexer;
use crate::span::Span;
use crate::token::{Token, TokenKind};

/// Tokens read but not yet used. `slots[0]` always holds the token the lexer gave last.
pub(super) struct Lookahead {
    slots: [Token; 3],
    waiting: usize,
    has_read: bool,
}

impl Default for Lookahead {
    fn default() -> Self {
        let nothing = Token { kind: TokenKind::End, span: Span::default() };
        Self { slots: [nothing; 3], waiting: 0, has_read: false }
    }
}

impl Lookahead {
    /// The place that errors are reported at, once anything was read.
    pub(super) fn latest(&self) -> Option<Span> {
        self.has_read.then_some(self.slots[0].span)
    }
}

impl Lookahead {
    fn next(&mut self, lexer: &mut Lexer<'_>) -> Token {
        if self.waiting > 0 {
            self.waiting -= 1;
        } else {
            self.read(lexer);
        }
        self.slots[self.waiting]
    }

    fn read(&mut self, lexer: &mut Lexer<'_>) {
        self.slots[0] = lexer.next();
        self.has_read = true;
    }

    fn peek(&mut self, lexer: &mut Lexer<'_>) -> Token {
        if self.waiting == 0 {
            self.waiting = 1;
            self.read(lexer);
        }
        self.slots[self.waiting - 1]
    }
}

impl Parser<'_> {
    pub(super) fn next(&mut self) -> Token {
        self.tree.lookahead.next(&mut self.lexer)
    }

    /// Puts the last token back.
    pub(super) fn backup(&mut self) {
        self.tree.lookahead.waiting += 1;
    }

    /// Puts `first` back before the last token, which is put back already.
    pub(super) fn backup_two(&mut self, first: Token) {
        let lookahead = &mut self.tree.lookahead;
        lookahead.slots[1] = first;
        lookahead.waiting = 2;
    }

    /// Puts two tokens back before the last token, which is put back already.
    pub(super) fn backup_three(&mut self, first: Token, second: Token) {
        let lookahead = &mut self.tree.lookahead;
        lookahead.slots[1] = second;
        lookahead.slots[2] = first;
        lookahead.waiting = 3;
    }

    pub(super) fn peek(&mut self) -> Token {
        self.tree.lookahead.peek(&mut self.lexer)
    }

    pub(super) fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.backup();
        token
    }
}
