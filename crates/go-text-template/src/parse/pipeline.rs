//! Pipelines, commands and operands. Parentheses are kept on an explicit stack.

use super::scope::Pending;
use super::{MOST_PARENTHESES, Parser};
use crate::ast::{NodeId, NodeKind, Pipe, Run};
use crate::error::{Error, ParseError};
use crate::format;
use crate::literal::Number;
use crate::span::Span;
use crate::token::{Token, TokenKind};
use crate::value::Str;

/// A pipeline that is being read.
pub(super) struct OpenPipe {
    context: &'static str,
    closing: TokenKind,
    start: Span,
    variables: Run<NodeId>,
    is_assignment: bool,
    pending: Vec<Pending>,
    /// Where its commands begin among the members.
    commands: usize,
    command: Option<OpenCommand>,
}

#[derive(Clone, Copy)]
struct OpenCommand {
    start: Span,
    /// Where its arguments begin among the members.
    arguments: usize,
}

enum Term {
    Node(NodeId),
    /// An opening parenthesis: a pipeline follows.
    Parenthesis,
    /// Nothing that could be an operand.
    None,
}

impl Parser<'_> {
    /// Reads a pipeline up to the closing delimiter.
    pub(super) fn pipeline(&mut self, context: &'static str) -> Result<NodeId, Error> {
        let mut open = std::mem::take(&mut self.pipes);
        let result = self.pipeline_in(&mut open, context);
        open.clear();
        self.pipes = open;
        result
    }

    fn pipeline_in(&mut self, open: &mut Vec<OpenPipe>, context: &'static str) -> Result<NodeId, Error> {
        let mut unset_first = Vec::new();
        open.push(self.open_pipe(context, TokenKind::RightDelimiter)?);
        loop {
            let depth = open.len();
            let Some(pipe) = open.last_mut() else { return Err(self.error(ParseError::EmptyCommand)) };
            if pipe.command.is_none() {
                let token = self.next_non_space();
                if token.kind == pipe.closing {
                    let Some(pipe) = open.pop() else { continue };
                    if depth > 1 {
                        unset_first.extend(pipe.pending.iter().map(Pending::slot));
                    }
                    let closed = self.close_pipe(&pipe, depth > 1)?;
                    let Some(outer) = open.last_mut() else {
                        if !unset_first.is_empty() {
                            let slots = self.arena.add_slots(unset_first);
                            if let NodeKind::Pipe(pipe) = self.arena.kind_mut(closed) {
                                pipe.unset_first = slots;
                            }
                        }
                        return Ok(closed);
                    };
                    self.operand_complete(outer, Some(closed))?;
                    continue;
                }
                if !begins_operand(token.kind) {
                    return Err(self.unexpected(&token, pipe.context));
                }
                self.backup();
                let start = self.peek_non_space().span;
                pipe.command = Some(OpenCommand { start, arguments: self.members.len() });
            }
            match self.term()? {
                Term::Node(node) => self.operand_complete(pipe, Some(node))?,
                Term::None => self.operand_complete(pipe, None)?,
                Term::Parenthesis => {
                    if depth > MOST_PARENTHESES {
                        return Err(self.error(ParseError::TooDeep));
                    }
                    open.push(self.open_pipe("parenthesized pipeline", TokenKind::RightParenthesis)?);
                }
            }
        }
    }

    /// Begins a pipeline, reading the variables it declares or assigns to.
    fn open_pipe(&mut self, context: &'static str, closing: TokenKind) -> Result<OpenPipe, Error> {
        let start = self.peek_non_space().span;
        let mut pipe = OpenPipe {
            context,
            closing,
            start,
            variables: Run::default(),
            is_assignment: false,
            pending: Vec::new(),
            commands: self.members.len(),
            command: None,
        };
        let mut names: Vec<Token> = Vec::new();
        while self.peek_non_space().kind == TokenKind::Variable {
            let variable = self.next();
            // What follows `$x` decides whether it is declared or an argument.
            let after = self.peek();
            let next = self.peek_non_space();
            match next.kind {
                TokenKind::Assign | TokenKind::Declare => {
                    pipe.is_assignment = next.kind == TokenKind::Assign;
                    self.next_non_space();
                    names.push(variable);
                    break;
                }
                TokenKind::Character if next.span.of(self.lexer.text()) == b"," => {
                    self.next_non_space();
                    names.push(variable);
                    if context != "range" || names.len() >= 2 {
                        return Err(self.error(ParseError::TooManyDeclarations { context }));
                    }
                    match self.peek_non_space().kind {
                        TokenKind::Variable | TokenKind::RightDelimiter | TokenKind::RightParenthesis => {}
                        _ => return Err(self.error(ParseError::RangeInitializesVariables)),
                    }
                }
                _ => {
                    if after.kind == TokenKind::Space {
                        self.backup_three(variable, after);
                    } else {
                        self.backup_two(variable);
                    }
                    break;
                }
            }
        }
        self.declare(&mut pipe, &names);
        Ok(pipe)
    }

    fn declare(&mut self, pipe: &mut OpenPipe, names: &[Token]) {
        let first = self.members.len();
        for token in names {
            let name = token.span.of(self.lexer.text());
            let scope = &mut self.tree.scope;
            let variable = if pipe.is_assignment {
                scope.assign(name, &mut self.arena)
            } else {
                let (variable, pending) = scope.declare(name, &mut self.arena);
                pipe.pending.push(pending);
                variable
            };
            let kind = NodeKind::Variable { variable, names: Run::default() };
            self.members.push(self.arena.add(kind, token.span.start, token.span));
        }
        pipe.variables = self.take_members(first);
    }

    fn close_pipe(&mut self, pipe: &OpenPipe, in_parentheses: bool) -> Result<NodeId, Error> {
        let commands = self.take_members(pipe.commands);
        let Some(&last) = self.arena.list(commands).last() else {
            return Err(self.error(ParseError::MissingValue { context: pipe.context }));
        };
        for (i, &command) in self.arena.list(commands).iter().enumerate().skip(1) {
            let NodeKind::Command { arguments } = self.arena.kind(command) else { continue };
            let first = self.arena.list(arguments).first().map(|&argument| self.arena.kind(argument));
            if let Some(
                NodeKind::Bool(_)
                | NodeKind::Dot
                | NodeKind::Nil
                | NodeKind::Number(_)
                | NodeKind::String { .. },
            ) = first
            {
                return Err(self.error(ParseError::NotExecutable { stage: i + 1 }));
            }
        }
        for pending in &pipe.pending {
            self.tree.scope.complete(pending, in_parentheses, &mut self.arena);
        }
        let span = pipe.start.to(self.arena.span(last));
        let node = Pipe {
            variables: pipe.variables,
            is_assignment: pipe.is_assignment,
            commands,
            unset_first: Run::default(),
        };
        Ok(self.arena.add(NodeKind::Pipe(node), pipe.start.start, span))
    }

    /// Takes an operand with the fields that follow it, and sees whether the command goes on.
    fn operand_complete(&mut self, pipe: &mut OpenPipe, operand: Option<NodeId>) -> Result<(), Error> {
        let Some(command) = pipe.command else { return Ok(()) };
        if let Some(node) = operand {
            let node = self.with_fields(node)?;
            self.members.push(node);
        }
        let token = self.next();
        match token.kind {
            TokenKind::Space => {
                self.peek_non_space();
                return Ok(());
            }
            TokenKind::RightDelimiter | TokenKind::RightParenthesis => self.backup(),
            TokenKind::Pipe => {}
            _ => return Err(self.unexpected(&token, "operand")),
        }
        pipe.command = None;
        let arguments = self.take_members(command.arguments);
        let Some(&last) = self.arena.list(arguments).last() else {
            return Err(self.error(ParseError::EmptyCommand));
        };
        let span = command.start.to(self.arena.span(last));
        let command = self.arena.add(NodeKind::Command { arguments }, command.start.start, span);
        self.members.push(command);
        Ok(())
    }

    /// The operand, or the chain of it and the fields that stand right behind it.
    fn with_fields(&mut self, node: NodeId) -> Result<NodeId, Error> {
        if self.peek().kind != TokenKind::Field {
            return Ok(node);
        }
        let first = self.peek().span;
        let mut last = first;
        // The names of a field are those added last, and go on.
        let mut names = match self.arena.kind(node) {
            NodeKind::Field { names } => Some(names),
            _ => None,
        };
        while self.peek().kind == TokenKind::Field {
            let token = self.next();
            last = token.span;
            names = Some(self.arena.add_field(names, field_name(token.span.of(self.lexer.text()))));
        }
        let names = names.unwrap_or_default();
        let span = self.arena.span(node).to(last);
        let kind = match self.arena.kind(node) {
            NodeKind::Field { .. } => NodeKind::Field { names },
            NodeKind::Variable { variable, .. } => NodeKind::Variable { variable, names },
            NodeKind::Bool(_)
            | NodeKind::String { .. }
            | NodeKind::Number(_)
            | NodeKind::Nil
            | NodeKind::Dot => {
                return Err(self.error(ParseError::FieldOfConstant { term: self.arena.display(node) }));
            }
            _ => NodeKind::Chain { base: node, names },
        };
        Ok(self.arena.add(kind, first.start, span))
    }

    fn term(&mut self) -> Result<Term, Error> {
        let token = self.next_non_space();
        let kind = match token.kind {
            TokenKind::Identifier => {
                self.check_function(&token)?;
                NodeKind::Identifier { name: self.arena.add_name(token.span.of(self.lexer.text())) }
            }
            TokenKind::Dot => NodeKind::Dot,
            TokenKind::Nil => NodeKind::Nil,
            TokenKind::Variable => {
                NodeKind::Variable { variable: self.variable(&token)?, names: Run::default() }
            }
            TokenKind::Field => {
                let name = field_name(token.span.of(self.lexer.text()));
                NodeKind::Field { names: self.arena.add_field(None, name) }
            }
            TokenKind::Bool => NodeKind::Bool(token.span.of(self.lexer.text()) == b"true"),
            TokenKind::CharacterConstant | TokenKind::Complex | TokenKind::Number => {
                let literal = token.span.of(self.lexer.text());
                let number = Number::read(token.kind, literal).map_err(|cause| self.error(cause))?;
                NodeKind::Number(self.arena.add_number(number))
            }
            TokenKind::String | TokenKind::RawString => {
                let text = self.unquote(&token)?;
                NodeKind::String { value: self.arena.add_name(text) }
            }
            TokenKind::LeftParenthesis => return Ok(Term::Parenthesis),
            _ => {
                self.backup();
                return Ok(Term::None);
            }
        };
        Ok(Term::Node(self.arena.add(kind, token.span.start, token.span)))
    }

    pub(super) fn unquote(&self, token: &Token) -> Result<Str, Error> {
        match format::unquote(self.text_of(token)) {
            Some(text) => Ok(Str::from(&*text)),
            None => Err(self.error(ParseError::MalformedString { literal: self.lossy(token.span) })),
        }
    }
}

/// What follows the point.
fn field_name(token: &[u8]) -> &[u8] {
    token.get(1..).unwrap_or(&[])
}

fn begins_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Bool
            | TokenKind::CharacterConstant
            | TokenKind::Complex
            | TokenKind::Dot
            | TokenKind::Field
            | TokenKind::Identifier
            | TokenKind::Number
            | TokenKind::Nil
            | TokenKind::RawString
            | TokenKind::String
            | TokenKind::Variable
            | TokenKind::LeftParenthesis
    )
}
