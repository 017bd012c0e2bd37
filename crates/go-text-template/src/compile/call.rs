//! Calls: of functions by name, and of fields with arguments.

use super::{Compiler, Parameter, Task, index};
use crate::ast::{NameId, NodeId, Run};
use crate::builtin::Builtin;
use crate::error::ExecError;
use crate::program::{At, CallSite, Callee, FieldCallSite, Step};
use crate::value::Str;

/// The parameters of what is called.
pub(crate) struct Signature {
    pub(crate) fixed: usize,
    pub(crate) is_variadic: bool,
}

impl Signature {
    /// Sees whether so many written arguments, and perhaps a piped one, fit.
    pub(crate) fn check_count(
        &self,
        function: &Str,
        written: usize,
        has_final: bool,
    ) -> Result<(), ExecError> {
        let given = written + usize::from(has_final);
        let (got, fits) = if self.is_variadic {
            // Go counts the written arguments only when it says how many it got.
            (written, given >= self.fixed)
        } else {
            (given, given == self.fixed)
        };
        if fits {
            return Ok(());
        }
        Err(ExecError::ArgumentCount {
            function: function.to_text().into_owned(),
            want: self.fixed,
            at_least: self.is_variadic,
            got,
        })
    }
}

impl Callee {
    pub(crate) fn signature(&self) -> Signature {
        match self {
            Self::Builtin(builtin) => builtin.signature(),
            Self::Host(function) => {
                Signature { fixed: function.params().len(), is_variadic: function.variadic().is_some() }
            }
        }
    }

    fn parameter(&self, at: usize) -> Parameter {
        match self {
            Self::Builtin(builtin) => match builtin.param_at(at) {
                Some(of) => Parameter::Of(of),
                None => Parameter::Reflected,
            },
            Self::Host(function) => {
                function.param_at(at).map_or(Parameter::Reflected, |of| Parameter::Of(of.clone()))
            }
        }
    }
}

impl Compiler<'_> {
    /// A function by its name; `node` is the command, or the name itself where it stands alone as an argument.
    pub(super) fn function(
        &mut self,
        identifier: NodeId,
        node: NodeId,
        name: NameId,
        arguments: &[NodeId],
        has_final: bool,
    ) {
        self.at = At::Node(identifier);
        let name = self.arena.name(name);
        let callee = match self.functions.get(name.as_bytes()) {
            Some(function) => Callee::Host(function.clone()),
            None => match Builtin::of(name.as_bytes()) {
                Some(builtin) => Callee::Builtin(builtin),
                // The parser has refused unknown names; this is only met when all problems are collected.
                None => return self.fail(ExecError::UnknownFunction { name: name.to_text().into_owned() }),
            },
        };
        if let Err(cause) = callee.signature().check_count(name, arguments.len(), has_final) {
            return self.fail(cause);
        }
        if let Callee::Builtin(builtin @ (Builtin::And | Builtin::Or)) = callee {
            return self.short_circuit(builtin == Builtin::Or, arguments, has_final);
        }
        let first_task = self.tasks.len();
        for (i, &node) in arguments.iter().enumerate() {
            self.tasks.push(Task::Argument { node, parameter: callee.parameter(i) });
        }
        if has_final {
            let parameter = callee.parameter(arguments.len());
            let below = index(arguments.len());
            if let Parameter::Of(of) = &parameter
                && *of != crate::value::Type::Any
            {
                let of = self.type_number(of);
                self.tasks.push(Task::Emit(Step::Check { of, below }));
            }
        }
        self.template.calls.push(CallSite {
            callee,
            arguments: index(arguments.len()),
            has_final,
            node,
            first_argument: arguments.first().copied(),
        });
        self.tasks.push(Task::Emit(Step::Call(index(self.template.calls.len() - 1))));
        self.tasks[first_task..].reverse();
    }

    fn short_circuit(&mut self, on: bool, arguments: &[NodeId], has_final: bool) {
        let done = self.label();
        let mut tasks = Vec::new();
        for (i, &node) in arguments.iter().enumerate() {
            tasks.push(Task::Argument { node, parameter: Parameter::Reflected });
            if has_final || i + 1 < arguments.len() {
                tasks.push(Task::Emit(Step::ShortCircuit { on, has_final, done }));
            }
        }
        tasks.push(Task::Meet(done));
        self.first_do(tasks);
    }

    /// A field with arguments or a piped value; what has the field is on the stack.
    pub(super) fn field_call(
        &mut self,
        node: NodeId,
        names: Run<Str>,
        arguments: &[NodeId],
        has_final: bool,
    ) {
        let Some((last, before)) = self.arena.fields(names).split_last() else { return };
        let mut tasks = Vec::new();
        if !before.is_empty() {
            let path = self.path_of(before);
            tasks.push(Task::Emit(Step::Walk(path)));
        }
        let skip = self.label();
        let count = index(arguments.len());
        let name = last.clone();
        self.template.field_calls.push(FieldCallSite { name, arguments: count, has_final, node, skip });
        let site = index(self.template.field_calls.len() - 1);
        tasks.push(Task::Emit(Step::Resolve(site)));
        for (i, &node) in arguments.iter().enumerate() {
            tasks.push(Task::Argument { node, parameter: Parameter::Resolved(index(i)) });
        }
        if has_final {
            tasks.push(Task::Emit(Step::ResolvedCheck { parameter: count, below: count }));
        }
        tasks.extend([Task::Emit(Step::CallResolved(site)), Task::Meet(skip)]);
        self.first_do(tasks);
    }

    pub(super) fn chain_call(
        &mut self,
        chain: NodeId,
        base: NodeId,
        names: Run<Str>,
        arguments: &[NodeId],
        has_final: bool,
    ) {
        if self.refuses_nil_base(chain, base) {
            return;
        }
        self.field_call(chain, names, arguments, has_final);
        self.tasks.push(Task::Argument { node: base, parameter: Parameter::Untyped });
    }
}
