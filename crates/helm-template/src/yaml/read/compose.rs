//! Events to nodes: the first document of a text.

use std::collections::HashMap;

use super::error::{ReadError, ReadErrorKind};
use super::node::{NodeId, NodeKind, Nodes, Scalar, Tagged};
use super::parse::{EventKind, Parser};
use super::source::Source;
use super::token::ScalarStyle;
use crate::yaml::resolve::ScalarTag;

const MERGE_TAG: &[u8] = b"tag:yaml.org,2002:merge";

/// The nodes of the first document, none if there is none. What follows the document is not looked at.
pub(super) fn first_document<'s>(source: &'s Source<'_>) -> Result<Nodes<'s>, ReadError> {
    let mut parser = Parser::new(source);
    // About as many as there are in an ordinary text of that length; a long one may be of another kind.
    let mut nodes = Nodes { list: Vec::with_capacity(source.text.len().min(1 << 16) / 12) };
    let mut anchors: HashMap<&str, NodeId> = HashMap::new();
    let mut open: Vec<NodeId> = Vec::new();
    loop {
        let event = parser.next()?;
        let (kind, anchor) = match event.kind {
            EventKind::StreamStart | EventKind::DocumentStart => continue,
            EventKind::DocumentEnd | EventKind::StreamEnd => return Ok(nodes),
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                if let Some(id) = open.pop() {
                    nodes.close(id);
                }
                continue;
            }
            EventKind::Alias(name) => match anchors.get(name) {
                Some(&target) => (NodeKind::Alias { name, target }, None),
                None => {
                    let kind = ReadErrorKind::UnknownAnchor { name: name.to_owned() };
                    return Err(ReadError::new(kind, Some(event.line)));
                }
            },
            EventKind::Scalar { anchor, tag, text, style } => {
                let tag = tagged(tag.as_deref(), style);
                (NodeKind::Scalar(Scalar { text, tag }), anchor)
            }
            EventKind::SequenceStart { anchor } => (NodeKind::Sequence, anchor),
            EventKind::MappingStart { anchor } => (NodeKind::Mapping, anchor),
        };
        let is_container = matches!(kind, NodeKind::Sequence | NodeKind::Mapping);
        let id = nodes.push(kind, event.line);
        if let Some(anchor) = anchor {
            anchors.insert(anchor, id);
        }
        if is_container {
            open.push(id);
        }
    }
}

fn tagged(tag: Option<&[u8]>, style: ScalarStyle) -> Tagged {
    match (tag, style) {
        (None, ScalarStyle::Plain) => Tagged::Implicit,
        (None, ScalarStyle::Text) => Tagged::Text,
        (Some(b"!"), _) => Tagged::NonSpecific,
        (Some(MERGE_TAG), _) => Tagged::Merge,
        (Some(tag), _) => Tagged::As(ScalarTag::from_uri(tag)),
    }
}
