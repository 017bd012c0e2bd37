//! Go's `reflect.DeepEqual`.

use go_text_template::{CallError, List, Map, Value};

use super::semver::Version;
use super::walk::{TooManyValues, Walk};
use crate::declare::functions;

functions! {
    "deepEqual"(left: Any, right: Any) -> Bool = deep_equal,
        "Whether two values are the same through and through. Types matter: 1 and 1.0 differ.",
        fails "they are too large",
        example "{{ deepEqual (list 1 2) (list 1 2) }} {{ deepEqual 1 1.0 }}" => "true false";
}

fn deep_equal(left: &Value, right: &Value) -> Result<bool, CallError> {
    Ok(is_equal(left, right, &mut Walk::that_looks())?)
}

/// Whether two values have the same type and are deeply equal. Depth takes no stack.
pub(super) fn is_equal(left: &Value, right: &Value, walk: &mut Walk) -> Result<bool, TooManyValues> {
    walk.step()?;
    if let Some(answer) = at_once(left, right) {
        return Ok(answer);
    }
    let mut open = vec![(left.clone(), right.clone())];
    while let Some((left, right)) = open.pop() {
        walk.step()?;
        match at_once(&left, &right) {
            Some(true) => {}
            Some(false) => return Ok(false),
            None => match (&left, &right) {
                (Value::List(a), Value::List(b)) => {
                    let pairs = a.as_slice().iter().zip(b.as_slice());
                    open.extend(pairs.map(|(a, b)| (a.clone(), b.clone())));
                }
                (Value::Map(a), Value::Map(b)) => {
                    for (key, value) in a.entries().iter() {
                        match b.get(key) {
                            Some(other) => open.push((value.clone(), other)),
                            None => return Ok(false),
                        }
                    }
                }
                _ => return Ok(false),
            },
        }
    }
    Ok(true)
}

/// The answer, if elements need not be looked at.
fn at_once(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Nil, Value::Nil) => Some(true),
        (Value::List(a), Value::List(b)) => lists_at_once(a, b),
        (Value::Map(a), Value::Map(b)) => maps_at_once(a, b),
        (Value::Object(a), Value::Object(b)) => {
            // Versions are pointers, which `eq` compares; what they point at counts here.
            if let (Some(a), Some(b)) = (a.as_any().downcast_ref(), b.as_any().downcast_ref::<Version>()) {
                return Some(Version::eq(a, b));
            }
            Some(a.object_type() == b.object_type() && a.equals(&**b).unwrap_or(false))
        }
        (Value::Float64(a), Value::Float64(b)) => Some(a == b),
        (Value::Float32(a), Value::Float32(b)) => Some(a == b),
        (Value::String(a), Value::String(b)) => Some(a == b),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Complex64(a, i), Value::Complex64(b, j)) => Some(a == b && i == j),
        (Value::Complex128(a, i), Value::Complex128(b, j)) => Some(a == b && i == j),
        (a, b) => {
            Some(a.type_of() == b.type_of() && a.as_integer().is_some_and(|a| b.as_integer() == Some(a)))
        }
    }
}

fn lists_at_once(a: &List, b: &List) -> Option<bool> {
    if a.element_type() != b.element_type() || a.is_nil() != b.is_nil() || a.len() != b.len() {
        return Some(false);
    }
    // The very same elements are equal even if one is NaN.
    if a.is_empty() || std::ptr::eq(a.as_slice(), b.as_slice()) { Some(true) } else { None }
}

fn maps_at_once(a: &Map, b: &Map) -> Option<bool> {
    if a.element_type() != b.element_type() || a.is_nil() != b.is_nil() || a.len() != b.len() {
        return Some(false);
    }
    if a.is_same(b) { Some(true) } else { None }
}
