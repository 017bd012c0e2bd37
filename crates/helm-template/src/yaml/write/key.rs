//! The keys of a mapping: their order, and what becomes of those that are no UTF-8.

use std::borrow::Cow;

use super::{Dialect, json_form, key_order};

/// A key of a mapping.
pub(super) struct Key<T> {
    pub(super) given: T,
    /// The key with U+FFFD for what is no UTF-8, if there is such.
    mended: Option<String>,
    /// A later key becomes the same text on the way through JSON: this entry is checked, and not written.
    pub(super) is_overwritten: bool,
}

impl<T: AsRef<[u8]>> Key<T> {
    pub(super) fn new(given: T) -> Self {
        let mended = match json_form::mend(given.as_ref()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(mended) => Some(mended),
        };
        Self { given, mended, is_overwritten: false }
    }

    /// The text that decides about the key's place.
    fn text(&self) -> &[u8] {
        self.mended.as_ref().map_or(self.given.as_ref(), String::as_bytes)
    }
}

/// The entries in Go's order.
pub(super) fn sorted<T: AsRef<[u8]>, V>(entries: Vec<(T, V)>, dialect: Dialect) -> Vec<(Key<T>, V)> {
    let mut entries: Vec<(Key<T>, V)> =
        entries.into_iter().map(|(key, value)| (Key::new(key), value)).collect();
    if dialect == Dialect::Plain && entries.iter().any(|(key, _)| key.mended.is_some()) {
        mark_overwritten(&mut entries);
    }
    key_order::sort_by(&mut entries, |(key, _)| key.text(), dialect);
    entries
}

/// JSON writes keys in the order of their bytes; of those that become the same text, the last one counts.
fn mark_overwritten<T: AsRef<[u8]>, V>(entries: &mut [(Key<T>, V)]) {
    entries.sort_by(|(a, _), (b, _)| {
        a.text().cmp(b.text()).then_with(|| a.given.as_ref().cmp(b.given.as_ref()))
    });
    for at in 1..entries.len() {
        entries[at - 1].0.is_overwritten = entries[at - 1].0.text() == entries[at].0.text();
    }
}
