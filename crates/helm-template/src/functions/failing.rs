//! Helm's `fail` and `required`.

use go_text_template::{CallError, Value};

use crate::declare::functions;
use crate::error::{MARK_END, MARK_START};

functions! {
    "fail"(message: Text) -> Text = fail, "Ends the rendering with a message.", fails "always";
    "required"(message: Text, value: Any) -> Any = required, "The value, unless it is nil or an empty text.",
        fails "there is no value", example r#"{{ required "a name is needed" "x" }}"# => "x";
}

/// Sprig's own `fail`, which Helm replaces.
pub(super) mod sprig {
    use go_text_template::CallError;

    use crate::declare::functions;

    functions! {
        "fail"(message: Text) -> Text = fail, "Ends the rendering with a message.", fails "always";
    }

    fn fail(message: &[u8]) -> Result<Vec<u8>, CallError> {
        Err(CallError::new(String::from_utf8_lossy(message)))
    }
}

fn fail(message: &[u8]) -> Result<Vec<u8>, CallError> {
    Err(marked(message))
}

fn required(message: &[u8], value: &Value) -> Result<Value, CallError> {
    let is_missing = match value {
        Value::Nil => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    if is_missing { Err(marked(message)) } else { Ok(value.clone()) }
}

/// Helm marks these messages so that it can tell them from others.
fn marked(message: &[u8]) -> CallError {
    CallError::new(format!("{MARK_START}{}{MARK_END}", String::from_utf8_lossy(message)))
}
