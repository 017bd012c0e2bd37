//! Types and kinds of values.

use go_text_template::Value;

use crate::declare::functions;

functions! {
    "typeOf"(value: Any) -> Text = type_of, "The Go type of a value.",
        example "{{ typeOf 1 }} {{ typeOf (list) }}" => "int []interface {}";
    "typeIs"(type_name: Text, value: Any) -> Bool = type_is, "Whether a value has a type.",
        example r#"{{ typeIs "int" 1 }}"# => "true";
    "typeIsLike"(type_name: Text, value: Any) -> Bool = type_is_like,
        "Whether a value has a type or is a pointer to it.",
        example r#"{{ typeIsLike "semver.Version" (semver "1.2.3") }}"# => "true";
    "kindOf"(value: Any) -> Text = kind_of, "The kind of a value: `map`, `slice`, `string`, …",
        example "{{ kindOf (list) }} {{ kindOf nil }}" => "slice invalid";
    "kindIs"(kind: Text, value: Any) -> Bool = kind_is, "Whether a value is of a kind.",
        example r#"{{ kindIs "map" (dict) }}"# => "true";
}

fn type_of(value: &Value) -> String {
    value.type_name()
}

fn type_is(name: &[u8], value: &Value) -> bool {
    value.type_name().as_bytes() == name
}

fn type_is_like(name: &[u8], value: &Value) -> bool {
    let found = value.type_name();
    found.as_bytes() == name || found.as_bytes().strip_prefix(b"*") == Some(name)
}

fn kind_of(value: &Value) -> &'static str {
    value.kind().name()
}

fn kind_is(name: &[u8], value: &Value) -> bool {
    value.kind().name().as_bytes() == name
}
