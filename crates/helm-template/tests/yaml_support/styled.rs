//! Documents as people write them: blocks, brackets, quotes, anchors, tags and comments at random.

use super::generate::Random;

const SCALARS: &[&str] = &[
    "a",
    "b c",
    "x-y",
    "1",
    "0x1f",
    "1.5",
    "yes",
    "~",
    "null",
    "2026-01-02",
    "-1",
    "a:b",
    "http://x/#y",
    "é",
    "😀",
    "don't",
    "'it''s'",
    "'a\n\n   b'",
    "\"q\\n\\u00e9\"",
    "\"a \\\n    b\"",
    "'- x'",
    "\"\"",
    "''",
    "!!str 5",
    "!!int '7'",
    "! z",
    "!t u",
    "plain\n      over\n\n      lines",
    "a #b",
    "a#b",
    "?x",
    ":x",
    "-x",
    ".5",
    "012",
    "<<",
    "=",
    "!!binary aGk=",
    "!!null ''",
];

const BLOCKS: &[&str] = &["|", "|-", "|+", ">", ">-", ">+", "|2", ">1-", "| # c", "|-3"];

/// Writes a document.
pub(crate) fn document(random: &mut Random) -> String {
    let mut out =
        random.pick(&["", "", "", "---\n", "%YAML 1.1\n---\n", "# c\n", "--- # c\n", "\n"]).to_owned();
    let depth = 1 + random.below(4);
    node(random, &mut out, 0, depth);
    out.push_str(random.pick(&["", "\n", "...\n", "---\nb\n", "# end", "\n\n# c\n"]));
    out
}

fn node(random: &mut Random, out: &mut String, indent: usize, depth: usize) {
    out.push_str(random.pick(&["", "", "", "", "", "&x ", "&y ", "!m ", "&z !m "]));
    match random.below(if depth == 0 { 3 } else { 8 }) {
        0 => out.push_str(random.pick(SCALARS)),
        1 if out.contains("&x ") => out.push_str("*x"),
        1 => out.push_str(random.pick(&["*y", "", "", "", "a", "1", "[]", "{}", "b"])),
        2 => block_scalar(random, out, indent),
        3 => flow(random, out, depth),
        4 | 5 => {
            entries(random, out, indent, depth, "- ");
        }
        _ => {
            let key = random
                .pick(&["k: ", "\"q\": ", "? e\n: ", "a b:  ", "1: ", "k:\t", "k: ", "k: ", "k: ", "k: "])
                .to_owned();
            entries(random, out, indent, depth, &key);
        }
    }
}

/// Several lines that begin alike, on this line or further in on the next.
fn entries(random: &mut Random, out: &mut String, indent: usize, depth: usize, start: &str) {
    let step = [0, 1, 2, 2, 2, 4][random.below(6)];
    let inner = indent + step;
    if random.below(4) > 0 {
        newline(random, out, inner);
    }
    for at in 0..=random.below(3) {
        if at > 0 {
            newline(random, out, inner);
        }
        out.push_str(
            &start
                .replace('k', random.pick(&["k", "l", "m", "long key"]))
                .replace('\n', &format!("\n{}", " ".repeat(inner))),
        );
        node(random, out, inner + 2, depth - 1);
    }
}

fn newline(random: &mut Random, out: &mut String, indent: usize) {
    out.push_str(random.pick(&["\n", "\n", "\n", "\n", " # c\n", "\n\n", "\n# c\n", "\r\n", "  \n", "\t\n"]));
    out.push_str(&" ".repeat(indent));
}

fn block_scalar(random: &mut Random, out: &mut String, indent: usize) {
    out.push_str(random.pick(BLOCKS));
    for _ in 0..random.below(4) {
        out.push('\n');
        out.push_str(&" ".repeat(indent + random.below(4)));
        out.push_str(random.pick(&[
            "text",
            "more  text ",
            "",
            "\tx",
            "# no comment",
            "- a",
            "k: v",
            "é\u{2028}x",
        ]));
    }
}

fn flow(random: &mut Random, out: &mut String, depth: usize) {
    let (open, close) = [("[", "]"), ("{", "}")][random.below(2)];
    out.push_str(open);
    for _ in 0..random.below(4) {
        let key = random.pick(&["", "", "a: ", "? b : ", "\"c\":", "'d' : ", "? ", ": ", "e\n: "]);
        out.push_str(key);
        if depth > 1 && random.below(3) == 0 {
            flow(random, out, depth - 1);
        } else {
            out.push_str(random.pick(SCALARS));
        }
        out.push_str(random.pick(&[", ", ",", " ,\n   ", ", # c\n ", "", ",,"]));
    }
    out.push_str(close);
}
