//! Documents of JSON, YAML and TOML: whole ones, some with a change, and pieces in a row.

use super::super::random::Random;

#[rustfmt::skip]
const JSON: &[&str] = &[
    r#"{"a":1,"b":[1,2.5,"x",null,true,false]}"#, r#"[1,{"k":2}]"#, "{}", "[]", "", "null", "true", "5",
    r#""s""#, r#"{"a":"\u00e9\ud83d\ude00\n\/"}"#, r#"["\ud800"]"#, r#"{"a":1,"a":2}"#,
    r#"{"a":{"b":{"c":[[[]]]}}}"#, r#" { "a" : 1 } "#, "1e5", "-1.5E-3", "12345678901234567890",
    r#"{"é":"世"}"#, "[1e400]", "-0", "[0.1,1e21,1e-7,123456789]", "[[1],[\"a\"],{}]",
];

#[rustfmt::skip]
const JSON_PIECES: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "0", "-", ".", "e", "E", "+", "true", "false",
    "null", " ", "\n", "\"\\u0041\"", "\\", "\"", "tru", "é", "\u{1}",
];

#[rustfmt::skip]
const YAML: &[&str] = &[
    "a: 1\nb: [x, yes, ~]\nc: {d: 1.5}", "- 1\n- a: b\n- [x]", "", "# only", "just text",
    "a: |\n  l1\n  l2\n", "a: 012\nb: 0x1f\nc: 1_000\nd: 1e3\ne: .inf",
    "base: &b {x: 1}\nd:\n  <<: *b\n  z: 3", "a: 1\na: 2", "a: 1\n---\nb: 2", "? [a]\n: b",
    "a: !!str 5\nb: !!binary aGk=", "1: a\ntrue: b\n1.5: c", "a: 2026-01-02", "é: 世\nemoji: 😀",
    "- - 1\n  - 2\n-", "a: \"\\u00e9\\n\"", "%YAML 1.1\n---\na: 1", "a: >\n  f1\n  f2\n\n  f3",
    "a: -0.0\nb: 1.10", "a:\n- b\n- c: d\n  e: f\n", "x: 'it''s'\ny: \"a\\tb\"",
    "a: &x [1, &y {k: *x}]\nb: *y", "a: |2+\n   x\n\n\nb: >1-\n  y\n z\n", "{a: [1, 2.5], b: {}, ? x : y}",
];

#[rustfmt::skip]
const YAML_PIECES: &[&str] = &[
    "a", "b: ", "c:\n", "- ", "-\n", "? ", ": ", ":", "\n", "\n  ", "\n    ", " ", "[", "]", "{", "}", ", ",
    "&a ", "*a", "!!str ", "!!int ", "!!float ", "!!binary ", "! ", "|\n ", ">-", "|", "'", "\"", "\\n",
    "#c", " #c\n", "---\n", "...\n", "%YAML 1.1\n", "<<: ", "\t", "\r\n", "é", "1", "0x1f", "1e3",
    "2026-01-02", "y", "~", "null", ".inf", "@", "`", "*b", "{a: 1}", "x: y", "012", "1:30",
];

#[rustfmt::skip]
const TOML: &[&str] = &[
    "a = 1", "a = 1\n[t]\nx = [1.5, \"s\"]\n", "", "# c", "a.b.c = 1", "a = 'lit'", "a = \"\"\"m\nl\"\"\"",
    "a = '''\nraw'''", "a = 0x1f\nb = 0o17\nc = 0b1\nd = 1_000", "a = 1e3\nb = inf\nc = -nan",
    "a = 1979-05-27T07:32:00Z", "a = 1979-05-27 07:32:00", "a = 1979-05-27", "a = 07:32:00",
    "a = { x = 1, y = [2] }", "[[p]]\nn = 1\n[[p]]\nn = 2", "[a.b]\nc = 1\n[a]\nd = 2", "a = 1\na = 2",
    "a = \"\\u00e9\\n\\t\"", "\"quoted key\" = 1\n'lit' = 2", "a = [1,\n2, # c\n]",
    "a = 9223372036854775808", "[ a . b ]\nc = 1", "a = [[1], [\"b\"]]", "a = \"\\x41\\e\"",
];

#[rustfmt::skip]
const TOML_PIECES: &[&str] = &[
    "a", "b", " = ", "=", ".", "\n", "[", "]", "[[", "]]", "{", "}", ",", "1", "1.5", "-", "+", "_", "e",
    "0x", "true", "\"x\"", "'y'", "\"", "'", "\"\"\"", "'''", "\\", "\\u00e9", "\\n", "#c", " ", "\t",
    "\r\n", "1979-05-27", "T07:32:00", "Z", "inf", "nan", "é", "\u{1}", "07:32:00", ".999",
];

pub(crate) fn json(random: &mut Random) -> Vec<u8> {
    document(random, JSON, JSON_PIECES)
}

pub(crate) fn yaml(random: &mut Random) -> Vec<u8> {
    document(random, YAML, YAML_PIECES)
}

pub(crate) fn toml(random: &mut Random) -> Vec<u8> {
    document(random, TOML, TOML_PIECES)
}

fn document(random: &mut Random, whole: &[&str], pieces: &[&str]) -> Vec<u8> {
    match random.below(10) {
        0..4 => random.pick(whole).as_bytes().to_vec(),
        4..8 => {
            let text = random.word(whole).to_owned();
            changed(random, text, pieces).into_bytes()
        }
        _ => random.pieces(pieces, 8).into_bytes(),
    }
}

/// With a piece put in, or a part taken out.
fn changed(random: &mut Random, mut text: String, pieces: &[&str]) -> String {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = *random.pick(&starts);
    if random.percent(60) {
        text.insert_str(at, random.word(pieces));
    } else {
        let end = starts.iter().copied().find(|&start| start > at + random.below(4)).unwrap_or(text.len());
        text.replace_range(at..end, "");
    }
    text
}
