//! The tree of a template: nodes in an arena, so that no depth of nesting costs stack.

mod text;

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

/// All nodes that came from one text.
#[derive(Debug)]
pub(crate) struct Arena {
    pub(crate) source: Arc<Source>,
    nodes: Vec<Node>,
}

/// A node and its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) span: Span,
    /// The byte Go reports for the node, which is not always its first.
    pub(crate) position: u32,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeKind {
    // Actions.
    List(Vec<NodeId>),
    Text,
    Action {
        pipe: NodeId,
    },
    If(Branch),
    With(Branch),
    Range(Branch),
    Template {
        name: Str,
        pipe: Option<NodeId>,
    },
    Break,
    Continue,
    // Pipelines.
    Pipe(Pipe),
    Command {
        arguments: Vec<NodeId>,
    },
    // Operands.
    Identifier {
        name: Str,
    },
    /// `.a.b`
    Field {
        names: Vec<Str>,
    },
    /// `(…).a.b`
    Chain {
        base: NodeId,
        names: Vec<Str>,
    },
    /// `$x.a.b`
    Variable {
        variable: Variable,
        names: Vec<Str>,
    },
    Dot,
    Nil,
    Bool(bool),
    Number(Number),
    String {
        value: Str,
    },
}

/// The parts of `if`, `with` and `range`.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: NodeId,
    pub(crate) list: NodeId,
    pub(crate) else_list: Option<NodeId>,
}

/// `$a, $b := command | command`
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) variables: Vec<NodeId>,
    pub(crate) is_assignment: bool,
    pub(crate) commands: Vec<NodeId>,
    /// What pipelines in parentheses inside this one declare, which stays unset if they are never evaluated.
    pub(crate) unset_first: Vec<u32>,
}

/// A variable, with the places where its value may lie when it is read.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: Str,
    /// The innermost declaration first. Further ones count only while the earlier are unset, which can happen to
    /// a declaration in parentheses. None at all: the variable was only ever assigned to.
    pub(crate) slots: Vec<u32>,
    /// Whether even the last of them may be unset.
    pub(crate) may_be_unset: bool,
}

impl Variable {
    /// The one place where the value certainly lies.
    pub(crate) fn certain_slot(&self) -> Option<u32> {
        match *self.slots {
            [slot] if !self.may_be_unset => Some(slot),
            _ => None,
        }
    }
}

impl Arena {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        Self { source, nodes: Vec::new() }
    }

    pub(crate) fn add(&mut self, kind: NodeKind, position: u32, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { kind, span, position });
        id
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(crate) fn kind(&self, id: NodeId) -> &NodeKind {
        &self.node(id).kind
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
            NodeKind::List(items) => items.iter().all(|&item| {
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
