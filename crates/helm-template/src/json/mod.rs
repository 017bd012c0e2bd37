//! JSON as Go's `encoding/json` reads and writes it, for the values of templates.

mod number;
mod read;
mod write;

pub(crate) use number::write_float;
pub(crate) use read::{Room, read, read_with};
pub(crate) use write::{Escapes, Layout, UnsupportedError, write, write_text};

/// How many lists and objects may be inside each other: `encoding/json`'s limit on reading.
pub(crate) const MAX_DEPTH: usize = 10_000;
