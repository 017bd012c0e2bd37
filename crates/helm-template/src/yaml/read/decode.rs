//! Nodes to typed values: tags, aliases, merge keys, keys that are there twice.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::Duplicates;
use super::error::{ReadError, ReadErrorKind};
use super::go_syntax;
use super::node::{NodeId, NodeKind, Nodes, Scalar, Tagged};
use super::tape::{KeyId, Slot, SlotId, Tape};
use crate::yaml::resolve::{Resolved, ScalarTag, resolve, resolve_tagged};

/// Keys beyond which a mapping is searched by a table.
const SMALL_MAPPING: usize = 16;

/// Decodes a document.
pub(super) struct Decoder<'n, 's> {
    nodes: &'n Nodes<'s>,
    duplicates: Duplicates,
    tape: Tape<'n>,
    open: Vec<Open>,
    /// The keys of the mappings that are open, the innermost last. What is merged adds to the innermost.
    mappings: Vec<Keys<'n>>,
    /// The aliases that are being followed.
    followed: HashSet<NodeId>,
    budget: AliasBudget,
    refused: Vec<(usize, String)>,
}

/// A node that is being decoded.
enum Open {
    Sequence {
        next: NodeId,
        end: NodeId,
        slot: SlotId,
    },
    /// `current` is the key or value at work, `key` the key that awaits its value.
    Mapping {
        next: NodeId,
        end: NodeId,
        current: NodeId,
        key: Option<SlotId>,
        kind: MappingKind,
    },
    Alias(NodeId),
    /// The mappings of a list after `<<`, the next one last.
    MergeList(Vec<NodeId>),
}

#[derive(Clone, Copy)]
enum MappingKind {
    Own(SlotId),
    Merged,
}

/// The keys of an open mapping.
enum Keys<'n> {
    Few(Vec<SlotId>),
    Many(HashMap<KeyId<'n>, SlotId>),
}

impl<'n, 's> Decoder<'n, 's> {
    pub(super) fn new(nodes: &'n Nodes<'s>, duplicates: Duplicates) -> Self {
        Self {
            nodes,
            duplicates,
            tape: Tape(Vec::with_capacity(nodes.list.len())),
            open: Vec::new(),
            mappings: Vec::new(),
            followed: HashSet::new(),
            budget: AliasBudget::default(),
            refused: Vec::new(),
        }
    }

