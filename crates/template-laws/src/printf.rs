//! Formats: any verbs and any operands give text within the limits, the same by every way that leads there.
//!
//! An input is a line with a format, and bytes from which the operands are made.

use std::fmt::Write as _;

use arbitrary::Unstructured;
use go_text_template::format::{self, PrintError};
use go_text_template::{Str, TemplateSet, Value};

use crate::fields;
use crate::values;

const MOST_OPERANDS: usize = 6;
/// Characters that a format may ask for by the widths written in it. Texts that run into the limits are shown by
/// plain tests; here a few of them would hide how memory grows.
const MOST_WIDTH: u64 = 1 << 20;
const FILE: &str = "t";

/// Checks a format with its operands.
pub fn check(input: &[u8]) {
    let (format, rest) = fields::line(input);
    if widths(format) > MOST_WIDTH {
        return;
    }
    let operands = operands(rest);
    let references: Vec<&Value> = operands.iter().collect();
    let printed = format::sprintf(format, &references);
    // Not-a-numbers differ from themselves, so texts are compared, never values.
    assert_eq!(printed, format::sprintf(format, &references), "the same text twice");
    if let Ok(printed) = &printed {
        let by_template = through_template(format, &operands);
        assert_eq!(
            String::from_utf8_lossy(&by_template),
            String::from_utf8_lossy(printed),
            "the template's function and the library's print alike"
        );
    }
    for operand in references {
        check_operand(operand);
    }
}

/// The sum of all numbers in a format.
fn widths(format: &[u8]) -> u64 {
    let numbers = format.split(|byte| !byte.is_ascii_digit());
    numbers.fold(0, |sum, digits| {
        let number = digits
            .iter()
            .fold(0u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        sum.saturating_add(number)
    })
}

fn operands(bytes: &[u8]) -> Vec<Value> {
    let mut from = Unstructured::new(bytes);
    let mut operands = Vec::new();
    while !from.is_empty() && operands.len() < MOST_OPERANDS {
        match values::value(&mut from) {
            Ok(value) => operands.push(value),
            Err(_) => break,
        }
    }
    operands
}

fn through_template(format: &[u8], operands: &[Value]) -> Vec<u8> {
    let mut template = String::from("{{ printf .format");
    for at in 0..operands.len() {
        // An index into a list gives its element with its own type, nil included.
        let _ = write!(template, " (index .operands {at})");
    }
    template.push_str(" }}");
    let data = Value::map([
        ("format", Value::String(Str::from(format))),
        ("operands", Value::list(operands.iter().cloned())),
    ]);
    let mut set = TemplateSet::new();
    let mut out = Vec::new();
    let rendered =
        set.parse(FILE, template).and_then(|()| set.execution().render_into(FILE, &data, &mut out));
    if let Err(error) = rendered {
        panic!("{error}");
    }
    out
}

fn check_operand(value: &Value) {
    let plain = format::sprint(&[value]);
    assert_eq!(format::sprintf("%v", &[value]), plain, "%v is how a value prints");
    if let (Ok(plain), Ok(line)) = (&plain, format::sprintln(&[value])) {
        assert_eq!(line, [plain, &b"\n"[..]].concat(), "a line ends with a line break");
    }
    if let Value::String(text) = value {
        check_quoting(text);
    }
    if let Ok(typed) = format::sprintf("%T", &[value]) {
        assert_eq!(typed, value.type_name().as_bytes(), "%T is the type's name");
    }
    assert!(!matches!(plain, Err(PrintError::TooDeep { .. })), "the operands are not deep");
}

/// What `%q` prints is a literal of the same bytes.
fn check_quoting(text: &Str) {
    let literal = format::quote(text);
    assert!(literal.iter().all(|&byte| byte != b'\n'), "a literal is one line");
    let mut set = TemplateSet::new();
    let mut out = Vec::new();
    let template = [&b"{{ "[..], &literal, b" }}"].concat();
    let rendered =
        set.parse(FILE, template).and_then(|()| set.execution().render_into(FILE, &Value::Nil, &mut out));
    assert!(rendered.is_ok(), "a quoted text is a literal");
    assert_eq!(out, text.as_bytes(), "of itself");
}
