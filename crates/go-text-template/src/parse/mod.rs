//! From tokens to the tree, with Go's grammar and Go's error texts, and without recursion.

mod control;
mod pipeline;
mod scope;
mod stream;

use std::sync::Arc;

use crate::ast::{Arena, NodeId, Run, Source, Variable};
use crate::error::{Error, ParseError};
use crate::lex::{Delimiters, Lexer, LoopWords};
use crate::span::{Span, line_and_column};
use crate::suggest;
use crate::token::{Token, TokenKind};
use crate::value::Str;

use control::Open;
use pipeline::OpenPipe;
use scope::Scope;
use stream::Lookahead;

/// What the names in a text are looked up in.
pub(crate) trait KnownFunctions {
    fn contains(&self, name: &[u8]) -> bool;

    /// All names, for suggestions.
    fn names(&self) -> Vec<String>;
}

/// One template of a text: the text itself, or a `define` or `block` in it.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) name: Str,
    pub(crate) root: NodeId,
    /// How many variables it holds at most.
    pub(crate) slots: u32,
    pub(crate) is_empty: bool,
}

/// What to do about unknown functions and variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnUnknownName {
    /// The first one is the error, as in Go.
    Fail,
    /// All are collected, and parsing goes on.
    Collect,
}

/// The nesting of parentheses that Go accepts.
const MOST_PARENTHESES: usize = 10_000;

pub(crate) struct Parser<'p> {
    lexer: Lexer<'p>,
    functions: &'p dyn KnownFunctions,
    on_unknown: OnUnknownName,
    problems: Vec<Error>,
    arena: Arena,
    definitions: Vec<Definition>,
    called: Vec<NodeId>,
    /// The innermost definition, and around it the others and the text, innermost last. Each has its own look-ahead,
    /// as each has its own parser in Go: this shows in the line numbers of errors.
    tree: Tree,
    outer_trees: Vec<Tree>,
    open: Vec<Open>,
    /// Pipelines in parentheses, and the one around them; empty between actions.
    pipes: Vec<OpenPipe>,
    /// The members of all lists that are still being read, those of inner lists behind those of outer ones.
    members: Vec<NodeId>,
}

/// The state of one template's parsing.
struct Tree {
    name: Str,
    lookahead: Lookahead,
    scope: Scope,
    /// How many loops' bodies surround the current place.
    range_depth: usize,
    /// The opening delimiter of the action being read.
    action_start: Option<Span>,
}

impl Tree {
    fn new(name: Str, arena: &mut Arena) -> Self {
        let scope = Scope::new(arena);
        Self { name, lookahead: Lookahead::default(), scope, range_depth: 0, action_start: None }
    }
}

/// The result of parsing: the trees, and with [`OnUnknownName::Collect`] what was unknown.
pub(crate) struct Outcome {
    pub(crate) arena: Arena,
    pub(crate) definitions: Vec<Definition>,
    /// The nodes that run a template.
    pub(crate) called: Vec<NodeId>,
    pub(crate) problems: Vec<Error>,
}

/// Parses a text. With [`OnUnknownName::Collect`] an error comes with the problems met before it.
pub(crate) fn parse(
    source: &Arc<Source>,
    delimiters: &Delimiters,
    functions: &dyn KnownFunctions,
    on_unknown: OnUnknownName,
) -> Result<Outcome, (Error, Vec<Error>)> {
    let words = LoopWords {
        break_is_keyword: !functions.contains(b"break"),
        continue_is_keyword: !functions.contains(b"continue"),
    };
    let mut arena = Arena::new(source.clone());
    let tree = Tree::new(Str::from(source.name.as_str()), &mut arena);
    let mut parser = Parser {
        lexer: Lexer::new(&source.text, delimiters, words),
        functions,
        on_unknown,
        problems: Vec::new(),
        arena,
        definitions: Vec::new(),
        called: Vec::new(),
        tree,
        outer_trees: Vec::new(),
        open: Vec::new(),
        pipes: Vec::new(),
        members: Vec::new(),
    };
    let limit = u32::MAX as usize;
    let result = if source.text.len() > limit {
        Err(parser.error(ParseError::TooLong { limit }))
    } else {
        parser.run()
    };
    match result {
        Ok(()) => Ok(Outcome {
            arena: parser.arena,
            definitions: parser.definitions,
            called: parser.called,
            problems: parser.problems,
        }),
        Err(error) => Err((error, parser.problems)),
    }
}

