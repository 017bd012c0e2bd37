//! From the tree to steps. What is still to be compiled waits on an explicit stack.

mod call;
mod command;
mod literal;
mod statement;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

pub(crate) use call::Signature;
pub(crate) use literal::{fit, ideal};

use crate::ast::{Arena, NodeId, NodeKind, Run, Variable};
use crate::error::ExecError;
use crate::functions::Functions;
use crate::parse::Definition;
use crate::program::{At, Callee, Path, PathStep, Step, Target, Template, VariableSite};
use crate::value::{Str, Type, Value};

/// Compiles one template of a parsed text.
pub(crate) fn compile(arena: &Arc<Arena>, definition: &Definition, functions: &Functions) -> Template {
    let template = Template {
        name: definition.name.clone(),
        arena: arena.clone(),
        root: definition.root,
        slots: definition.slots,
        steps: Vec::new(),
        places: Vec::new(),
        constants: Vec::new(),
        paths: Vec::new(),
        path_steps: Vec::new(),
        calls: Vec::new(),
        field_calls: Vec::new(),
        literals: Vec::new(),
        ranges: Vec::new(),
        types: Vec::new(),
        variables: Vec::new(),
        failures: Vec::new(),
    };
    let mut compiler = Compiler {
        arena,
        functions,
        template,
        tasks: vec![Task::List(definition.root)],
        labels: Vec::new(),
        loops: Vec::new(),
        withs: 0,
        at: At::Node(definition.root),
    };
    while let Some(task) = compiler.tasks.pop() {
        compiler.run(task);
    }
    compiler.emit(Step::Return);
    compiler.resolve_labels();
    compiler.template
}

/// What an argument is checked against.
#[derive(Clone, Debug)]
pub(super) enum Parameter {
    /// Nothing is known or asked: the base of a chain.
    Untyped,
    /// A built-in function takes whatever there is, even nothing.
    Reflected,
    Of(Type),
    /// The parameter of that number of the field that was resolved last.
    Resolved(u32),
}

/// Something that remains to be compiled.
#[derive(Debug)]
pub(super) enum Task {
    List(NodeId),
    Item(NodeId),
    Pipe(NodeId),
    /// Sets the variables of a pipeline to the top, which stays.
    Declare(NodeId),
    Command {
        command: NodeId,
        has_final: bool,
    },
    Argument {
        node: NodeId,
        parameter: Parameter,
    },
    /// The check of what an argument gave.
    Check(Parameter),
    Emit(Step),
    /// Writes the top, which is popped, for an action.
    Print(NodeId),
    Bind(Target),
    /// Several ways meet here: which node was visited last must be remembered.
    Meet(Target),
    BeginLoop(OpenLoop),
    EndLoop,
    BeginWith,
    EndWith,
}

/// What `break` and `continue` refer to.
#[derive(Clone, Copy, Debug)]
pub(super) enum OpenLoop {
    /// The body of a loop, and how many `with`s were open outside.
    Body { range: u32, withs: u32 },
    /// The `else` of a loop: in Go, a `break` there (which needs a loop outside) leaves just the inner one.
    Else { exit: Target, withs: u32 },
}

pub(super) struct Compiler<'c> {
    arena: &'c Arena,
    functions: &'c Functions,
    template: Template,
    tasks: Vec<Task>,
    /// The step each label stands before.
    labels: Vec<u32>,
    loops: Vec<OpenLoop>,
    withs: u32,
    at: At,
}

