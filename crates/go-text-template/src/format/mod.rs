//! Go's `fmt`: `Sprint`, `Sprintln`, `Sprintf` with every verb and flag, for every kind of value.
//!
//! ```
//! use go_text_template::{Value, format};
//!
//! let text = format::sprintf(b"%05.1f|%-4d|%q", &[&Value::from(2.25), &Value::from(7), &Value::from("é")]);
//! assert_eq!(text.unwrap(), "002.2|7   |\"é\"".as_bytes());
//! ```

mod decorate;
mod flags;
mod float;
mod integer;
mod nesting;
mod printer;
mod printf;
mod quote;

pub(crate) use integer::{Integer, write_decimal};
pub(crate) use quote::{CharacterSyntax, quoted, unquote, unquote_character};

use crate::value::Value;
use printer::Printer;

/// How much printing may produce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintLimits {
    /// Bytes in the buffer printed to. Default 256 MiB.
    pub bytes: usize,
    /// Levels of lists, maps and structures inside each other. Default 100,000. A map that contains itself
    /// ends here.
    pub depth: usize,
}

impl Default for PrintLimits {
    fn default() -> Self {
        Self { bytes: 256 << 20, depth: 100_000 }
    }
}

/// Printing was given up because a limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// More bytes than [`PrintLimits::bytes`].
    #[error("output exceeds the limit of {limit} bytes")]
    TooLong {
        /// In bytes.
        limit: usize,
    },
    /// Deeper than [`PrintLimits::depth`].
    #[error("value is nested more than {limit} levels deep, or contains itself")]
    TooDeep {
        /// In levels.
        limit: usize,
    },
}

/// Go's `fmt.Sprint`: a space between two operands when neither is a string.
///
/// # Errors
/// When the default [`PrintLimits`] are exceeded.
pub fn sprint(values: &[&Value]) -> Result<Vec<u8>, PrintError> {
    let mut out = Vec::new();
    write_all(&mut out, values, PrintLimits::default())?;
    Ok(out)
}

/// Go's `fmt.Sprintln`: a space between all operands, and a newline at the end.
///
/// # Errors
/// When the default [`PrintLimits`] are exceeded.
pub fn sprintln(values: &[&Value]) -> Result<Vec<u8>, PrintError> {
    let mut out = Vec::new();
    write_line(&mut out, values, PrintLimits::default())?;
    Ok(out)
}

/// Go's `fmt.Sprintf`. What does not fit shows in the text, as in Go: `%!d(string=hi)`.
///
/// # Errors
/// When the default [`PrintLimits`] are exceeded.
pub fn sprintf(format: impl AsRef<[u8]>, values: &[&Value]) -> Result<Vec<u8>, PrintError> {
    let mut out = Vec::new();
    printf::write(&mut out, format.as_ref(), values, PrintLimits::default())?;
    Ok(out)
}

/// Go's `strconv.Quote`: the text in double quotes, with Go's escapes.
#[must_use]
pub fn quote(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    quote::quote(&mut out, text.as_ref(), quote::Keep::Printable);
    out
}

pub(crate) fn write_all(out: &mut Vec<u8>, values: &[&Value], limits: PrintLimits) -> Result<(), PrintError> {
    let mut printer = Printer::new(out, limits);
    let mut after_string = true;
    for (i, value) in values.iter().enumerate() {
        let is_string = matches!(value, Value::String(_));
        if i > 0 && !is_string && !after_string {
            printer.out.push(b' ');
        }
        printer.print(value, 'v')?;
        after_string = is_string;
    }
    Ok(())
}

pub(crate) fn write_line(
    out: &mut Vec<u8>,
    values: &[&Value],
    limits: PrintLimits,
) -> Result<(), PrintError> {
    let mut printer = Printer::new(out, limits);
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            printer.out.push(b' ');
        }
        printer.print(value, 'v')?;
    }
    printer.out.push(b'\n');
    Ok(())
}

pub(crate) fn write_formatted(
    out: &mut Vec<u8>,
    format: &[u8],
    values: &[&Value],
    limits: PrintLimits,
) -> Result<(), PrintError> {
    printf::write(out, format, values, limits)
}

/// Appends one value as an action prints it.
pub(crate) fn write_one(out: &mut Vec<u8>, value: &Value, limits: PrintLimits) -> Result<(), PrintError> {
    match value.printed_instead() {
        Some(structure) => Printer::new(out, limits).print(&structure, 'v'),
        None => Printer::new(out, limits).print(value, 'v'),
    }
}

/// Appends one value for a message; what is too large is cut.
pub(crate) fn write_value(out: &mut Vec<u8>, value: &Value) {
    let limits = PrintLimits { bytes: out.len() + (64 << 10), depth: 1_000 };
    if Printer::new(out, limits).print(value, 'v').is_err() {
        out.extend_from_slice("…".as_bytes());
    }
}
