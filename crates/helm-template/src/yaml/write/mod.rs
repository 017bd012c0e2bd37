//! Values to YAML, as Helm's `toYaml` and `toYamlPretty` write them.

mod data;
mod error;
mod json_form;
mod key;
mod key_order;
mod layout;
mod output;
mod quote;
mod scalar;

pub use data::{Data, Node};
pub use error::{NonFinite, WriteError};
pub(super) use json_form::mend;

use layout::Writer;

/// Which of Helm's two functions is imitated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// `toYaml`: to JSON, read again as YAML, written by go-yaml v2.
    Plain,
    /// `toYamlPretty`: written by go-yaml v3.
    Pretty,
}

/// Writes YAML as `sigs.k8s.io/yaml`'s `Marshal` does, with a line break at the end.
///
/// Helm's `toYaml` is this with one final line break removed, and nothing at all in place of an error.
///
/// # Errors
/// What Go refuses: infinities and NaN, characters that YAML readers refuse (U+007F, C1 controls, U+FFFE, U+FFFF),
/// keys of more than 1,022 characters in JSON or with U+0085, nesting beyond [`MAX_DEPTH`](super::MAX_DEPTH).
///
/// ```
/// use helm_template::yaml::{Value, to_yaml};
///
/// let value = Value::Mapping(vec![
///     ("b".into(), Value::Sequence(vec![Value::Float(1e6), Value::Text("012".into())])),
///     ("a".into(), Value::Text("two\nlines".into())),
/// ]);
/// assert_eq!(to_yaml(&value).unwrap(), "a: |-\n  two\n  lines\nb:\n- 1000000\n- \"012\"\n");
/// ```
pub fn to_yaml<D: Data>(data: D) -> Result<String, WriteError> {
    Writer::new(Dialect::Plain).document(data)
}

/// Writes YAML as `go.yaml.in/yaml/v3` does with an indentation of two, with a line break at the end.
///
/// Helm's `toYamlPretty` is this with one final line break removed, and nothing at all in place of an error. Lists are
/// indented under their keys and long lines are kept. Bytes that are no UTF-8 are written as `!!binary`.
///
/// # Errors
/// Nesting beyond [`MAX_DEPTH`](super::MAX_DEPTH).
///
/// ```
/// use helm_template::yaml::{Value, to_yaml_pretty};
///
/// let value = Value::Mapping(vec![("a".into(), Value::Sequence(vec![Value::Float(1e6)]))]);
/// assert_eq!(to_yaml_pretty(&value).unwrap(), "a:\n  - 1e+06\n");
/// ```
pub fn to_yaml_pretty<D: Data>(data: D) -> Result<String, WriteError> {
    Writer::new(Dialect::Pretty).document(data)
}
