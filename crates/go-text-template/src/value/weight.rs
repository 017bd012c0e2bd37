//! What a value that was just made takes in memory.

use super::{List, Map, Str, Type, Value};

/// What an entry of a map takes, beside what it holds.
const ENTRY: usize = size_of::<(Str, Value)>();
/// What an element of a list takes, beside what it holds.
const ELEMENT: usize = size_of::<Value>();

impl Value {
    /// Bytes that a call made which gave this value. A map that was there before may have got an entry (`set`).
    pub(crate) fn made_bytes(&self) -> usize {
        match self {
            Self::String(text) => text.own_bytes(),
            Self::Map(map) if !map.is_unshared() => ENTRY,
            Self::List(_) | Self::Map(_) => self.own_bytes(),
            _ => 0,
        }
    }

    /// Bytes of the texts, lists and maps that nobody else holds. What is shared was there before: it is neither counted
    /// nor looked into. Depth takes no stack.
    fn own_bytes(&self) -> usize {
        let mut bytes = 0;
        let mut open = Vec::new();
        let mut next = Some(self);
        while let Some(value) = next {
            bytes += value.shallow_bytes();
            match value {
                Self::List(list) if list.is_unshared() && *list.element_type() != Type::Int => {
                    open.extend(list.as_slice().iter().filter(|item| item.may_own()));
                }
                Self::Map(map) if map.is_unshared() => match map.original() {
                    Some(entries) => {
                        open.extend(entries.iter().map(|(_, item)| item).filter(|i| i.may_own()));
                    }
                    // Behind a lock, which is not kept while others are looked into: one level of what was added.
                    None => {
                        bytes += map.changed_values(|items| items.map(Self::shallow_bytes).sum::<usize>());
                    }
                },
                _ => {}
            }
            next = open.pop();
        }
        bytes
    }

    fn may_own(&self) -> bool {
        matches!(self, Self::String(_) | Self::List(_) | Self::Map(_))
    }

    fn shallow_bytes(&self) -> usize {
        match self {
            Self::String(text) => text.own_bytes(),
            Self::List(list) if list.is_unshared() => List::len(list) * ELEMENT,
            Self::Map(map) if map.is_unshared() => Map::len(map) * ENTRY,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_else_holds_is_counted_at_every_level() {
        let text = || Value::from("x".repeat(100));
        assert_eq!(text().own_bytes(), 100);
        assert_eq!(Value::from("short, so in place").own_bytes(), 0);
        assert_eq!(Value::list([text(), Value::list([text()])]).own_bytes(), 200 + 3 * ELEMENT);
        let map = Map::new([("a", text()), ("b", Value::from(1))]);
        assert_eq!(Value::Map(map).own_bytes(), 100 + 2 * ENTRY);
        let map = Map::new([("a", text())]);
        assert_eq!(map.insert("b", text()), Ok(()));
        assert_eq!(Value::Map(map).own_bytes(), 100 + 2 * ENTRY, "what was added");
    }

    #[test]
    fn what_is_shared_is_not_counted() {
        let shared = Value::list([Value::from("x".repeat(100))]);
        assert_eq!(shared.clone().own_bytes(), 0);
        assert_eq!(Value::list([shared.clone(), shared.clone()]).own_bytes(), 2 * ELEMENT);
        drop(shared);
    }

    #[test]
    fn depth_takes_no_stack() {
        let deep = (0..1_000_000).fold(Value::list([1]), |inner, _| Value::list([inner]));
        assert_eq!(deep.own_bytes(), 1_000_001 * ELEMENT);
    }
}
