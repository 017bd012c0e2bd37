//! Lists and mappings by indentation.

use super::super::error::{Problem, ReadError};
use super::super::token::TokenKind;
use super::node::NodeContext;
use super::{Event, EventKind, Parser, State, Turn};

impl<'s> Parser<'s> {
    pub(super) fn block_sequence_entry(&mut self, turn: Turn) -> Result<Event<'s>, ReadError> {
        if turn == Turn::First {
            self.scanner.next()?;
        }
        match self.peek()? {
            TokenKind::BlockEntry => {
                let line = self.scanner.next()?.line;
                let state = State::BlockSequenceEntry(Turn::Later);
                if matches!(self.peek()?, TokenKind::BlockEntry | TokenKind::BlockEnd) {
                    return Ok(self.empty_scalar(line, state));
                }
                self.states.push(state);
                self.node(NodeContext::Block)
            }
            TokenKind::BlockEnd => self.end(EventKind::SequenceEnd),
            _ => self.error(Problem::MissingEntry),
        }
    }

    pub(super) fn indentless_sequence_entry(&mut self) -> Result<Event<'s>, ReadError> {
        if *self.peek()? != TokenKind::BlockEntry {
            self.pop_state();
            return Ok(Event { kind: EventKind::SequenceEnd, line: self.line()? });
        }
        let line = self.scanner.next()?.line;
        if matches!(
            self.peek()?,
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
        ) {
            return Ok(self.empty_scalar(line, State::IndentlessSequenceEntry));
        }
        self.states.push(State::IndentlessSequenceEntry);
        self.node(NodeContext::Block)
    }

    pub(super) fn block_mapping_key(&mut self, turn: Turn) -> Result<Event<'s>, ReadError> {
        if turn == Turn::First {
            self.scanner.next()?;
        }
        match self.peek()? {
            TokenKind::Key => self.block_mapping_part(State::BlockMappingValue),
            TokenKind::BlockEnd => self.end(EventKind::MappingEnd),
            _ => self.error(Problem::MissingKey),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Result<Event<'s>, ReadError> {
        let state = State::BlockMappingKey(Turn::Later);
        if *self.peek()? == TokenKind::Value {
            self.block_mapping_part(state)
        } else {
            self.empty_scalar_here(state)
        }
    }

    /// What follows `?` or `:`.
    fn block_mapping_part(&mut self, then: State) -> Result<Event<'s>, ReadError> {
        let line = self.scanner.next()?.line;
        if matches!(self.peek()?, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            return Ok(self.empty_scalar(line, then));
        }
        self.states.push(then);
        self.node(NodeContext::BlockOrIndentlessSequence)
    }
}