    /// The values of the document; none if there is no document.
    pub(super) fn decode(mut self) -> Result<Tape<'n>, ReadError> {
        if !self.nodes.list.is_empty() {
            self.begin(0)?;
        }
        while let Some(open) = self.open.last_mut() {
            match open {
                Open::Sequence { next, end, .. } if *next < *end => {
                    let id = *next;
                    *next = self.nodes.list[id].end;
                    self.begin(id)?;
                }
                Open::Mapping { next, end, current, key, .. } if *next < *end => {
                    let id = *next;
                    let is_merge = key.is_none() && self.nodes.is_merge_key(id);
                    *next = self.nodes.list[id].end;
                    *current = if is_merge { *next } else { id };
                    if is_merge {
                        let value = *next;
                        *next = self.nodes.list[value].end;
                        self.begin_merge(value)?;
                    } else {
                        self.begin(id)?;
                    }
                }
                Open::MergeList(mappings) => match mappings.pop() {
                    Some(id) => self.merge(id)?,
                    None => drop(self.open.pop()),
                },
                Open::Sequence { slot, .. } => {
                    let slot = *slot;
                    self.open.pop();
                    self.tape.close(slot);
                    self.deliver(slot)?;
                }
                Open::Mapping { kind: MappingKind::Own(slot), .. } => {
                    let slot = *slot;
                    self.open.pop();
                    self.mappings.pop();
                    self.tape.close(slot);
                    self.deliver(slot)?;
                }
                Open::Mapping { kind: MappingKind::Merged, .. } => {
                    self.open.pop();
                    self.leave_aliases();
                }
                Open::Alias(_) => self.leave_aliases(),
            }
        }
        if self.refused.is_empty() {
            Ok(self.tape)
        } else {
            let line = self.refused[0].0 - 1;
            Err(ReadError::new(ReadErrorKind::DuplicateKeys { keys: self.refused }, Some(line)))
        }
    }

    /// Decodes a scalar, or begins with a container.
    fn begin(&mut self, id: NodeId) -> Result<(), ReadError> {
        let nodes = self.nodes;
        let node = &nodes.list[id];
        self.count(id)?;
        let slot = self.tape.0.len();
        match &node.kind {
            NodeKind::Scalar(scalar) => {
                let value = decode_scalar(scalar).map_err(|kind| ReadError::new(kind, Some(node.line)))?;
                self.tape.0.push(value);
                self.deliver(slot)?;
            }
            NodeKind::Sequence => {
                self.tape.0.push(Slot::Sequence { end: slot });
                self.open.push(Open::Sequence { next: id + 1, end: node.end, slot });
            }
            NodeKind::Mapping => {
                self.tape.0.push(Slot::Mapping { end: slot });
                self.mappings.push(Keys::Few(Vec::new()));
                self.begin_mapping(id, MappingKind::Own(slot));
            }
            NodeKind::Alias { target, .. } => {
                self.follow(id)?;
                self.begin(*target)?;
            }
        }
        Ok(())
    }

    fn begin_mapping(&mut self, id: NodeId, kind: MappingKind) {
        let end = self.nodes.list[id].end;
        self.open.push(Open::Mapping { next: id + 1, end, current: id, key: None, kind });
    }

    fn count(&mut self, id: NodeId) -> Result<(), ReadError> {
        let line = self.nodes.list[id].line;
        let is_within = self.budget.spend(!self.followed.is_empty());
        if is_within { Ok(()) } else { Err(ReadError::new(ReadErrorKind::ExcessiveAliasing, Some(line))) }
    }

    /// Goes through an alias.
    fn follow(&mut self, id: NodeId) -> Result<(), ReadError> {
        if !self.followed.insert(id) {
            let node = &self.nodes.list[id];
            let name = match node.kind {
                NodeKind::Alias { name, .. } => name.to_owned(),
                _ => String::new(),
            };
            return Err(ReadError::new(ReadErrorKind::AnchorContainsItself { name }, Some(node.line)));
        }
        self.open.push(Open::Alias(id));
        Ok(())
    }

    fn leave_aliases(&mut self) {
        while let Some(&Open::Alias(id)) = self.open.last() {
            self.followed.remove(&id);
            self.open.pop();
        }
    }

    /// Merges the value of the key `<<`.
    fn begin_merge(&mut self, value: NodeId) -> Result<(), ReadError> {
        let node = &self.nodes.list[value];
        if let NodeKind::Sequence = node.kind {
            let mut mappings = Vec::new();
            let mut item = value + 1;
            while item < node.end {
                mappings.push(item);
                item = self.nodes.list[item].end;
            }
            // The last is merged first: earlier ones take precedence.
            self.open.push(Open::MergeList(mappings));
            return Ok(());
        }
        self.merge(value)
    }

    fn merge(&mut self, id: NodeId) -> Result<(), ReadError> {
        let node = &self.nodes.list[id];
        let mapping = match node.kind {
            NodeKind::Mapping => id,
            NodeKind::Alias { target, .. } if self.nodes.is_mapping(target) => target,
            _ => return Err(ReadError::new(ReadErrorKind::MergeOfNoMapping, Some(node.line))),
        };
        self.count(id)?;
        if mapping != id {
            self.follow(id)?;
            self.count(mapping)?;
        }
        self.begin_mapping(mapping, MappingKind::Merged);
        Ok(())
    }

    /// Hands a finished value to what it belongs to.
    fn deliver(&mut self, slot: SlotId) -> Result<(), ReadError> {
        self.leave_aliases();
        let Some(Open::Mapping { key, current, .. }) = self.open.last_mut() else {
            return Ok(());
        };
        let line = self.nodes.list[*current].line;
        match key.take() {
            None => {
                if let Slot::Sequence { .. } | Slot::Mapping { .. } = self.tape.0[slot] {
                    let key = go_syntax::print(&self.tape, slot);
                    return Err(ReadError::new(ReadErrorKind::ContainerAsKey { key }, Some(line)));
                }
                *key = Some(slot);
            }
            Some(key) => self.add_entry(key, line),
        }
        Ok(())
    }

    /// Adds the last entry on the tape to the innermost mapping.
    fn add_entry(&mut self, key: SlotId, line: usize) {
        let Some(keys) = self.mappings.last_mut() else {
            return;
        };
        let Some(earlier) = keys.insert(&self.tape, key) else {
            return;
        };
        match self.duplicates {
            Duplicates::LastCounts => self.tape.overwrite(earlier),
            Duplicates::Refused => {
                keys.insert(&self.tape, earlier);
                self.refused.push((line + 1, go_syntax::print(&self.tape, key)));
                self.tape.overwrite(key);
            }
        }
    }
}

