//! `merge` and `mergeOverwrite`, with the rules of `dario.cat/mergo` for maps.
//!
//! The first map is changed in place. Maps inside the sources that it takes over are shared with it, not copied.

use go_text_template::{CallError, Kind, Map, NilMap, Str, Type, Value};

use super::flow::is_empty;
use super::walk::{TooManyValues, Walk};
use crate::declare::functions;

functions! {
    "merge"(map: Map; sources: Map) -> Any = merge,
        "Fills what is missing or empty in a map, itself, from others: the leftmost value counts.",
        fails "maps are nested too deeply",
        example r#"{{ merge (dict "a" 1) (dict "a" 2 "b" 3) }}"# => "map[a:1 b:3]";
    "mustMerge"(map: Map; sources: Map) -> Any = must_merge, "Like `merge`.",
        fails "maps are nested too deeply, or a version stands against something else",
        example r#"{{ mustMerge (dict "a" 1) (dict "b" 2) }}"# => "map[a:1 b:2]";
    "mergeOverwrite"(map: Map; sources: Map) -> Any = merge_overwrite,
        "Sets in a map, itself, what others have: the rightmost value counts, also an empty one.",
        fails "maps are nested too deeply",
        example r#"{{ mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3) }}"# => "map[a:2 b:3]";
    "mustMergeOverwrite"(map: Map; sources: Map) -> Any = must_merge_overwrite, "Like `mergeOverwrite`.",
        fails "maps are nested too deeply",
        example r#"{{ mustMergeOverwrite (dict "a" 1) (dict "a" 2) }}"# => "map[a:2]";
}

/// Maps inside each other beyond which merging stops. A map that contains itself ends here.
const MOST_LEVELS: usize = 10_000;

/// Which of two values counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Precedence {
    /// That of the map being filled, unless it is empty.
    Kept,
    /// That of the source.
    Overwritten,
}

/// A merge that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum MergeError {
    /// A pointer and something else. `merge` gives an empty text then, `mustMerge` fails.
    #[error("src and dst must be of same type")]
    DifferentTypes,
    /// A map of texts cannot hold it; Go panics.
    #[error("reflect.Value.SetMapIndex: value of type {found} is not assignable to type string")]
    NotAssignable {
        /// The type of the value.
        found: String,
    },
    /// A list for a text; Go panics.
    #[error("reflect: call of reflect.Value.IsNil on string Value")]
    ListForText,
    /// Too deep.
    #[error("maps are nested more than {MOST_LEVELS} levels deep, or contain themselves")]
    TooDeep,
    /// Too much.
    #[error(transparent)]
    TooManyValues(#[from] TooManyValues),
    /// A write to a nil map.
    #[error(transparent)]
    NilMap(#[from] NilMap),
}

impl From<MergeError> for CallError {
    fn from(error: MergeError) -> Self {
        Self::new(error.to_string())
    }
}

fn merge(map: &Map, sources: Vec<&Map>) -> Result<Value, MergeError> {
    swallowed(merged(map, sources, Precedence::Kept))
}

fn must_merge(map: &Map, sources: Vec<&Map>) -> Result<Value, MergeError> {
    merged(map, sources, Precedence::Kept)
}

fn merge_overwrite(map: &Map, sources: Vec<&Map>) -> Result<Value, MergeError> {
    swallowed(merged(map, sources, Precedence::Overwritten))
}

fn must_merge_overwrite(map: &Map, sources: Vec<&Map>) -> Result<Value, MergeError> {
    merged(map, sources, Precedence::Overwritten)
}

/// What Go returns as an error, and not by a panic, is an empty text.
fn swallowed(result: Result<Value, MergeError>) -> Result<Value, MergeError> {
    match result {
        Err(MergeError::DifferentTypes) => Ok(Value::from("")),
        other => other,
    }
}

fn merged(map: &Map, sources: Vec<&Map>, precedence: Precedence) -> Result<Value, MergeError> {
    // A nil map is replaced by a new one as soon as a source has something to give.
    let mut map = map.clone();
    for source in sources {
        if map.is_nil() && !source.is_nil() {
            map = Map::new::<&str>([]);
        }
        merge_one(&map, source, precedence)?;
    }
    Ok(Value::Map(map))
}

fn merge_one(map: &Map, source: &Map, precedence: Precedence) -> Result<(), MergeError> {
    let mut open = vec![(map.clone(), source.clone(), 0)];
    let mut walk = Walk::that_looks();
    while let Some((map, source, depth)) = open.pop() {
        if depth > MOST_LEVELS {
            return Err(MergeError::TooDeep);
        }
        for (key, value) in source.entries().iter() {
            walk.step()?;
            let old = map.get(key);
            match (&old, value) {
                (Some(Value::Map(old)), Value::Map(value)) if fills(old, value, precedence) => {
                    open.push((old.clone(), value.clone(), depth + 1));
                    continue;
                }
                (Some(Value::Object(old)), value)
                    if precedence == Precedence::Kept && old.object_type().kind() == Kind::Ptr =>
                {
                    if matches!(value.kind(), Kind::Map | Kind::Struct) {
                        return Err(MergeError::DifferentTypes);
                    }
                }
                (old, Value::List(list)) if *map.element_type() == Type::String => {
                    return Err(match old {
                        Some(_) => MergeError::ListForText,
                        None => MergeError::NotAssignable { found: list.type_of().to_string() },
                    });
                }
                _ => {}
            }
            if counts(old.as_ref(), value, precedence) {
                insert(&map, &source, key, value)?;
            }
        }
    }
    Ok(())
}

/// Whether two maps are merged key by key. An empty map into which nothing would come is replaced instead, and then
/// shared with the source.
fn fills(old: &Map, value: &Map, precedence: Precedence) -> bool {
    if old.is_nil() {
        return false;
    }
    let gives = || match precedence {
        Precedence::Overwritten => !value.is_empty(),
        Precedence::Kept => value.entries().iter().any(|(_, value)| !matches!(value, Value::Nil)),
    };
    !old.is_empty() || gives()
}

/// Whether the source's value takes the place of the old one.
fn counts(old: Option<&Value>, value: &Value, precedence: Precedence) -> bool {
    match (precedence, old, value) {
        (Precedence::Overwritten, ..) => true,
        // A missing key is not filled with nil.
        (Precedence::Kept, _, Value::Nil) => false,
        (Precedence::Kept, None, _) => true,
        (Precedence::Kept, Some(old), _) => is_empty(old),
    }
}

fn insert(map: &Map, source: &Map, key: &Str, value: &Value) -> Result<(), MergeError> {
    if *map.element_type() == Type::String && *source.element_type() != Type::String {
        return Err(MergeError::NotAssignable { found: source.element_type().to_string() });
    }
    Ok(map.insert(key.clone(), value.clone())?)
}