impl Parser<'_> {
    /// Begins a definition inside the current one.
    fn begin_tree(&mut self, name: Str) {
        let tree = Tree::new(name, &mut self.arena);
        self.outer_trees.push(std::mem::replace(&mut self.tree, tree));
    }

    fn end_tree(&mut self) {
        if let Some(outer) = self.outer_trees.pop() {
            self.tree = outer;
        }
    }

    /// An error at the token read last, as far as Go's parser knows.
    fn error(&self, cause: ParseError) -> Error {
        let latest = self.tree.lookahead.latest();
        // Go's parser begins with a token on line 0.
        let (line, span) = latest.map_or((0, Span::default()), |span| (self.line(span), span));
        let template = self.tree.name.to_text();
        Error::parse(&self.arena.source.name, &template, line, span, cause)
    }

    /// The line, from 1, that something starts on. Only errors tell lines.
    fn line(&self, span: Span) -> usize {
        line_and_column(self.lexer.text(), span.start).0
    }

    /// The error for a token that cannot stand here.
    fn unexpected(&self, token: &Token, context: &'static str) -> Error {
        let cause = match (token.kind, self.lexer.failure()) {
            (TokenKind::Error, Some(error)) => {
                let action_line = self.tree.action_start.map(|span| self.line(span));
                let action_start = action_line
                    .filter(|&line| line != self.line(token.span))
                    .map(|line| (self.arena.source.name.clone(), line));
                ParseError::Lex { error: error.clone(), action_start }
            }
            _ => {
                let found = token.describe(self.lexer.text()).to_string();
                ParseError::Unexpected { found, context }
            }
        };
        self.error(cause)
    }

    fn expect(&mut self, kind: TokenKind, context: &'static str) -> Result<Token, Error> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(&token, context)) }
    }

    fn text_of(&self, token: &Token) -> &[u8] {
        token.span.of(self.lexer.text())
    }

    fn lossy(&self, span: Span) -> String {
        String::from_utf8_lossy(span.of(self.lexer.text())).into_owned()
    }

    /// Reports an unknown name: at once, or with all others at the end.
    fn unknown(&mut self, span: Span, cause: ParseError) -> Result<(), Error> {
        let error = self.error(cause);
        match self.on_unknown {
            OnUnknownName::Fail => Err(error),
            OnUnknownName::Collect => {
                self.problems.push(error.with_span(span));
                Ok(())
            }
        }
    }

    fn check_function(&mut self, token: &Token) -> Result<(), Error> {
        if self.functions.contains(token.span.of(self.lexer.text())) {
            return Ok(());
        }
        let name = self.lossy(token.span);
        let known = self.functions.names();
        let nearest = suggest::nearest(&name, known.iter().map(String::as_str));
        self.unknown(token.span, ParseError::UnknownFunction { name, nearest })
    }

    /// The variable that a token names; one that is not known is reported.
    fn variable(&mut self, token: &Token) -> Result<Variable, Error> {
        let name = token.span.of(self.lexer.text());
        if let Some(variable) = self.tree.scope.find(name, &self.arena) {
            return Ok(variable);
        }
        let known = self.tree.scope.names(&self.arena);
        let shown = self.lossy(token.span);
        let nearest = suggest::nearest(&shown, known.iter().map(String::as_str));
        self.unknown(token.span, ParseError::UndefinedVariable { name: shown, nearest })?;
        Ok(self.tree.scope.variable(name, &mut self.arena))
    }

    /// Makes a list of the members from here on.
    fn take_members(&mut self, from: usize) -> Run<NodeId> {
        let list = self.arena.add_list(&self.members[from..]);
        self.members.truncate(from);
        list
    }

    /// Takes a finished template into the text's definitions.
    fn define(&mut self, members: usize, span: Span) -> Result<(), Error> {
        let root = self.close_list(members, span);
        let is_empty = self.arena.is_empty(root);
        let slots = self.tree.scope.most_slots();
        let name = self.tree.name.clone();
        let definition = Definition { name, root, slots, is_empty };
        match self.definitions.iter_mut().find(|known| known.name == definition.name) {
            None => self.definitions.push(definition),
            Some(known) if known.is_empty => *known = definition,
            Some(_) if definition.is_empty => {}
            Some(_) => {
                let name = definition.name.to_text().into_owned();
                return Err(self.error(ParseError::MultipleDefinition { name }));
            }
        }
        Ok(())
    }
}
