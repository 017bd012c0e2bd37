//! Configuration as written: every value as text, with the place where it stands.

use std::collections::BTreeMap;
use std::fmt;

use super::{ConfigError, Origin};
use crate::option::{Definition, Visibility, kind::Kind};

/// A value as written.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The text, without white space around it.
    pub text: String,
    /// Where it stands.
    pub origin: Origin,
}

impl fmt::Debug for Entry {
    /// Without the text, which may be a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({})", self.origin)
    }
}

/// Everything written on the command line and in the configuration file. The file wins.
#[derive(Clone, Debug, Default)]
pub struct Written {
    flags: BTreeMap<&'static str, Entry>,
    file: BTreeMap<&'static str, Entry>,
}

impl Written {
    /// Adds a value. If the same place already has one for that option, that one stays and is returned.
    pub fn add(&mut self, name: &'static str, entry: Entry) -> Option<&Entry> {
        let values = match entry.origin {
            Origin::CommandLine => &mut self.flags,
            Origin::File(_) => &mut self.file,
        };
        match values.entry(name) {
            std::collections::btree_map::Entry::Occupied(first) => Some(first.into_mut()),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(entry);
                None
            }
        }
    }

    /// Where the value in force of an option stands; `None` if it was not written at all.
    #[must_use]
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.in_force(name).map(|entry| &entry.origin)
    }

    /// The entry in force of an option: the file's, else the command line's.
    #[must_use]
    pub fn in_force(&self, name: &str) -> Option<&Entry> {
        self.file.get(name).or_else(|| self.flags.get(name))
    }

    /// Everything in force, by name.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &Entry)> {
        let unwritten = self.flags.iter().filter(|(name, _)| !self.file.contains_key(*name));
        self.file.iter().chain(unwritten).map(|(name, entry)| (*name, entry))
    }

    /// The value in force: `None` if not written or refused, `Some(None)` if blank.
    ///
    /// A wrong value counts as a mistake also where the file's word makes it idle.
    pub(crate) fn value<T>(
        &self,
        definition: &Definition,
        kind: &Kind<T>,
        errors: &mut Vec<ConfigError>,
    ) -> Option<Option<T>> {
        let mut read = |entry: &Entry| match kind.read(&entry.text) {
            Ok(value) => Some(value),
            Err(refusal) => {
                errors.push(ConfigError::Value {
                    origin: entry.origin.clone(),
                    name: definition.name,
                    value: (definition.visibility == Visibility::Shown).then(|| entry.text.clone()),
                    refusal,
                });
                None
            }
        };
        let flag = self.flags.get(definition.name).map(&mut read);
        let file = self.file.get(definition.name).map(&mut read);
        file.or(flag).flatten()
    }
}
