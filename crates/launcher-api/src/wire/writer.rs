//! Putting a JSON object together, key by key, straight into a serializer.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

/// A type that is a JSON object, or a part of one.
pub(crate) trait WriteObject {
    /// Writes the keys in the order of the public API's document.
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error>;
}

/// An object of which only the head is written by someone else.
impl WriteObject for () {
    fn write<M: SerializeMap>(&self, _: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        Ok(())
    }
}

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct ObjectWriter<M> {
    map: M,
}

impl<M: SerializeMap> ObjectWriter<M> {
    /// A field that is written whatever it holds.
    pub(crate) fn always<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), M::Error> {
        self.map.serialize_entry(key, value)
    }

    /// A text that is left out if empty.
    pub(crate) fn text(&mut self, key: &str, value: &str) -> Result<(), M::Error> {
        if value.is_empty() { Ok(()) } else { self.always(key, value) }
    }

    /// A field that is left out if there is none.
    pub(crate) fn option<T: Serialize>(&mut self, key: &str, value: Option<&T>) -> Result<(), M::Error> {
        value.map_or(Ok(()), |value| self.always(key, value))
    }

    /// Fields that came from somewhere else and are passed on.
    pub(crate) fn entries(&mut self, entries: &Map<String, Value>) -> Result<(), M::Error> {
        entries.iter().try_for_each(|(key, value)| self.always(key, value))
    }

    /// A list that is left out if it has no items.
    pub(crate) fn list<T: Serialize>(&mut self, key: &str, items: &[T]) -> Result<(), M::Error> {
        if items.is_empty() { Ok(()) } else { self.always(key, items) }
    }
}

/// Writes `object` as a value of its own.
pub(crate) fn serialize_object<T: WriteObject, S: Serializer>(
    object: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut out = ObjectWriter { map: serializer.serialize_map(None)? };
    object.write(&mut out)?;
    out.map.end()
}
