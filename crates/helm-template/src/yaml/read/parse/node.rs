//! Nodes: scalars, aliases, and the starts of containers.

use std::borrow::Cow;

use super::super::error::{Problem, ReadError};
use super::super::token::{ScalarStyle, Tag, Token, TokenKind};
use super::{Event, EventKind, Parser, State, Turn, syntax_error};

/// Which nodes may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeContext {
    Flow,
    Block,
    /// Also a list whose dashes are in the column of its key.
    BlockOrIndentlessSequence,
}

impl<'s> Parser<'s> {
    /// A node with its properties. Of a container, this is the start.
    pub(super) fn node(&mut self, context: NodeContext) -> Result<Event<'s>, ReadError> {
        let line = self.line()?;
        if let TokenKind::Alias(name) = self.peek()? {
            let name = *name;
            self.scanner.next()?;
            self.pop_state();
            return Ok(Event { kind: EventKind::Alias(name), line });
        }
        let (anchor, tag) = self.properties()?;
        let is_block = context != NodeContext::Flow;
        let (state, kind) = match self.peek()? {
            TokenKind::BlockEntry if context == NodeContext::BlockOrIndentlessSequence => {
                (State::IndentlessSequenceEntry, EventKind::SequenceStart { anchor })
            }
            TokenKind::Scalar { .. } => return self.scalar(anchor, tag, line),
            TokenKind::FlowSequenceStart => {
                (State::FlowSequenceEntry(Turn::First), EventKind::SequenceStart { anchor })
            }
            TokenKind::FlowMappingStart => {
                (State::FlowMappingKey(Turn::First), EventKind::MappingStart { anchor })
            }
            TokenKind::BlockSequenceStart if is_block => {
                (State::BlockSequenceEntry(Turn::First), EventKind::SequenceStart { anchor })
            }
            TokenKind::BlockMappingStart if is_block => {
                (State::BlockMappingKey(Turn::First), EventKind::MappingStart { anchor })
            }
            _ if anchor.is_some() || tag.is_some() => {
                self.pop_state();
                let (text, style) = (Cow::Borrowed(""), ScalarStyle::Plain);
                return Ok(Event { kind: EventKind::Scalar { anchor, tag, text, style }, line });
            }
            _ => return self.error(Problem::MissingContent),
        };
        self.state = state;
        Ok(Event { kind, line })
    }

    fn scalar(
        &mut self,
        anchor: Option<&'s str>,
        tag: Option<Vec<u8>>,
        line: usize,
    ) -> Result<Event<'s>, ReadError> {
        self.pop_state();
        let (text, style) = match self.scanner.next()?.kind {
            TokenKind::Scalar { text, style } => (text, style),
            _ => (Cow::Borrowed(""), ScalarStyle::Plain),
        };
        Ok(Event { kind: EventKind::Scalar { anchor, tag, text, style }, line })
    }

    /// An anchor and a tag, in any order; the tag's handle is replaced.
    fn properties(&mut self) -> Result<(Option<&'s str>, Option<Vec<u8>>), ReadError> {
        let mut anchor = None;
        let mut tag = None;
        loop {
            match self.peek()? {
                TokenKind::Anchor(name) if anchor.is_none() => anchor = Some(*name),
                TokenKind::Tag(_) if tag.is_none() => {
                    let token = self.scanner.next()?;
                    tag = Some(token);
                    continue;
                }
                _ => break,
            }
            self.scanner.next()?;
        }
        match tag {
            Some(Token { kind: TokenKind::Tag(tag), line }) => Ok((anchor, self.resolve_tag(tag, line)?)),
            _ => Ok((anchor, None)),
        }
    }

    fn resolve_tag(&self, tag: Tag<'s>, line: usize) -> Result<Option<Vec<u8>>, ReadError> {
        if tag.handle.is_empty() {
            return Ok(Some(tag.suffix).filter(|uri| !uri.is_empty()));
        }
        match self.tag_directives.iter().find(|directive| directive.handle == tag.handle) {
            Some(directive) if !(directive.prefix.is_empty() && tag.suffix.is_empty()) => {
                Ok(Some([&directive.prefix[..], &tag.suffix].concat()))
            }
            _ => Err(syntax_error(Problem::UndefinedTagHandle, line)),
        }
    }
}
