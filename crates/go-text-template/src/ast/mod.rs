//! The tree of a template: nodes in an arena, so that no depth of nesting costs stack.

mod text;

use std::marker::PhantomData;
use std::sync::Arc;

use crate::error::{ExecError, Place};
use crate::literal::Number;
use crate::span::{self, Span};
use crate::value::Str;

/// A text that was parsed, and its name (usually a file's).
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: Box<[u8]>,
}

/// The number of a node in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// The number of a name or text in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameId(u32);

/// The number of a number literal in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberId(u32);

/// All nodes that came from one text, and all that they hold: nodes themselves own nothing.
#[derive(Debug)]
pub(crate) struct Arena {
    pub(crate) source: Arc<Source>,
    nodes: Vec<Node>,
    lists: Vec<NodeId>,
    names: Vec<Str>,
    slots: Vec<u32>,
    numbers: Vec<Number>,
}

/// Neighbours in one of an arena's lists.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run<T> {
    start: u32,
    end: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Run<T> {
    fn new(start: usize, end: usize) -> Self {
        Self { start: index(start), end: index(end), of: PhantomData }
    }

    fn of(self, all: &[T]) -> &[T] {
        &all[self.start as usize..self.end as usize]
    }
}

impl<T> Clone for Run<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Run<T> {}

impl<T> Default for Run<T> {
    /// Nothing.
    fn default() -> Self {
        Self::new(0, 0)
    }
}

/// Lists of a text's tree are shorter than the text, which fits 32 bits.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A node and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) span: Span,
    /// The byte Go reports for the node, which is not always its first.
    pub(crate) position: u32,
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NodeKind {
    // Actions.
    List(Run<NodeId>),
    Text,
    Action {
        pipe: NodeId,
    },
    If(Branch),
    With(Branch),
    Range(Branch),
    Template {
        name: NameId,
        /// The template's number in the set, once the tree belongs to one.
        number: u32,
        pipe: Option<NodeId>,
    },
    Break,
    Continue,
    // Pipelines.
    Pipe(Pipe),
    Command {
        arguments: Run<NodeId>,
    },
    // Operands.
    Identifier {
        name: NameId,
    },
    /// `.a.b`
    Field {
        names: Run<Str>,
    },
    /// `(…).a.b`
    Chain {
        base: NodeId,
        names: Run<Str>,
    },
    /// `$x.a.b`
    Variable {
        variable: Variable,
        names: Run<Str>,
    },
    Dot,
    Nil,
    Bool(bool),
    Number(NumberId),
    String {
        value: NameId,
    },
}

/// The parts of `if`, `with` and `range`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: NodeId,
    pub(crate) list: NodeId,
    pub(crate) else_list: Option<NodeId>,
}

/// `$a, $b := command | command`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pipe {
    pub(crate) variables: Run<NodeId>,
    pub(crate) is_assignment: bool,
    pub(crate) commands: Run<NodeId>,
    /// What pipelines in parentheses inside this one declare, which stays unset if they are never evaluated.
    pub(crate) unset_first: Run<u32>,
}

/// A variable, with the places where its value may lie when it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    pub(crate) name: NameId,
    /// The innermost declaration first. Further ones count only while the earlier are unset, which can happen to
    /// a declaration in parentheses. None at all: the variable was only ever assigned to.
    pub(crate) slots: Run<u32>,
    /// Whether even the last of them may be unset.
    pub(crate) may_be_unset: bool,
}

