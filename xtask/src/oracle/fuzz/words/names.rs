//! Versions, constraints on them, URLs, paths, encoded bytes.

use super::super::random::Random;

#[rustfmt::skip]
const VERSIONS: &[&str] = &[
    "1.2.3", "v1.2.3", "1.2", "1", "v1", "1.2.3-beta.1+b5", "1.2.3+m", "1.2.3-alpha", "0.0.0", "1.2.3.4",
    "abc", "", "1.2.3-", "01.2.3", "1.2.3-01", "1.2-rc1", " 1.2.3", "1.2.x", "99999999999999999999.0.0",
    "1.2.3-a..b", "2.0.0", "1.9.9", "0.2.3", "0.0.3", "1.21.3-gke.5", "18446744073709551615.1.1", "10.0.0",
    "1.2.3-rc.1",
];

const VERSION_PIECES: &[&str] = &[
    "1",
    "2",
    "0",
    "10",
    ".",
    ".",
    ".",
    "-",
    "+",
    "v",
    "x",
    "*",
    "a",
    "rc",
    "beta",
    "01",
    "é",
    " ",
    "9999999999",
];

#[rustfmt::skip]
const CONSTRAINTS: &[&str] = &[
    "^1.2.0", "~1.2.0", ">=1.2, <2.0.0", ">=1.20-0", "1.x", "1.2 - 1.4", "<1 || >3", "^0.2.3", "*", "!=1.0",
    "=1.0", "~1", "1.2.3", "", "bad!", "=>1.2", "=<2", "~>1.2", "^0.0.3", ">=1.2.3 <2.0.0 || ^3",
    "^1.2.3-beta.2", ">=0.0.0-0", "1.2 -1.4", "||", "1.2,", "!=1.2.3", "^v1.2", "~0", "X", ">*",
];

const CONSTRAINT_PIECES: &[&str] = &[
    "^", "~", ">", "<", "=", "!", ">=", "<=", "!=", "~>", " ", " ", ", ", " || ", " - ", "1", "1.2", "1.2.3",
    "0.2", "2.0.0", "x", "*", "1.x", "1.2.x", "-rc.1", "-0", "+m", "v1", "é", ".",
];

#[rustfmt::skip]
const URLS: &[&str] = &[
    "https://u:p%40x@host.com:8080/p%20a/th?q=1&r=2#frag", "mailto:x@y.z", "/rel?x", "", "http://[::1]:80/",
    "//h/p", "http://h/a b", "http://h/%zz", ":x", "http:x", "?q", "#f", "http://h#a#b", "http://h/é",
    "a:b:c", "localhost:8080/x", "*", "urn:isbn:123", "http://1.2.3.4", "http://h/a+b?c+d", "../x:y",
];

#[rustfmt::skip]
const URL_PIECES: &[&str] = &[
    "http", ":", "//", "/", "h", "host.com", "@", "u:p", "?", "#", "&", "=", "%20", "%zz", "%", "[", "]",
    "::1", "8080", " ", "é", "..", ".", "*", ";", "+", "a", "b", "\\", "\u{7f}", "<", "|", "'", "!",
];

#[rustfmt::skip]
const PATHS: &[&str] = &[
    "/a/b.txt", "a/b", "", "/", "//", ".", "..", "../..", "/..", "a/../b", "/a/../b//c/.", "a.tar.gz",
    ".bashrc", "a/b/", "./a", "é/世.x", "a.", "a.b/c", "\\a\\b",
];

const PATH_PIECES: &[&str] = &["/", "/", ".", "..", "a", "b.c", "é", " ", "\\", "../"];

#[rustfmt::skip]
const ENCODED: &[&str] = &[
    "aGVsbG8=", "aGVsbG8", "", "!!", "aGVs\nbG8=", "YQ==", "YR==", "YQ", "====", "_-8=", "/+8=", "NBUQ====",
    "NBUQ===", "nbuq====", "NBSWY3DP", "MFRGG===", "MZXW6YQ=", "M1======", "YWJj=ZGVm",
];

const ENCODED_PIECES: &[&str] =
    &["YWJj", "ZGVm", "MZXW", "6YQ", "=", "==", "A", "a", "7", "/", "+", "_", "\n", "\r", "!", "é", "8", "1"];

pub(crate) fn version(random: &mut Random) -> Vec<u8> {
    either(random, VERSIONS, VERSION_PIECES, 7)
}

pub(crate) fn constraint(random: &mut Random) -> Vec<u8> {
    either(random, CONSTRAINTS, CONSTRAINT_PIECES, 5)
}

pub(crate) fn url(random: &mut Random) -> Vec<u8> {
    either(random, URLS, URL_PIECES, 7)
}

pub(crate) fn path(random: &mut Random) -> Vec<u8> {
    either(random, PATHS, PATH_PIECES, 6)
}

/// Base64 and base32, more or less.
pub(crate) fn encoded(random: &mut Random) -> Vec<u8> {
    either(random, ENCODED, ENCODED_PIECES, 5)
}

fn either(random: &mut Random, whole: &[&str], pieces: &[&str], most: usize) -> Vec<u8> {
    let mut text =
        if random.percent(50) { random.word(whole).to_owned() } else { random.pieces(pieces, most) }
            .into_bytes();
    if random.percent(2) {
        let at = random.between(0, text.len());
        text.insert(at, 0xff);
    }
    text
}
