//! What holds for any input: no function panics, and what is written is read back.

use std::sync::Arc;

use helm_template::go_text_template::{CallError, Cause, ExecError, Map, Str};
use helm_template::{Mode, System, Templates, Value, helm_families};
use proptest::prelude::*;

fn rendered(template: &str, data: &Value) -> Result<Vec<u8>, helm_template::Error> {
    let mut templates = Templates::with_world(Mode::Helm, Arc::new(System));
    templates.add("t", template)?;
    let mut out = Vec::new();
    templates.render_into("t", data, &mut out)?;
    Ok(out)
}

fn is_panic(error: &helm_template::Error) -> bool {
    matches!(error.engine().cause(), Cause::Exec(ExecError::Call { source: CallError::Panic(_), .. }))
}

/// Functions that take long, or do something.
const LEFT_OUT: [&str; 8] =
    ["bcrypt", "htpasswd", "derivePassword", "genPrivateKey", "exec", "groups", "genCA", "genSelfSignedCert"];

/// Values of every sort.
fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>().prop_map(Value::from),
        "[-+._:/ \\\\(){}\\[\\]*?^$|#=\"'%,0-9a-zA-Z\n]{0,30}".prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..12).prop_map(|bytes| { Value::String(Str::from(bytes)) }),
    ];
    let leaf = prop_oneof![
        Just(Value::Nil),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::Int),
        (-40i64..40).prop_map(Value::Int),
        any::<i64>().prop_map(Value::Int64),
        any::<f64>().prop_map(Value::from),
        text,
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::list),
            proptest::collection::vec(("[a-z]{0,3}", inner), 0..5)
                .prop_map(|entries| Value::Map(Map::new(entries))),
        ]
    })
}

#[test]
fn depth_does_not_exhaust_the_stack() {
    let nothing = Value::map::<&str, Value>([]);
    let deep = "{{ $l := list }}{{ range until 50000 }}{{ $l = list $l }}{{ end }}";
    for (function, expected) in [
        ("toJson $l | len", "100002"),
        ("toYaml $l | len", "0"),
        ("deepCopy $l | toJson | len", "100002"),
        ("deepEqual $l (deepCopy $l)", "true"),
        ("uniq (list $l $l) | len", "1"),
        ("toToml (dict \"l\" $l) | trunc 30", "toml: values are nested more t"),
        ("print $l | len", "100002"),
    ] {
        let text = rendered(&format!("{deep}{{{{ {function} }}}}"), &nothing).expect("it ends");
        assert_eq!(String::from_utf8_lossy(&text), expected, "{function}");
    }
    let text = "{{ fromToml (print \"a = \" (repeat 255 \"[\") (repeat 255 \"]\")) | toToml | len }}";
    assert_eq!(rendered(text, &nothing).expect("it is allowed"), b"515");
    let text = "{{ (fromToml (print \"a = \" (repeat 9000 \"[\"))).Error }}";
    let error = rendered(text, &nothing).expect("it is told in the result");
    assert!(String::from_utf8_lossy(&error).ends_with("values are nested more than 256 levels deep"));
    let deep_maps = "{{ $m := dict }}{{ range until 20000 }}{{ $m = dict \"a\" $m }}{{ end }}";
    let error = rendered(&format!("{deep_maps}{{{{ merge $m (deepCopy $m) | toJson | len }}}}"), &nothing);
    let error = error.expect_err("it is too deep").to_string();
    assert!(error.ends_with("maps are nested more than 10000 levels deep, or contain themselves"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_function_panics(
        pick in any::<prop::sample::Index>(),
        values in proptest::collection::vec(any_value(), 4),
    ) {
        let functions: Vec<_> = helm_families()
            .flat_map(|family| family.functions)
            .filter(|function| !LEFT_OUT.contains(&function.name()))
            .collect();
        let function = pick.get(&functions);
        let arguments = function.params.len() + usize::from(function.rest.is_some());
        let data = Value::map(values.into_iter().enumerate().map(|(at, value)| (format!("v{at}"), value)));
        let arguments: String = (0..arguments).map(|at| format!(" .v{}", at % 4)).collect();
        if let Err(error) = rendered(&format!("{{{{ {}{arguments} }}}}", function.name()), &data) {
            prop_assert!(!is_panic(&error), "{error}");
        }
    }

    #[test]
    fn json_that_was_read_is_written_and_read_the_same_again(value in any_value()) {
        // Reading makes floats of all numbers, so it is the second time that nothing changes.
        let data = Value::map([("v", value)]);
        let template = "{{ $t := toJson .v }}{{ if $t }}{{ $u := mustFromJson $t | toJson }}\
            {{ eq $u (mustFromJson $u | toJson) }}{{ end }}";
        let same = rendered(template, &data).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(same.is_empty() || same == b"true", "{}", String::from_utf8_lossy(&same));
    }

    #[test]
    fn base_64_and_32_are_decoded_as_they_were_encoded(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let text = Value::String(Str::from(bytes));
        let data = Value::map([("v", text)]);
        let template = "{{ eq .v (b64enc .v | b64dec) }} {{ eq .v (b32enc .v | b32dec) }}";
        prop_assert_eq!(rendered(template, &data).map_err(|error| TestCaseError::fail(error.to_string()))?, b"true true");
    }

    #[test]
    fn a_quoted_pattern_finds_its_text(text in any::<String>()) {
        let data = Value::map([("v", Value::from(text))]);
        let found = rendered("{{ regexFind (regexQuoteMeta .v) .v | eq .v }}", &data);
        prop_assert_eq!(found.map_err(|error| TestCaseError::fail(error.to_string()))?, b"true");
    }
}
