//! A document as a list of nodes in the order of the text.

use std::borrow::Cow;

use crate::yaml::resolve::ScalarTag;

/// The nodes of a document. The first is the root; a container is followed by its contents.
#[derive(Debug, Default)]
pub(super) struct Nodes<'s> {
    pub(super) list: Vec<Node<'s>>,
}

/// A node's place in [`Nodes`].
pub(super) type NodeId = usize;

#[derive(Debug)]
pub(super) struct Node<'s> {
    pub(super) kind: NodeKind<'s>,
    /// Counted from 0.
    pub(super) line: usize,
    /// Where what is not inside this node continues.
    pub(super) end: NodeId,
}

#[derive(Debug)]
pub(super) enum NodeKind<'s> {
    Scalar(Scalar<'s>),
    Sequence,
    /// Keys and values alternate.
    Mapping,
    Alias {
        name: &'s str,
        target: NodeId,
    },
}

#[derive(Debug)]
pub(super) struct Scalar<'s> {
    pub(super) text: Cow<'s, str>,
    pub(super) tag: Tagged,
}

/// What a scalar's tag and style say about its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tagged {
    /// Plain, without a tag: the text decides.
    Implicit,
    /// With the tag `!`: text, but `<<` merges all the same.
    NonSpecific,
    /// In quotes or a block, without a tag: text.
    Text,
    /// With a tag.
    As(ScalarTag),
    /// With the tag `!!merge`.
    Merge,
}

impl<'s> Nodes<'s> {
    /// Adds a node without contents.
    pub(super) fn push(&mut self, kind: NodeKind<'s>, line: usize) -> NodeId {
        let id = self.list.len();
        self.list.push(Node { kind, line, end: id + 1 });
        id
    }

    /// Ends a container: all nodes after it are its contents.
    pub(super) fn close(&mut self, id: NodeId) {
        self.list[id].end = self.list.len();
    }

    pub(super) fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.list[id].kind, NodeKind::Mapping)
    }

    /// Whether the node, as a key, merges its value into the mapping.
    pub(super) fn is_merge_key(&self, id: NodeId) -> bool {
        match &self.list[id].kind {
            NodeKind::Scalar(Scalar {
                text,
                tag: Tagged::Implicit | Tagged::NonSpecific | Tagged::Merge,
            }) => text == "<<",
            _ => false,
        }
    }
}
