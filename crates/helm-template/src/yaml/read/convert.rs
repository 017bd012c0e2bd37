//! Typed values to what JSON can hold, in the hands of the caller's builder.

use std::collections::HashSet;
use std::hash::Hash;

use super::Root;
use super::error::{JsonType, ReadError, ReadErrorKind};
use super::go_syntax;
use super::tape::{Slot, SlotId, Tape};
use crate::yaml::MAX_DEPTH;
use crate::yaml::number::{write_float32, write_int};
use crate::yaml::write::{NonFinite, mend};

/// Makes values of what was read, children before their parents.
///
/// The numbers have defaults for those who, like Helm's functions, know floats only.
pub trait Build {
    /// A value.
    type Value;

    /// A key of a map.
    type Key: Default + Eq + Hash + for<'k> From<&'k str>;

    /// `null`
    fn null(&mut self) -> Self::Value;

    /// `true` or `false`
    fn bool(&mut self, value: bool) -> Self::Value;

    /// A number, always finite.
    fn float(&mut self, value: f64) -> Self::Value;

    /// A whole number. By default the nearest float, as encoding/json reads it.
    fn int(&mut self, value: i64) -> Self::Value {
        self.float(value as f64)
    }

    /// A whole number beyond `i64`. By default the nearest float, as encoding/json reads it.
    fn uint(&mut self, value: u64) -> Self::Value {
        self.float(value as f64)
    }

    /// A string.
    fn text(&mut self, value: &str) -> Self::Value;

    /// A list.
    fn sequence(&mut self, items: Vec<Self::Value>) -> Self::Value;

    /// A map. No key is there twice; the order is that of the text, where a key counts at its last place.
    fn mapping(&mut self, entries: Vec<(Self::Key, Self::Value)>) -> Self::Value;
}

/// Walks the tape once.
pub(super) struct Converter<'t, 'n, B: Build> {
    tape: &'t Tape<'n>,
    build: &'t mut B,
    open: Vec<Open<B::Key, B::Value>>,
    has_non_finite: bool,
    too_deep: Option<char>,
}

enum Open<K, V> {
    Sequence { end: SlotId, items: Vec<V> },
    Mapping { end: SlotId, entries: Vec<(K, V)>, key: K, may_repeat: bool },
}

impl<'t, 'n, B: Build> Converter<'t, 'n, B> {
    pub(super) fn new(tape: &'t Tape<'n>, build: &'t mut B) -> Self {
        Self { tape, build, open: Vec::new(), has_non_finite: false, too_deep: None }
    }

    pub(super) fn convert(mut self, root: Root) -> Result<B::Value, ReadError> {
        let value = if self.tape.0.is_empty() { self.build.null() } else { self.walk()? };
        if self.has_non_finite
            && let Some(number) = first_non_finite(self.tape)
        {
            return Err(ReadError::new(ReadErrorKind::NotFinite(number), None));
        }
        if let Some(bracket) = self.too_deep {
            return Err(ReadError::new(ReadErrorKind::TooDeepForJson { bracket }, None));
        }
        let found = match self.tape.0.first() {
            None | Some(Slot::Null) => {
                return Ok(match root {
                    Root::Any => value,
                    Root::Mapping => self.build.mapping(Vec::new()),
                    Root::Sequence => self.build.sequence(Vec::new()),
                });
            }
            Some(Slot::Bool(_)) => JsonType::Bool,
            Some(Slot::Int(_) | Slot::Uint(_) | Slot::Float(_)) => JsonType::Number,
            Some(Slot::Text(_) | Slot::Bytes(_) | Slot::Overwritten { .. }) => JsonType::String,
            Some(Slot::Sequence { .. }) => JsonType::Array,
            Some(Slot::Mapping { .. }) => JsonType::Object,
        };
        match (root, found) {
            (Root::Any, _) | (Root::Mapping, JsonType::Object) | (Root::Sequence, JsonType::Array) => {
                Ok(value)
            }
            (wanted, found) => Err(ReadError::new(ReadErrorKind::WrongRoot { found, wanted }, None)),
        }
    }

    fn walk(&mut self) -> Result<B::Value, ReadError> {
        let mut at = 0;
        loop {
            let mut done = match self.value(at) {
                Some(value) => {
                    at = self.tape.after(at);
                    Some(value)
                }
                None => {
                    at += 1;
                    None
                }
            };
            // Closes the containers that end here and begins the next entry of the one that does not.
            loop {
                if let Some(value) = done.take() {
                    match self.open.last_mut() {
                        None => return Ok(value),
                        Some(Open::Sequence { items, .. }) => items.push(value),
                        Some(Open::Mapping { entries, key, .. }) => {
                            entries.push((std::mem::take(key), value));
                        }
                    }
                }
                at = self.skip_overwritten(at);
                match self.open.last() {
                    None => break,
                    Some(Open::Sequence { end, .. }) if at < *end => break,
                    Some(Open::Mapping { end, .. }) if at < *end => {
                        let (next, is_text) = self.key(at)?;
                        at += 1;
                        if let Some(Open::Mapping { key, may_repeat, .. }) = self.open.last_mut() {
                            *key = next;
                            *may_repeat |= !is_text;
                        }
                        break;
                    }
                    Some(_) => done = self.close(),
                }
            }
        }
    }

