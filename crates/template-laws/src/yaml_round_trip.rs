//! Writing YAML: what is written reads as what it was, by either of Helm's two functions.
//!
//! The value is made from bytes.

use std::collections::BTreeMap;

use arbitrary::{Result, Unstructured};
use helm_template::yaml::{Root, Value, Values, WriteError, read, to_yaml, to_yaml_pretty};

const MOST_LEVELS: u32 = 6;

/// Checks a value.
pub fn check(input: &[u8]) {
    let Ok(value) = value(&mut Unstructured::new(input), 0) else { return };
    match to_yaml(&value) {
        Ok(written) => assert_eq!(read_again(&written), sorted(&value), "written: {written}"),
        Err(error) => check_refusal(error),
    }
    // Go itself writes blocks that begin with a tab, which no reader takes.
    match to_yaml_pretty(&value) {
        Ok(written) if !written.contains('\t') => {
            assert_eq!(read_again(&written), sorted(&value), "written prettily: {written}");
        }
        Ok(_) => {}
        Err(error) => check_refusal(error),
    }
}

fn check_refusal(error: WriteError) {
    assert!(!matches!(error, WriteError::NotFinite(_) | WriteError::TooDeep { .. }), "{error}");
}

fn read_again(text: &str) -> Value {
    match read(text.as_bytes(), Root::Any, &mut Values) {
        Ok(value) => sorted(&value),
        Err(error) => panic!("{error} in {text:?}"),
    }
}

fn value(from: &mut Unstructured<'_>, level: u32) -> Result<Value> {
    let kinds = if level < MOST_LEVELS { 12 } else { 8 };
    Ok(match from.int_in_range(0..=kinds - 1)? {
        0 => Value::Null,
        1 => Value::Bool(from.arbitrary()?),
        2 => Value::Int(from.arbitrary()?),
        3 => Value::Int(i64::from(from.arbitrary::<i8>()?)),
        4 => float(from.arbitrary()?),
        // Whole numbers beyond `i64`.
        5 => Value::Uint(from.arbitrary::<u64>()? | 1 << 63),
        6 | 7 => Value::Text(text(from)?),
        8 | 9 => {
            let count = from.int_in_range(0..=8_u8)?;
            Value::Sequence((0..count).map(|_| value(from, level + 1)).collect::<Result<_>>()?)
        }
        _ => {
            let count = from.int_in_range(0..=8_u8)?;
            let entries = (0..count).map(|_| Ok((text(from)?, value(from, level + 1)?)));
            let mut entries = entries.collect::<Result<BTreeMap<_, _>>>()?;
            // Go writes this key without quotes, and then it is no key any more.
            entries.remove("<<");
            Value::Mapping(entries.into_iter().collect())
        }
    })
}

/// A fraction: whole floats come back as integers.
fn float(number: f64) -> Value {
    if number.is_finite() && number.fract() != 0.0 { Value::Float(number) } else { Value::Float(0.5) }
}

/// Any text without U+0085: JSON, through which Go goes, leaves it as it is, and a reader takes it for a line break.
fn text(from: &mut Unstructured<'_>) -> Result<String> {
    let length = usize::from(from.arbitrary::<u8>()?);
    let length = length.min(from.len());
    Ok(String::from_utf8_lossy(from.bytes(length)?).replace('\u{85}', "\n"))
}

/// The value with its keys in the order of their bytes.
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
