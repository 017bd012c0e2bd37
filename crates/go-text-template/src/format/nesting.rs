//! Containers: their brackets, separators and elements, with the open ones on an explicit stack.

use super::PrintError;
use super::printer::{Place, Printed, Printer};
use crate::value::{Field, List, Map, Object, Str, Type, Value};

/// A container that is being printed. It holds what it prints, so no borrow ties the stack down.
pub(super) enum Level {
    List { list: List, next: usize },
    Map { map: Map, changed: Option<Vec<(Str, Value)>>, next: usize },
    Object { fields: Vec<Field>, next: usize },
}

/// Prints `value` and all that it contains.
pub(super) fn print(printer: &mut Printer<'_>, value: &Value, verb: char) -> Result<(), PrintError> {
    let mut open: Vec<Level> = Vec::new();
    match printer.value(value, verb, Place::Top) {
        Printed::Whole => return Ok(()),
        Printed::WrongVerb => return printer.wrong_verb(value, verb),
        Printed::Opened(level) => open.push(level),
    }
    while let Some(level) = open.last_mut() {
        printer.check_size()?;
        let Some((element, declared)) = level.next(printer, verb)? else {
            level.close(printer);
            open.pop();
            continue;
        };
        let printed = match element {
            Value::Nil => printer.nil_inside(declared),
            _ => printer.value(element, verb, Place::Inside),
        };
        match printed {
            Printed::Whole => {}
            Printed::WrongVerb => printer.wrong_verb(element, verb)?,
            Printed::Opened(inner) => {
                open.push(inner);
                printer.check_depth(open.len())?;
            }
        }
    }
    Ok(())
}

impl Level {
    pub(super) fn open_list(printer: &mut Printer<'_>, list: &List) -> Printed {
        if printer.flags.sharp_v {
            printer.out.extend_from_slice(list.type_of().to_string().as_bytes());
            if list.is_nil() {
                printer.out.extend_from_slice(b"(nil)");
                return Printed::Whole;
            }
            printer.out.push(b'{');
        } else {
            printer.out.push(b'[');
        }
        Printed::Opened(Self::List { list: list.clone(), next: 0 })
    }

    pub(super) fn open_map(printer: &mut Printer<'_>, map: &Map) -> Printed {
        if printer.flags.sharp_v {
            printer.out.extend_from_slice(map.type_of().to_string().as_bytes());
            if map.is_nil() {
                printer.out.extend_from_slice(b"(nil)");
                return Printed::Whole;
            }
            printer.out.push(b'{');
        } else {
            printer.out.extend_from_slice(b"map[");
        }
        let changed = match map.original() {
            Some(_) => None,
            None => Some(map.entries().into_owned()),
        };
        Printed::Opened(Self::Map { map: map.clone(), changed, next: 0 })
    }

    pub(super) fn open_object(printer: &mut Printer<'_>, object: &dyn Object, type_name: &str) -> Printed {
        if printer.flags.sharp_v {
            printer.out.extend_from_slice(type_name.as_bytes());
        }
        printer.out.push(b'{');
        Printed::Opened(Self::Object { fields: object.printed_fields(), next: 0 })
    }

    /// Writes what precedes the next element, and gives the element with its declared type.
    fn next(&mut self, printer: &mut Printer<'_>, verb: char) -> Result<Option<(&Value, &Type)>, PrintError> {
        match self {
            Self::List { list, next } => {
                let Some(item) = list.as_slice().get(*next) else { return Ok(None) };
                separate(printer, *next);
                *next += 1;
                Ok(Some((item, list.element_type())))
            }
            Self::Map { map, changed, next } => {
                // A map that changes while it is printed cannot be met: printing runs no template code, and
                // a change from another thread ends this map early rather than late.
                let entries = match changed {
                    Some(entries) => entries.as_slice(),
                    None => map.original().unwrap_or(&[]),
                };
                let Some((key, value)) = entries.get(*next) else { return Ok(None) };
                separate(printer, *next);
                if !printer.string(key.as_bytes(), verb) {
                    printer.wrong_verb(&Value::String(key.clone()), verb)?;
                }
                printer.out.push(b':');
                *next += 1;
                Ok(Some((value, map.element_type())))
            }
            Self::Object { fields, next } => {
                let Some(field) = fields.get(*next) else { return Ok(None) };
                separate(printer, *next);
                if printer.flags.plus_v || printer.flags.sharp_v {
                    printer.out.extend_from_slice(field.name.as_bytes());
                    printer.out.push(b':');
                }
                *next += 1;
                Ok(Some((&field.value, &field.declared)))
            }
        }
    }

    fn close(&self, printer: &mut Printer<'_>) {
        let closing = match self {
            Self::Object { .. } => b'}',
            Self::List { .. } | Self::Map { .. } if printer.flags.sharp_v => b'}',
            Self::List { .. } | Self::Map { .. } => b']',
        };
        printer.out.push(closing);
    }
}

fn separate(printer: &mut Printer<'_>, index: usize) {
    if index > 0 {
        printer.out.extend_from_slice(if printer.flags.sharp_v { b", " } else { b" " });
    }
}
