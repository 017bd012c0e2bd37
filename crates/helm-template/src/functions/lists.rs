//! Lists. Any kind of list is taken; what is given is a new list of `interface {}`, except by `slice`.

use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};

use go_text_template::{CallError, List, Type, Value};

use super::equality::is_equal;
use super::flow::is_empty;
use super::walk::{TooManyValues, Walk};
use crate::bytes::index;
use crate::declare::functions;
use crate::growth::{self, after_append};
use crate::number::to_int64;

functions! {
    "list" | "tuple"(; items: Any) -> List = list, "A list of its arguments.",
        example r#"{{ list 1 "a" }}"# => "[1 a]";
    "append" | "push" | "mustAppend" | "mustPush"(list: Any, item: Any) -> List = push,
        "The list with one more element at the end.",
        fails "it is no list", example "{{ append (list 1) 2 }}" => "[1 2]";
    "prepend" | "mustPrepend"(list: Any, item: Any) -> List = prepend,
        "The list with one more element at the start.",
        fails "it is no list", example "{{ prepend (list 1) 0 }}" => "[0 1]";
    "first" | "mustFirst"(list: Any) -> Any = first, "The first element; nil of an empty list.",
        fails "it is no list", example "{{ first (list 1 2) }}" => "1";
    "last" | "mustLast"(list: Any) -> Any = last, "The last element; nil of an empty list.",
        fails "it is no list", example "{{ last (list 1 2) }}" => "2";
    "rest" | "mustRest"(list: Any) -> List = rest, "All but the first element.",
        fails "it is no list", example "{{ rest (list 1 2 3) }}" => "[2 3]";
    "initial" | "mustInitial"(list: Any) -> List = initial, "All but the last element.",
        fails "it is no list", example "{{ initial (list 1 2 3) }}" => "[1 2]";
    "reverse" | "mustReverse"(list: Any) -> List = reverse, "The elements from last to first.",
        fails "it is no list", example "{{ reverse (list 1 2 3) }}" => "[3 2 1]";
    "uniq" | "mustUniq"(list: Any) -> List = uniq,
        "The elements without repetition. Elements of different types are different.",
        fails "it is no list", example "{{ uniq (list 1 2 1) }}" => "[1 2]";
    "without" | "mustWithout"(list: Any; items: Any) -> List = without, "The elements but for some.",
        fails "it is no list", example "{{ without (list 1 2 3) 2 }}" => "[1 3]";
    "compact" | "mustCompact"(list: Any) -> List = compact, "The elements that are not empty.",
        fails "it is no list", example r#"{{ compact (list 0 1 "" "a") }}"# => "[1 a]";
    "has" | "mustHas"(item: Any, list: Any) -> Bool = has,
        "Whether a list has an element. Types matter: 1 and 1.0 differ.",
        fails "it is no list", example "{{ has 2 (list 1 2) }}" => "true";
    "slice" | "mustSlice"(list: Any; bounds: Any) -> Any = slice,
        "The elements from a start to before an end, sharing them with the list.",
        fails "it is no list, or the bounds are outside of it",
        example "{{ slice (list 1 2 3) 1 3 }}" => "[2 3]";
    "chunk" | "mustChunk"(size: Int, list: Any) -> Lists = chunk, "The elements in lists of some size.",
        fails "it is no list, or the size does not fit",
        example "{{ chunk 2 (list 1 2 3) }}" => "[[1 2] [3]]";
    "concat"(; lists: Any) -> Any = concat, "The elements of several lists.",
        fails "one is no list", example "{{ concat (list 1) (list 2 3) }}" => "[1 2 3]";
}

/// What Go does when it asks nil for its type.
const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// The elements, or an error in which `complaint` names the type.
fn elements<'v>(value: &'v Value, complaint: &str) -> Result<&'v [Value], CallError> {
    match value {
        Value::List(list) => Ok(list.as_slice()),
        Value::Nil => Err(CallError::new(NIL_POINTER)),
        other => Err(CallError::new(format!("{complaint} {}", other.kind()))),
    }
}

fn list(items: &[&Value]) -> List {
    items.iter().map(|&item| item.clone()).collect()
}

fn push(list: &Value, item: &Value) -> Result<List, CallError> {
    let mut items = elements(list, "Cannot push on type")?.to_vec();
    let old = items.len();
    items.push(item.clone());
    Ok(growth::with_room(Type::Any, items, after_append(old, old + 1, 16)))
}

fn prepend(list: &Value, item: &Value) -> Result<List, CallError> {
    let old = elements(list, "Cannot prepend on type")?;
    let mut items = Vec::with_capacity(old.len() + 1);
    items.push(item.clone());
    items.extend_from_slice(old);
    let room = if old.is_empty() { 1 } else { after_append(1, items.len(), 16) };
    Ok(growth::with_room(Type::Any, items, room))
}

fn first(list: &Value) -> Result<Value, CallError> {
    Ok(elements(list, "Cannot find first on type")?.first().cloned().unwrap_or_default())
}

fn last(list: &Value) -> Result<Value, CallError> {
    Ok(elements(list, "Cannot find last on type")?.last().cloned().unwrap_or_default())
}

fn rest(list: &Value) -> Result<List, CallError> {
    Ok(match elements(list, "Cannot find rest on type")? {
        [] => List::nil(Type::Any),
        [_, rest @ ..] => List::new(rest.to_vec()),
    })
}

