//! Copies that share nothing with their original.

use go_text_template::{CallError, List, Map, Str, Type, Value};

use super::semver::Version;
use super::walk::Walk;
use crate::declare::functions;
use crate::time::location;

functions! {
    "deepCopy" | "mustDeepCopy"(value: Any) -> Any = deep_copy,
        "A copy of a value, its lists and maps, of any depth.",
        fails "the value is nil, or too large",
        example r#"{{ $a := dict "k" 1 }}{{ $b := deepCopy $a }}{{ $_ := set $b "k" 2 }}{{ $a.k }}"# => "1";
}

/// Levels beyond which copying stops. A map that contains itself ends here.
const MOST_LEVELS: usize = 100_000;

/// A container being copied: the copies so far, and what is left.
enum Open {
    List { of: Type, left: std::vec::IntoIter<Value>, done: Vec<Value> },
    Map { of: Type, key: Str, left: std::vec::IntoIter<(Str, Value)>, done: Vec<(Str, Value)> },
}

/// Copies without recursion.
fn deep_copy(value: &Value) -> Result<Value, CallError> {
    if matches!(value, Value::Nil) {
        return Err(CallError::new("reflect: call of reflect.Value.Type on zero Value"));
    }
    let mut open: Vec<Open> = Vec::new();
    let mut next = Some(value.clone());
    let mut walk = Walk::that_keeps();
    loop {
        walk.step()?;
        let mut copy = match next.take() {
            Some(value) => match begin(value) {
                Ok(container) => {
                    if open.len() >= MOST_LEVELS {
                        let text = format!(
                            "value is nested more than {MOST_LEVELS} levels deep, or contains itself"
                        );
                        return Err(CallError::new(text));
                    }
                    open.push(container);
                    None
                }
                Err(scalar) => Some(scalar),
            },
            None => None,
        };
        // Closes what is complete, and goes on with what is not.
        loop {
            let Some(container) = open.last_mut() else { return Ok(copy.unwrap_or_default()) };
            match container {
                Open::List { left, done, .. } => {
                    done.extend(copy.take());
                    next = left.next();
                }
                Open::Map { key, left, done, .. } => {
                    if let Some(copy) = copy.take() {
                        done.push((std::mem::take(key), copy));
                    }
                    if let Some((following, value)) = left.next() {
                        *key = following;
                        next = Some(value);
                    }
                }
            }
            if next.is_some() {
                break;
            }
            copy = open.pop().map(finish);
        }
    }
}

fn begin(value: Value) -> Result<Open, Value> {
    match value {
        Value::List(list) if !list.is_nil() => {
            let left = list.as_slice().to_vec().into_iter();
            Ok(Open::List { of: list.element_type().clone(), left, done: Vec::new() })
        }
        Value::Map(map) if !map.is_nil() => {
            let left = map.entries().into_owned().into_iter();
            Ok(Open::Map { of: map.element_type().clone(), key: Str::default(), left, done: Vec::new() })
        }
        // Nobody outside its package can copy the inside of a version.
        Value::Object(object) if object.as_any().is::<Version>() => Err(Value::object(Version::default())),
        Value::Object(object) => Err(location::copy_of(&*object).unwrap_or(Value::Object(object))),
        other => Err(other),
    }
}

fn finish(container: Open) -> Value {
    match container {
        Open::List { of, done, .. } => Value::List(List::of(of, done)),
        Open::Map { of, done, .. } => Value::Map(Map::of(of, done)),
    }
}