    /// Ends the innermost container.
    fn close(&mut self) -> Option<B::Value> {
        Some(match self.open.pop()? {
            Open::Sequence { items, .. } => self.build.sequence(items),
            Open::Mapping { mut entries, may_repeat, .. } => {
                if may_repeat {
                    keep_last(&mut entries);
                }
                self.build.mapping(entries)
            }
        })
    }

    fn skip_overwritten(&self, mut at: SlotId) -> SlotId {
        let is_in_mapping = matches!(self.open.last(), Some(Open::Mapping { .. }));
        while is_in_mapping && let Some(Slot::Overwritten { end }) = self.tape.0.get(at) {
            at = *end;
        }
        at
    }

    /// A scalar's value; a container is opened.
    fn value(&mut self, at: SlotId) -> Option<B::Value> {
        Some(match &self.tape.0[at] {
            Slot::Null | Slot::Overwritten { .. } => self.build.null(),
            Slot::Bool(value) => self.build.bool(*value),
            Slot::Int(value) => self.build.int(*value),
            Slot::Uint(value) => self.build.uint(*value),
            Slot::Float(value) if value.is_finite() => self.build.float(*value),
            Slot::Float(_) => {
                self.has_non_finite = true;
                self.build.null()
            }
            Slot::Text(text) => self.build.text(text),
            Slot::Bytes(bytes) => self.build.text(&mend(bytes)),
            Slot::Sequence { .. } | Slot::Mapping { .. } if self.open.len() >= MAX_DEPTH => {
                let bracket = if matches!(self.tape.0[at], Slot::Sequence { .. }) { '[' } else { '{' };
                self.too_deep.get_or_insert(bracket);
                self.build.null()
            }
            Slot::Sequence { end } => {
                self.open.push(Open::Sequence { end: *end, items: Vec::new() });
                return None;
            }
            Slot::Mapping { end } => {
                let (entries, key) = (Vec::new(), B::Key::default());
                self.open.push(Open::Mapping { end: *end, entries, key, may_repeat: false });
                return None;
            }
        })
    }

    /// A key as text, and whether it was text from the start.
    fn key(&self, at: SlotId) -> Result<(B::Key, bool), ReadError> {
        let mut key = String::new();
        match &self.tape.0[at] {
            Slot::Text(text) => return Ok((B::Key::from(text), true)),
            Slot::Bytes(bytes) => key.push_str(&mend(bytes)),
            Slot::Bool(value) => key.push_str(if *value { "true" } else { "false" }),
            Slot::Int(value) => write_int(&mut key, *value),
            // Keys lose precision on their way: Go prints them as floats of 32 bits.
            Slot::Float(value) => write_float32(&mut key, *value as f32),
            Slot::Null => return self.unsupported_key(at, "%!s(<nil>)"),
            Slot::Uint(_) => return self.unsupported_key(at, "uint64"),
            Slot::Sequence { .. } | Slot::Mapping { .. } | Slot::Overwritten { .. } => {}
        }
        Ok((B::Key::from(&key), false))
    }

    fn unsupported_key<T>(&self, at: SlotId, key_type: &'static str) -> Result<T, ReadError> {
        let key = go_syntax::print(self.tape, at);
        let value = go_syntax::print(self.tape, at + 1);
        Err(ReadError::new(ReadErrorKind::UnsupportedKey { key_type, key, value }, None))
    }
}

/// Of keys that have become the same as texts, the last one stays. (In Go it is any of them.)
fn keep_last<K: Eq + Hash, V>(entries: &mut Vec<(K, V)>) {
    let mut seen = HashSet::new();
    let stays: Vec<bool> = entries.iter().rev().map(|(key, _)| seen.insert(key)).collect();
    let mut stays = stays.into_iter().rev();
    entries.retain(|_| stays.next().unwrap_or(true));
}

/// The number that encoding/json meets first: it goes through maps in the order of their keys.
fn first_non_finite(tape: &Tape<'_>) -> Option<NonFinite> {
    let mut rest = vec![0];
    while let Some(at) = rest.pop() {
        let start = rest.len();
        match tape.0[at] {
            Slot::Float(value) if !value.is_finite() => return NonFinite::of(value),
            Slot::Sequence { .. } => rest.extend(tape.items(at)),
            Slot::Mapping { .. } => {
                let mut entries: Vec<_> =
                    tape.entries(at).map(|(key, value)| (sort_key(tape, key), value)).collect();
                entries.sort();
                rest.extend(entries.into_iter().map(|(_, value)| value));
            }
            _ => {}
        }
        rest[start..].reverse();
    }
    None
}

fn sort_key(tape: &Tape<'_>, at: SlotId) -> String {
    let mut key = String::new();
    match &tape.0[at] {
        Slot::Text(text) => key.push_str(text),
        Slot::Bytes(bytes) => key.push_str(&mend(bytes)),
        Slot::Bool(value) => key.push_str(if *value { "true" } else { "false" }),
        Slot::Int(value) => write_int(&mut key, *value),
        Slot::Float(value) => write_float32(&mut key, *value as f32),
        _ => {}
    }
    key
}