fn initial(list: &Value) -> Result<List, CallError> {
    Ok(match elements(list, "Cannot find initial on type")? {
        [] => List::nil(Type::Any),
        [initial @ .., _] => List::new(initial.to_vec()),
    })
}

fn reverse(list: &Value) -> Result<List, CallError> {
    Ok(elements(list, "Cannot find reverse on type")?.iter().rev().cloned().collect())
}

/// Whether a value is equal to one of others.
fn is_among<'v>(
    value: &Value,
    others: impl Iterator<Item = &'v Value>,
    walk: &mut Walk,
) -> Result<bool, TooManyValues> {
    for other in others {
        if is_equal(value, other, walk)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(list: &Value) -> Result<List, CallError> {
    let mut kept: Vec<Value> = Vec::new();
    // Plain values, which are equal only to their like, are looked up; the others are compared with each other.
    let mut plain = HashSet::new();
    let mut others: Vec<&Value> = Vec::new();
    let mut walk = Walk::that_looks();
    for item in elements(list, "Cannot find uniq on type")? {
        let is_new = match Plain::of(item) {
            Some(key) => plain.insert(key),
            None => {
                let is_new = !is_among(item, others.iter().copied(), &mut walk)?;
                others.extend(is_new.then_some(item));
                is_new
            }
        };
        if is_new {
            kept.push(item.clone());
        }
    }
    Ok(growth::grown(Type::Any, kept))
}

/// A value whose equality is that of its bits and type.
#[derive(PartialEq, Eq, Hash)]
enum Plain<'v> {
    Nil,
    Bool(bool),
    Integer(Discriminant<Value>, i128),
    Text(&'v [u8]),
}

impl<'v> Plain<'v> {
    fn of(value: &'v Value) -> Option<Self> {
        match value {
            Value::Nil => Some(Self::Nil),
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::String(text) => Some(Self::Text(text.as_bytes())),
            other => other.as_integer().map(|number| Self::Integer(discriminant(other), number)),
        }
    }
}

fn without(list: &Value, omitted: &[&Value]) -> Result<List, CallError> {
    let mut kept = Vec::new();
    let mut walk = Walk::that_looks();
    for item in elements(list, "Cannot find without on type")? {
        if !is_among(item, omitted.iter().copied(), &mut walk)? {
            kept.push(item.clone());
        }
    }
    Ok(growth::grown(Type::Any, kept))
}

fn compact(list: &Value) -> Result<List, CallError> {
    let items = elements(list, "Cannot compact on type")?.iter();
    Ok(growth::grown(Type::Any, items.filter(|item| !is_empty(item)).cloned().collect()))
}

fn has(item: &Value, list: &Value) -> Result<bool, CallError> {
    if matches!(list, Value::Nil) {
        return Ok(false);
    }
    let items = elements(list, "Cannot find has on type")?;
    Ok(is_among(item, items.iter(), &mut Walk::that_looks())?)
}

fn slice(list: &Value, bounds: &[&Value]) -> Result<Value, CallError> {
    let Value::List(list) = list else {
        elements(list, "list should be type of slice or array but")?;
        return Ok(Value::Nil);
    };
    if list.is_empty() {
        return Ok(Value::Nil);
    }
    let start = bounds.first().map_or(0, |start| to_int64(start));
    let end = bounds.get(1).map_or(length_of(list), |end| to_int64(end));
    let cut = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let cut = cut.and_then(|(start, end)| list.cut(start, end));
    cut.map(Value::List).ok_or_else(|| CallError::new("reflect.Value.Slice: slice index out of bounds"))
}

fn length_of(list: &List) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

fn chunk(size: i64, list: &Value) -> Result<List, CallError> {
    let items = elements(list, "Cannot chunk type")?;
    let chunk_type = || Type::slice(Type::Any);
    // As Go counts them, in floats: that decides what sizes of 0 and below do.
    let count = ((items.len() as f64 - 1.0) / size as f64).floor() + 1.0;
    if !count.is_finite() || count < 0.0 || count > (1u64 << 40) as f64 {
        return Err(CallError::new("runtime error: makeslice: len out of range"));
    }
    if size <= 0 {
        // One chunk, or none. The one has what the size leaves over; when that is nothing, a length that no list has.
        let left_over = i64::try_from(items.len()).unwrap_or(i64::MAX).checked_rem(size).unwrap_or(0);
        return match (count as usize, items.get(..index(left_over))) {
            (0, _) => Ok(List::of(chunk_type(), Vec::new())),
            (_, Some(chunk @ [_, ..])) => {
                Ok(List::of(chunk_type(), vec![Value::List(List::new(chunk.to_vec()))]))
            }
            _ => Err(CallError::new("runtime error: makeslice: len out of range")),
        };
    }
    let chunks = items.chunks(index(size).max(1)).map(|chunk| Value::List(List::new(chunk.to_vec())));
    Ok(List::of(chunk_type(), chunks.collect()))
}

fn concat(lists: &[&Value]) -> Result<List, CallError> {
    let mut items = Vec::new();
    for list in lists {
        match list {
            Value::List(list) => items.extend_from_slice(list.as_slice()),
            Value::Nil => return Err(CallError::new(NIL_POINTER)),
            other => {
                return Err(CallError::new(format!("Cannot concat type {} as list", other.kind())));
            }
        }
    }
    Ok(if items.is_empty() { List::nil(Type::Any) } else { growth::grown(Type::Any, items) })
}