impl Compiler<'_> {
    /// Puts tasks before all that wait, in this order.
    fn first_do(&mut self, tasks: impl IntoIterator<Item = Task, IntoIter: DoubleEndedIterator>) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn run(&mut self, task: Task) {
        match task {
            Task::List(list) => {
                if let NodeKind::List(items) = self.arena.kind(list) {
                    self.first_do(self.arena.list(items).iter().map(|&item| Task::Item(item)));
                }
            }
            Task::Item(item) => self.item(item),
            Task::Pipe(pipe) => self.pipe(pipe),
            Task::Declare(pipe) => self.declare(pipe),
            Task::Command { command, has_final } => self.command(command, has_final),
            Task::Argument { node, parameter } => self.argument(node, parameter),
            Task::Check(parameter) => self.check(&parameter, 0),
            Task::Emit(step) => self.emit(step),
            Task::Print(action) => self.print(action),
            Task::Bind(label) => self.bind(label),
            Task::Meet(label) => {
                self.emit(Step::Remember);
                self.bind(label);
                self.at = At::Remembered;
            }
            Task::BeginLoop(open) => self.loops.push(open),
            Task::EndLoop => {
                self.loops.pop();
            }
            Task::BeginWith => self.withs += 1,
            Task::EndWith => self.withs -= 1,
        }
    }

    fn emit(&mut self, step: Step) {
        self.template.steps.push(step);
        self.template.places.push(self.at);
    }

    fn print(&mut self, action: NodeId) {
        if let [.., Step::Call(call), Step::Unwrap] = *self.template.steps
            && let Callee::Builtin(builtin) = self.template.calls[call as usize].callee
            && builtin.is_print()
        {
            // Nothing jumps to the step after a call of these: the text need not become a value.
            self.template.steps.truncate(self.template.steps.len() - 2);
            self.template.places.pop();
            self.template.steps.push(Step::PrintCall { call, action });
            return;
        }
        self.at = At::Node(action);
        self.emit(Step::Print);
    }

    fn fail(&mut self, cause: ExecError) {
        let number = index(self.template.failures.len());
        self.template.failures.push(cause);
        self.emit(Step::Fail(number));
    }

    fn label(&mut self) -> Target {
        self.labels.push(0);
        index(self.labels.len() - 1)
    }

    fn bind(&mut self, label: Target) {
        self.labels[label as usize] = index(self.template.steps.len());
    }

    fn resolve_labels(&mut self) {
        let labels = &self.labels;
        let resolve = |target: &mut Target| *target = labels[*target as usize];
        for step in &mut self.template.steps {
            match step {
                Step::Jump(target)
                | Step::JumpUnless(target)
                | Step::EnterWith(target)
                | Step::ShortCircuit { done: target, .. } => resolve(target),
                _ => {}
            }
        }
        for range in &mut self.template.ranges {
            resolve(&mut range.next);
            resolve(&mut range.otherwise);
            resolve(&mut range.exit);
        }
        for call in &mut self.template.field_calls {
            resolve(&mut call.skip);
        }
    }

    fn constant(&mut self, value: Value) -> Step {
        self.template.constants.push(value);
        Step::PushConstant(index(self.template.constants.len() - 1))
    }

    fn path(&mut self, names: Run<Str>) -> u32 {
        self.path_of(self.arena.fields(names))
    }

    fn path_of(&mut self, names: &[Str]) -> u32 {
        let steps = names.iter().map(|name| PathStep { name: name.clone(), hint: AtomicU32::new(0) });
        let start = index(self.template.path_steps.len());
        self.template.path_steps.extend(steps);
        self.template.paths.push(Path { start, end: index(self.template.path_steps.len()) });
        index(self.template.paths.len() - 1)
    }

    fn type_number(&mut self, of: &Type) -> u32 {
        let known = self.template.types.iter().position(|known| known == of);
        index(known.unwrap_or_else(|| {
            self.template.types.push(of.clone());
            self.template.types.len() - 1
        }))
    }

    fn variable_site(&mut self, variable: &Variable) -> u32 {
        let name = self.arena.name(variable.name).clone();
        let site = VariableSite { name, slots: self.arena.slots(variable.slots).to_vec() };
        self.template.variables.push(site);
        index(self.template.variables.len() - 1)
    }
}

/// Lists of a template are shorter than its text, which fits 32 bits.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
