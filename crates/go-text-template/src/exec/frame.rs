//! One running template.

use std::ops::Deref;
use std::sync::Arc;

use super::Operand;
use crate::ast::NodeId;
use crate::error::{CallError, Error};
use crate::function::Function;
use crate::program::Template;
use crate::set::TemplateSet;
use crate::value::{Str, Value};

/// A template set: the host's, or one that a function made on the way.
#[derive(Clone)]
pub(super) enum SetRef<'d> {
    Borrowed(&'d TemplateSet),
    Shared(TemplateSet),
}

impl Deref for SetRef<'_> {
    type Target = TemplateSet;

    fn deref(&self) -> &TemplateSet {
        match self {
            Self::Borrowed(set) => set,
            Self::Shared(set) => set,
        }
    }
}

impl<'d> SetRef<'d> {
    /// A template by its number.
    pub(super) fn template(&self, number: u32) -> Option<TemplateRef<'d>> {
        match self {
            Self::Borrowed(set) => set.by_number(number).map(|template| TemplateRef::Borrowed(template)),
            Self::Shared(set) => set.by_number(number).cloned().map(TemplateRef::Shared),
        }
    }
}

/// A template of a [`SetRef`].
#[derive(Clone)]
pub(super) enum TemplateRef<'d> {
    Borrowed(&'d Template),
    Shared(Arc<Template>),
}

impl Deref for TemplateRef<'_> {
    type Target = Template;

    fn deref(&self) -> &Template {
        match self {
            Self::Borrowed(template) => template,
            Self::Shared(template) => template,
        }
    }
}

/// A template that is being run, and where it stands.
pub(super) struct Frame<'d> {
    pub(super) set: SetRef<'d>,
    pub(super) template: TemplateRef<'d>,
    /// The next step.
    pub(super) next: usize,
    pub(super) dot: Operand<'d>,
    /// `template` actions around this one.
    pub(super) depth: usize,
    /// The node to blame where ways met.
    pub(super) remembered: Option<NodeId>,
    pub(super) bases: Bases,
    pub(super) origin: Origin,
}

/// How high the machine's stacks were when a frame was entered.
#[derive(Clone, Copy, Default)]
pub(super) struct Bases {
    pub(super) stack: usize,
    pub(super) variables: usize,
    pub(super) dots: usize,
    pub(super) rounds: usize,
    pub(super) callees: usize,
}

type Finish = dyn FnOnce(Result<Vec<u8>, Error>) -> Result<Value, CallError> + Send;

/// Why a frame was entered.
pub(super) enum Origin {
    /// The host asked for it.
    Host,
    /// A `template` action.
    Template,
    /// A function, which makes a value of the text.
    Function(Box<Rendering>),
}

/// What is to be done when a template that a function asked for is done.
pub(super) struct Rendering {
    pub(super) finish: Box<Finish>,
    pub(super) function: Arc<Function>,
    pub(super) name: Str,
    /// The node of the call.
    pub(super) node: NodeId,
    /// What the caller had written.
    pub(super) output: Vec<u8>,
}
