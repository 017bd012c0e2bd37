//! Actions and control structures. Open structures are kept on an explicit stack.

use super::Parser;
use super::scope::Mark;
use crate::ast::{Branch, NodeId, NodeKind};
use crate::error::{Error, ParseError};
use crate::span::Span;
use crate::token::{Keyword, Token, TokenKind};
use crate::value::Str;

/// A structure whose `end` is still to come.
pub(super) struct Open {
    kind: OpenKind,
    /// Where what was read of the current list begins among the members.
    members: usize,
    start: Span,
}

enum OpenKind {
    /// The text itself.
    Text,
    Define,
    Block {
        name: Str,
        pipe: NodeId,
        name_span: Span,
    },
    Branch(OpenBranch),
}

#[derive(Clone, Copy)]
struct OpenBranch {
    word: BranchWord,
    pipe: NodeId,
    mark: Mark,
    /// The scope at the start of the first list.
    body: Mark,
    /// The first list, once `else` has been met.
    list: Option<NodeId>,
    /// Whether it is the `if` of an `else if`, whose `end` ends the outer one, too.
    ends_outer: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BranchWord {
    If,
    With,
    Range,
}

impl BranchWord {
    fn name(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

const DEFINE: &str = "define clause";
const BLOCK: &str = "block clause";
const TEMPLATE: &str = "template clause";

impl Parser<'_> {
    /// Parses the whole text.
    pub(super) fn run(&mut self) -> Result<(), Error> {
        let start = self.peek().span;
        self.open.push(Open { kind: OpenKind::Text, members: self.members.len(), start });
        loop {
            let at_top = matches!(self.open.last(), Some(Open { kind: OpenKind::Text, .. }));
            if self.peek_non_space().kind == TokenKind::End {
                if at_top {
                    break;
                }
                return Err(self.error(ParseError::UnexpectedEnd));
            }
            if at_top && self.peek().kind == TokenKind::LeftDelimiter {
                let delimiter = self.next();
                if self.next_non_space().kind == TokenKind::Keyword(Keyword::Define) {
                    self.define_control()?;
                    continue;
                }
                self.backup_two(delimiter);
            }
            self.text_or_action()?;
        }
        match self.open.pop() {
            Some(open) => {
                let end = self.lexer.text().len();
                let span = open.start.to(Span::new(end, end));
                self.define(open.members, span)
            }
            None => Ok(()),
        }
    }

    fn text_or_action(&mut self) -> Result<(), Error> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::Text => {
                let node = self.arena.add(NodeKind::Text, token.span.start, token.span);
                self.append(node);
                Ok(())
            }
            TokenKind::LeftDelimiter => {
                self.tree.action_start = Some(token.span);
                self.action()
            }
            _ => Err(self.unexpected(&token, "input")),
        }
    }

    fn append(&mut self, node: NodeId) {
        self.members.push(node);
    }

    /// Makes a node of the list that was read.
    pub(super) fn close_list(&mut self, members: usize, span: Span) -> NodeId {
        let items = self.take_members(members);
        self.arena.add(NodeKind::List(items), span.start, span)
    }

    /// Appends a node that is a whole action.
    fn append_action(&mut self, node: NodeId) {
        self.append(node);
        self.tree.action_start = None;
    }

