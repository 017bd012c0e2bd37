//! What the scanner makes of characters.

use std::borrow::Cow;

/// A token and the line it begins on, counted from 0.
#[derive(Debug)]
pub(super) struct Token<'s> {
    pub(super) kind: TokenKind<'s>,
    pub(super) line: usize,
}

/// The tokens of libyaml.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'s> {
    StreamStart,
    StreamEnd,
    VersionDirective { major: u8, minor: u8 },
    TagDirective(TagDirective<'s>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'s str),
    Anchor(&'s str),
    Tag(Tag<'s>),
    Scalar { text: Cow<'s, str>, style: ScalarStyle },
}

/// `%TAG handle prefix`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagDirective<'s> {
    pub(super) handle: &'s str,
    pub(super) prefix: Vec<u8>,
}

/// A tag before its handle is replaced. Escapes may make its suffix any bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'s> {
    /// Empty for `!<…>` and for the tag `!`.
    pub(super) handle: &'s str,
    pub(super) suffix: Vec<u8>,
}

/// Whether a scalar may mean something other than text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarStyle {
    Plain,
    /// In quotes or a block.
    Text,
}
