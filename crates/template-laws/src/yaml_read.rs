//! Reading YAML: any bytes are a value or an error on a line of the text, and what was read can be written and read.

use helm_template::data::{WholeNumbers, from_yaml};
use helm_template::yaml::{Duplicates, ReadError, Root, Value, Values, WriteError, read, read_with, to_yaml};

/// Checks a text.
pub fn check(input: &[u8]) {
    for root in [Root::Any, Root::Mapping, Root::Sequence] {
        match read(input, root, &mut Values) {
            Ok(value) => check_value(&value),
            Err(error) => check_error(&error, input),
        }
    }
    let last = read(input, Root::Any, &mut Values);
    let strict = read_with(input, Root::Any, Duplicates::Refused, &mut Values);
    match (&last, &strict) {
        (_, Err(error)) => check_error(error, input),
        (Ok(last), Ok(strict)) => assert_eq!(last, strict, "without duplicates there is nothing to choose"),
        (Err(error), Ok(_)) => panic!("the stricter reading takes what the other refuses: {error}"),
    }
    for whole in [WholeNumbers::Int, WholeNumbers::Float] {
        assert_eq!(from_yaml(input, whole).is_ok(), last.is_ok(), "values of templates are read alike");
    }
}

fn check_error(error: &ReadError, text: &[u8]) {
    let is_break = |byte: &&u8| matches!(byte, b'\n' | b'\r' | 0x85 | 0xa8 | 0xa9);
    let lines = 2 + text.iter().filter(is_break).count();
    assert!(error.line().is_none_or(|line| (1..=lines).contains(&line)), "{error}");
    assert!(error.to_string().ends_with(&error.problem()), "{error}");
}

fn check_value(value: &Value) {
    let written = match to_yaml(value) {
        Ok(written) => written,
        Err(error) => {
            let is_readable = !matches!(error, WriteError::NotFinite(_) | WriteError::TooDeep { .. });
            assert!(is_readable, "reading lets nothing in that writing refuses: {error}");
            return;
        }
    };
    if has_merge_key(value) {
        return;
    }
    match read(written.as_bytes(), Root::Any, &mut Values) {
        Ok(again) => assert_eq!(to_yaml(&again).as_ref(), Ok(&written), "what was written is written again"),
        Err(error) => panic!("{error} in {written:?}"),
    }
}

/// Go writes the key `<<` without quotes, and then it is no key any more.
fn has_merge_key(value: &Value) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Sequence(items) => open.extend(items),
            Value::Mapping(entries) => {
                if entries.iter().any(|(key, _)| key == "<<") {
                    return true;
                }
                open.extend(entries.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    false
}
