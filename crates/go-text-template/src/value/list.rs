//! Go's slices.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::teardown::{self, Parts};
use super::{Type, Value};

/// A Go slice: `[]interface {}`, `[]string`, … Cloning shares the elements; only [`List::sort`] changes them.
///
/// ```
/// use go_text_template::{List, Type, Value};
///
/// let list = List::of(Type::String, vec![Value::from("a"), Value::from("b")]);
/// assert_eq!(list.as_slice().len(), 2);
/// assert_eq!(list.type_of().to_string(), "[]string");
/// ```
#[derive(Clone)]
pub struct List {
    backing: Arc<Backing>,
    start: u32,
    length: u32,
}

struct Backing {
    element: Type,
    is_nil: bool,
    items: Vec<Value>,
    /// What stands there since the elements were sorted. Whoever still looks at the elements before that may go on.
    sorted: OnceLock<Arc<Backing>>,
}

impl Backing {
    fn new(element: Type, is_nil: bool, items: Vec<Value>) -> Arc<Self> {
        Arc::new(Self { element, is_nil, items, sorted: OnceLock::new() })
    }

    fn latest(&self) -> &Self {
        let mut latest = self;
        while let Some(sorted) = latest.sorted.get() {
            latest = sorted;
        }
        latest
    }
}

impl List {
    /// `[]interface {}`
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        Self::of(Type::Any, items)
    }

    /// `[]element`. The items must be of that type; nothing checks it. Items beyond `u32::MAX` are dropped.
    #[must_use]
    pub fn of(element: Type, mut items: Vec<Value>) -> Self {
        let length = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.truncate(length as usize);
        Self { backing: Backing::new(element, false, items), start: 0, length }
    }

    /// The nil slice of `[]element`: empty, and told apart from an empty one by `%#v` and JSON.
    #[must_use]
    pub fn nil(element: Type) -> Self {
        Self { backing: Backing::new(element, true, Vec::new()), start: 0, length: 0 }
    }

    /// Whether this is Go's nil slice.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.backing.is_nil
    }

    /// The elements.
    #[must_use]
    pub fn as_slice(&self) -> &[Value] {
        let start = self.start as usize;
        &self.backing.latest().items[start..start + self.length as usize]
    }

    /// Sorts the elements where they are, as Go's `sort` does: all lists that share them see it.
    pub fn sort(&self, mut compare: impl FnMut(&Value, &Value) -> Ordering) {
        let range = self.start as usize..self.start as usize + self.len();
        let latest = self.backing.latest();
        if self.as_slice().is_sorted_by(|one, next| compare(one, next).is_le()) {
            return;
        }
        let mut items = latest.items.clone();
        items[range].sort_by(compare);
        // Two threads that sort one list at once: one of them comes too late, as in Go.
        let _ = latest.sorted.set(Backing::new(latest.element.clone(), latest.is_nil, items));
    }

    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether there are no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How far `slice` may reach: the elements up to the end of what the list was cut from (Go's `cap`).
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.backing.items.len() - self.start as usize
    }

    /// The type of the elements.
    #[must_use]
    pub fn element_type(&self) -> &Type {
        &self.backing.element
    }

    /// The type of the list.
    #[must_use]
    pub fn type_of(&self) -> Type {
        Type::slice(self.backing.element.clone())
    }

    /// `list[from:to]`, sharing the elements; `None` when out of range or backwards. `to` may go up to the capacity.
    #[must_use]
    pub fn cut(&self, from: usize, to: usize) -> Option<Self> {
        if from > to || to > self.capacity() {
            return None;
        }
        let start = self.start + u32::try_from(from).ok()?;
        Some(Self { backing: self.backing.clone(), start, length: u32::try_from(to - from).ok()? })
    }

    /// `list[from:to:limit]`: like [`List::cut`], with the capacity ending at `limit`.
    #[must_use]
    pub fn cut_with_limit(&self, from: usize, to: usize, limit: usize) -> Option<Self> {
        if limit > self.capacity() || to > limit {
            return None;
        }
        let cut = self.cut(from, to)?;
        if limit == self.capacity() {
            return Some(cut);
        }
        // A second backing that ends at the limit: nothing can observe that it is not the first.
        let start = self.start as usize;
        let items = self.backing.latest().items[start + from..start + limit].to_vec();
        let backing = Backing::new(self.backing.element.clone(), false, items);
        Some(Self { backing, start: 0, length: cut.length })
    }

    /// Whether nobody else holds these elements.
    pub(super) fn is_unshared(&self) -> bool {
        Arc::strong_count(&self.backing) == 1
    }

    /// A number that is the same for lists that share their first element's place, for `%p`.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.backing).cast::<u8>() as usize + self.start as usize * size_of::<Value>()
    }

    pub(super) fn into_parts(self) -> Option<Parts> {
        Arc::into_inner(self.backing).map(|mut backing| Parts::Items(std::mem::take(&mut backing.items)))
    }
}

impl Drop for Backing {
    fn drop(&mut self) {
        if self.items.iter().any(Value::is_container) {
            teardown::take_apart(Parts::Items(std::mem::take(&mut self.items)));
        }
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "List<{}>({})", self.backing.element, self.length)
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::new(items.into_iter().collect())
    }
}
