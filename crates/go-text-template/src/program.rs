//! What a template is compiled to: a list of steps for a machine with a stack of operands.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use crate::ast::{Arena, NodeId};
use crate::builtin::Builtin;
use crate::error::ExecError;
use crate::function::Function;
use crate::literal::Number;
use crate::value::{Str, Type, Value};

/// A template, ready to run.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: Str,
    pub(crate) arena: Arc<Arena>,
    pub(crate) root: NodeId,
    pub(crate) slots: u32,
    pub(crate) steps: Vec<Step>,
    /// For each step the node that an error is reported at.
    pub(crate) places: Vec<At>,
    pub(crate) constants: Vec<Value>,
    pub(crate) paths: Vec<Path>,
    pub(crate) path_steps: Vec<PathStep>,
    pub(crate) calls: Vec<CallSite>,
    pub(crate) field_calls: Vec<FieldCallSite>,
    pub(crate) literals: Vec<LiteralSite>,
    pub(crate) ranges: Vec<RangeSite>,
    pub(crate) types: Vec<Type>,
    pub(crate) variables: Vec<VariableSite>,
    pub(crate) failures: Vec<ExecError>,
}

/// The node an error is reported at. In Go this is the one visited last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Node(NodeId),
    /// Which one depends on how the step was reached; the machine remembers.
    Remembered,
}

/// Where to go on: a label while compiling, then the number of a step.
pub(crate) type Target = u32;

/// One step. Operands are pushed to and popped from the stack; indexes are into the lists of [`Template`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Writes the source text from one byte to another.
    Text {
        start: u32,
        end: u32,
    },

    PushConstant(u32),
    /// No value at all (Go's zero `reflect.Value`).
    PushNothing,
    /// A nil `interface {}`.
    PushNil,
    PushDot,
    PushSlot(u32),
    /// A variable that may be unset.
    PushVariable(u32),
    /// A field of dot.
    PushField(u32),
    /// A field of a variable.
    PushSlotField {
        slot: u32,
        path: u32,
    },
    /// Replaces the top by a field of it.
    Walk(u32),
    /// What every pipeline does to its values: takes them out of `interface {}`.
    Unwrap,
    Pop,

    Print,
    PrintDot {
        action: NodeId,
    },
    PrintField {
        path: u32,
        action: NodeId,
    },
    PrintSlot {
        slot: u32,
        action: NodeId,
    },
    PrintSlotField {
        slot: u32,
        path: u32,
        action: NodeId,
    },

    /// Sets a variable to the top, which stays.
    Set(u32),
    SetAndPop(u32),
    /// Sets a variable that must have been declared to the top, which stays.
    Assign(u32),
    Unset(u32),

    /// Checks the operand so many below the top against a type.
    Check {
        of: u32,
        below: u32,
    },
    Call(u32),
    /// Calls a function that prints, and writes its text.
    PrintCall {
        call: u32,
        action: NodeId,
    },
    /// `and` and `or`: leaves the top and jumps if it decides, else pops it.
    ShortCircuit {
        on: bool,
        has_final: bool,
        done: Target,
    },
    /// Looks the called field up on the top, which is popped.
    Resolve(u32),
    /// A literal as argument of a field that is called.
    ResolvedLiteral(u32),
    /// Checks the operand so many below the top against the parameter of the field that is called.
    ResolvedCheck {
        parameter: u32,
        below: u32,
    },
    CallResolved(u32),
    /// Remembers the node for errors where several ways meet.
    Remember,

    Jump(Target),
    /// Pops, and jumps unless it is true.
    JumpUnless(Target),
    /// Pops, and makes it dot if it is true, else jumps.
    EnterWith(Target),
    LeaveWith,
    /// Pops what is to be gone through.
    EnterRange(u32),
    /// The next round, or out.
    NextRound(u32),
    Continue {
        range: u32,
        withs: u32,
    },
    Break {
        range: u32,
        withs: u32,
    },

    /// Sees that a template is there and may be run.
    FindTemplate(u32),
    RunTemplate {
        template: u32,
        has_argument: bool,
    },
    Return,

    /// An error that was clear before running.
    Fail(u32),
}

/// Names of fields, to be followed one after the other: a stretch of the template's steps of paths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Template {
    pub(crate) fn path(&self, path: u32) -> &[PathStep] {
        let Path { start, end } = self.paths[path as usize];
        &self.path_steps[start as usize..end as usize]
    }
}

/// One field of a path.
#[derive(Debug)]
pub(crate) struct PathStep {
    pub(crate) name: Str,
    /// Where in a map the name was found last.
    pub(crate) hint: AtomicU32,
}

/// What a call site calls.
#[derive(Clone, Debug)]
pub(crate) enum Callee {
    Builtin(Builtin),
    Host(Arc<Function>),
}

/// A call of a function by its name.
#[derive(Debug)]
pub(crate) struct CallSite {
    pub(crate) callee: Callee,
    pub(crate) arguments: u32,
    pub(crate) has_final: bool,
    /// The node that the function's own errors are reported at.
    pub(crate) node: NodeId,
    /// The first argument as written, for `call`.
    pub(crate) first_argument: Option<NodeId>,
}

/// A field with arguments.
#[derive(Debug)]
pub(crate) struct FieldCallSite {
    pub(crate) name: Str,
    pub(crate) arguments: u32,
    pub(crate) has_final: bool,
    pub(crate) node: NodeId,
    /// Where to go when there is nothing to call.
    pub(crate) skip: Target,
}

/// A literal argument of a field that is called, whose parameter's type shows when running only.
#[derive(Debug)]
pub(crate) struct LiteralSite {
    pub(crate) parameter: u32,
    pub(crate) node: NodeId,
}

/// A loop.
#[derive(Debug)]
pub(crate) struct RangeSite {
    /// Slots to set each round, index before element; with assignment, [`VariableSite`]s.
    pub(crate) variables: Vec<u32>,
    pub(crate) is_assignment: bool,
    pub(crate) next: Target,
    pub(crate) otherwise: Target,
    pub(crate) exit: Target,
}

/// A variable that may lie in one of several slots.
#[derive(Debug)]
pub(crate) struct VariableSite {
    pub(crate) name: Str,
    pub(crate) slots: Vec<u32>,
}

/// A literal, as far as parameters tell literals apart.
#[derive(Clone, Debug)]
pub(crate) enum Literal {
    Nil,
    Bool(bool),
    Number(Number),
    String(Str),
}
