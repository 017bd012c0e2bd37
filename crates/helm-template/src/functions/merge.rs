//! `merge` and `mergeOverwrite`, with the rules of `dario.cat/mergo` for maps.
//!
//! The first map is changed in place. Maps inside the sources that it takes over are shared with it, not copied.

use go_text_template::{CallError, Map, NilMap, Type, Value};

use super::flow::is_empty;
use crate::declare::functions;

functions! {
    "merge" | "mustMerge"(map: Map; sources: Map) -> Any = merge,
        "Fills what is missing or empty in a map, itself, from others: the leftmost value counts.",
        fails "maps are nested too deeply",
        example r#"{{ merge (dict "a" 1) (dict "a" 2 "b" 3) }}"# => "map[a:1 b:3]";
    "mergeOverwrite" | "mustMergeOverwrite"(map: Map; sources: Map) -> Any = merge_overwrite,
        "Sets in a map, itself, what others have: the rightmost value counts, also an empty one.",
        fails "maps are nested too deeply",
        example r#"{{ mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3) }}"# => "map[a:2 b:3]";
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

fn merge(map: &Map, sources: Vec<&Map>) -> Result<Map, CallError> {
    merged(map, &sources, Precedence::Kept)
}

fn merge_overwrite(map: &Map, sources: Vec<&Map>) -> Result<Map, CallError> {
    merged(map, &sources, Precedence::Overwritten)
}

fn merged(map: &Map, sources: &[&Map], precedence: Precedence) -> Result<Map, CallError> {
    // A nil map is replaced by a new one as soon as a source has something to give.
    let mut map = map.clone();
    for source in sources {
        if map.is_nil() && !source.is_nil() {
            map = Map::new::<&str>([]);
        }
        merge_one(&map, source, precedence)?;
    }
    Ok(map)
}

fn merge_one(map: &Map, source: &Map, precedence: Precedence) -> Result<(), CallError> {
    let mut open = vec![(map.clone(), source.clone(), 0)];
    while let Some((map, source, depth)) = open.pop() {
        if depth > MOST_LEVELS {
            let text = format!("maps are nested more than {MOST_LEVELS} levels deep, or contain themselves");
            return Err(CallError::new(text));
        }
        if map.is_same(&source) {
            continue;
        }
        for (key, value) in source.entries().iter() {
            let old = map.get(key);
            if let (Some(Value::Map(old)), Value::Map(value)) = (&old, value)
                && !value.is_nil()
                && !old.is_nil()
                && old.element_type() == value.element_type()
                && !old.is_empty()
            {
                open.push((old.clone(), value.clone(), depth + 1));
                continue;
            }
            if counts(old.as_ref(), value, precedence) {
                insert(&map, key, value)?;
            }
        }
    }
    Ok(())
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

fn insert(map: &Map, key: &go_text_template::Str, value: &Value) -> Result<(), NilMap> {
    debug_assert!(*map.element_type() == Type::Any || value.type_of().as_ref() == Some(map.element_type()));
    map.insert(key.clone(), value.clone())
}
