//! Format strings: `%[2]*.3d`.

use super::printer::Printer;
use super::{PrintError, PrintLimits};
use crate::format::flags::Flags;
use crate::unicode;
use crate::value::Value;

/// Widths, precisions and argument numbers beyond this are refused, as in Go.
const LARGEST_NUMBER: usize = 1_000_000;

/// Appends what Go's `fmt.Sprintf` gives.
pub(crate) fn write(
    out: &mut Vec<u8>,
    format: &[u8],
    arguments: &[&Value],
    limits: PrintLimits,
) -> Result<(), PrintError> {
    let mut directives =
        Directives { format, at: 0, next_argument: 0, index_is_good: true, reordered: false, arguments };
    let mut printer = Printer::new(out, limits);
    loop {
        let rest = &format[directives.at..];
        let literal = rest.iter().position(|&byte| byte == b'%').unwrap_or(rest.len());
        printer.out.extend_from_slice(&rest[..literal]);
        printer.check_size()?;
        if literal == rest.len() {
            break;
        }
        directives.at += literal + 1;
        directives.one(&mut printer)?;
    }
    if !directives.reordered && directives.next_argument < arguments.len() {
        printer.flags = Flags::default();
        printer.out.extend_from_slice(b"%!(EXTRA ");
        for (i, argument) in arguments[directives.next_argument..].iter().enumerate() {
            if i > 0 {
                printer.out.extend_from_slice(b", ");
            }
            if let Value::Nil = argument {
                printer.out.extend_from_slice(b"<nil>");
            } else {
                printer.out.extend_from_slice(format!("{}=", argument.type_name()).as_bytes());
                printer.print(argument, 'v')?;
            }
        }
        printer.out.push(b')');
    }
    Ok(())
}

/// Where the reading of a format string stands.
struct Directives<'a> {
    format: &'a [u8],
    at: usize,
    next_argument: usize,
    /// Whether the argument index of the directive being read made sense.
    index_is_good: bool,
    reordered: bool,
    arguments: &'a [&'a Value],
}

impl Directives<'_> {
    /// Reads one directive, from after its `%` to its verb, and prints what it asks for.
    fn one(&mut self, printer: &mut Printer<'_>) -> Result<(), PrintError> {
        self.index_is_good = true;
        printer.flags = Flags::default();
        self.read_flags(&mut printer.flags);
        let mut after_index = self.read_index();
        self.read_width(printer, &mut after_index);
        self.read_precision(printer, &mut after_index);
        if !after_index {
            self.read_index();
        }
        let Some((verb, length)) = unicode::decode(&self.format[self.at..]) else {
            printer.out.extend_from_slice(b"%!(NOVERB)");
            return Ok(());
        };
        self.at += length;
        if verb == '%' {
            printer.out.push(b'%');
            return Ok(());
        }
        let argument = match self.arguments.get(self.next_argument) {
            _ if !self.index_is_good => {
                printer.out.extend_from_slice(format!("%!{verb}(BADINDEX)").as_bytes());
                return Ok(());
            }
            None => {
                printer.out.extend_from_slice(format!("%!{verb}(MISSING)").as_bytes());
                return Ok(());
            }
            Some(argument) => argument,
        };
        self.next_argument += 1;
        // Go reads `%w` like `%v` before it finds that only Errorf may have it.
        if matches!(verb, 'v' | 'w') {
            let flags = &mut printer.flags;
            flags.sharp_v = std::mem::take(&mut flags.sharp);
            flags.plus_v = std::mem::take(&mut flags.plus);
        }
        printer.print(argument, verb)
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn read_flags(&mut self, flags: &mut Flags) {
        while let Some(byte) = self.peek() {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    fn read_width(&mut self, printer: &mut Printer<'_>, after_index: &mut bool) {
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.number_argument() {
                None => printer.out.extend_from_slice(b"%!(BADWIDTH)"),
                Some(width) => {
                    if width < 0 {
                        printer.flags.minus = true;
                        printer.flags.zero = false;
                    }
                    printer.flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
            }
            *after_index = false;
        } else {
            printer.flags.width = self.read_number();
            if *after_index && printer.flags.width.is_some() {
                self.index_is_good = false;
            }
        }
    }

    fn read_precision(&mut self, printer: &mut Printer<'_>, after_index: &mut bool) {
        // A point at the very end is taken for the verb.
        if self.peek() != Some(b'.') || self.at + 1 == self.format.len() {
            return;
        }
        self.at += 1;
        if *after_index {
            self.index_is_good = false;
        }
        *after_index = self.read_index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            printer.flags.precision = self.number_argument().and_then(|number| usize::try_from(number).ok());
            if printer.flags.precision.is_none() {
                printer.out.extend_from_slice(b"%!(BADPREC)");
            }
            *after_index = false;
        } else {
            printer.flags.precision = Some(self.read_number().unwrap_or(0));
        }
    }

    /// A decimal number, if one stands here and is not too large.
    fn read_number(&mut self) -> Option<usize> {
        let start = self.at;
        let mut number = 0usize;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            if number > LARGEST_NUMBER {
                // Go gives up here and takes the rest of the format for none.
                self.at = self.format.len();
                return None;
            }
            number = number * 10 + usize::from(byte - b'0');
            self.at += 1;
        }
        (self.at > start).then_some(number)
    }

    /// The argument that `*` stands for, if it is an integer of reasonable size.
    fn number_argument(&mut self) -> Option<i64> {
        let argument = self.arguments.get(self.next_argument)?;
        self.next_argument += 1;
        let number = i64::try_from(argument.as_integer_of_any_name()?).ok()?;
        (number.unsigned_abs() <= LARGEST_NUMBER as u64).then_some(number)
    }

    /// Reads an explicit argument index `[n]`; whether one was there.
    fn read_index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let close = rest.iter().position(|&byte| byte == b']').filter(|_| rest.len() >= 3);
        let Some(close) = close else {
            self.index_is_good = false;
            self.at += 1;
            return false;
        };
        let digits = &rest[1..close];
        self.at += close + 1;
        let number = digits.iter().try_fold(0usize, |number, byte| {
            (byte.is_ascii_digit() && number <= LARGEST_NUMBER)
                .then(|| number * 10 + usize::from(byte - b'0'))
        });
        match number {
            Some(number) if !digits.is_empty() && (1..=self.arguments.len()).contains(&number) => {
                self.next_argument = number - 1;
                true
            }
            _ => {
                self.index_is_good = false;
                !digits.is_empty() && number.is_some()
            }
        }
    }
}
