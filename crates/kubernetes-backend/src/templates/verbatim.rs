//! The function `verbatim`: text that reaches a process as it was written.

use helm_template::go_text_template::{Function, Type};

use crate::objects::expansion;

/// `verbatim TEXT`: doubles what Kubernetes would replace in `command`, `args` and `env[].value`.
pub(super) fn verbatim() -> Function {
    Function::new("verbatim")
        .param(Type::String)
        .returns(Type::String)
        .body(|call| Ok(expansion::escape(call.str(0)?)))
}
