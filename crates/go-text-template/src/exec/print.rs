//! Writing values to the output.

use super::frame::SetRef;
use super::{Host, Operand, Wrap, field};
use crate::ast::NodeId;
use crate::error::ExecError;
use crate::format::{self, Integer, PrintError, PrintLimits};
use crate::program::{PathStep, Template};
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

/// Sees that the output is within the limit; what is beyond is cut off.
pub(super) fn check_room(out: &mut Vec<u8>, room: usize, limit: usize) -> Result<(), PrintError> {
    if out.len() <= room {
        return Ok(());
    }
    out.truncate(room);
    Err(PrintError::TooLong { limit })
}

/// Writes a field as an action does. An error of reading it comes first, one of printing it inside.
pub(super) fn write_field(
    out: &mut Vec<u8>,
    base: &Operand<'_>,
    path: &[PathStep],
    room: usize,
    host: &Host<'_>,
    set: &SetRef<'_>,
) -> Result<Result<(), Fault>, ExecError> {
    match field::through_maps(base.value(), path) {
        Some((value, wrap)) => Ok(write_value(out, value, wrap, room, host)),
        None => {
            let operand = field::walk(base.borrowed(), path, host, set)?;
            Ok(write(out, &operand, room, host))
        }
    }
}

/// Writes a value as an action does.
pub(super) fn write(
    out: &mut Vec<u8>,
    operand: &Operand<'_>,
    room: usize,
    host: &Host<'_>,
) -> Result<(), Fault> {
    write_value(out, operand.value(), operand.wrap(), room, host)
}

fn write_value(
    out: &mut Vec<u8>,
    value: &Value,
    wrap: Wrap,
    room: usize,
    host: &Host<'_>,
) -> Result<(), Fault> {
    match value {
        Value::String(text) => out.extend_from_slice(text.as_bytes()),
        Value::Int(number) => format::write_decimal(out, Integer::from(*number)),
        Value::Nil => out.extend_from_slice(nil_text(wrap)),
        function @ (Value::Function(_) | Value::Object(_)) if function.kind() == Kind::Func => {
            return Err(Fault::NotPrintable { of: function.type_name() });
        }
        other => {
            let limits = PrintLimits { bytes: room, depth: host.limits.value_depth };
            // It may go some bytes beyond its limit before it notices, so the room is checked in any case.
            if let Err(error @ PrintError::TooDeep { .. }) = format::write_one(out, other, limits) {
                return Err(Fault::Print(error));
            }
        }
    }
    check_room(out, room, host.limits.output).map_err(Fault::Print)
}

/// Nothing at all and a nil `interface {}` are no value; a nil `error` is nil.
fn nil_text(wrap: Wrap) -> &'static [u8] {
    match wrap {
        Wrap::Error => b"<nil>",
        Wrap::Any | Wrap::Concrete => b"<no value>",
    }
}
