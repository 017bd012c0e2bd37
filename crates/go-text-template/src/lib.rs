#![doc = include_str!("../README.md")]
//!
//! # The way through the crate
//!
//! `token` → `lex` → `parse` → `ast` → `compile` → `program` → `exec`, with [`Value`] beside them. Nothing recurses:
//! lexing, parsing, compiling, running, printing and freeing keep what is open on the heap.

mod ast;
mod builtin;
mod check;
mod compile;
mod error;
mod exec;
mod execution;
pub mod format;
mod function;
mod functions;
mod lex;
mod limits;
mod literal;
mod parse;
mod program;
mod set;
mod span;
#[cfg(test)]
mod stages;
pub mod strconv;
mod suggest;
mod token;
mod trace;
mod unicode;
mod value;

pub use error::{AbsentKey, CallError, Cause, Error, ExecError, LexError, ParseError, Place};
pub use execution::Execution;
pub use function::{Call, Function, FunctionBuilder, Render, Reply};
pub use functions::Functions;
pub use lex::Delimiters;
pub use limits::Limits;
pub use set::{MissingKey, TemplateSet};
pub use span::Span;
pub use trace::{Trace, Written};
pub use value::{Field, Iteration, Kind, List, Map, NilMap, Object, ObjectType, Str, Type, Value};
