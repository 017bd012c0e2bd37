//! Printing a node back in normal form, without recursion.

use super::{Arena, NodeId, NodeKind};
use crate::format;

/// What is still to be written.
enum Piece {
    Text(&'static str),
    Node(NodeId),
    /// A pipeline that stands as an operand.
    Operand(NodeId),
    Fields(NodeId),
}

pub(super) fn of_node(arena: &Arena, id: NodeId) -> String {
    let mut out = Vec::new();
    let mut waiting = vec![Piece::Node(id)];
    while let Some(piece) = waiting.pop() {
        match piece {
            Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
            Piece::Fields(id) => write_fields(arena, id, &mut out),
            Piece::Operand(id) if matches!(arena.kind(id), NodeKind::Pipe(_)) => {
                waiting.extend([Piece::Text(")"), Piece::Node(id), Piece::Text("(")]);
            }
            Piece::Node(id) | Piece::Operand(id) => write_node(arena, id, &mut out, &mut waiting),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn write_fields(arena: &Arena, id: NodeId, out: &mut Vec<u8>) {
    let names = match arena.kind(id) {
        NodeKind::Field { names } | NodeKind::Chain { names, .. } | NodeKind::Variable { names, .. } => names,
        _ => return,
    };
    for name in arena.fields(names) {
        out.push(b'.');
        out.extend_from_slice(name.as_bytes());
    }
}

fn write_node(arena: &Arena, id: NodeId, out: &mut Vec<u8>, waiting: &mut Vec<Piece>) {
    match arena.kind(id) {
        NodeKind::Text | NodeKind::Number(_) | NodeKind::String { .. } => {
            out.extend_from_slice(arena.written(id));
        }
        NodeKind::Identifier { name } => out.extend_from_slice(arena.name(name).as_bytes()),
        NodeKind::Field { .. } => write_fields(arena, id, out),
        NodeKind::Variable { variable, .. } => {
            out.extend_from_slice(arena.name(variable.name).as_bytes());
            write_fields(arena, id, out);
        }
        NodeKind::Chain { base, .. } => waiting.extend([Piece::Fields(id), Piece::Operand(base)]),
        NodeKind::Dot => out.push(b'.'),
        NodeKind::Nil => out.extend_from_slice(b"nil"),
        NodeKind::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        NodeKind::Command { arguments } => {
            for (i, &argument) in arena.list(arguments).iter().enumerate().rev() {
                waiting.push(Piece::Operand(argument));
                if i > 0 {
                    waiting.push(Piece::Text(" "));
                }
            }
        }
        NodeKind::Pipe(pipe) => {
            for (i, &command) in arena.list(pipe.commands).iter().enumerate().rev() {
                waiting.push(Piece::Node(command));
                if i > 0 {
                    waiting.push(Piece::Text(" | "));
                }
            }
            let variables = arena.list(pipe.variables);
            if !variables.is_empty() {
                waiting.push(Piece::Text(if pipe.is_assignment { " = " } else { " := " }));
            }
            for (i, &variable) in variables.iter().enumerate().rev() {
                waiting.push(Piece::Node(variable));
                if i > 0 {
                    waiting.push(Piece::Text(", "));
                }
            }
        }
        NodeKind::Action { pipe } => {
            waiting.extend([Piece::Text("}}"), Piece::Node(pipe), Piece::Text("{{")]);
        }
        NodeKind::Template { name, pipe, .. } => {
            out.extend_from_slice(b"{{template ");
            out.extend_from_slice(&format::quote(arena.name(name)));
            waiting.push(Piece::Text("}}"));
            if let Some(pipe) = pipe {
                waiting.extend([Piece::Node(pipe), Piece::Text(" ")]);
            }
        }
        NodeKind::List(items) => {
            waiting.extend(arena.list(items).iter().rev().map(|&item| Piece::Node(item)));
        }
        NodeKind::Break => out.extend_from_slice(b"{{break}}"),
        NodeKind::Continue => out.extend_from_slice(b"{{continue}}"),
        NodeKind::If(branch) | NodeKind::With(branch) | NodeKind::Range(branch) => {
            let opening = match arena.kind(id) {
                NodeKind::If(_) => "{{if ",
                NodeKind::With(_) => "{{with ",
                _ => "{{range ",
            };
            waiting.push(Piece::Text("{{end}}"));
            if let Some(else_list) = branch.else_list {
                waiting.extend([Piece::Node(else_list), Piece::Text("{{else}}")]);
            }
            waiting.extend([
                Piece::Node(branch.list),
                Piece::Text("}}"),
                Piece::Node(branch.pipe),
                Piece::Text(opening),
            ]);
        }
    }
}
