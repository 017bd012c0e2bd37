//! What values and documents are made of.

/// Strings, most of which are written or read in a way of their own.
#[rustfmt::skip]
pub(crate) const WORDS: &[&str] = &[
    "a", "b", "key", "name", "x1", "a10", "a2", "B", "é", "数据", "😀", "y", "Yes", "no", "ON", "off", "true",
    "False", "null", "~", "", ".inf", "-.Inf", ".nan", "<<", "=", "1", "012", "08", "0x1f", "0o17", "0o-7",
    "0b101", "0b-1", "1e3", "1.5", ".5", "5.", "1_000", "+1", "-1", "-0", "1e", "0x", "1.2.3", "1,000", "12e03",
    "_1", "--1", "2026-01-02", "2026-1-2", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05.5", "2026-02-30",
    "1:30", "12:30:45", "190:20:30.15", "1:60", "---", "...", "--- a", "- a", "-a", "-", "? a", "?", ": a",
    ":a", "a: b", "a:", "# a", "a #b", "a#b", "[a", "a]", "{a", "a}", "a, b", ",a", "&a", "*a", "!a", "|a",
    ">a", "'a", "a'b", "\"a", "a\"b", "%a", "@a", "`a", " a", "a ", "a  b", "a\tb", "\ta", "a\nb", "a\n", "\na",
    "a\n\nb\n\n", "a \nb", "a\n b", " a\nb", "a\r\nb", "\u{85}", "a\u{85}b", "a \u{85} \u{85} b", "\u{85}--- a",
    "\u{feff}", "\u{feff}x y", "x\u{feff}", "\u{2028}", "a\u{2028}b", "a\u{2029}", "a\u{2028} b",
    "a\u{2028}\nb", "\u{7f}", "\u{80}", "\u{a0}", "\u{fffe}", "\u{fffd}", "\0", "\u{1}a", "\u{1b}", "a\\b",
    "C:\\x", "<a&b>", "it's",
    "the quick brown fox jumps over the lazy dog and the quick brown fox jumps over the lazy dog again",
    "quoted: the quick brown fox jumps over the lazy dog and the quick  brown fox jumps over the  lazy dog again it's",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "\tlong words with a tab at the start the quick brown fox jumps over the lazy dog and  two spaces after that word \\ end",
    "数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据 文字 数据",
    "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e400",
    "0.1", "1.10", "٣", "a٣", "a3", "1a", "9b", "10x", "a-b", "a.b", "a_b", "A", "_x", "a01", "a1", "a001",
    "a0", "00", "10", "100",
];

/// Documents to change at random.
#[rustfmt::skip]
pub(crate) const SEEDS: &[&str] = &[
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: job-1\n  labels: {app: x, \"on\": 'no'}\nspec:\n  template:\n    spec:\n      containers:\n      - name: main\n        image: \"r:4\"\n        command: [sh, -c, \"echo $(X)\"]\n        args:\n        - |\n          line 1\n            line 2\n        - >-\n          folded\n          text\n\n          more\n      restartPolicy: Never\n",
    "base: &b {x: 1, y: 2}\nd:\n  <<: *b\n  y: 3\ne: *b\nf:\n  <<: [*b, {z: 1}]\n",
    "a: !!str 5\nb: !!int '7'\nc: !!float 1\nd: !!bool 'yes'\ne: !!binary aGk=\nf: !x y\ng: ! 5\nh: !<tag:yaml.org,2002:str> 1\ni: !!null ''\n",
    "%YAML 1.1\n%TAG !e! tag:e.com,2000:\n--- !e!x\na: 1 # c\n...\n---\nb\n",
    "? a\n: b\n? [c, d]\n: - e\n  - f\n? |\n  g\n: h\n",
    "- - - a\n    - b\n  -\n    c\n-\n- d: e\n  f:\n  - g\n  - h: i\n",
    "\"a\\tb\\u00e9\\x41\\U0001F600 \\\n   c\n\n  d\": 'it''s\n  so'\nplain text\n  over lines: x\n",
    "[a, [b, {c: d, ? e : f, g}], h: i, ? j : k, 'l': m, \"n\":o]\n",
    "{a: [1, 2.5, 0x1f, 012, 1_000, .5, 1e3, ~, null, yes, 2026-01-02, 1:30], b: {}, c: [], ? : x}\n",
    "a: |2+\n   x\n\n\nb: >1-\n  y\n z\nc: |-\n\n  w\n# end\n",
    "1: a\n1.5: b\ntrue: c\nyes: d\n~: e\n0x10: f\n1e3: g\n18446744073709551615: h\n.inf: i\n",
    "a: &x [1, &y {k: *x}]\nb: *y\nc: *zz\n", "a: .inf\nb: [.nan]\nc: -.Inf\n",
    "\u{feff}a: 1\nb: \u{feff}2\n\u{feff}c: 3\n", "a:\n\t- b\nc:\td\n-\te\n",
    "a: 1\r\nb:\r\n  - x\r\n  - |\r\n    y\r\n    z\r\nc: p\rd: q\u{85}e: r\u{2028}f: s\n",
    "key: value\nkey: again\nother: {a: 1, a: 2}\n",
];

/// Pieces to make documents of.
#[rustfmt::skip]
pub(crate) const FRAGMENTS: &[&str] = &[
    "a", "b: ", "c:\n", "- ", "-\n", "? ", ": ", ":", "\n", "\n  ", "\n    ", "\n\n", " ", "  ", "[", "]", "{",
    "}", ", ", ",", "&a ", "*a", "&a", "!!str ", "!!int ", "!!float ", "!!null ", "!!bool ", "!!binary ",
    "!!timestamp ", "!x ", "! ", "!<", ">", "|", "|\n ", "|-\n  ", "|+", "|2\n   ", ">\n ", ">-", "'", "\"",
    "''", "\\n", "\\x41", "\\u00e", "\\", "#c", " #c\n", "---", "---\n", "--- ", "...", "...\n", "%YAML 1.1\n",
    "%YAML 1.2\n", "%TAG !e! x:\n", "%X y\n", "!e!z ", "<<: ", "<<", "\t", "\r\n", "\r", "\u{85}", "\u{2028}",
    "\u{feff}", "é", "😀", "1", "0x1f", "1e3", "-0", "2026-01-02", "y", "~", "null", ".inf", "aGk=", "@", "`",
    "\0", "\u{7f}", "*b", "{a: 1}", "[1, 2]", "{? a: b}", "x: y", "\n- ", "\n: ", "\n? ", "\na: ", "%41", "%e9",
    "!a%41b ", "1:30", "_", "0b-1", "012", "08",
];
