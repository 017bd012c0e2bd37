//! Lists and mappings in brackets.

use super::super::error::{Problem, ReadError};
use super::super::token::TokenKind;
use super::node::NodeContext;
use super::{Event, EventKind, Parser, State, Turn};

impl<'s> Parser<'s> {
    pub(super) fn flow_sequence_entry(&mut self, turn: Turn) -> Result<Event<'s>, ReadError> {
        self.flow_comma(turn, &TokenKind::FlowSequenceEnd, Problem::MissingSequenceComma)?;
        match self.peek()? {
            TokenKind::FlowSequenceEnd => self.end(EventKind::SequenceEnd),
            TokenKind::Key => {
                let line = self.scanner.next()?.line;
                self.state = State::FlowSequencePairKey;
                Ok(Event { kind: EventKind::MappingStart { anchor: None }, line })
            }
            _ => {
                self.states.push(State::FlowSequenceEntry(Turn::Later));
                self.node(NodeContext::Flow)
            }
        }
    }

    /// Takes the opening bracket before the first entry and the comma before a later one.
    fn flow_comma(&mut self, turn: Turn, end: &TokenKind<'s>, missing: Problem) -> Result<(), ReadError> {
        let token = self.peek()?;
        if turn == Turn::Later {
            if token == end {
                return Ok(());
            }
            if *token != TokenKind::FlowEntry {
                return self.error(missing);
            }
        }
        self.scanner.next()?;
        Ok(())
    }

    pub(super) fn flow_sequence_pair_key(&mut self) -> Result<Event<'s>, ReadError> {
        if matches!(self.peek()?, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            // libyaml takes the token away, whichever it is.
            let line = self.scanner.next()?.line;
            return Ok(self.empty_scalar(line, State::FlowSequencePairValue));
        }
        self.states.push(State::FlowSequencePairValue);
        self.node(NodeContext::Flow)
    }

    pub(super) fn flow_sequence_pair_value(&mut self) -> Result<Event<'s>, ReadError> {
        if *self.peek()? == TokenKind::Value {
            self.scanner.next()?;
            if !matches!(self.peek()?, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowSequencePairEnd);
                return self.node(NodeContext::Flow);
            }
        }
        self.empty_scalar_here(State::FlowSequencePairEnd)
    }

    pub(super) fn flow_mapping_key(&mut self, turn: Turn) -> Result<Event<'s>, ReadError> {
        self.flow_comma(turn, &TokenKind::FlowMappingEnd, Problem::MissingMappingComma)?;
        match self.peek()? {
            TokenKind::FlowMappingEnd => self.end(EventKind::MappingEnd),
            TokenKind::Key => {
                self.scanner.next()?;
                self.flow_mapping_part(State::FlowMappingValue)
            }
            _ => {
                self.states.push(State::FlowMappingEmptyValue);
                self.node(NodeContext::Flow)
            }
        }
    }

    pub(super) fn flow_mapping_value(&mut self) -> Result<Event<'s>, ReadError> {
        let state = State::FlowMappingKey(Turn::Later);
        if *self.peek()? != TokenKind::Value {
            return self.empty_scalar_here(state);
        }
        self.scanner.next()?;
        if matches!(self.peek()?, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
            return self.empty_scalar_here(state);
        }
        self.states.push(state);
        self.node(NodeContext::Flow)
    }

    /// A key after `?` in braces.
    fn flow_mapping_part(&mut self, then: State) -> Result<Event<'s>, ReadError> {
        if matches!(self.peek()?, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
            return self.empty_scalar_here(then);
        }
        self.states.push(then);
        self.node(NodeContext::Flow)
    }
}
