//! Where in a message a value stands.

use std::fmt;

/// A place in a message, linked to the places around it. Built on the stack while reading; only errors print it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Path<'a> {
    /// The message itself.
    Root,
    /// A key of an object.
    Key(&'a Self, &'a str),
    /// A position in a list, from 0.
    Item(&'a Self, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(Self::Root, key) => f.write_str(key),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
