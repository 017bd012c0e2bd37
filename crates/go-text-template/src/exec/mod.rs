//! Running templates: a machine with its own stacks, so that no template can exhaust the thread's.

mod arguments;
mod call;
mod field;
mod frame;
mod machine;
mod operand;
mod print;
mod range;

use std::any::Any;

pub(crate) use arguments::with_values;
pub(crate) use operand::{Operand, Wrap};

use crate::error::Error;
use crate::limits::Limits;
use crate::set::{MissingKey, TemplateSet};
use crate::trace::Trace;
use crate::value::Value;

use machine::Machine;

/// What a rendering is given besides template and data.
pub(crate) struct Host<'d> {
    pub(crate) limits: Limits,
    pub(crate) missing_key: MissingKey,
    pub(crate) context: &'d (dyn Any + Send + Sync),
}

/// Runs a template. What was written before an error stays in `out`, as in Go.
pub(crate) fn run<'d>(
    set: &'d TemplateSet,
    name: &[u8],
    data: &'d Value,
    host: Host<'d>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    finish(Machine::new(set, name, data, host, std::mem::take(out))?, out).map(drop)
}

/// The same, and notes who wrote what.
pub(crate) fn run_traced<'d>(
    set: &'d TemplateSet,
    name: &[u8],
    data: &'d Value,
    host: Host<'d>,
    out: &mut Vec<u8>,
) -> Result<Trace, Error> {
    let trace = Trace::behind(out.len());
    let mut machine = Machine::new(set, name, data, host, std::mem::take(out))?;
    machine.trace = Some(trace);
    finish(machine, out).map(Option::unwrap_or_default)
}

fn finish(mut machine: Machine<'_>, out: &mut Vec<u8>) -> Result<Option<Trace>, Error> {
    let result = machine.run();
    let trace = machine.trace.take();
    *out = machine.into_output();
    result.map(|()| trace)
}
