//! What holds for any value and any bytes.

use helm_template::yaml::{
    Data, Duplicates, Node, Root, Value, Values, WriteError, read, read_with, to_yaml, to_yaml_pretty,
};
use proptest::prelude::*;

const TOO_DEEP: WriteError = WriteError::TooDeep { limit: 10_000 };

/// Text of characters that YAML can hold, most of them of meaning to it.
fn text() -> impl Strategy<Value = String> + Clone {
    let character = prop_oneof![
        4 => prop::sample::select(" \n:#-?,[]{}&*!|>'\"%@`~.0123456789abenoxyY<=_\\\t\r/é世\u{2028}\u{a0}\u{feff}😀".chars().collect::<Vec<_>>()),
        1 => any::<char>().prop_filter("YAML refuses it", |c| {
            !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
        }),
    ];
    prop::collection::vec(character, 0..24).prop_map(String::from_iter)
}

fn value(text: impl Strategy<Value = String> + Clone + 'static) -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (any::<u64>(), 0..64u32).prop_map(|(value, shift)| match i64::try_from(value >> shift) {
            Ok(value) => Value::Int(value),
            Err(_) => Value::Uint(value >> shift),
        }),
        // Fractions: whole floats come back as integers.
        any::<i32>().prop_map(|value| Value::Float(f64::from(value) + 0.5)),
        (-300..300i32)
            .prop_map(|exponent| Value::Float(1.5 * 10f64.powi(exponent)))
            .prop_filter("whole", |value| { matches!(value, Value::Float(value) if value.fract() != 0.0) }),
        text.clone().prop_map(Value::Text),
    ];
    // Go writes the key `<<` without quotes, and then it is no key any more.
    let key = text.prop_filter("merges", |key| key != "<<");
    scalar.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Sequence),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Mapping(map.into_iter().collect())),
        ]
    })
}

/// The value with its keys in byte order, which both values of a comparison can have.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Sequence(items) => Value::Sequence(items.iter().map(sorted).collect()),
        Value::Mapping(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Mapping(entries)
        }
        other => other.clone(),
    }
}

fn read_any(text: &str) -> Value {
    read(text.as_bytes(), Root::Any, &mut Values).unwrap_or_else(|error| panic!("{error} in {text:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_as_what_it_was(value in value(text())) {
        prop_assert_eq!(sorted(&read_any(&to_yaml(&value).unwrap())), sorted(&value));
    }

    /// Go itself writes blocks that begin with a tab, which no reader takes.
    #[test]
    fn what_is_written_prettily_without_tabs_reads_as_what_it_was(
        value in value(text().prop_map(|text| text.replace('\t', "")))
    ) {
        prop_assert_eq!(sorted(&read_any(&to_yaml_pretty(&value).unwrap())), sorted(&value));
    }

    #[test]
    fn any_bytes_give_a_value_or_an_error_with_a_place_inside_the_text(
        bytes in prop::collection::vec(prop_oneof![
            3 => prop::sample::select(b" \n:#-?,[]{}&*!|>'\"%@`~.019axTEe<\\\t\r\xc2\x85\xef\xbb\xbf\xff\xfe".to_vec()),
            1 => any::<u8>(),
        ], 0..80),
    ) {
        for duplicates in [Duplicates::LastCounts, Duplicates::Refused] {
            match read_with(&bytes, Root::Any, duplicates, &mut Values) {
                // Nothing that was read is refused on the way out, but for what JSON leaves unescaped.
                Ok(value) => {
                    let refused = to_yaml(&value).err();
                    let is_about_number = matches!(refused, Some(WriteError::NotFinite(_)));
                    prop_assert!(!is_about_number && refused != Some(TOO_DEEP), "{:?}", refused);
                }
                Err(error) => {
                    let lines = 2 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r' | 0x85 | 0xa8 | 0xa9)).count();
                    prop_assert!(error.line().is_none_or(|line| (1..=lines).contains(&line)), "{}", error);
                    prop_assert!(error.to_string().ends_with(&error.problem()));
                }
            }
        }
    }

    #[test]
    fn keys_in_any_order_are_written_in_one_order_whenever_it_is_total(
        keys in prop::collection::btree_set("[a-c_]{0,2}[0-9]{0,3}", 0..30),
        rotation in 0..30usize,
    ) {
        let mut entries: Vec<(String, Value)> = keys.into_iter().map(|key| (key, Value::Null)).collect();
        let written = to_yaml(&Value::Mapping(entries.clone())).unwrap();
        let middle = rotation % entries.len().max(1);
        entries.rotate_left(middle);
        prop_assert_eq!(to_yaml(&Value::Mapping(entries)).unwrap(), written);
    }

    #[test]
    fn keys_without_a_total_order_are_all_written(keys in prop::collection::btree_set("[0-9a-b]{1,3}", 0..60)) {
        let entries: Vec<(String, Value)> = keys.iter().map(|key| (key.clone(), Value::Null)).collect();
        for written in [to_yaml(&Value::Mapping(entries.clone())), to_yaml_pretty(&Value::Mapping(entries))] {
            prop_assert_eq!(written.unwrap().lines().filter(|line| line.ends_with(": null")).count(), keys.len());
        }
    }
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, level| match level % 2 {
        0 => Value::Sequence(vec![inner]),
        _ => Value::Mapping(vec![("k".to_owned(), inner)]),
    })
}

#[test]
fn nesting_is_written_up_to_the_limit_and_dropped_without_the_stack() {
    let (deep, too_deep) = (nested(10_000), nested(10_001));
    for write in [to_yaml, to_yaml_pretty] {
        assert!(write(&deep).is_ok());
        assert_eq!(write(&too_deep), Err(TOO_DEEP));
    }
    drop(nested(1_000_000));
}

/// What of a host's values has no place in [`Value`].
#[derive(Clone, Copy)]
enum Host {
    Time,
    Structure,
    Number(i64),
}

impl Data for Host {
    type Text = &'static str;
    type Sequence = std::array::IntoIter<Self, 0>;

    fn into_node(self) -> Node<Self> {
        match self {
            Self::Time => Node::Timestamp("2026-03-04T00:00:00Z"),
            Self::Structure => {
                Node::Record(vec![("z", Self::Number(1)), ("a", Self::Time), ("m", Self::Number(2))])
            }
            Self::Number(value) => Node::Int(value),
        }
    }
}

#[test]
fn times_are_texts_through_json_and_plain_in_the_pretty_form() {
    assert_eq!(to_yaml(Host::Time).unwrap(), "\"2026-03-04T00:00:00Z\"\n");
    assert_eq!(to_yaml_pretty(Host::Time).unwrap(), "2026-03-04T00:00:00Z\n");
}

#[test]
fn fields_are_sorted_through_json_and_keep_their_order_in_the_pretty_form() {
    assert_eq!(to_yaml(Host::Structure).unwrap(), "a: \"2026-03-04T00:00:00Z\"\nm: 2\nz: 1\n");
    assert_eq!(to_yaml_pretty(Host::Structure).unwrap(), "z: 1\na: 2026-03-04T00:00:00Z\nm: 2\n");
}
