//! Tokens to events: libyaml's grammar, as a state machine with a stack of its own.

mod block;
mod flow;
mod node;

use std::borrow::Cow;

use super::error::{Problem, ReadError, ReadErrorKind, SyntaxPhase};
use super::scan::Scanner;
use super::source::Source;
use super::token::{ScalarStyle, TagDirective, TokenKind};
use node::NodeContext;

/// A step of going through a document.
#[derive(Debug)]
pub(super) struct Event<'s> {
    pub(super) kind: EventKind<'s>,
    /// Counted from 0.
    pub(super) line: usize,
}

#[derive(Debug)]
pub(super) enum EventKind<'s> {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'s str),
    Scalar { anchor: Option<&'s str>, tag: Option<Vec<u8>>, text: Cow<'s, str>, style: ScalarStyle },
    SequenceStart { anchor: Option<&'s str> },
    SequenceEnd,
    MappingStart { anchor: Option<&'s str> },
    MappingEnd,
}

/// What is expected next.
#[derive(Clone, Copy, Debug)]
enum State {
    StreamStart,
    FirstDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry(Turn),
    IndentlessSequenceEntry,
    BlockMappingKey(Turn),
    BlockMappingValue,
    FlowSequenceEntry(Turn),
    FlowSequencePairKey,
    FlowSequencePairValue,
    FlowSequencePairEnd,
    FlowMappingKey(Turn),
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// Whether an entry is the first one of its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    First,
    Later,
}

/// Hands out the events of a text.
pub(super) struct Parser<'s> {
    scanner: Scanner<'s>,
    state: State,
    /// Where to go on when the current node is done.
    states: Vec<State>,
    tag_directives: Vec<TagDirective<'s>>,
}

impl<'s> Parser<'s> {
    pub(super) fn new(source: &'s Source<'_>) -> Self {
        Self {
            scanner: Scanner::new(source),
            state: State::StreamStart,
            states: Vec::new(),
            tag_directives: Vec::new(),
        }
    }

    /// The next event; after the last one, it comes again.
    pub(super) fn next(&mut self) -> Result<Event<'s>, ReadError> {
        match self.state {
            State::StreamStart => {
                self.state = State::FirstDocumentStart;
                let token = self.scanner.next()?;
                Ok(Event { kind: EventKind::StreamStart, line: token.line })
            }
            State::FirstDocumentStart => self.document_start(Turn::First),
            State::DocumentStart => self.document_start(Turn::Later),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(NodeContext::Block),
            State::BlockSequenceEntry(turn) => self.block_sequence_entry(turn),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey(turn) => self.block_mapping_key(turn),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry(turn) => self.flow_sequence_entry(turn),
            State::FlowSequencePairKey => self.flow_sequence_pair_key(),
            State::FlowSequencePairValue => self.flow_sequence_pair_value(),
            State::FlowSequencePairEnd => {
                self.state = State::FlowSequenceEntry(Turn::Later);
                let line = self.scanner.peek()?.line;
                Ok(Event { kind: EventKind::MappingEnd, line })
            }
            State::FlowMappingKey(turn) => self.flow_mapping_key(turn),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => self.empty_scalar_here(State::FlowMappingKey(Turn::Later)),
            State::End => Ok(Event { kind: EventKind::StreamEnd, line: self.scanner.peek()?.line }),
        }
    }

    fn peek(&mut self) -> Result<&TokenKind<'s>, ReadError> {
        Ok(&self.scanner.peek()?.kind)
    }

    fn line(&mut self) -> Result<usize, ReadError> {
        Ok(self.scanner.peek()?.line)
    }

    /// Goes back to what follows the node that is done.
    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    fn document_start(&mut self, turn: Turn) -> Result<Event<'s>, ReadError> {
        if turn == Turn::Later {
            while *self.peek()? == TokenKind::DocumentEnd {
                self.scanner.next()?;
            }
        }
        let line = self.line()?;
        let is_explicit = turn == Turn::Later
            || matches!(
                self.peek()?,
                TokenKind::VersionDirective { .. } | TokenKind::TagDirective(_) | TokenKind::DocumentStart
            );
        if *self.peek()? == TokenKind::StreamEnd {
            self.state = State::End;
            return Ok(Event { kind: EventKind::StreamEnd, line });
        }
        self.directives()?;
        if is_explicit {
            if *self.peek()? != TokenKind::DocumentStart {
                return self.error(Problem::MissingDocumentStart);
            }
            self.scanner.next()?;
            self.state = State::DocumentContent;
        } else {
            self.state = State::BlockNode;
        }
        self.states.push(State::DocumentEnd);
        Ok(Event { kind: EventKind::DocumentStart, line })
    }

    fn directives(&mut self) -> Result<(), ReadError> {
        let mut has_version = false;
        loop {
            match self.peek()? {
                TokenKind::VersionDirective { major, minor } => {
                    let is_compatible = (*major, *minor) == (1, 1);
                    if has_version {
                        return self.error(Problem::DuplicateVersion);
                    }
                    if !is_compatible {
                        return self.error(Problem::IncompatibleVersion);
                    }
                    has_version = true;
                }
                TokenKind::TagDirective(directive) => {
                    let directive = directive.clone();
                    if self.tag_directives.iter().any(|known| known.handle == directive.handle) {
                        return self.error(Problem::DuplicateTagDirective);
                    }
                    self.tag_directives.push(directive);
                }
                _ => break,
            }
            self.scanner.next()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.tag_directives.iter().any(|known| known.handle == handle) {
                self.tag_directives.push(TagDirective { handle, prefix: prefix.as_bytes().to_vec() });
            }
        }
        Ok(())
    }

    fn document_content(&mut self) -> Result<Event<'s>, ReadError> {
        match self.peek()? {
            TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective(_)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                self.pop_state();
                self.empty_scalar_here(self.state)
            }
            _ => self.node(NodeContext::Block),
        }
    }

    fn document_end(&mut self) -> Result<Event<'s>, ReadError> {
        let line = self.line()?;
        if *self.peek()? == TokenKind::DocumentEnd {
            self.scanner.next()?;
        }
        self.tag_directives.clear();
        self.state = State::DocumentStart;
        Ok(Event { kind: EventKind::DocumentEnd, line })
    }

    /// Takes the token that ends a container.
    fn end(&mut self, kind: EventKind<'s>) -> Result<Event<'s>, ReadError> {
        self.pop_state();
        let line = self.scanner.next()?.line;
        Ok(Event { kind, line })
    }

    fn empty_scalar_here(&mut self, then: State) -> Result<Event<'s>, ReadError> {
        let line = self.line()?;
        Ok(self.empty_scalar(line, then))
    }

    fn empty_scalar(&mut self, line: usize, then: State) -> Event<'s> {
        self.state = then;
        let (text, style) = (Cow::Borrowed(""), ScalarStyle::Plain);
        Event { kind: EventKind::Scalar { anchor: None, tag: None, text, style }, line }
    }

    /// The error that the parser reports at the next token.
    fn error<T>(&mut self, problem: Problem) -> Result<T, ReadError> {
        let line = self.line()?;
        Err(syntax_error(problem, line))
    }
}

/// Go tells the parser's lines one too low, and the first not at all.
fn syntax_error(problem: Problem, line: usize) -> ReadError {
    let shown_line = (line > 0).then_some(line);
    ReadError::new(ReadErrorKind::Syntax { problem, phase: SyntaxPhase::Parser, shown_line }, Some(line))
}
