//! Functions that templates have here besides those of Helm.

use std::fmt::Write as _;

use helm_template::go_text_template::{Function, Type};

use crate::objects::expansion;

/// All of them.
pub(super) fn all() -> [Function; 2] {
    [verbatim(), yaml_escape()]
}

/// `verbatim TEXT`: doubles what Kubernetes would replace in `command`, `args` and `env[].value`.
fn verbatim() -> Function {
    Function::new("verbatim")
        .param(Type::String)
        .returns(Type::String)
        .body(|call| Ok(expansion::escape(call.str(0)?)))
}

/// `yamlEscape JSON`: the same JSON, with all escaped that YAML refuses or takes for the end of a line.
///
/// With some of these characters `toYaml` gives nothing at all, in Helm as well: a job with such a path would lose all of its
/// volumes without a word.
fn yaml_escape() -> Function {
    Function::new("yamlEscape").param(Type::String).returns(Type::String).body(|call| {
        let text = call.str(0)?;
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            if is_plain(character) {
                out.push(character);
            } else {
                // Writing to a String cannot fail; beyond the first plane all is plain.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
        }
        Ok(out)
    })
}

/// Whether YAML reads it as itself, also within double quotes.
fn is_plain(character: char) -> bool {
    matches!(
        character,
        ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use helm_template::yaml::{self, Root};
    use helm_template::{Mode, System, Templates, Value};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_from_yaml_as_it_was_written(
            text in prop_oneof![any::<String>(), "[\u{7f}-\u{a1}\u{2026}-\u{202a}\u{fefe}-\u{ff01}\u{fffc}-\u{ffff}\"'\\\\ \n]{0,8}"]
        ) {
            let mut templates = Templates::with_world(Mode::Go, Arc::new(System)).with_functions(all());
            templates.add("t", "{{ toJson . | yamlEscape }}").expect("a template");
            let rendered = templates.render("t", &Value::map([("key", text.as_str())])).expect("rendered");
            let read = yaml::read(rendered.as_bytes(), Root::Any, &mut super::super::json::Reader);
            prop_assert_eq!(read.expect("YAML"), serde_json::json!({ "key": text }));
        }
    }
}
