//! Values as Go prints them with `%#v`, for error messages.

use std::cmp::Ordering;

use super::tape::{Slot, SlotId, Tape};
use crate::yaml::number::{write_float, write_int};
use crate::yaml::unicode::is_print;
use crate::yaml::write::NonFinite;

/// What is still to be printed.
enum Part {
    Value(SlotId),
    Text(&'static str),
}

/// A value in Go's syntax.
pub(super) fn print(tape: &Tape<'_>, at: SlotId) -> String {
    let mut out = String::new();
    if let Slot::Null = tape.0[at] {
        return "<nil>".to_owned();
    }
    let mut rest = vec![Part::Value(at)];
    while let Some(part) = rest.pop() {
        let at = match part {
            Part::Text(text) => {
                out.push_str(text);
                continue;
            }
            Part::Value(at) => at,
        };
        let start = rest.len();
        match &tape.0[at] {
            Slot::Null | Slot::Overwritten { .. } => out.push_str("interface {}(nil)"),
            Slot::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Slot::Int(value) => write_int(&mut out, *value),
            Slot::Uint(value) => out.push_str(&format!("{value:#x}")),
            Slot::Float(value) => match NonFinite::of(*value) {
                Some(kind) => out.push_str(&kind.to_string()),
                None => write_float(&mut out, *value),
            },
            Slot::Text(text) => quote(&mut out, text.as_bytes()),
            Slot::Bytes(bytes) => quote(&mut out, bytes),
            Slot::Sequence { .. } => {
                out.push_str("[]interface {}{");
                for (index, item) in tape.items(at).enumerate() {
                    rest.extend((index > 0).then_some(Part::Text(", ")));
                    rest.push(Part::Value(item));
                }
                rest.push(Part::Text("}"));
            }
            Slot::Mapping { .. } => {
                out.push_str("map[interface {}]interface {}{");
                let mut entries: Vec<_> = tape.entries(at).collect();
                entries.sort_by(|a, b| compare_keys(tape, a.0, b.0));
                for (index, (key, value)) in entries.into_iter().enumerate() {
                    rest.extend((index > 0).then_some(Part::Text(", ")));
                    rest.extend([Part::Value(key), Part::Text(":"), Part::Value(value)]);
                }
                rest.push(Part::Text("}"));
            }
        }
        rest[start..].reverse();
    }
    out
}

/// The order in which fmt prints keys: by type, then by value. Go orders types by their addresses.
fn compare_keys(tape: &Tape<'_>, a: SlotId, b: SlotId) -> Ordering {
    match (&tape.0[a], &tape.0[b]) {
        (Slot::Bool(a), Slot::Bool(b)) => a.cmp(b),
        (Slot::Int(a), Slot::Int(b)) => a.cmp(b),
        (Slot::Uint(a), Slot::Uint(b)) => a.cmp(b),
        // NaN comes first.
        (Slot::Float(a), Slot::Float(b)) => a.partial_cmp(b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan())),
        (a, b) => match (bytes(a), bytes(b)) {
            (Some(a), Some(b)) => a.cmp(b),
            _ => type_rank(a).cmp(&type_rank(b)),
        },
    }
}

fn bytes<'s>(slot: &'s Slot<'_>) -> Option<&'s [u8]> {
    match slot {
        Slot::Text(text) => Some(text.as_bytes()),
        Slot::Bytes(bytes) => Some(bytes),
        _ => None,
    }
}

fn type_rank(slot: &Slot<'_>) -> u8 {
    match slot {
        Slot::Null => 0,
        Slot::Text(_) | Slot::Bytes(_) => 1,
        Slot::Uint(_) => 2,
        Slot::Int(_) => 3,
        Slot::Float(_) => 4,
        _ => 5,
    }
}

/// `strconv.Quote`
fn quote(out: &mut String, text: &[u8]) {
    out.push('"');
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{7}' => out.push_str("\\a"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{b}' => out.push_str("\\v"),
                _ if is_print(character) => out.push(character),
                _ => {
                    let code = u32::from(character);
                    out.push_str(&match code {
                        0..=0x7f => format!("\\x{code:02x}"),
                        0x80..=0xffff => format!("\\u{code:04x}"),
                        _ => format!("\\U{code:08x}"),
                    });
                }
            }
        }
        out.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    out.push('"');
}
