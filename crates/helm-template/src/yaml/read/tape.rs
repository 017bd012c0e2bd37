//! Typed values in a row: what decoding makes of nodes.
//!
//! A container is followed by its contents, so that values of any depth are made, walked and dropped without recursion.

use std::borrow::Cow;

/// The decoded document.
#[derive(Debug, Default)]
pub(super) struct Tape<'n>(pub(super) Vec<Slot<'n>>);

/// A place on the tape.
pub(super) type SlotId = usize;

/// One value, or the start of a container.
#[derive(Debug)]
pub(super) enum Slot<'n> {
    Null,
    Bool(bool),
    Int(i64),
    /// Beyond `i64`.
    Uint(u64),
    Float(f64),
    Text(Cow<'n, str>),
    /// A `!!binary` that is no UTF-8.
    Bytes(Vec<u8>),
    Sequence {
        end: SlotId,
    },
    /// Keys and values alternate.
    Mapping {
        end: SlotId,
    },
    /// In place of a key: this entry does not count.
    Overwritten {
        end: SlotId,
    },
}

/// What makes two keys the same. Numbers of different types are different, and NaN is no key's equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum KeyId<'n> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(u64),
    Text(Cow<'n, str>),
    Bytes(Vec<u8>),
}

impl<'n> Tape<'n> {
    /// Where the value after this one begins.
    pub(super) fn after(&self, at: SlotId) -> SlotId {
        match self.0[at] {
            Slot::Sequence { end } | Slot::Mapping { end } | Slot::Overwritten { end } => end,
            _ => at + 1,
        }
    }

    /// Ends a container: all slots after it are its contents.
    pub(super) fn close(&mut self, at: SlotId) {
        let length = self.0.len();
        if let Slot::Sequence { end } | Slot::Mapping { end } = &mut self.0[at] {
            *end = length;
        }
    }

    /// Takes an entry out of its mapping.
    pub(super) fn overwrite(&mut self, key: SlotId) {
        let end = self.after(key + 1);
        self.0[key] = Slot::Overwritten { end };
    }

    /// The entries of a mapping that count, as places of key and value.
    pub(super) fn entries(&self, mapping: SlotId) -> impl Iterator<Item = (SlotId, SlotId)> + '_ {
        let end = self.after(mapping);
        let mut next = mapping + 1;
        std::iter::from_fn(move || {
            while next < end {
                let key = next;
                if let Slot::Overwritten { end } = self.0[key] {
                    next = end;
                } else {
                    next = self.after(key + 1);
                    return Some((key, key + 1));
                }
            }
            None
        })
    }

    /// The items of a list.
    pub(super) fn items(&self, sequence: SlotId) -> impl Iterator<Item = SlotId> + '_ {
        let end = self.after(sequence);
        let first = (sequence + 1 < end).then_some(sequence + 1);
        std::iter::successors(first, move |&at| Some(self.after(at)).filter(|&next| next < end))
    }

    /// What a scalar is as a key; `None` for NaN and containers.
    pub(super) fn key_id(&self, at: SlotId) -> Option<KeyId<'n>> {
        Some(match &self.0[at] {
            Slot::Null => KeyId::Null,
            Slot::Bool(value) => KeyId::Bool(*value),
            Slot::Int(value) => KeyId::Int(*value),
            Slot::Uint(value) => KeyId::Uint(*value),
            Slot::Float(value) if value.is_nan() => return None,
            // Both zeros are one key.
            Slot::Float(value) => KeyId::Float((value + 0.0).to_bits()),
            Slot::Text(text) => KeyId::Text(text.clone()),
            Slot::Bytes(bytes) => KeyId::Bytes(bytes.clone()),
            Slot::Sequence { .. } | Slot::Mapping { .. } | Slot::Overwritten { .. } => return None,
        })
    }

    /// Whether two scalars are one and the same key.
    pub(super) fn are_equal_keys(&self, a: SlotId, b: SlotId) -> bool {
        match (&self.0[a], &self.0[b]) {
            (Slot::Null, Slot::Null) => true,
            (Slot::Bool(a), Slot::Bool(b)) => a == b,
            (Slot::Int(a), Slot::Int(b)) => a == b,
            (Slot::Uint(a), Slot::Uint(b)) => a == b,
            (Slot::Float(a), Slot::Float(b)) => a == b,
            (Slot::Text(a), Slot::Text(b)) => a == b,
            (Slot::Bytes(a), Slot::Bytes(b)) => a == b,
            _ => false,
        }
    }
}
