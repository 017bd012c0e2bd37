//! The functions that every template has.

mod compare;
mod escape;
mod index;

use crate::compile::Signature;
use crate::error::CallError;
use crate::exec::{Operand, with_values};
use crate::format::{self, PrintError, PrintLimits};
use crate::value::{Type, Value};

/// A predefined function; `and`, `or` and `call` are carried out by the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    And,
    Or,
    Not,
    Len,
    Index,
    Slice,
    Call,
    Print,
    Printf,
    Println,
    Html,
    Js,
    Urlquery,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// All of them, in the order of their names.
pub(crate) const ALL: [(&str, Builtin); 19] = [
    ("and", Builtin::And),
    ("call", Builtin::Call),
    ("eq", Builtin::Eq),
    ("ge", Builtin::Ge),
    ("gt", Builtin::Gt),
    ("html", Builtin::Html),
    ("index", Builtin::Index),
    ("js", Builtin::Js),
    ("le", Builtin::Le),
    ("len", Builtin::Len),
    ("lt", Builtin::Lt),
    ("ne", Builtin::Ne),
    ("not", Builtin::Not),
    ("or", Builtin::Or),
    ("print", Builtin::Print),
    ("printf", Builtin::Printf),
    ("println", Builtin::Println),
    ("slice", Builtin::Slice),
    ("urlquery", Builtin::Urlquery),
];

impl Builtin {
    pub(crate) fn of(name: &[u8]) -> Option<Self> {
        let at = ALL.binary_search_by(|(known, _)| known.as_bytes().cmp(name)).ok()?;
        Some(ALL[at].1)
    }

    pub(crate) fn name(self) -> &'static str {
        ALL.iter().find(|&&(_, builtin)| builtin == self).map_or("", |&(name, _)| name)
    }

    pub(crate) fn signature(self) -> Signature {
        let (fixed, is_variadic) = match self {
            Self::Not | Self::Len => (1, false),
            Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge => (2, false),
            Self::And | Self::Or | Self::Index | Self::Slice | Self::Call | Self::Printf | Self::Eq => {
                (1, true)
            }
            Self::Print | Self::Println | Self::Html | Self::Js | Self::Urlquery => (0, true),
        };
        Signature { fixed, is_variadic }
    }

    /// The type of a parameter; `None` for one that takes even nothing.
    pub(crate) fn param_at(self, at: usize) -> Option<Type> {
        match self {
            Self::Printf if at == 0 => Some(Type::String),
            Self::Print | Self::Printf | Self::Println | Self::Html | Self::Js | Self::Urlquery => {
                Some(Type::Any)
            }
            _ => None,
        }
    }

    /// Runs the function.
    pub(crate) fn call<'d>(
        self,
        arguments: &[Operand<'d>],
        limits: PrintLimits,
    ) -> Result<Operand<'d>, CallError> {
        let first = arguments.first().unwrap_or(&Operand::Nothing);
        let second = arguments.get(1).unwrap_or(&Operand::Nothing);
        let result = match self {
            Self::Index => return index::index(arguments),
            Self::Slice => return index::slice(arguments),
            Self::Len => index::length(first)?,
            Self::Not => Value::Bool(!first.value().is_true()),
            Self::Eq => Value::Bool(compare::equal(first.value(), arguments.get(1..).unwrap_or(&[]))?),
            Self::Ne => Value::Bool(!compare::equal(first.value(), arguments.get(1..).unwrap_or(&[]))?),
            Self::Lt => Value::Bool(compare::less(first.value(), second.value())?),
            Self::Le => Value::Bool(compare::less_or_equal(first, second)?),
            Self::Gt => Value::Bool(!compare::less_or_equal(first, second)?),
            Self::Ge => Value::Bool(!compare::less(first.value(), second.value())?),
            Self::Print | Self::Printf | Self::Println | Self::Html | Self::Js | Self::Urlquery => {
                let mut text = Vec::new();
                self.print(&mut text, arguments, limits)?;
                Value::String(text.into())
            }
            // The machine does not hand these on.
            Self::And | Self::Or | Self::Call => Value::Nil,
        };
        Ok(Operand::concrete(result))
    }

    /// Whether it makes a text of its arguments, which can go to the output at once.
    pub(crate) fn is_print(self) -> bool {
        matches!(self, Self::Print | Self::Printf | Self::Println)
    }

    /// Appends the text that a printing function makes. What an error leaves behind is for the caller to remove.
    pub(crate) fn print(
        self,
        text: &mut Vec<u8>,
        arguments: &[Operand<'_>],
        limits: PrintLimits,
    ) -> Result<(), PrintError> {
        with_values(arguments, |values| match (self, values) {
            (Self::Printf, [Value::String(format), rest @ ..]) => {
                format::write_formatted(text, format.as_bytes(), rest, limits)
            }
            (Self::Println, values) => format::write_line(text, values, limits),
            (Self::Html, values) => escape::text_of(values, limits).map(|plain| escape::html(text, &plain)),
            (Self::Js, values) => escape::text_of(values, limits).map(|plain| escape::js(text, &plain)),
            (Self::Urlquery, values) => {
                escape::text_of(values, limits).map(|plain| escape::urlquery(text, &plain))
            }
            (_, values) => format::write_all(text, values, limits),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_found_by_its_name() {
        for (name, builtin) in ALL {
            assert_eq!(Builtin::of(name.as_bytes()), Some(builtin), "{name}");
        }
        assert_eq!(Builtin::of(b"printg"), None);
    }
}
