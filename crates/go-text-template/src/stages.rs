//! The same inputs after each stage, so that a change of one stage shows itself in one review.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::TemplateSet;
use crate::ast::{Arena, NodeId, NodeKind, Source};
use crate::lex::{Delimiters, Lexer, LoopWords};
use crate::parse::{self, OnUnknownName};
use crate::token::TokenKind;

const INPUTS: [&str; 4] = [
    "Hello {{- /* c */ -}}  {{ .user.name | printf \"%q\" -}} !",
    "{{ range $i, $x := .list }}{{ if $i }}, {{ else if true }}{{ break }}{{ end }}{{ $x.a }}{{ else }}none{{ end }}",
    "{{ define \"d\" }}{{ with $v := .a }}{{ $v }}{{ end }}{{ end }}{{ template \"d\" (index .m \"k\").b }}",
    "{{ $x := and .a (or 1 ($y := 2)) }}{{ .f 1 $y | .g }}{{ $x = 'a' }}",
];

fn tokens(text: &str) -> String {
    let delimiters = Delimiters::default();
    let words = LoopWords { break_is_keyword: true, continue_is_keyword: true };
    let mut lexer = Lexer::new(text.as_bytes(), &delimiters, words);
    let mut shown = String::new();
    loop {
        let token = lexer.next();
        writeln!(
            shown,
            "{}..{} {:?} {}",
            token.span.start,
            token.span.end,
            token.kind,
            token.describe(text.as_bytes())
        )
        .expect("a string takes any text");
        if token.kind == TokenKind::End {
            return shown;
        }
    }
}

fn tree(arena: &Arena, id: NodeId, depth: usize, shown: &mut String) {
    let node = arena.node(id);
    let name = format!("{:?}", node.kind);
    let name = name.split([' ', '(', '{']).next().unwrap_or_default().to_owned();
    let span = node.span;
    writeln!(
        shown,
        "{:indent$}{name} {}..{} at {}: {}",
        "",
        span.start,
        span.end,
        node.position,
        arena.display(id),
        indent = depth * 2
    )
    .expect("a string takes any text");
    let children: Vec<NodeId> = match node.kind {
        NodeKind::List(items) => arena.list(items).to_vec(),
        NodeKind::Action { pipe } => vec![pipe],
        NodeKind::If(branch) | NodeKind::With(branch) | NodeKind::Range(branch) => {
            [Some(branch.pipe), Some(branch.list), branch.else_list].into_iter().flatten().collect()
        }
        NodeKind::Template { pipe, .. } => pipe.into_iter().collect(),
        NodeKind::Pipe(pipe) => [arena.list(pipe.variables), arena.list(pipe.commands)].concat(),
        NodeKind::Command { arguments } => arena.list(arguments).to_vec(),
        NodeKind::Chain { base, .. } => vec![base],
        _ => Vec::new(),
    };
    for child in children {
        tree(arena, child, depth + 1, shown);
    }
}

#[test]
fn each_stage_shows_its_result() {
    let mut shown = String::new();
    for text in INPUTS {
        writeln!(shown, "=== {text}\n--- tokens\n{}--- tree", tokens(text)).expect("a string takes any text");
        let source = Arc::new(Source { name: "t".to_owned(), text: text.as_bytes().into() });
        let functions = crate::Functions::default();
        let outcome = parse::parse(&source, &Delimiters::default(), &functions, OnUnknownName::Fail)
            .unwrap_or_else(|(error, _)| panic!("{error}"));
        for definition in &outcome.definitions {
            writeln!(shown, "{} with {} slots", definition.name, definition.slots)
                .expect("a string takes any text");
            tree(&outcome.arena, definition.root, 1, &mut shown);
        }
        let mut set = TemplateSet::new();
        set.parse("t", text).unwrap_or_else(|error| panic!("{error}"));
        writeln!(shown, "--- steps").expect("a string takes any text");
        for name in set.names() {
            let number = set.number_of(name.as_bytes()).expect("it has a number");
            let template = set.by_number(number).expect("it was parsed");
            writeln!(shown, "{name}").expect("a string takes any text");
            for (i, step) in template.steps.iter().enumerate() {
                writeln!(shown, "  {i} {step:?}").expect("a string takes any text");
            }
        }
    }
    insta::assert_snapshot!(shown);
}
