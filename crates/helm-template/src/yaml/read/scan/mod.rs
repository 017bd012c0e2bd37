//! Characters to tokens: libyaml's scanner.

mod block_scalar;
mod cursor;
mod directive;
mod folding;
mod plain_scalar;
mod quoted_scalar;
mod simple_key;
mod tag;

use std::collections::VecDeque;

use super::error::{Problem, ReadError};
use super::source::Source;
use super::token::{Token, TokenKind};
use crate::yaml::MAX_DEPTH;
use cursor::{Cursor, Mark};
use simple_key::SimpleKeys;

/// Hands out the tokens of a text.
pub(super) struct Scanner<'s> {
    cursor: Cursor<'s>,
    tokens: VecDeque<Token<'s>>,
    /// How many tokens were handed out.
    taken: usize,
    /// Whether the first token in the queue is known to be final.
    is_head_ready: bool,
    has_started: bool,
    /// The column of the block that is open; `None` outside of all.
    indent: Option<usize>,
    indents: Vec<Option<usize>>,
    brackets: usize,
    is_key_allowed: bool,
    keys: SimpleKeys,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(source: &'s Source<'_>) -> Self {
        Self {
            cursor: Cursor::new(source),
            tokens: VecDeque::new(),
            taken: 0,
            is_head_ready: false,
            has_started: false,
            indent: None,
            indents: Vec::new(),
            brackets: 0,
            is_key_allowed: true,
            keys: SimpleKeys::new(),
        }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Result<&Token<'s>, ReadError> {
        while !self.is_head_ready {
            self.is_head_ready =
                !self.tokens.is_empty() && !self.keys.may_begin_at(self.taken, &self.cursor)?;
            if !self.is_head_ready {
                self.fetch()?;
            }
        }
        Ok(&self.tokens[0])
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token<'s>, ReadError> {
        self.peek()?;
        self.is_head_ready = false;
        self.taken += 1;
        // `peek` has made sure that there is one.
        Ok(self
            .tokens
            .pop_front()
            .unwrap_or(Token { kind: TokenKind::StreamEnd, line: self.cursor.mark.line }))
    }

    /// Adds at least one token to the queue.
    fn fetch(&mut self) -> Result<(), ReadError> {
        self.cursor.need(1)?;
        if !self.has_started {
            self.has_started = true;
            self.push(TokenKind::StreamStart, 0);
            return Ok(());
        }
        self.skip_to_token()?;
        self.close_blocks(Some(self.cursor.mark.column));
        self.cursor.need(4)?;
        if self.cursor.is_end() {
            return self.stream_end();
        }
        let is_line_start = self.cursor.mark.column == 0;
        let is_flow = self.brackets > 0;
        match self.cursor.byte(0) {
            b'%' if is_line_start => self.directive(),
            b'-' if self.cursor.is_at_document_indicator() => {
                self.document_indicator(TokenKind::DocumentStart)
            }
            b'.' if self.cursor.is_at_document_indicator() => self.document_indicator(TokenKind::DocumentEnd),
            b'[' => self.open_bracket(TokenKind::FlowSequenceStart),
            b'{' => self.open_bracket(TokenKind::FlowMappingStart),
            b']' => self.close_bracket(TokenKind::FlowSequenceEnd),
            b'}' => self.close_bracket(TokenKind::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if self.cursor.is_white_or_end_at(1) => self.block_entry(),
            b'?' if is_flow || self.cursor.is_white_or_end_at(1) => self.key(),
            b':' if is_flow || self.cursor.is_white_or_end_at(1) => self.value(),
            b'*' => self.alias(),
            b'&' => self.anchor(),
            b'!' => self.tag(),
            b'|' if !is_flow => self.block_scalar(block_scalar::Folding::Literal),
            b'>' if !is_flow => self.block_scalar(block_scalar::Folding::Folded),
            b'\'' => self.quoted_scalar(quoted_scalar::Quote::Single),
            b'"' => self.quoted_scalar(quoted_scalar::Quote::Double),
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => self.cursor.error(Problem::NoToken),
            _ => self.plain_scalar(),
        }
    }

    fn push(&mut self, kind: TokenKind<'s>, line: usize) {
        self.tokens.push_back(Token { kind, line });
    }

    /// The number that the next token pushed will have.
    fn next_number(&self) -> usize {
        self.taken + self.tokens.len()
    }

    /// Skips white space, comments and line breaks.
    ///
    /// Tabs count as white space in brackets and where no key may begin.
    fn skip_to_token(&mut self) -> Result<(), ReadError> {
        loop {
            self.cursor.need(1)?;
            if self.cursor.mark.column == 0 && self.cursor.is_at_byte_order_mark() {
                self.cursor.skip();
            }
            self.cursor.need(1)?;
            let are_tabs_allowed = self.brackets > 0 || !self.is_key_allowed;
            while self.cursor.byte(0) == b' ' || (are_tabs_allowed && self.cursor.byte(0) == b'\t') {
                self.cursor.skip_ascii(1);
                self.cursor.need(1)?;
            }
            if self.cursor.byte(0) == b'#' {
                self.cursor.skip_to_break()?;
            }
            if !self.cursor.is_break() {
                return Ok(());
            }
            self.cursor.need(2)?;
            self.cursor.take_break();
            if self.brackets == 0 {
                self.is_key_allowed = true;
            }
        }
    }

    /// Opens a block at this column if it is deeper than the one that is open; its token goes before the token with
    /// this number, or to the end.
    fn open_block(
        &mut self,
        mark: Mark,
        before: Option<usize>,
        kind: TokenKind<'s>,
    ) -> Result<(), ReadError> {
        if self.brackets > 0 || self.indent >= Some(mark.column) {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = Some(mark.column);
        if self.indents.len() > MAX_DEPTH {
            return self.cursor.error(Problem::TooDeep);
        }
        let token = Token { kind, line: mark.line };
        self.insert(token, before);
        Ok(())
    }

    /// Inserts a token before the one with this number, or adds it when that one is gone.
    fn insert(&mut self, token: Token<'s>, before: Option<usize>) {
        let end = self.tokens.len();
        let at = before.and_then(|number| number.checked_sub(self.taken)).map_or(end, |at| at.min(end));
        self.tokens.insert(at, token);
    }

    /// Ends the blocks that are deeper than this column.
    fn close_blocks(&mut self, column: Option<usize>) {
        if self.brackets > 0 {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.cursor.mark.line);
            self.indent = self.indents.pop().flatten();
        }
    }

    fn stream_end(&mut self) -> Result<(), ReadError> {
        if self.cursor.mark.column != 0 {
            self.cursor.mark.column = 0;
            self.cursor.mark.line += 1;
        }
        self.close_blocks(None);
        self.keys.remove(&self.cursor)?;
        self.is_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.cursor.mark.line);
        Ok(())
    }

    fn document_indicator(&mut self, kind: TokenKind<'s>) -> Result<(), ReadError> {
        self.close_blocks(None);
        self.keys.remove(&self.cursor)?;
        self.is_key_allowed = false;
        self.push(kind, self.cursor.mark.line);
        self.cursor.skip_ascii(3);
        Ok(())
    }

    /// Notes that the token to come may begin a key.
    fn save_key(&mut self) -> Result<(), ReadError> {
        if !self.is_key_allowed {
            return Ok(());
        }
        let is_required = self.brackets == 0 && self.indent == Some(self.cursor.mark.column);
        self.keys.save(&self.cursor, self.next_number(), is_required)
    }

    fn open_bracket(&mut self, kind: TokenKind<'s>) -> Result<(), ReadError> {
        self.save_key()?;
        self.keys.open_bracket(self.next_number(), self.cursor.mark);
        self.brackets += 1;
        if self.brackets > MAX_DEPTH {
            return self.cursor.error(Problem::TooDeep);
        }
        self.is_key_allowed = true;
        self.indicator(kind);
        Ok(())
    }

    fn close_bracket(&mut self, kind: TokenKind<'s>) -> Result<(), ReadError> {
        self.keys.remove(&self.cursor)?;
        if self.brackets > 0 {
            self.brackets -= 1;
            self.keys.close_bracket();
        }
        self.is_key_allowed = false;
        self.indicator(kind);
        Ok(())
    }

    /// Takes one character as a token.
    fn indicator(&mut self, kind: TokenKind<'s>) {
        self.push(kind, self.cursor.mark.line);
        self.cursor.skip_ascii(1);
    }

    fn flow_entry(&mut self) -> Result<(), ReadError> {
        self.keys.remove(&self.cursor)?;
        self.is_key_allowed = true;
        self.indicator(TokenKind::FlowEntry);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<(), ReadError> {
        // In brackets the parser finds it out of place.
        self.begin_block_token(Problem::MisplacedEntry, TokenKind::BlockSequenceStart)?;
        self.keys.remove(&self.cursor)?;
        self.is_key_allowed = true;
        self.indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn key(&mut self) -> Result<(), ReadError> {
        self.begin_block_token(Problem::MisplacedKey, TokenKind::BlockMappingStart)?;
        self.keys.remove(&self.cursor)?;
        self.is_key_allowed = self.brackets == 0;
        self.indicator(TokenKind::Key);
        Ok(())
    }

    fn value(&mut self) -> Result<(), ReadError> {
        if let Some(key) = self.keys.take(&self.cursor)? {
            self.insert(Token { kind: TokenKind::Key, line: key.mark.line }, Some(key.token));
            self.open_block(key.mark, Some(key.token), TokenKind::BlockMappingStart)?;
            self.is_key_allowed = false;
        } else {
            self.begin_block_token(Problem::MisplacedValue, TokenKind::BlockMappingStart)?;
            self.is_key_allowed = self.brackets == 0;
        }
        self.indicator(TokenKind::Value);
        Ok(())
    }

    /// Outside of brackets, a `-`, `?` or lone `:` stands only where a key may, and may open a block.
    fn begin_block_token(&mut self, misplaced: Problem, start: TokenKind<'s>) -> Result<(), ReadError> {
        if self.brackets > 0 {
            return Ok(());
        }
        let mark = self.cursor.mark;
        if !self.is_key_allowed {
            return self.cursor.error(misplaced);
        }
        self.open_block(mark, None, start)
    }

    fn anchor(&mut self) -> Result<(), ReadError> {
        let line = self.cursor.mark.line;
        let name = self.anchor_name()?;
        self.push(TokenKind::Anchor(name), line);
        Ok(())
    }

    fn alias(&mut self) -> Result<(), ReadError> {
        let line = self.cursor.mark.line;
        let name = self.anchor_name()?;
        self.push(TokenKind::Alias(name), line);
        Ok(())
    }

    fn anchor_name(&mut self) -> Result<&'s str, ReadError> {
        self.save_key()?;
        self.is_key_allowed = false;
        self.cursor.skip_ascii(1);
        let name = self.cursor.take_ascii_while(is_word)?;
        let is_ended = self.cursor.is_white_or_end()
            || matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !is_ended {
            return self.cursor.error(Problem::AnchorName);
        }
        Ok(name)
    }
}

/// Letters and digits of ASCII, `_` and `-`: what names are made of.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
