//! Go's maps with string keys: shared by reference, changed in place, read without a lock until first changed.

use std::borrow::Cow;
use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::teardown::{self, Parts};
use super::{Str, Type, Value};

/// A Go map with string keys: `map[string]interface {}`, `map[string]string`, …
///
/// Cloning shares the map, as in Go: an [`insert`](Map::insert) through one clone is seen through all.
/// A map is read without a lock until it is first changed.
///
/// A map that contains itself is never freed.
///
/// ```
/// use go_text_template::{Map, Value};
///
/// let map = Map::new([("b", Value::from(2)), ("a", Value::from(1))]);
/// let same = map.clone();
/// same.insert("c", Value::from(3)).unwrap();
/// assert_eq!(map.len(), 3);
/// assert_eq!(map.entries()[0].0.to_text(), "a");
/// ```
#[derive(Clone)]
pub struct Map(Arc<Table>);

struct Table {
    element: Type,
    is_nil: bool,
    /// What the map was made with, sorted by key; stale once `is_changed`.
    original: Vec<(Str, Value)>,
    is_changed: AtomicBool,
    /// All entries, once `is_changed`.
    changed: RwLock<BTreeMap<Str, Value>>,
}

/// The map is Go's nil map, which cannot be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("assignment to entry in nil map")]
pub struct NilMap;

/// A value found in a map: borrowed while nobody has changed the map.
pub(crate) enum Found<'a> {
    Borrowed(&'a Value),
    Owned(Value),
    Missing,
}

impl Map {
    /// `map[string]interface {}`. Of equal keys the last one counts.
    pub fn new<K: Into<Str>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::of(Type::Any, entries)
    }

    /// `map[string]element`. The values must be of that type; nothing checks it.
    pub fn of<K: Into<Str>>(element: Type, entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        let mut entries: Vec<(Str, Value)> =
            entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            entries.reverse();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.dedup_by(|later, earlier| later.0 == earlier.0);
        }
        Self::table(element, false, entries)
    }

    /// The nil map of `map[string]element`: empty and not writable.
    #[must_use]
    pub fn nil(element: Type) -> Self {
        Self::table(element, true, Vec::new())
    }

    fn table(element: Type, is_nil: bool, original: Vec<(Str, Value)>) -> Self {
        let is_changed = AtomicBool::new(false);
        Self(Arc::new(Table { element, is_nil, original, is_changed, changed: RwLock::default() }))
    }

    /// Whether this is Go's nil map.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.is_nil
    }

    /// The type of the values.
    #[must_use]
    pub fn element_type(&self) -> &Type {
        &self.0.element
    }

    /// The type of the map.
    #[must_use]
    pub fn type_of(&self) -> Type {
        Type::map(self.0.element.clone())
    }

    /// Whether the two are one map, so that a change of one is a change of the other.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        match self.find(key.as_ref()) {
            Found::Borrowed(value) => Some(value.clone()),
            Found::Owned(value) => Some(value),
            Found::Missing => None,
        }
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key(&self, key: impl AsRef<[u8]>) -> bool {
        !matches!(self.find(key.as_ref()), Found::Missing)
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        if self.is_changed() { self.read_changed(BTreeMap::len) } else { self.0.original.len() }
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries in ascending order of their keys' bytes. Later changes do not show.
    #[must_use]
    pub fn entries(&self) -> Cow<'_, [(Str, Value)]> {
        match self.original() {
            Some(original) => Cow::Borrowed(original),
            None => {
                Cow::Owned(self.read_changed(|map| map.iter().map(|(k, v)| (k.clone(), v.clone())).collect()))
            }
        }
    }

    /// Adds or replaces an entry, in place.
    ///
    /// # Errors
    /// When this is the nil map.
    pub fn insert(&self, key: impl Into<Str>, value: Value) -> Result<(), NilMap> {
        if self.0.is_nil {
            return Err(NilMap);
        }
        let key = key.into();
        // The value replaced is dropped after the lock is released: it may hold this very map.
        let _replaced = self.change(|map| map.insert(key, value));
        Ok(())
    }

    /// Removes an entry, in place, and gives what it held.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.change(|map| map.remove(key.as_ref()))
    }

    /// The entries, as long as the map was never changed.
    pub(crate) fn original(&self) -> Option<&[(Str, Value)]> {
        if self.is_changed() { None } else { Some(&self.0.original) }
    }

    /// A value of a map that was never changed; `hint` is where the last look-up from the same place found its key.
    pub(crate) fn find_original(&self, key: &Str, hint: &AtomicU32) -> Option<&Value> {
        let entries = self.original()?;
        if let Some((name, value)) = entries.get(hint.load(Ordering::Relaxed) as usize)
            && name == key
        {
            return Some(value);
        }
        let at = entries.binary_search_by(|(name, _)| name.cmp(key)).ok()?;
        hint.store(u32::try_from(at).unwrap_or(0), Ordering::Relaxed);
        Some(&entries[at].1)
    }

    /// Looks a key up.
    pub(crate) fn find(&self, key: &[u8]) -> Found<'_> {
        if self.is_changed() {
            return self.read_changed(|map| map.get(key).cloned()).map_or(Found::Missing, Found::Owned);
        }
        let entries = &self.0.original;
        match entries.binary_search_by(|(name, _)| name.as_bytes().cmp(key)) {
            Ok(at) => Found::Borrowed(&entries[at].1),
            Err(_) => Found::Missing,
        }
    }

    /// Whether nobody else holds this map.
    pub(super) fn is_unshared(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    /// Looks at the values of a map that was changed.
    pub(super) fn changed_values<T>(&self, look: impl FnOnce(btree_map::Values<'_, Str, Value>) -> T) -> T {
        self.read_changed(|map| look(map.values()))
    }

    /// A number that is the same for clones of one map, for `%p`.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).cast::<u8>() as usize
    }

    pub(super) fn into_parts(self) -> Option<Parts> {
        Arc::into_inner(self.0).map(|mut table| table.take_parts())
    }

    fn is_changed(&self) -> bool {
        self.0.is_changed.load(Ordering::Acquire)
    }

    fn read_changed<T>(&self, read: impl FnOnce(&BTreeMap<Str, Value>) -> T) -> T {
        read(&self.0.changed.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<Str, Value>) -> T) -> T {
        let mut map = self.0.changed.write().unwrap_or_else(PoisonError::into_inner);
        if !self.is_changed() {
            *map = self.0.original.iter().cloned().collect();
        }
        let result = change(&mut map);
        self.0.is_changed.store(true, Ordering::Release);
        result
    }
}

impl Table {
    fn take_parts(&mut self) -> Parts {
        let mut entries = std::mem::take(&mut self.original);
        let changed = self.changed.get_mut().unwrap_or_else(PoisonError::into_inner);
        entries.extend(std::mem::take(changed));
        Parts::Entries(entries)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let changed = self.changed.get_mut().unwrap_or_else(PoisonError::into_inner);
        if self.original.iter().map(|(_, value)| value).chain(changed.values()).any(Value::is_container) {
            teardown::take_apart(self.take_parts());
        }
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Map<{}>({})", self.0.element, self.len())
    }
}

impl<K: Into<Str>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        Self::new(entries)
    }
}
