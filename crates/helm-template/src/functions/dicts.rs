//! Maps. They are shared: a change through one name is seen through all.

use std::collections::HashSet;

use go_text_template::{CallError, List, Map, NilMap, Str, Type, Value};

use super::printing::text_of;
use crate::declare::functions;
use crate::growth;

functions! {
    "dict"(; entries: Any) -> Map = dict, "A map of keys and values in turn; a last key alone gets an empty text.",
        example r#"{{ dict "a" 1 "b" 2 }}"# => "map[a:1 b:2]";
    "get"(map: Map, key: Text) -> Any = get, "The value of a key; an empty text when there is none.",
        example r#"{{ get (dict "a" 1) "a" }}"# => "1";
    "set"(map: Map, key: Text, value: Any) -> Map = set, "Sets a key in the map itself, and gives the map.",
        fails "the map is nil", example r#"{{ set (dict "a" 1) "b" 2 }}"# => "map[a:1 b:2]";
    "unset"(map: Map, key: Text) -> Map = unset, "Removes a key from the map itself, and gives the map.",
        example r#"{{ unset (dict "a" 1 "b" 2) "b" }}"# => "map[a:1]";
    "hasKey"(map: Map, key: Text) -> Bool = has_key, "Whether a map has a key.",
        example r#"{{ hasKey (dict "a" 1) "a" }}"# => "true";
    "pluck"(key: Text; maps: Map) -> List = pluck, "The values of one key in several maps.",
        example r#"{{ pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3) }}"# => "[1 3]";
    "keys"(; maps: Map) -> Texts = keys, "The keys of maps, in order here; in no order in Go.",
        example r#"{{ keys (dict "b" 1 "a" 2) }}"# => "[a b]";
    "values"(map: Map) -> List = values, "The values of a map, in the order of their keys; in no order in Go.",
        example r#"{{ values (dict "b" 1 "a" 2) }}"# => "[2 1]";
    "pick"(map: Map; keys: Text) -> Map = pick, "A new map with some of the keys.",
        example r#"{{ pick (dict "a" 1 "b" 2) "a" }}"# => "map[a:1]";
    "omit"(map: Map; keys: Text) -> Map = omit, "A new map without some of the keys.",
        example r#"{{ omit (dict "a" 1 "b" 2) "a" }}"# => "map[b:2]";
    "dig"(; path: Any) -> Any = dig,
        "Follows keys into maps: keys, a default for what is missing, and the map come in this order.",
        fails "there are fewer than three arguments, or something on the way is no map",
        example r#"{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }}"# => "1";
}

fn dict(entries: &[&Value]) -> Result<Map, CallError> {
    let pairs = entries.chunks(2).map(|pair| {
        let value = pair.get(1).map_or_else(|| Value::from(""), |&value| value.clone());
        let key = pair.first().map_or_else(|| Ok(Str::default()), |key| text_of(key))?;
        Ok((key, value))
    });
    Ok(Map::new(pairs.collect::<Result<Vec<_>, CallError>>()?))
}

fn get(map: &Map, key: &[u8]) -> Value {
    map.get(key).unwrap_or_else(|| Value::from(""))
}

fn set(map: &Map, key: &Str, value: &Value) -> Result<Map, NilMap> {
    map.insert(key.clone(), value.clone())?;
    Ok(map.clone())
}

fn unset(map: &Map, key: &[u8]) -> Map {
    map.remove(key);
    map.clone()
}

fn has_key(map: &Map, key: &[u8]) -> bool {
    map.contains_key(key)
}

fn pluck(key: &[u8], maps: Vec<&Map>) -> List {
    growth::grown(Type::Any, maps.into_iter().filter_map(|map| map.get(key)).collect())
}

fn keys(maps: Vec<&Map>) -> List {
    let mut keys = Vec::new();
    for map in maps {
        keys.extend(map.entries().iter().map(|(key, _)| Value::String(key.clone())));
    }
    growth::grown(Type::String, keys)
}

fn values(map: &Map) -> List {
    growth::grown(Type::Any, map.entries().iter().map(|(_, value)| value.clone()).collect())
}

fn pick(map: &Map, keys: Vec<&Str>) -> Map {
    Map::new(keys.into_iter().filter_map(|key| Some((key.clone(), map.get(key)?))))
}

fn omit(map: &Map, keys: Vec<&Str>) -> Map {
    let omitted: HashSet<&Str> = keys.into_iter().collect();
    let entries = map.entries();
    Map::new(entries.iter().filter(|(key, _)| !omitted.contains(key)).cloned())
}

fn dig(path: &[&Value]) -> Result<Value, CallError> {
    let [keys @ .., default, last] = path else {
        return Err(CallError::new("dig needs at least three arguments"));
    };
    if keys.is_empty() {
        return Err(CallError::new("dig needs at least three arguments"));
    }
    let mut map = map_of(last)?.clone();
    let keys = keys.iter().map(|key| match key {
        Value::String(key) => Ok(key),
        other => Err(unconverted(other, "string")),
    });
    let keys: Vec<&Str> = keys.collect::<Result<_, _>>()?;
    for (at, key) in keys.iter().enumerate() {
        let Some(step) = map.get(key) else { return Ok((*default).clone()) };
        if at + 1 == keys.len() {
            return Ok(step);
        }
        map = map_of(&step)?.clone();
    }
    Ok((*default).clone())
}

fn map_of(value: &Value) -> Result<&Map, CallError> {
    match value {
        Value::Map(map) if *map.element_type() == Type::Any => Ok(map),
        other => Err(unconverted(other, "map[string]interface {}")),
    }
}

fn unconverted(value: &Value, wanted: &str) -> CallError {
    let found = match value {
        Value::Nil => "nil".to_owned(),
        other => other.type_name(),
    };
    CallError::new(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}