impl<'n> Keys<'n> {
    /// Adds a key and gives the one that it is the same as.
    fn insert(&mut self, tape: &Tape<'n>, key: SlotId) -> Option<SlotId> {
        match self {
            Self::Few(keys) => {
                if let Some(known) = keys.iter_mut().find(|known| tape.are_equal_keys(**known, key)) {
                    return Some(std::mem::replace(known, key));
                }
                keys.push(key);
                if keys.len() > SMALL_MAPPING {
                    let known = keys.iter().filter_map(|&key| Some((tape.key_id(key)?, key)));
                    *self = Self::Many(known.collect());
                }
                None
            }
            Self::Many(keys) => keys.insert(tape.key_id(key)?, key),
        }
    }
}

/// How much aliases may add to a document: go-yaml's measure against small texts that become huge.
#[derive(Default)]
struct AliasBudget {
    decoded: u32,
    from_aliases: u32,
}

impl AliasBudget {
    /// Up to here, 99 % of a document may come from aliases.
    const SMALL: f64 = 400_000.0;
    /// From here on, 10 % may.
    const LARGE: f64 = 4_000_000.0;

    /// Counts one more node; says whether that is still allowed.
    fn spend(&mut self, is_from_alias: bool) -> bool {
        self.decoded = self.decoded.saturating_add(1);
        self.from_aliases = self.from_aliases.saturating_add(u32::from(is_from_alias));
        // The document itself counts as one.
        let decoded = f64::from(self.decoded) + 1.0;
        let from_aliases = f64::from(self.from_aliases);
        let allowed = if decoded <= Self::SMALL {
            0.99
        } else if decoded >= Self::LARGE {
            0.10
        } else {
            0.99 - 0.89 * ((decoded - Self::SMALL) / (Self::LARGE - Self::SMALL))
        };
        from_aliases <= 100.0 || decoded <= 1000.0 || from_aliases / decoded <= allowed
    }
}

fn decode_scalar<'n>(scalar: &'n Scalar<'_>) -> Result<Slot<'n>, ReadErrorKind> {
    let text: &'n str = &scalar.text;
    let resolved = match scalar.tag {
        Tagged::Implicit => resolve(text),
        Tagged::Text | Tagged::NonSpecific | Tagged::Merge => Resolved::Text,
        Tagged::As(ScalarTag::Binary) => return decode_binary(text),
        Tagged::As(tag) => resolve_tagged(tag, text).map_err(|found| ReadErrorKind::CannotDecode {
            found: found.short(),
            text: text.to_owned(),
            wanted: tag.short(),
        })?,
    };
    Ok(match resolved {
        Resolved::Null => Slot::Null,
        Resolved::Bool(value) => Slot::Bool(value),
        Resolved::Int(value) => Slot::Int(value),
        Resolved::Uint(value) => Slot::Uint(value),
        Resolved::Float(value) => Slot::Float(value),
        Resolved::Timestamp | Resolved::Text => Slot::Text(Cow::Borrowed(text)),
    })
}

/// Base64 as Go reads it: line breaks are skipped, padding is needed, unused bits may be anything.
fn decode_binary<'n>(text: &str) -> Result<Slot<'n>, ReadErrorKind> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
    let joined = text.replace(['\r', '\n'], "");
    let bytes = BASE64.decode(joined).map_err(|_| ReadErrorKind::InvalidBase64)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Slot::Text(Cow::Owned(text)),
        Err(error) => Slot::Bytes(error.into_bytes()),
    })
}
