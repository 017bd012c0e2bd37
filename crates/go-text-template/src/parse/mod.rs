//! From tokens to the tree, with Go's grammar and Go's error texts, and without recursion.

mod control;
mod pipeline;
mod scope;
mod stream;

use std::sync::Arc;

use crate::ast::{Arena, NodeId, NodeKind, Source};
use crate::error::{Error, ParseError};
use crate::lex::{Delimiters, Lexer, LoopWords};
use crate::span::Span;
use crate::suggest;
use crate::token::{Token, TokenKind};
use crate::value::Str;

use control::Open;
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

/// What a text gave.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) arena: Arena,
    pub(crate) definitions: Vec<Definition>,
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
    /// The text and the definitions it is inside of, innermost last. Each has its own look-ahead, as each has its
    /// own parser in Go: this shows in the line numbers of errors.
    trees: Vec<Tree>,
    open: Vec<Open>,
}

/// The state of one template's parsing.
struct Tree {
    name: Str,
    lookahead: Lookahead,
    scope: Scope,
    /// How many loops' bodies surround the current place.
    range_depth: usize,
    /// The line of the opening delimiter of the action being read.
    action_line: Option<usize>,
}

impl Tree {
    fn new(name: Str) -> Self {
        Self { name, lookahead: Lookahead::default(), scope: Scope::new(), range_depth: 0, action_line: None }
    }
}

/// The result of parsing: the trees, and with [`OnUnknownName::Collect`] what was unknown.
pub(crate) struct Outcome {
    pub(crate) parsed: Parsed,
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
    let name = Str::from(source.name.as_str());
    let mut parser = Parser {
        lexer: Lexer::new(&source.text, delimiters, words),
        functions,
        on_unknown,
        problems: Vec::new(),
        arena: Arena::new(source.clone()),
        definitions: Vec::new(),
        trees: vec![Tree::new(name)],
        open: Vec::new(),
    };
    let limit = u32::MAX as usize;
    let result = if source.text.len() > limit {
        Err(parser.error(ParseError::TooLong { limit }))
    } else {
        parser.run()
    };
    match result {
        Ok(()) => Ok(Outcome {
            parsed: Parsed { arena: parser.arena, definitions: parser.definitions },
            problems: parser.problems,
        }),
        Err(error) => Err((error, parser.problems)),
    }
}

impl Parser<'_> {
    fn tree(&mut self) -> &mut Tree {
        // The text itself is never popped.
        let last = self.trees.len() - 1;
        &mut self.trees[last]
    }

    /// An error at the token read last, as far as Go's parser knows.
    fn error(&self, cause: ParseError) -> Error {
        let tree = &self.trees[self.trees.len() - 1];
        let (line, span) = tree.lookahead.latest();
        let template = tree.name.to_text();
        Error::parse(&self.arena.source.name, &template, line, span, cause)
    }

    /// The error for a token that cannot stand here.
    fn unexpected(&self, token: &Token, context: &'static str) -> Error {
        let cause = match &token.kind {
            TokenKind::Error(error) => {
                let action_line = self.trees[self.trees.len() - 1].action_line;
                let action_start = action_line
                    .filter(|&line| line != token.line)
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

    fn expect(&mut self, kind: &TokenKind, context: &'static str) -> Result<Token, Error> {
        let token = self.next_non_space();
        if token.kind == *kind { Ok(token) } else { Err(self.unexpected(&token, context)) }
    }

    fn text_of(&self, token: &Token) -> Str {
        Str::from(token.span.of(self.lexer.text()))
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

    fn check_variable(&mut self, name: &Str, span: Span) -> Result<(), Error> {
        if self.tree().scope.knows(name) {
            return Ok(());
        }
        let known = self.tree().scope.names();
        let name = name.to_text().into_owned();
        let nearest = suggest::nearest(&name, known.iter().map(String::as_str));
        self.unknown(span, ParseError::UndefinedVariable { name, nearest })
    }

    /// Takes a finished template into the text's definitions.
    fn define(&mut self, items: Vec<NodeId>, span: Span) -> Result<(), Error> {
        let root = self.arena.add(NodeKind::List(items), span.start, span);
        let is_empty = self.arena.is_empty(root);
        let slots = self.tree().scope.most_slots();
        let name = self.tree().name.clone();
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
