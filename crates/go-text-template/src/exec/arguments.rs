//! Arguments: their checks, and their way to a function.

use std::sync::Arc;

use super::{Operand, Wrap};
use crate::ast::NodeKind;
use crate::compile;
use crate::error::{CallError, ExecError};
use crate::function::Function;
use crate::program::{Literal, LiteralSite, Template};
use crate::value::{Type, Value};

/// Checks an argument against its parameter's type, and takes it out of `interface {}`.
pub(super) fn check(operand: &mut Operand<'_>, of: &Type) -> Result<(), ExecError> {
    match operand {
        Operand::Unset | Operand::Nothing => {
            if !of.has_nil() {
                return Err(ExecError::NoValue { expected: of.to_string() });
            }
            *operand = Operand::Owned(Value::zero(of), Wrap::of(of));
            Ok(())
        }
        _ if is_assignable(operand.value(), operand.wrap(), of) => Ok(()),
        _ if points_at(operand.value(), of) => {
            *operand = Operand::concrete(operand.value().pointed_at().unwrap_or_default());
            Ok(())
        }
        _ => Err(ExecError::WrongType { expected: of.to_string(), found: found_type(operand) }),
    }
}

/// The type that a mismatch names: that of the value, unless there is none.
fn found_type(operand: &Operand<'_>) -> String {
    match operand.value() {
        Value::Nil => operand.type_name(),
        value => value.type_name(),
    }
}

fn is_assignable(value: &Value, wrap: Wrap, of: &Type) -> bool {
    match (of, value) {
        (Type::Any, _) => true,
        (Type::Error, Value::Nil) => wrap == Wrap::Error,
        (Type::Error, Value::Object(object)) => object.is_error(),
        (_, Value::Nil) => false,
        (Type::String, Value::String(_)) | (Type::Int, Value::Int(_)) | (Type::Bool, Value::Bool(_)) => true,
        (Type::Slice(element), Value::List(list)) => list.element_type() == &**element,
        (Type::Map(element), Value::Map(map)) => map.element_type() == &**element,
        (of, value) => value.type_of().is_some_and(|found| found == *of),
    }
}

/// Whether a value is a pointer to a structure of the type.
fn points_at(value: &Value, of: &Type) -> bool {
    match (value, of) {
        (Value::Object(object), Type::Object(wanted)) if !object.is_nil() => {
            object.object_type().to_string().strip_prefix('*') == Some(&*wanted.name)
        }
        _ => false,
    }
}

/// A literal for a parameter whose type is known now.
pub(super) fn literal<'d>(
    template: &Template,
    site: &LiteralSite,
    of: Option<&Type>,
) -> Result<Operand<'d>, ExecError> {
    let literal = match template.arena.kind(site.node) {
        NodeKind::Bool(value) => Literal::Bool(value),
        NodeKind::Number(number) => Literal::Number(*template.arena.number(number)),
        NodeKind::String { value } => Literal::String(template.arena.name(value).clone()),
        _ => Literal::Nil,
    };
    let of = of.unwrap_or(&Type::Any);
    let value = compile::fit(&literal, of, &template.arena, site.node)?;
    Ok(match value {
        Value::Nil => Operand::Owned(Value::Nil, Wrap::of(of)),
        value => Operand::concrete(value),
    })
}

/// Hands the values of operands to a function, without an allocation for the usual few.
pub(crate) fn with_values<R>(operands: &[Operand<'_>], use_them: impl FnOnce(&[&Value]) -> R) -> R {
    match operands {
        [] => use_them(&[]),
        [a] => use_them(&[a.value()]),
        [a, b] => use_them(&[a.value(), b.value()]),
        [a, b, c] => use_them(&[a.value(), b.value(), c.value()]),
        [a, b, c, d] => use_them(&[a.value(), b.value(), c.value(), d.value()]),
        [a, b, c, d, e] => use_them(&[a.value(), b.value(), c.value(), d.value(), e.value()]),
        more => {
            let values: Vec<&Value> = more.iter().map(Operand::value).collect();
            use_them(&values)
        }
    }
}

/// How `call` names a function that was piped in.
pub(super) fn name_of(operand: &Operand<'_>) -> String {
    match operand.value() {
        Value::String(text) => text.to_text().into_owned(),
        Value::Nil if matches!(operand, Operand::Nothing | Operand::Unset) => "<invalid Value>".to_owned(),
        _ => format!("<{} Value>", operand.type_name()),
    }
}

/// The function value that `call` is given, if the other operands fit it; integers are made to.
pub(super) fn of_function_value(
    operands: &mut [Operand<'_>],
    name: &str,
) -> Result<Arc<Function>, CallError> {
    let Some((first, given)) = operands.split_first_mut() else { return Err(CallError::new("call of nil")) };
    let function = match first.value() {
        Value::Nil => return Err(CallError::new("call of nil")),
        Value::Function(function) => function.clone(),
        other => {
            let found = other.type_name();
            return Err(CallError::new(format!("non-function {name} of type {found}")));
        }
    };
    let (got, want) = (given.len(), function.params().len());
    if function.variadic().is_some() && got < want {
        let text = format!("wrong number of args for {name}: got {got} want at least {want}");
        return Err(CallError::new(text));
    }
    if function.variadic().is_none() && got != want {
        let text = format!("wrong number of args for {name}: got {got} want {want}");
        return Err(CallError::new(text));
    }
    for (i, operand) in given.iter_mut().enumerate() {
        let Some(of) = function.param_at(i) else { continue };
        let text = match operand.value() {
            Value::Nil if of.has_nil() => continue,
            Value::Nil => format!("arg {i}: value is nil; should be of type {of}"),
            value if is_assignable(value, Wrap::Concrete, of) => continue,
            value if let Some(converted) = value.converted_to(of) => {
                *operand = Operand::concrete(converted);
                continue;
            }
            value => format!("arg {i}: value has type {}; should be {of}", value.type_name()),
        };
        return Err(CallError::new(text));
    }
    Ok(function)
}
