//! Pipelines, commands and arguments.

use super::{Compiler, Parameter, Task, ideal, index};
use crate::ast::{NodeId, NodeKind, Run, Variable};
use crate::error::ExecError;
use crate::program::{At, Literal, LiteralSite, Step};
use crate::value::{Str, Type, Value};

impl Compiler<'_> {
    pub(super) fn pipe(&mut self, pipe: NodeId) {
        let NodeKind::Pipe(parts) = self.arena.kind(pipe) else { return };
        self.at = At::Node(pipe);
        for &slot in self.arena.slots(parts.unset_first) {
            self.emit(Step::Unset(slot));
        }
        let commands = self.arena.list(parts.commands).iter().enumerate();
        self.first_do(commands.flat_map(|(i, &command)| {
            [Task::Command { command, has_final: i > 0 }, Task::Emit(Step::Unwrap)]
        }));
    }

    pub(super) fn command(&mut self, command: NodeId, has_final: bool) {
        let NodeKind::Command { arguments } = self.arena.kind(command) else { return };
        let Some((&first, rest)) = self.arena.list(arguments).split_first() else { return };
        let is_called = !rest.is_empty() || has_final;
        match self.arena.kind(first) {
            NodeKind::Field { names } => {
                self.at = At::Node(first);
                if is_called {
                    self.emit(Step::PushDot);
                    return self.field_call(first, names, rest, has_final);
                }
                self.push_field(names);
            }
            NodeKind::Chain { base, names } => {
                self.at = At::Node(first);
                if is_called {
                    return self.chain_call(first, base, names, rest, has_final);
                }
                self.chain(first, base, names);
            }
            NodeKind::Identifier { name } => self.function(first, command, name, rest, has_final),
            NodeKind::Variable { variable, names } => {
                self.at = At::Node(first);
                if !is_called {
                    return self.push_variable(&variable, names);
                }
                if self.arena.fields(names).is_empty() {
                    // Go looks the variable up before it sees the arguments.
                    if self.arena.certain_slot(variable).is_none() {
                        self.push_variable(&variable, Run::default());
                    }
                    return self.not_a_function(first);
                }
                self.push_variable(&variable, Run::default());
                self.field_call(first, names, rest, has_final);
            }
            NodeKind::Pipe(_) if is_called => self.not_a_function(first),
            NodeKind::Pipe(_) => self.first_do([Task::Pipe(first), Task::Declare(first)]),
            kind => {
                self.at = At::Node(first);
                if is_called {
                    return self.not_a_function(first);
                }
                match kind {
                    NodeKind::Dot => self.emit(Step::PushDot),
                    NodeKind::Nil => self.fail(ExecError::NilCommand),
                    _ => {
                        if let Some(literal) = self.literal(first) {
                            self.push_ideal(&literal, first);
                        }
                    }
                }
            }
        }
    }

    fn not_a_function(&mut self, node: NodeId) {
        self.fail(ExecError::NotAFunction { found: self.arena.display(node) });
    }

    fn push_field(&mut self, names: Run<Str>) {
        let path = self.path(names);
        self.emit(Step::PushField(path));
    }

    fn push_variable(&mut self, variable: &Variable, names: Run<Str>) {
        match (self.arena.certain_slot(*variable), self.arena.fields(names)) {
            (Some(slot), []) => self.emit(Step::PushSlot(slot)),
            (Some(slot), _) => {
                let path = self.path(names);
                self.emit(Step::PushSlotField { slot, path });
            }
            (None, fields) => {
                let site = self.variable_site(variable);
                self.emit(Step::PushVariable(site));
                if !fields.is_empty() {
                    let path = self.path(names);
                    self.emit(Step::Walk(path));
                }
            }
        }
    }

    /// The value of a chain without arguments.
    fn chain(&mut self, chain: NodeId, base: NodeId, names: Run<Str>) {
        if self.refuses_nil_base(chain, base) {
            return;
        }
        let path = self.path(names);
        let base = Task::Argument { node: base, parameter: Parameter::Untyped };
        self.first_do([base, Task::Emit(Step::Walk(path))]);
    }

    pub(super) fn refuses_nil_base(&mut self, chain: NodeId, base: NodeId) -> bool {
        let is_nil = matches!(self.arena.kind(base), NodeKind::Nil);
        if is_nil {
            self.fail(ExecError::NilIndirection { expression: self.arena.display(chain) });
        }
        is_nil
    }

    pub(super) fn argument(&mut self, node: NodeId, parameter: Parameter) {
        self.at = At::Node(node);
        match self.arena.kind(node) {
            NodeKind::Dot => {
                self.emit(Step::PushDot);
                self.check(&parameter, 0);
            }
            NodeKind::Field { names } => {
                self.push_field(names);
                self.check(&parameter, 0);
            }
            NodeKind::Variable { variable, names } => {
                self.push_variable(&variable, names);
                self.check(&parameter, 0);
            }
            NodeKind::Pipe(_) => {
                self.first_do([Task::Pipe(node), Task::Declare(node), Task::Check(parameter)]);
            }
            NodeKind::Identifier { name } => {
                self.tasks.push(Task::Check(parameter));
                self.function(node, node, name, &[], false);
            }
            NodeKind::Chain { base, names } => {
                self.tasks.push(Task::Check(parameter));
                self.chain(node, base, names);
            }
            _ => {
                if let Some(literal) = self.literal(node) {
                    self.literal_argument(node, &literal, parameter);
                }
            }
        }
    }

    pub(super) fn literal(&self, node: NodeId) -> Option<Literal> {
        Some(match self.arena.kind(node) {
            NodeKind::Nil => Literal::Nil,
            NodeKind::Bool(value) => Literal::Bool(value),
            NodeKind::Number(number) => Literal::Number(*self.arena.number(number)),
            NodeKind::String { value } => Literal::String(self.arena.name(value).clone()),
            _ => return None,
        })
    }

    fn literal_argument(&mut self, node: NodeId, literal: &Literal, parameter: Parameter) {
        let of = match (parameter, literal) {
            (Parameter::Resolved(parameter), _) => {
                self.template.literals.push(LiteralSite { parameter, node });
                let site = index(self.template.literals.len() - 1);
                return self.emit(Step::ResolvedLiteral(site));
            }
            (Parameter::Reflected | Parameter::Untyped, Literal::Nil) => return self.emit(Step::PushNothing),
            (Parameter::Reflected | Parameter::Untyped, _) => Type::Any,
            (Parameter::Of(of), _) => of,
        };
        match super::fit(literal, &of, self.arena, node) {
            Ok(Value::Nil) => self.emit(Step::PushNil),
            Ok(value) => {
                let push = self.constant(value);
                self.emit(push);
            }
            Err(cause) => self.fail(cause),
        }
    }

    fn push_ideal(&mut self, literal: &Literal, node: NodeId) {
        match ideal(literal, self.arena, node) {
            Ok(value) => {
                let push = self.constant(value);
                self.emit(push);
            }
            Err(cause) => self.fail(cause),
        }
    }

    /// Has the operand so many below the top checked, where there is something to check.
    pub(super) fn check(&mut self, parameter: &Parameter, below: u32) {
        match parameter {
            Parameter::Untyped | Parameter::Reflected | Parameter::Of(Type::Any) => {}
            Parameter::Of(of) => {
                let of = self.type_number(of);
                self.emit(Step::Check { of, below });
            }
            Parameter::Resolved(parameter) => {
                self.emit(Step::ResolvedCheck { parameter: *parameter, below });
            }
        }
    }
}
