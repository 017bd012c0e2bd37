//! Versions and constraints, as `Masterminds/semver` reads them.

mod constraint;
mod object;
mod version;

use go_text_template::{CallError, Value};

use crate::declare::functions;
use constraint::Constraints;
pub(crate) use version::Version;

functions! {
    "semver"(text: Text) -> Version = semver,
        "A version, with `.Major`, `.Minor`, `.Patch`, `.Prerelease`, `.Metadata`, `.Original` and `.Compare`.",
        fails "the text is no version", example r#"{{ (semver "v1.2.3").Minor }}"# => "2";
    "semverCompare"(constraint: Text, version: Text) -> Bool = semver_compare,
        "Whether a version meets a constraint.", fails "one of them cannot be read",
        example r#"{{ semverCompare "^1.2.0" "1.9.9" }}"# => "true";
}

fn semver(text: &[u8]) -> Result<Value, CallError> {
    Version::parse(text).map(Value::object).map_err(|error| CallError::new(error.to_string()))
}

fn semver_compare(constraint: &[u8], version: &[u8]) -> Result<bool, CallError> {
    let failed = |error: &dyn std::error::Error| CallError::new(error.to_string());
    let constraints = Constraints::parse(constraint).map_err(|error| failed(&error))?;
    let version = Version::parse(version).map_err(|error| failed(&error))?;
    Ok(constraints.are_met_by(&version))
}
