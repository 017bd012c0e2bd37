//! YAML to values, as `sigs.k8s.io/yaml`'s `Unmarshal` reads it.
//!
//! The stages: [`source`] (bytes to characters), [`scan`] (characters to tokens), [`parse`] (tokens to events),
//! [`compose`] (events to nodes), [`decode`] (nodes to typed values, aliases and merge keys followed), [`convert`]
//! (typed values to what JSON can hold). Only the first document is read.

mod compose;
mod convert;
mod decode;
mod error;
mod go_syntax;
mod node;
mod outline;
mod parse;
mod scan;
mod source;
mod tape;
mod token;

pub use convert::Build;
pub use error::{JsonType, Problem, ReadError, ReadErrorKind, SourceFault, SyntaxPhase};
pub use outline::{Found, Outline, Step};

use convert::Converter;
use decode::Decoder;
use source::Source;

/// What the document must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// Any value; nothing is null.
    Any,
    /// A mapping; nothing or null is an empty one. (Helm's `fromYaml`.)
    Mapping,
    /// A list; nothing or null is an empty one. (Helm's `fromYamlArray`.)
    Sequence,
}

/// What to make of a key that is twice in one mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// The last one counts, as in Helm's functions.
    LastCounts,
    /// An error, as `UnmarshalStrict` has it; a key that a merge brought counts too.
    Refused,
}

/// Reads the first document of a text; of a key that is there twice the last one counts.
///
/// # Errors
/// When the text is no YAML, holds what JSON cannot (lists as keys, infinities), or is not what `root` asks for.
pub fn read<B: Build>(text: &[u8], root: Root, build: &mut B) -> Result<B::Value, ReadError> {
    read_with(text, root, Duplicates::LastCounts, build)
}

/// [`read`], with a choice about keys that are there twice.
///
/// # Errors
/// As [`read`], and for duplicate keys if they are refused.
pub fn read_with<B: Build>(
    text: &[u8],
    root: Root,
    duplicates: Duplicates,
    build: &mut B,
) -> Result<B::Value, ReadError> {
    let source = Source::decode(text);
    let nodes = compose::first_document(&source)?;
    let tape = Decoder::new(&nodes, duplicates).decode()?;
    Converter::new(&tape, build).convert(root)
}
