//! Tables of the host's functions.

use std::sync::Arc;

use crate::function::Function;
use crate::value::Str;

/// The host's functions by name.
#[derive(Clone, Debug, Default)]
pub struct Functions {
    /// In the order of their names.
    entries: Vec<Entry>,
    /// A hash table with the places of entries, or [`FREE`]. At least half of it is free, so that every search ends.
    slots: Vec<u16>,
}

/// A function beside what tells its name from most others: a parser looks up every name that it meets.
#[derive(Clone, Debug)]
struct Entry {
    key: Key,
    function: Arc<Function>,
}

/// The first bytes of a name, and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    first: u64,
    length: usize,
}

const FREE: u16 = u16::MAX;

impl Functions {
    /// The function of that name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&Arc<Function>> {
        let key = Key::of(name);
        let mut slot = key.slot(self.slots.len());
        loop {
            let at = *self.slots.get(slot)?;
            let entry = self.entries.get(usize::from(at))?;
            if entry.key == key && (key.is_whole() || entry.function.name().as_bytes() == name) {
                return Some(&entry.function);
            }
            slot = (slot + 1) % self.slots.len();
        }
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &Str> {
        self.entries.iter().map(|entry| entry.function.name())
    }

    /// Adds a function; one of the same name is replaced. The table has room for 65,534.
    pub fn add(&mut self, function: Function) {
        self.extend([function]);
    }

    /// Removes a function.
    pub fn remove(&mut self, name: &str) -> Option<Arc<Function>> {
        let at = self.entries.iter().position(|entry| entry.function.name() == name)?;
        let removed = self.entries.remove(at);
        self.fill_slots();
        Some(removed.function)
    }

    fn fill_slots(&mut self) {
        let size = (self.entries.len() * 2).next_power_of_two();
        self.slots.clear();
        self.slots.resize(size, FREE);
        for (entry, at) in self.entries.iter().zip(0..FREE) {
            let mut slot = entry.key.slot(size);
            while self.slots[slot] != FREE {
                slot = (slot + 1) % size;
            }
            self.slots[slot] = at;
        }
    }
}

impl Key {
    fn of(name: &[u8]) -> Self {
        let mut bytes = [0; 8];
        let length = name.len().min(bytes.len());
        bytes[..length].copy_from_slice(&name[..length]);
        Self { first: u64::from_le_bytes(bytes), length: name.len() }
    }

    /// Whether nothing of the name is left to compare.
    fn is_whole(self) -> bool {
        self.length <= 8
    }

    /// Where in a table of a size, which is a power of two, the search begins.
    fn slot(self, size: usize) -> usize {
        // Multiplying with the golden ratio spreads the bits upwards.
        let hash = (self.first ^ self.length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> 40) as usize & size.saturating_sub(1)
    }
}

impl Extend<Function> for Functions {
    fn extend<I: IntoIterator<Item = Function>>(&mut self, functions: I) {
        self.entries.extend(functions.into_iter().map(|function| Entry {
            key: Key::of(function.name().as_bytes()),
            function: Arc::new(function),
        }));
        // Of equal names the last one counts.
        self.entries.reverse();
        self.entries.sort_by(|a, b| a.function.name().cmp(b.function.name()));
        self.entries.dedup_by(|later, earlier| later.function.name() == earlier.function.name());
        self.entries.truncate(usize::from(FREE));
        self.fill_slots();
    }
}

impl FromIterator<Function> for Functions {
    fn from_iter<I: IntoIterator<Item = Function>>(functions: I) -> Self {
        let mut table = Self::default();
        table.extend(functions);
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn function(name: &str, answer: i64) -> Function {
        Function::new(name).body(move |_| Ok(Value::Int(answer)))
    }

    #[test]
    fn every_function_is_found_and_nothing_else() {
        let names: Vec<String> = (0..500).map(|i| format!("{}f{}", "long".repeat(i % 4), i / 4)).collect();
        let mut table: Functions = names.iter().map(|name| function(name, 0)).collect();
        assert!(
            names
                .iter()
                .all(|name| table.get(name.as_bytes()).is_some_and(|found| found.name() == name.as_str()))
        );
        assert!(table.names().is_sorted() && table.names().count() == 500);
        for name in ["", "f", "f125", "longlong", "longlongf", "longlongf9999", "f1\0"] {
            assert!(table.get(name.as_bytes()).is_none(), "{name}");
        }
        assert!(table.remove("longf7").is_some() && table.get(b"longf7").is_none());
        assert!(table.get(b"longf8").is_some() && Functions::default().get(b"f").is_none());
    }

    #[test]
    fn of_equal_names_the_last_one_counts() {
        let mut table: Functions = [function("f", 1), function("f", 2)].into_iter().collect();
        assert_eq!(table.names().count(), 1);
        let first = table.get(b"f").cloned();
        table.add(function("f", 3));
        assert!(!Arc::ptr_eq(table.get(b"f").unwrap(), &first.unwrap()));
    }
}
