//! Texts, actions and control structures.

use super::{Compiler, OpenLoop, Task, index};
use crate::ast::{Branch, NodeId, NodeKind, Pipe};
use crate::program::{At, RangeSite, Step};

impl Compiler<'_> {
    pub(super) fn item(&mut self, item: NodeId) {
        self.at = At::Node(item);
        match self.arena.kind(item) {
            NodeKind::Text => {
                let span = self.arena.span(item);
                self.emit(Step::Text { start: span.start, end: span.end });
            }
            NodeKind::Action { pipe } => self.action(item, pipe),
            NodeKind::If(branch) => self.if_or_with(&branch, false),
            NodeKind::With(branch) => self.if_or_with(&branch, true),
            NodeKind::Range(branch) => self.range(&branch),
            NodeKind::Template { number: template, pipe, .. } => {
                self.emit(Step::FindTemplate(template));
                let run = Step::RunTemplate { template, has_argument: pipe.is_some() };
                match pipe {
                    Some(pipe) => self.first_do([Task::Pipe(pipe), Task::Declare(pipe), Task::Emit(run)]),
                    None => self.emit(run),
                }
            }
            NodeKind::Break => match self.loops.last() {
                Some(&OpenLoop::Body { range, withs }) => {
                    self.emit(Step::Break { range, withs: self.withs - withs });
                }
                Some(&OpenLoop::Else { exit, withs }) => {
                    for _ in withs..self.withs {
                        self.emit(Step::LeaveWith);
                    }
                    self.emit(Step::Jump(exit));
                }
                None => {}
            },
            NodeKind::Continue => {
                // Unlike `break`, it passes through the `else` of a loop.
                let body = self.loops.iter().rev().find_map(|open| match *open {
                    OpenLoop::Body { range, withs } => Some((range, withs)),
                    OpenLoop::Else { .. } => None,
                });
                if let Some((range, withs)) = body {
                    self.emit(Step::Continue { range, withs: self.withs - withs });
                }
            }
            _ => {}
        }
    }

    fn action(&mut self, action: NodeId, pipe: NodeId) {
        let NodeKind::Pipe(parts) = self.arena.kind(pipe) else { return };
        if let Some(step) = self.direct_print(action, &parts) {
            return self.emit(step);
        }
        let last = match (self.arena.list(parts.variables), parts.is_assignment) {
            ([], _) => return self.first_do([Task::Pipe(pipe), Task::Print(action)]),
            ([variable], false) => match self.arena.kind(*variable) {
                NodeKind::Variable { variable, .. } => self.arena.slots(variable.slots).first().copied(),
                _ => None,
            },
            _ => None,
        };
        match last {
            Some(slot) => self.first_do([Task::Pipe(pipe), Task::Emit(Step::SetAndPop(slot))]),
            None => self.first_do([Task::Pipe(pipe), Task::Declare(pipe), Task::Emit(Step::Pop)]),
        }
    }

    /// The one step that prints dot, a field or a variable.
    fn direct_print(&mut self, action: NodeId, pipe: &Pipe) -> Option<Step> {
        let arena = self.arena;
        let ([], [command]) = (arena.list(pipe.variables), arena.list(pipe.commands)) else { return None };
        let NodeKind::Command { arguments } = arena.kind(*command) else { return None };
        let [operand] = *arena.list(arguments) else { return None };
        let step = match arena.kind(operand) {
            NodeKind::Dot => Step::PrintDot { action },
            NodeKind::Field { names } => Step::PrintField { path: self.path(names), action },
            NodeKind::Variable { variable, names } => {
                let slot = arena.certain_slot(variable)?;
                match arena.fields(names) {
                    [] => Step::PrintSlot { slot, action },
                    _ => Step::PrintSlotField { slot, path: self.path(names), action },
                }
            }
            _ => return None,
        };
        self.at = At::Node(operand);
        Some(step)
    }

    fn if_or_with(&mut self, branch: &Branch, is_with: bool) {
        let otherwise = self.label();
        match branch.else_list {
            None => self.first_do([Task::Bind(otherwise)]),
            Some(else_list) => {
                let end = self.label();
                self.first_do([
                    Task::Emit(Step::Jump(end)),
                    Task::Bind(otherwise),
                    Task::List(else_list),
                    Task::Bind(end),
                ]);
            }
        }
        if is_with {
            self.first_do([
                Task::Emit(Step::EnterWith(otherwise)),
                Task::BeginWith,
                Task::List(branch.list),
                Task::EndWith,
                Task::Emit(Step::LeaveWith),
            ]);
        } else {
            self.first_do([Task::Emit(Step::JumpUnless(otherwise)), Task::List(branch.list)]);
        }
        self.first_do([Task::Pipe(branch.pipe), Task::Declare(branch.pipe)]);
    }

    fn range(&mut self, branch: &Branch) {
        let NodeKind::Pipe(pipe) = self.arena.kind(branch.pipe) else { return };
        let is_assignment = pipe.is_assignment;
        let mut variables = Vec::new();
        for &variable in self.arena.list(pipe.variables) {
            let NodeKind::Variable { variable, .. } = self.arena.kind(variable) else { continue };
            match (is_assignment, self.arena.slots(variable.slots).first()) {
                (false, Some(&slot)) => variables.push(slot),
                _ => variables.push(self.variable_site(&variable)),
            }
        }
        let (next, otherwise, exit) = (self.label(), self.label(), self.label());
        self.template.ranges.push(RangeSite { variables, is_assignment, next, otherwise, exit });
        let range = index(self.template.ranges.len() - 1);
        let mut tasks = vec![
            Task::Pipe(branch.pipe),
            Task::Declare(branch.pipe),
            Task::Emit(Step::EnterRange(range)),
            Task::Bind(next),
            Task::Emit(Step::NextRound(range)),
            Task::BeginLoop(OpenLoop::Body { range, withs: self.withs }),
            Task::List(branch.list),
            Task::EndLoop,
            Task::Emit(Step::Jump(next)),
            Task::Bind(otherwise),
        ];
        if let Some(else_list) = branch.else_list {
            let open = OpenLoop::Else { exit, withs: self.withs };
            tasks.extend([Task::BeginLoop(open), Task::List(else_list), Task::EndLoop]);
        }
        tasks.push(Task::Bind(exit));
        self.first_do(tasks);
    }

    pub(super) fn declare(&mut self, pipe: NodeId) {
        let NodeKind::Pipe(pipe) = self.arena.kind(pipe) else { return };
        for &variable in self.arena.list(pipe.variables) {
            let NodeKind::Variable { variable, .. } = self.arena.kind(variable) else { continue };
            match (pipe.is_assignment, self.arena.slots(variable.slots).first()) {
                (false, Some(&slot)) => self.emit(Step::Set(slot)),
                _ => {
                    let site = self.variable_site(&variable);
                    self.emit(Step::Assign(site));
                }
            }
        }
    }
}
