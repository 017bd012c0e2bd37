//! Freeing deep values without recursion, so that no depth of nesting can exhaust the thread's stack.

use super::{Str, Value};

/// What a container was made of, once nobody else holds it.
pub(super) enum Parts {
    Items(Vec<Value>),
    Entries(Vec<(Str, Value)>),
}

impl Parts {
    fn pop(&mut self) -> Option<Value> {
        match self {
            Self::Items(items) => items.pop(),
            Self::Entries(entries) => entries.pop().map(|(_, value)| value),
        }
    }
}

/// Drops `parts` and all they hold, keeping what is still to be dropped on the heap.
pub(super) fn take_apart(parts: Parts) {
    let mut waiting = vec![parts];
    while let Some(top) = waiting.last_mut() {
        let Some(value) = top.pop() else {
            waiting.pop();
            continue;
        };
        let inner = match value {
            Value::List(list) => list.into_parts(),
            Value::Map(map) => map.into_parts(),
            _ => None,
        };
        waiting.extend(inner);
    }
}
