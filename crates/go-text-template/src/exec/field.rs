//! Fields: of maps, of objects, and their methods.

use std::sync::Arc;

use super::call::call_without_arguments;
use super::frame::SetRef;
use super::{Host, Operand, Wrap};
use crate::error::{AbsentKey, ExecError};
use crate::function::{Call, Function};
use crate::program::{Callee, PathStep};
use crate::set::MissingKey;
use crate::suggest;
use crate::value::{Kind, Map, Object, Str, Value};

/// The value at the end of a path, from dot or a variable; borrowed if that is.
pub(super) fn read<'d>(
    base: &Operand<'d>,
    path: &[PathStep],
    host: &Host<'_>,
    set: &SetRef<'_>,
) -> Result<Operand<'d>, ExecError> {
    match base {
        Operand::Borrowed(value, wrap) => walk(Operand::Borrowed(value, *wrap), path, host, set),
        other => walk(other.borrowed(), path, host, set).map(Operand::detach),
    }
}

/// The value at the end of a path that leads through maps only, none of which was ever changed: the usual case, done
/// without making an operand of each step.
pub(super) fn through_maps<'a>(base: &'a Value, path: &[PathStep]) -> Option<(&'a Value, Wrap)> {
    let mut value = base;
    let mut wrap = Wrap::Concrete;
    for step in path {
        let Value::Map(map) = value else { return None };
        value = map.find_original(&step.name, &step.hint)?;
        wrap = Wrap::of(map.element_type());
    }
    Some((value, wrap))
}

/// The value at the end of a path.
pub(super) fn walk<'a>(
    base: Operand<'a>,
    path: &[PathStep],
    host: &Host<'_>,
    set: &SetRef<'_>,
) -> Result<Operand<'a>, ExecError> {
    let start = match base {
        Operand::Borrowed(value, _) => Some(value),
        _ => None,
    };
    let mut at = base;
    for step in path {
        at = one(&at, step, host, set).map_err(|error| with_absent(error, start, path))?;
    }
    Ok(at)
}

/// A field of nil was read: says which key of the path is not there, if the path leads through maps up to that one.
fn with_absent(error: ExecError, start: Option<&Value>, path: &[PathStep]) -> ExecError {
    match error {
        ExecError::NilPointer { field, in_type, .. } => {
            ExecError::NilPointer { field, in_type, absent: start.and_then(|start| absent_key(start, path)) }
        }
        error => error,
    }
}

fn absent_key(start: &Value, path: &[PathStep]) -> Option<AbsentKey> {
    let mut value = start.clone();
    for step in path {
        let Value::Map(map) = &value else { return None };
        value = match map.get(&step.name) {
            Some(value) => value,
            None => return Some(AbsentKey::of(map, &step.name)),
        };
    }
    None
}

impl AbsentKey {
    fn of(map: &Map, name: &Str) -> Self {
        let key = name.to_text().into_owned();
        let entries = map.entries();
        let known: Vec<_> = entries.iter().take(1000).map(|(key, _)| key.to_text()).collect();
        let nearest = suggest::nearest(&key, known.iter().map(AsRef::as_ref));
        Self { key, nearest }
    }
}

fn one<'a>(
    receiver: &Operand<'a>,
    step: &PathStep,
    host: &Host<'_>,
    set: &SetRef<'_>,
) -> Result<Operand<'a>, ExecError> {
    if let Value::Map(map) = receiver.value() {
        let entry = match *receiver {
            Operand::Borrowed(Value::Map(map), _) => Operand::entry_of(map, &step.name),
            _ => Operand::entry_of(map, &step.name).map(Operand::detach),
        };
        return match entry {
            Some(found) => Ok(found),
            None => missing(map, &step.name, host),
        };
    }
    if let Operand::Nothing | Operand::Unset = receiver {
        return nothing(&step.name, host);
    }
    if let Value::Object(object) = receiver.value() {
        if let Some(method) = object.method(step.name.as_bytes()) {
            return call_method(&method, &step.name, host, set);
        }
        if let Some(field) = object.field(step.name.as_bytes()) {
            return Ok(Operand::Owned(field.value, Wrap::of(&field.declared)));
        }
    }
    Err(no_field(receiver, &step.name))
}

fn nothing<'a>(name: &Str, host: &Host<'_>) -> Result<Operand<'a>, ExecError> {
    match host.missing_key {
        MissingKey::Error => Err(ExecError::NilData { key: name.to_text().into_owned() }),
        MissingKey::NoValue | MissingKey::Zero => Ok(Operand::Nothing),
    }
}

fn missing<'a>(map: &Map, name: &Str, host: &Host<'_>) -> Result<Operand<'a>, ExecError> {
    match host.missing_key {
        MissingKey::NoValue => Ok(Operand::Nothing),
        MissingKey::Zero => Ok(Operand::Owned(Value::zero(map.element_type()), Wrap::of(map.element_type()))),
        MissingKey::Error => {
            let AbsentKey { key, nearest } = AbsentKey::of(map, name);
            Err(ExecError::MissingKey { key, nearest })
        }
    }
}

/// The error for a value that has no such field.
fn no_field(receiver: &Operand<'_>, name: &Str) -> ExecError {
    let field = name.to_text().into_owned();
    let in_type = receiver.type_name();
    let mut nearest = None;
    match receiver.value() {
        Value::Nil => return ExecError::NilPointer { field, in_type, absent: None },
        Value::Object(object) => {
            let fields = object.fields();
            nearest = suggest::nearest(&field, fields.iter().map(|field| &*field.name));
            let is_pointer = object.object_type().kind() == Kind::Ptr;
            if is_pointer && object.is_nil() && fields.iter().any(|known| known.name == field) {
                return ExecError::NilPointer { field, in_type, absent: None };
            }
        }
        _ => {}
    }
    let found = receiver.value().type_name();
    ExecError::NoField { field, in_type, found, nearest }
}

fn call_method<'a>(
    method: &Arc<Function>,
    name: &Str,
    host: &Host<'_>,
    set: &SetRef<'_>,
) -> Result<Operand<'a>, ExecError> {
    Callee::Host(method.clone()).signature().check_count(name, 0, false)?;
    let call =
        Call { arguments: &[], templates: set, context: host.context, print_limits: host.limits.print() };
    match call_without_arguments(method, &call) {
        Ok(value) => Ok(Operand::declared(value, method.result())),
        Err(source) => Err(ExecError::Call { function: name.to_text().into_owned(), source }),
    }
}

/// The method that a field with arguments calls; `None` when there is no value to have one.
pub(super) fn method(
    receiver: &Operand<'_>,
    name: &Str,
    host: &Host<'_>,
) -> Result<Option<Arc<Function>>, ExecError> {
    let field = || name.to_text().into_owned();
    match (receiver, receiver.value()) {
        (Operand::Nothing | Operand::Unset, _) => nothing(name, host).map(|_| None),
        (_, Value::Map(_)) => Err(ExecError::NotAMethod { field: field() }),
        (_, Value::Object(object)) => match object.method(name.as_bytes()) {
            Some(method) => Ok(Some(method)),
            None if has_field(&**object, name) => Err(ExecError::FieldWithArguments { field: field() }),
            None => Err(no_field(receiver, name)),
        },
        _ => Err(no_field(receiver, name)),
    }
}

fn has_field(object: &dyn Object, name: &Str) -> bool {
    !object.is_nil() && object.field(name.as_bytes()).is_some()
}
