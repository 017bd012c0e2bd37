//! Regular expressions, what they are looked for in, and what replaces matches.

use super::super::random::Random;

#[rustfmt::skip]
const ATOMS: &[&str] = &[
    "a", "b", "c", "x", "é", "世", ".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[a-c]", "[^a]",
    "[[:alpha:]]", "[[:^digit:]x]", "[\\d-]", "[]a]", "[^]a]", "[a-]", "[é-ü]", "\\b", "\\B", "^", "$",
    "\\A", "\\z", "\\pL", "\\PN", "\\p{Greek}", "\\x41", "\\x{1F600}", "\\n", "\\t", "\\.", "\\Q.*\\E",
    "(a)", "(b|c)", "(?:ab)", "(?P<n>a)", "(?<m>b)", "(?i)", "(?i:B)", "(?s:.)", "(?m:^b$)", "(?U)",
    "(?-i:x)", "\\101", "\\0", "\\C", "1", "2", " ", "-", "@", "\\-", "\\/", "\\_",
];

const REPETITIONS: &[&str] =
    &["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{1,3}?", "{0}"];

/// What breaks a pattern, or is at the edge of what is one.
#[rustfmt::skip]
const ODDITIES: &[&str] = &[
    "(", ")", "[", "]", "{", "}", "*", "**", "+*", "{2}{3}", "\\", "(?", "(?P<", "(?P<n>a)(?P<n>b)",
    "(?=a)", "(?!a)", "\\1", "\\8", "\\x", "\\x{110000}", "[z-a]", "[[:nope:]]", "\\p{Nope}", "a{1001}",
    "a{2,1}", "{,2}", "a{,2}", "a{x}", "(?z)", "(?i", "\\Z", "\\G", "\\E", "\\Qab", "(a{500}){500}", "[a",
    "[^", "[\\d-z]", "(?P<1a>b)", "(?P<é>b)", "|", "||", "a|", "|a", "()", "(|)", "(*)", "x{2}{2}",
    "\\u0041", "\\N{x}", "(?#c)", "a++", "(?>a)", "\\K",
];

pub(crate) fn pattern(random: &mut Random) -> Vec<u8> {
    let mut pattern = String::new();
    for _ in 0..random.between(1, 4) {
        if random.percent(6) {
            pattern.push_str(random.word(ODDITIES));
        }
        pattern.push_str(random.word(ATOMS));
        pattern.push_str(random.word(REPETITIONS));
        if random.percent(10) {
            pattern.push('|');
        }
    }
    if random.percent(2) {
        pattern.clear();
    }
    let mut pattern = pattern.into_bytes();
    if random.percent(2) {
        let at = random.between(0, pattern.len());
        pattern.insert(at, 0xff);
    }
    pattern
}

const SUBJECTS: &[&str] = &[
    "abc123def",
    "",
    "aaa bbb\nccc",
    "héé世😀x",
    "a.b*c[d]",
    "foo@example.com, bar@x.org",
    "AbCaBc",
    "x=1;y=22;z",
    "-ab-axxb-",
    "tab\there \u{a0}\u{2003}",
    "aaaa",
    "abcabc",
    "B",
    "1 2  3",
    "αβγ",
    "a\u{301}",
];

pub(crate) fn subject(random: &mut Random) -> Vec<u8> {
    if random.percent(15) { super::text(random) } else { random.word(SUBJECTS).as_bytes().to_vec() }
}

const REPLACEMENTS: &[&str] = &[
    "$1", "${1}", "$n", "${n}", "$$", "$", "${", "}", "$0", "$9", "$10", "x", "é", "\\1", "$1x", "${1", "$-",
    "-", " ", "$世", "${a-b}", "$01",
];

pub(crate) fn replacement(random: &mut Random) -> Vec<u8> {
    random.pieces(REPLACEMENTS, 3).into_bytes()
}
