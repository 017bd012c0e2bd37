//! YAML to the byte as Helm reads and writes it.
//!
//! Helm calls `sigs.k8s.io/yaml` v1.6.0, which goes through JSON on the way in and on the way out and stands on
//! `go.yaml.in/yaml/v2` v2.4.4; its `toYamlPretty` calls `go.yaml.in/yaml/v3` v3.0.5. What those accept, refuse,
//! quote, fold and say when they fail is the specification here, mistakes included.
//!
//! - [`to_yaml`] and [`to_yaml_pretty`] write any type that implements [`Data`]: nothing is copied on the way in.
//! - [`read`] reads the first document of a text into whatever a [`Build`] makes of it.
//! - [`Outline`] tells on which lines the parts of a text stand.
//! - [`Value`] is a plain tree that does both, for those who have no values of their own.
//!
//! Nesting is bounded ([`MAX_DEPTH`]) and never uses the native stack.
//!
//! ```
//! use helm_template::yaml::{self, Root, Value};
//!
//! let value = yaml::read(b"on: [1, 0o17, 1e3]", Root::Any, &mut yaml::Values).unwrap();
//! assert_eq!(yaml::to_yaml(&value).unwrap(), "\"true\":\n- 1\n- 15\n- 1000\n");
//! let error = yaml::read(b"a: b: c", Root::Any, &mut yaml::Values).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "error converting YAML to JSON: yaml: mapping values are not allowed in this context",
//! );
//! ```

mod chars;
mod number;
mod read;
mod resolve;
mod timestamp;
mod unicode;
mod value;
mod write;

pub use read::{
    Build, Duplicates, Found, JsonType, Outline, Problem, ReadError, ReadErrorKind, Root, SourceFault, Step,
    SyntaxPhase, read, read_with,
};
pub use value::{Value, Values};
pub use write::{Data, Node, NonFinite, WriteError, to_yaml, to_yaml_pretty};

/// How many containers may be inside one another, on the way in and on the way out.
///
/// go-yaml's limit for brackets and for indentation, and encoding/json's. `toYamlPretty` has none in Go, where
/// endless nesting ends the process; it has this one here.
pub const MAX_DEPTH: usize = 10_000;

/// How many bytes a text that is written may have. A list that holds another twice, which holds another twice, and so
/// on, is small in memory, but never ends in a text.
pub const MAX_LENGTH: usize = 256 << 20;
