//! Writing values to the output.

use super::{Host, Operand};
use crate::ast::NodeId;
use crate::error::ExecError;
use crate::format::{self, Integer, PrintError, PrintLimits};
use crate::program::Template;
use crate::value::{Kind, Value};

/// Why a value could not be written.
pub(super) enum Fault {
    /// A function.
    NotPrintable {
        of: String,
    },
    Print(PrintError),
}

/// The error that a fault at an action is.
pub(super) fn error(fault: Fault, template: &Template, action: NodeId) -> ExecError {
    match fault {
        Fault::NotPrintable { of } => {
            ExecError::NotPrintable { expression: template.arena.display(action), of }
        }
        Fault::Print(error) => ExecError::Print(error),
    }
}

/// Sees that the output is within the limit.
pub(super) fn check_room(out: &[u8], room: usize, limit: usize) -> Result<(), PrintError> {
    if out.len() > room { Err(PrintError::TooLong { limit }) } else { Ok(()) }
}

/// Writes a value as an action does.
pub(super) fn write(
    out: &mut Vec<u8>,
    operand: &Operand<'_>,
    room: usize,
    host: &Host<'_>,
) -> Result<(), Fault> {
    match operand.value() {
        Value::String(text) => out.extend_from_slice(text.as_bytes()),
        Value::Int(number) => format::write_decimal(out, Integer::from(*number)),
        Value::Nil => out.extend_from_slice(nil_text(operand)),
        function if function.kind() == Kind::Func => {
            return Err(Fault::NotPrintable { of: function.type_name() });
        }
        other => {
            let limits = PrintLimits { bytes: room, depth: host.limits.value_depth };
            return format::write_one(out, other, limits).map_err(|error| {
                Fault::Print(match error {
                    PrintError::TooLong { .. } => PrintError::TooLong { limit: host.limits.output },
                    too_deep @ PrintError::TooDeep { .. } => too_deep,
                })
            });
        }
    }
    check_room(out, room, host.limits.output).map_err(Fault::Print)
}

/// Nothing at all and a nil `interface {}` are no value; a nil `error` is nil.
fn nil_text(operand: &Operand<'_>) -> &'static [u8] {
    match operand {
        Operand::Owned(_, super::Wrap::Error) | Operand::Borrowed(_, super::Wrap::Error) => b"<nil>",
        _ => b"<no value>",
    }
}
