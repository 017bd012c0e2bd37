//! Data for templates, from JSON and YAML.
//!
//! Whole numbers matter: templates tell `int`, `int64` and `float64` apart, in arithmetic, in comparisons and in what
//! functions take. Helm itself has only `float64`, which prints a million as `1e+06`.
//!
//! ```
//! use helm_template::data::{WholeNumbers, from_json, from_yaml};
//! use helm_template::Templates;
//!
//! let mut templates = Templates::new();
//! templates.add("t", "{{ .uid }} {{ printf \"%T\" .uid }}")?;
//! let data = from_json(br#"{"uid": 1668601105}"#, WholeNumbers::Int)?;
//! assert_eq!(templates.render("t", &data)?, "1668601105 int");
//! let data = from_yaml(b"uid: 1668601105", WholeNumbers::Float)?;
//! assert_eq!(templates.render("t", &data)?, "1.668601105e+09 float64");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use go_text_template::Value;

use crate::json::{self, Room};
use crate::number::{Base, parse_int};
use crate::yaml::{self, ReadError, Root};
use crate::yaml_value::Values;

/// What numbers without point and exponent become. Those beyond 64 bits are `float64` in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WholeNumbers {
    /// `int`
    #[default]
    Int,
    /// `int64`
    Int64,
    /// `float64`, as Helm has it.
    Float,
}

impl WholeNumbers {
    /// A whole number in decimal digits, if it is to stay whole and can.
    pub(crate) fn value_of(self, digits: &[u8]) -> Option<Value> {
        let number = parse_int(digits, Base::Decimal)?;
        match self {
            Self::Int => Some(Value::Int(number)),
            Self::Int64 => Some(Value::Int64(number)),
            Self::Float => None,
        }
    }
}

/// A text that is no JSON, or holds a number that `float64` cannot, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read data as JSON: {reason}")]
pub struct JsonError {
    /// Why, as Go's `encoding/json` says it.
    pub reason: String,
}

/// Reads JSON.
///
/// # Errors
/// When the text is no JSON, or holds a number that is out of range.
pub fn from_json(text: &[u8], whole: WholeNumbers) -> Result<Value, JsonError> {
    let failed = |error: &dyn std::error::Error| JsonError { reason: error.to_string() };
    let decoded = json::read_with(text, whole, Room::Grown).map_err(|error| failed(&error))?;
    match decoded.out_of_range {
        Some(error) => Err(failed(&error)),
        None => Ok(decoded.value),
    }
}

/// Reads the first document of a YAML text, as Helm reads YAML.
///
/// # Errors
/// When the text is no YAML, or holds what JSON cannot.
pub fn from_yaml(text: &[u8], whole: WholeNumbers) -> Result<Value, ReadError> {
    yaml::read(text, Root::Any, &mut Values(whole))
}
