//! What arguments are made of: texts, and texts that mean something to some functions.

mod documents;
mod names;
mod patterns;
mod times;

use super::random::Random;
pub(crate) use documents::{json, toml, yaml};
pub(crate) use names::{constraint, encoded, path, url, version};
pub(crate) use patterns::{pattern, replacement, subject};
pub(crate) use times::{duration, layout, time, zone};

#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "", "a", "b", "text", "hello World", "x y", " \t lead and trail \n", "foo_bar-baz qux", "fooBarBAZ",
    "HTTPServer2Go", "héllo WÖRLD ß", "世界 😀 emoji", "a\nb\n\nc", "it's \"quoted\" \\ back", "12 34.5",
    "ǆ ǅ Ǆ ŉ ﬁ İ ı", "a,b,,c", "$$$", "--x--y--", "one  two   three",
    "The quick brown fox jumped over the lazy dog", "\u{85}\u{a0}\u{2003}x\u{3000}", "ÀÉ éà ÿŸ",
    "user_ID_2name v1.2.3", "<no value>", "<a href='x'>&amp;</a>", "{{ .s }}", "a=b&c=d e+f", "%s %d %%",
    "\0\u{1}\u{7f}", "\u{feff}bom", "\u{2028}\u{2029}", "cafe\u{301}", "true", "false", "nil", "null",
    "NaN", "/*", "*/", "}}", "a\r\nb\rc", "key: value", "- item", "# no", "'", "\"", "`", "\\", "Ⅷ ⅷ ⓐ",
    "ΑΣ ας ὈΔΥΣΣΕΎΣ", "1a2B3c", "__init__", "A-B_C D", "0", "1", "12", "-3", "3.7", "1e3", "0x1f", "012",
    "0b101", "0o17", "1_000", " 5", "+3", "9223372036854775807", "9223372036854775808", "inf", "1.0e5",
    "9.0",
];

/// Bytes that are no text.
const BROKEN: &[&[u8]] = &[
    b"\xff",
    b"\xff\xfeab\xc3",
    b"a\x80b",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xe4\xb8",
    b"x\xc0\xafy",
    b"\xf0\x9f\x98",
];

pub(crate) fn text(random: &mut Random) -> Vec<u8> {
    match random.below(20) {
        0 => random.pick(BROKEN).to_vec(),
        1 => {
            let mut text = random.word(TEXTS).as_bytes().to_vec();
            text.extend(*random.pick(BROKEN));
            text.extend(random.word(TEXTS).as_bytes());
            text
        }
        2..5 => random.pieces(TEXTS, 3).into_bytes(),
        5 => (0..random.below(6)).filter_map(|_| character(random)).collect::<String>().into_bytes(),
        _ => random.word(TEXTS).as_bytes().to_vec(),
    }
}

/// Any character, the low ones more often.
fn character(random: &mut Random) -> Option<char> {
    let end = *random.pick(&[0x80, 0x250, 0x600, 0x3000, 0x11_0000]);
    char::from_u32(u32::try_from(random.below(end)).unwrap_or(0))
}

const SEPARATORS: &[&str] = &[",", "", " ", "ab", "é", "\n", "$", "-", "a", ".", ":", ", "];

pub(crate) fn separator(random: &mut Random) -> Vec<u8> {
    if random.percent(10) { text(random) } else { random.word(SEPARATORS).as_bytes().to_vec() }
}

const TYPES: &[&str] = &[
    "int",
    "int64",
    "float64",
    "string",
    "bool",
    "[]interface {}",
    "map[string]interface {}",
    "slice",
    "map",
    "time.Time",
    "*semver.Version",
    "semver.Version",
    "<nil>",
    "invalid",
    "ptr",
    "struct",
    "[]string",
    "uint8",
    "",
    "nope",
    "int32",
];

pub(crate) fn type_name(random: &mut Random) -> Vec<u8> {
    random.word(TYPES).as_bytes().to_vec()
}

/// A format for `printf`: any verb, with any flags, widths and precisions, also where they make no sense.
pub(crate) fn format(random: &mut Random) -> Vec<u8> {
    const VERBS: &[&str] = &[
        "v", "+v", "#v", "s", "q", "+q", "#q", "d", "+d", "x", "X", "#x", "# x", "o", "O", "b", "c", "U",
        "#U", "e", "E", "f", "F", "g", "G", "t", "T", "%", "w", "z", "!", "é", "", "i",
    ];
    const FLAGS: &[&str] = &[
        "",
        "",
        "",
        "",
        "5",
        "-5",
        "05",
        "+",
        " ",
        "#",
        ".2",
        ".0",
        ".",
        "8.3",
        "-08",
        "+010",
        "*",
        "-*",
        ".*",
        "*.*",
        "[1]",
        "[2]",
        "[3]*.[2]*[1]",
        "[0]",
        "[x]",
        "[",
        "[9]",
        "20",
        "#+",
        ".20",
        "%",
    ];
    const BETWEEN: &[&str] = &["", "", " ", "|", "a", "é", "\n", "%%"];
    let mut format = String::new();
    for _ in 0..random.between(1, 3) {
        format.push_str(random.word(BETWEEN));
        format.push('%');
        format.push_str(random.word(FLAGS));
        format.push_str(random.word(VERBS));
    }
    format.push_str(random.word(BETWEEN));
    format.into_bytes()
}