impl Arena {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        // About as many as there are in an ordinary text of that length; a long one may be of another kind.
        let length = source.text.len().min(1 << 16);
        let nodes = Vec::with_capacity(length / 6);
        let lists = Vec::with_capacity(length / 8);
        Self { source, nodes, lists, names: Vec::new(), slots: Vec::new(), numbers: Vec::new() }
    }

    pub(crate) fn add(&mut self, kind: NodeKind, position: u32, span: Span) -> NodeId {
        let id = NodeId(index(self.nodes.len()));
        self.nodes.push(Node { kind, span, position });
        id
    }

    pub(crate) fn add_list(&mut self, nodes: &[NodeId]) -> Run<NodeId> {
        let start = self.lists.len();
        self.lists.extend_from_slice(nodes);
        Run::new(start, self.lists.len())
    }

    pub(crate) fn add_name(&mut self, name: impl Into<Str>) -> NameId {
        self.names.push(name.into());
        NameId(index(self.names.len() - 1))
    }

    /// Adds names of fields. To go on with the run that was added last, hand it back.
    pub(crate) fn add_field(&mut self, before: Option<Run<Str>>, name: &[u8]) -> Run<Str> {
        let start = before.map_or(self.names.len(), |run| run.start as usize);
        self.names.push(name.into());
        Run::new(start, self.names.len())
    }

    pub(crate) fn add_slots(&mut self, slots: impl IntoIterator<Item = u32>) -> Run<u32> {
        let start = self.slots.len();
        self.slots.extend(slots);
        Run::new(start, self.slots.len())
    }

    /// The slots with another one before them.
    pub(crate) fn add_slot_before(&mut self, slot: u32, slots: Run<u32>) -> Run<u32> {
        let start = self.slots.len();
        self.slots.push(slot);
        self.slots.extend_from_within(slots.start as usize..slots.end as usize);
        Run::new(start, self.slots.len())
    }

    pub(crate) fn add_number(&mut self, number: Number) -> NumberId {
        self.numbers.push(number);
        NumberId(index(self.numbers.len() - 1))
    }

    /// Gives a node that runs a template the template's number.
    pub(crate) fn set_number(&mut self, node: NodeId, number_of: impl FnOnce(&Str) -> u32) {
        if let NodeKind::Template { name, number, .. } = &mut self.nodes[node.0 as usize].kind {
            *number = number_of(&self.names[name.0 as usize]);
        }
    }

    pub(crate) fn list(&self, nodes: Run<NodeId>) -> &[NodeId] {
        nodes.of(&self.lists)
    }

    pub(crate) fn name(&self, name: NameId) -> &Str {
        &self.names[name.0 as usize]
    }

    pub(crate) fn fields(&self, names: Run<Str>) -> &[Str] {
        names.of(&self.names)
    }

    pub(crate) fn slots(&self, slots: Run<u32>) -> &[u32] {
        slots.of(&self.slots)
    }

    pub(crate) fn number(&self, number: NumberId) -> &Number {
        &self.numbers[number.0 as usize]
    }

    /// The one place where a variable certainly lies.
    pub(crate) fn certain_slot(&self, variable: Variable) -> Option<u32> {
        match *self.slots(variable.slots) {
            [slot] if !variable.may_be_unset => Some(slot),
            _ => None,
        }
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(crate) fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).kind
    }

    pub(crate) fn kind_mut(&mut self, id: NodeId) -> &mut NodeKind {
        &mut self.nodes[id.0 as usize].kind
    }

    pub(crate) fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The text of a node as it was written.
    pub(crate) fn written(&self, id: NodeId) -> &[u8] {
        self.span(id).of(&self.source.text)
    }

    /// The node in normal form, for messages.
    pub(crate) fn display(&self, id: NodeId) -> String {
        text::of_node(self, id)
    }

    /// Where a node stands, for an error while running `template`.
    pub(crate) fn place(&self, id: NodeId, template: &Str) -> Place {
        let node = self.node(id);
        let (line, column) = span::line_and_column(&self.source.text, node.position);
        Place {
            file: self.source.name.clone(),
            template: template.to_text().into_owned(),
            line,
            column: Some(column),
            span: Some(node.span),
            expression: Some(self.display(id)),
        }
    }

    /// Whether a list has nothing but white space.
    pub(crate) fn is_empty(&self, list: NodeId) -> bool {
        match self.kind(list) {
            NodeKind::List(items) => self.list(items).iter().all(|&item| {
                matches!(self.kind(item), NodeKind::Text)
                    && String::from_utf8_lossy(self.written(item)).chars().all(char::is_whitespace)
            }),
            _ => false,
        }
    }

    pub(crate) fn error(&self, id: NodeId, template: &Str, cause: ExecError) -> crate::error::Error {
        crate::error::Error::exec(self.place(id, template), cause)
    }
}
