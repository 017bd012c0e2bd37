//! Defaults and conditions.

use go_text_template::Value;

use crate::declare::functions;

functions! {
    "default"(default: Any; given: Any) -> Any = default, "The given value, unless it is empty.",
        example r#"{{ "" | default "x" }} {{ "y" | default "x" }}"# => "x y";
    "empty"(value: Any) -> Bool = is_empty,
        "Whether a value is nil, false, 0, or without elements. Times and versions never are.",
        example r#"{{ empty "" }} {{ empty 1 }}"# => "true false";
    "coalesce"(; values: Any) -> Any = coalesce, "The first value that is not empty, or nil.",
        example r#"{{ coalesce 0 "" "x" }}"# => "x";
    "all"(; values: Any) -> Bool = all, "Whether no value is empty.", example "{{ all 1 0 }}" => "false";
    "any"(; values: Any) -> Bool = any, "Whether some value is not empty.", example "{{ any 1 0 }}" => "true";
    "ternary"(yes: Any, no: Any, condition: Bool) -> Any = ternary, "One of two values, by a condition.",
        example r#"{{ true | ternary "yes" "no" }}"# => "yes";
}

fn default(default: &Value, given: &[&Value]) -> Value {
    match given {
        [given, ..] if !is_empty(given) => (*given).clone(),
        _ => default.clone(),
    }
}

/// Sprig's `empty`. Unlike in conditions, a structure never is, and a nil pointer is.
pub(super) fn is_empty(value: &Value) -> bool {
    !value.is_true()
}

fn coalesce(values: &[&Value]) -> Value {
    values.iter().find(|value| !is_empty(value)).map(|&value| value.clone()).unwrap_or_default()
}

fn all(values: &[&Value]) -> bool {
    !values.iter().any(|value| is_empty(value))
}

fn any(values: &[&Value]) -> bool {
    values.iter().any(|value| !is_empty(value))
}

fn ternary(yes: &Value, no: &Value, condition: bool) -> Value {
    if condition { yes.clone() } else { no.clone() }
}
