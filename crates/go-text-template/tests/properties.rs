//! Laws that hold for any text and any value.

use go_text_template::{Limits, TemplateSet, Value, format};
use proptest::prelude::*;

/// Pieces that templates are made of, so that random texts get past the first token.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{{-",
        "-}}",
        " ",
        "\n",
        "(",
        ")",
        "|",
        ".",
        ".a",
        ".b.c",
        "$",
        "$x",
        ":=",
        "=",
        ",",
        "if ",
        "else",
        "end",
        "range ",
        "with ",
        "define ",
        "template ",
        "block ",
        "break",
        "continue",
        "nil",
        "true",
        "\"s\"",
        "`r`",
        "'c'",
        "1",
        "-1.5",
        "0x1p",
        "print ",
        "printf ",
        "len ",
        "index ",
        "and ",
        "é",
        "\\",
        "/*",
        "*/",
        "{{end}}",
        "{{else}}",
        "{{if .a}}",
        "{{range .b}}",
        "{{.a}}",
        "%d",
        "\u{0}",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nil),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<u8>().prop_map(Value::Uint8),
        any::<f64>().prop_map(Value::Float64),
        any::<f32>().prop_map(Value::Float32),
        prop::collection::vec(any::<u8>(), 0..30).prop_map(|bytes| Value::String(bytes.into())),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::list),
            prop::collection::vec(("[a-c]{1,2}", inner), 0..5).prop_map(|entries| Value::map(
                entries.iter().map(|(key, value)| (key.as_str(), value.clone()))
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_parsing_checking_or_running_panic(text in pieces(), data in values()) {
        let mut set = TemplateSet::new();
        let problems = set.check("t", &text);
        match set.parse("t", &text) {
            Err(error) => {
                prop_assert!(!problems.is_empty(), "what parsing refuses, checking reports");
                prop_assert!(error.to_string().starts_with("template: t:"));
                let span = error.origin().span.unwrap_or_default();
                prop_assert!(span.start <= span.end && span.end as usize <= text.len());
            }
            Ok(()) => {
                let limits = Limits { steps: 10_000, output: 100_000, template_depth: 100, ..Limits::default() };
                if let Err(error) = set.execution().limits(limits).render("t", &data) {
                    let span = error.origin().span.unwrap_or_default();
                    prop_assert!(span.start <= span.end && span.end as usize <= text.len());
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_text_or_an_error(text in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut set = TemplateSet::new();
        if set.parse("t", &text).is_ok() && !text.windows(2).any(|pair| pair == b"{{") {
            let mut out = Vec::new();
            set.execution().render_into("t", &Value::Nil, &mut out).expect("text only");
            prop_assert_eq!(out, text);
        }
    }

    #[test]
    fn no_format_makes_printing_panic(format in "(%[-+# 0]{0,3}(\\*|[0-9]{0,3})(\\.[0-9*]{0,2})?(\\[[0-9]\\])?[a-zA-Z%]){0,4}", value in values()) {
        let text = format::sprintf(format.as_bytes(), &[&value, &value]).expect("small values stay small");
        prop_assert!(format.is_empty() || !text.is_empty() || format.contains('.') || format.contains('s'));
    }

    #[test]
    fn the_shortest_form_of_a_float_reads_back(value in any::<f64>()) {
        let text = String::from_utf8(format::sprint(&[&Value::Float64(value)]).expect("short")).expect("ASCII");
        let read: f64 = text.replace("+Inf", "inf").parse().expect("a number");
        prop_assert!(read == value || (read.is_nan() && value.is_nan()));
    }

    #[test]
    fn a_quoted_string_is_a_literal_of_itself(text in prop::collection::vec(any::<char>(), 0..20)) {
        let text: String = text.into_iter().collect();
        let literal = String::from_utf8(format::quote(&text)).expect("quotes are text");
        let mut set = TemplateSet::new();
        set.parse("t", format!("{{{{ {literal} }}}}")).expect("a literal parses");
        prop_assert_eq!(set.render("t", &Value::Nil).expect("a literal prints"), text);
    }

    #[test]
    fn a_map_behaves_like_an_ordered_map(changes in prop::collection::vec(("[a-d]", any::<Option<i64>>()), 0..20)) {
        let map = go_text_template::Map::new([("a", Value::from(1)), ("b", Value::from(2))]);
        let mut model = std::collections::BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        for (key, change) in changes {
            match change {
                Some(number) => {
                    map.insert(key.as_str(), Value::from(number)).expect("no nil map");
                    model.insert(key, number);
                }
                None => prop_assert_eq!(map.remove(&key).is_some(), model.remove(&key).is_some()),
            }
        }
        let shown: Vec<String> = model.iter().map(|(key, value)| format!("{key}:{value}")).collect();
        let printed = format::sprint(&[&Value::Map(map)]).expect("short");
        prop_assert_eq!(String::from_utf8_lossy(&printed), format!("map[{}]", shown.join(" ")));
    }
}