    fn action(&mut self) -> Result<(), Error> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::Keyword(Keyword::Block) => self.block_control(),
            TokenKind::Keyword(Keyword::Break) => {
                self.loop_control(&token, NodeKind::Break, "break", "{{break}}")
            }
            TokenKind::Keyword(Keyword::Continue) => {
                self.loop_control(&token, NodeKind::Continue, "continue", "{{continue}}")
            }
            TokenKind::Keyword(Keyword::Else) => self.else_control(),
            TokenKind::Keyword(Keyword::End) => {
                self.expect(TokenKind::RightDelimiter, "end")?;
                self.end_control()
            }
            TokenKind::Keyword(Keyword::If) => self.branch_control(BranchWord::If, false),
            TokenKind::Keyword(Keyword::With) => self.branch_control(BranchWord::With, false),
            TokenKind::Keyword(Keyword::Range) => self.branch_control(BranchWord::Range, false),
            TokenKind::Keyword(Keyword::Template) => self.template_control(),
            _ => {
                self.backup();
                let position = self.peek().span.start;
                let pipe = self.pipeline("command")?;
                let span = self.arena.span(pipe);
                let node = self.arena.add(NodeKind::Action { pipe }, position, span);
                self.append_action(node);
                Ok(())
            }
        }
    }

    fn define_control(&mut self) -> Result<(), Error> {
        self.begin_tree(Str::from("definition"));
        let token = self.next_non_space();
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(&token, DEFINE));
        }
        self.tree.name = self.unquote(&token)?;
        self.expect(TokenKind::RightDelimiter, DEFINE)?;
        let start = self.peek_non_space().span;
        self.open.push(Open { kind: OpenKind::Define, members: self.members.len(), start });
        Ok(())
    }

    fn block_control(&mut self) -> Result<(), Error> {
        let token = self.next_non_space();
        let name = self.template_name(&token, BLOCK)?;
        let pipe = self.pipeline(BLOCK)?;
        self.begin_tree(name.clone());
        let start = self.peek_non_space().span;
        let kind = OpenKind::Block { name, pipe, name_span: token.span };
        self.open.push(Open { kind, members: self.members.len(), start });
        Ok(())
    }

    fn template_control(&mut self) -> Result<(), Error> {
        let token = self.next_non_space();
        let name = self.template_name(&token, TEMPLATE)?;
        let pipe = if self.next_non_space().kind == TokenKind::RightDelimiter {
            None
        } else {
            self.backup();
            Some(self.pipeline(TEMPLATE)?)
        };
        let span = pipe.map_or(token.span, |pipe| token.span.to(self.arena.span(pipe)));
        self.append_template(name, pipe, token.span.start, span);
        Ok(())
    }

    fn append_template(&mut self, name: Str, pipe: Option<NodeId>, position: u32, span: Span) {
        let name = self.arena.add_name(name);
        let node = self.arena.add(NodeKind::Template { name, number: 0, pipe }, position, span);
        self.called.push(node);
        self.append_action(node);
    }

    fn template_name(&mut self, token: &Token, context: &'static str) -> Result<Str, Error> {
        match token.kind {
            TokenKind::String | TokenKind::RawString => self.unquote(token),
            _ => Err(self.unexpected(token, context)),
        }
    }

    fn loop_control(
        &mut self,
        word: &Token,
        kind: NodeKind,
        keyword: &'static str,
        context: &'static str,
    ) -> Result<(), Error> {
        let token = self.next_non_space();
        if token.kind != TokenKind::RightDelimiter {
            return Err(self.unexpected(&token, context));
        }
        if self.tree.range_depth == 0 {
            return Err(self.error(ParseError::OutsideRange { keyword }));
        }
        let node = self.arena.add(kind, word.span.start, word.span);
        self.append_action(node);
        Ok(())
    }

    fn branch_control(&mut self, word: BranchWord, ends_outer: bool) -> Result<(), Error> {
        let mark = self.tree.scope.mark();
        let pipe = self.pipeline(word.name())?;
        if word == BranchWord::Range {
            self.tree.range_depth += 1;
        }
        let start = self.peek_non_space().span;
        let body = self.tree.scope.mark();
        let branch = OpenBranch { word, pipe, mark, body, list: None, ends_outer };
        self.open.push(Open { kind: OpenKind::Branch(branch), members: self.members.len(), start });
        Ok(())
    }

    fn else_control(&mut self) -> Result<(), Error> {
        let next = self.peek_non_space();
        if !matches!(next.kind, TokenKind::Keyword(Keyword::If | Keyword::With)) {
            self.expect(TokenKind::RightDelimiter, "else")?;
        }
        self.tree.action_start = None;
        let found = "{{else}}";
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let branch = match &mut open.kind {
            OpenKind::Text => return Err(self.error(ParseError::Unopened { found })),
            OpenKind::Define => {
                return Err(self.error(ParseError::Unexpected { found: found.to_owned(), context: DEFINE }));
            }
            OpenKind::Block { .. } => {
                // The block's own parser is done; the error is the outer one's.
                self.end_tree();
                return Err(self.error(ParseError::Unexpected { found: found.to_owned(), context: BLOCK }));
            }
            OpenKind::Branch(OpenBranch { list: Some(_), .. }) => {
                return Err(self.error(ParseError::ExpectedEnd { found }));
            }
            OpenKind::Branch(branch) => branch,
        };
        let items = self.arena.add_list(&self.members[open.members..]);
        self.members.truncate(open.members);
        let list = self.arena.add(NodeKind::List(items), open.start.start, open.start);
        branch.list = Some(list);
        let (word, body) = (branch.word, branch.body);
        self.tree.scope.begin_alternative(body, &self.arena);
        if word == BranchWord::Range {
            self.tree.range_depth -= 1;
        }
        let is_chained = matches!(
            (word, next.kind),
            (BranchWord::If, TokenKind::Keyword(Keyword::If))
                | (BranchWord::With, TokenKind::Keyword(Keyword::With))
        );
        if is_chained {
            self.next();
            return self.branch_control(word, true);
        }
        let start = self.peek_non_space().span;
        if let Some(open) = self.open.last_mut() {
            open.start = start;
        }
        Ok(())
    }

    fn end_control(&mut self) -> Result<(), Error> {
        self.tree.action_start = None;
        while let Some(open) = self.open.pop() {
            let span = open.start;
            match open.kind {
                OpenKind::Text => return Err(self.error(ParseError::Unopened { found: "{{end}}" })),
                OpenKind::Define => {
                    self.define(open.members, span)?;
                    self.end_tree();
                    return Ok(());
                }
                OpenKind::Block { name, pipe, name_span } => {
                    self.define(open.members, span)?;
                    self.end_tree();
                    let span = name_span.to(self.arena.span(pipe));
                    self.append_template(name, Some(pipe), name_span.start, span);
                    return Ok(());
                }
                OpenKind::Branch(branch) => {
                    let ends_outer = branch.ends_outer;
                    let last = self.close_list(open.members, span);
                    let node = self.close_branch(branch, last);
                    self.append_action(node);
                    if !ends_outer {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// Makes a node of a structure whose last list is closed.
    fn close_branch(&mut self, branch: OpenBranch, last: NodeId) -> NodeId {
        let (list, else_list) = match branch.list {
            Some(list) => (list, Some(last)),
            None => {
                if branch.word == BranchWord::Range {
                    self.tree.range_depth -= 1;
                }
                (last, None)
            }
        };
        self.tree.scope.return_to(branch.mark);
        let span = self.arena.span(branch.pipe);
        let parts = Branch { pipe: branch.pipe, list, else_list };
        let kind = match branch.word {
            BranchWord::If => NodeKind::If(parts),
            BranchWord::With => NodeKind::With(parts),
            BranchWord::Range => NodeKind::Range(parts),
        };
        self.arena.add(kind, span.start, span)
    }
}
