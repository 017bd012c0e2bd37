//! Regular expressions, in the syntax of RE2.

use go_text_template::{CallError, List, Type, Value};

use super::printing::{MOST_PARTS, check_parts};
use crate::declare::functions;
use crate::growth;
use crate::regexp::{self, Pattern, Replacement, Split};

functions! {
    "regexMatch"(pattern: Text, text: Text) -> Bool = regex_match,
        "Whether a pattern is found in a text; false for what is no pattern.",
        example r#"{{ regexMatch "^a.c$" "abc" }}"# => "true";
    "mustRegexMatch"(pattern: Text, text: Text) -> Bool = must_regex_match,
        "Whether a pattern is found in a text.", fails "it is no pattern",
        example r#"{{ mustRegexMatch "b" "abc" }}"# => "true";
    "regexFind"(pattern: Text, text: Text) -> Text = regex_find,
        "The first match; an empty text when there is none.", fails "it is no pattern",
        example r#"{{ regexFind "[0-9]+" "ab12c3" }}"# => "12";
    "mustRegexFind"(pattern: Text, text: Text) -> Text = must_regex_find, "Like `regexFind`.",
        fails "it is no pattern", example r#"{{ mustRegexFind "[0-9]+" "ab12c3" }}"# => "12";
    "regexFindAll"(pattern: Text, text: Text, most: Int) -> Texts = regex_find_all,
        "The matches, at most so many, or all with -1.", fails "it is no pattern",
        example r#"{{ regexFindAll "[0-9]" "a1b2c3" 2 }}"# => "[1 2]";
    "mustRegexFindAll"(pattern: Text, text: Text, most: Int) -> Texts = must_regex_find_all,
        "Like `regexFindAll`.", fails "it is no pattern",
        example r#"{{ mustRegexFindAll "[0-9]" "a1b2c3" -1 }}"# => "[1 2 3]";
    "regexReplaceAll"(pattern: Text, text: Text, replacement: Text) -> Text = regex_replace_all,
        "Replaces all matches; `$1`, `${name}` in the replacement stand for groups.", fails "it is no pattern",
        example r#"{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}"# => "-W-xxW-";
    "mustRegexReplaceAll"(pattern: Text, text: Text, replacement: Text) -> Text = must_regex_replace_all,
        "Like `regexReplaceAll`.", fails "it is no pattern",
        example r#"{{ mustRegexReplaceAll "b+" "abbc" "-" }}"# => "a-c";
    "regexReplaceAllLiteral"(pattern: Text, text: Text, replacement: Text) -> Text = regex_replace_all_literal,
        "Replaces all matches by a text as it is.", fails "it is no pattern",
        example r#"{{ regexReplaceAllLiteral "a(x*)b" "-ab-" "${1}" }}"# => "-${1}-";
    "mustRegexReplaceAllLiteral"(pattern: Text, text: Text, replacement: Text) -> Text
        = must_regex_replace_all_literal, "Like `regexReplaceAllLiteral`.", fails "it is no pattern",
        example r#"{{ mustRegexReplaceAllLiteral "b" "abc" "$1" }}"# => "a$1c";
    "regexSplit"(pattern: Text, text: Text, most: Int) -> Texts = regex_split,
        "The text between matches, in at most so many parts, or all with -1.", fails "it is no pattern",
        example r#"{{ regexSplit "z+" "pizzazz" -1 }}"# => "[pi a ]";
    "mustRegexSplit"(pattern: Text, text: Text, most: Int) -> Texts = must_regex_split, "Like `regexSplit`.",
        fails "it is no pattern", example r#"{{ mustRegexSplit "b" "abc" -1 }}"# => "[a c]";
    "regexQuoteMeta"(text: Text) -> Text = regex_quote_meta, "Escapes what has a meaning in patterns.",
        example r#"{{ regexQuoteMeta "1.2[3]*" }}"# => r"1\.2\[3\]\*";
}

/// As the `must` functions report a bad pattern.
fn compiled(pattern: &[u8]) -> Result<Pattern, CallError> {
    regexp::compiled(pattern).map_err(|error| CallError::new(error.to_string()))
}

/// As the others do, which panic in Go.
fn certainly(pattern: &[u8]) -> Result<Pattern, CallError> {
    regexp::compiled(pattern).map_err(|error| CallError::new(error.of_compile(pattern)))
}

fn regex_match(pattern: &[u8], text: &[u8]) -> bool {
    must_regex_match(pattern, text).unwrap_or(false)
}

fn must_regex_match(pattern: &[u8], text: &[u8]) -> Result<bool, CallError> {
    Ok(compiled(pattern)?.is_match(text))
}

fn regex_find<'t>(pattern: &[u8], text: &'t [u8]) -> Result<&'t [u8], CallError> {
    Ok(certainly(pattern)?.find(text).unwrap_or_default())
}

fn must_regex_find<'t>(pattern: &[u8], text: &'t [u8]) -> Result<&'t [u8], CallError> {
    Ok(compiled(pattern)?.find(text).unwrap_or_default())
}

fn texts<'t>(parts: impl Iterator<Item = &'t [u8]>) -> Vec<Value> {
    parts.map(|part| Value::String(part.into())).collect()
}

/// The matches as Go lists them: nil when there are none, else with room for ten from the start.
fn find_all(pattern: &Pattern, text: &[u8], most: i64) -> Result<List, CallError> {
    const ROOM: usize = 10;
    let found = check_parts(pattern.matches(text, Some(at_most(most))))?;
    if found.is_empty() {
        return Ok(List::nil(Type::String));
    }
    let items = texts(found.into_iter().map(|(start, end)| &text[start..end]));
    let room = growth::after_appends(ROOM, items.len(), &Type::String);
    Ok(growth::with_room(Type::String, items, room))
}

/// How many parts are wanted; of too many, one more than there may be. A negative number wants all.
fn at_most(most: i64) -> usize {
    usize::try_from(most).map_or(MOST_PARTS + 1, |most| most.min(MOST_PARTS + 1))
}

fn regex_find_all(pattern: &[u8], text: &[u8], most: i64) -> Result<List, CallError> {
    find_all(&certainly(pattern)?, text, most)
}

fn must_regex_find_all(pattern: &[u8], text: &[u8], most: i64) -> Result<List, CallError> {
    find_all(&compiled(pattern)?, text, most)
}

fn regex_replace_all(pattern: &[u8], text: &[u8], replacement: &[u8]) -> Result<Vec<u8>, CallError> {
    Ok(certainly(pattern)?.replace(text, Replacement::Template(replacement))?)
}

fn must_regex_replace_all(pattern: &[u8], text: &[u8], replacement: &[u8]) -> Result<Vec<u8>, CallError> {
    Ok(compiled(pattern)?.replace(text, Replacement::Template(replacement))?)
}

fn regex_replace_all_literal(pattern: &[u8], text: &[u8], replacement: &[u8]) -> Result<Vec<u8>, CallError> {
    Ok(certainly(pattern)?.replace(text, Replacement::Literal(replacement))?)
}

fn must_regex_replace_all_literal(
    pattern: &[u8],
    text: &[u8],
    replacement: &[u8],
) -> Result<Vec<u8>, CallError> {
    Ok(compiled(pattern)?.replace(text, Replacement::Literal(replacement))?)
}

fn split(pattern: &Pattern, text: &[u8], most: i64) -> Result<List, CallError> {
    Ok(match pattern.split(text, Some(at_most(most))) {
        Some(Split { parts, matches }) => {
            let items = texts(check_parts(parts)?.into_iter());
            let room = growth::after_appends(matches, items.len(), &Type::String);
            growth::with_room(Type::String, items, room)
        }
        None => List::nil(Type::String),
    })
}

fn regex_split(pattern: &[u8], text: &[u8], most: i64) -> Result<List, CallError> {
    split(&certainly(pattern)?, text, most)
}

fn must_regex_split(pattern: &[u8], text: &[u8], most: i64) -> Result<List, CallError> {
    split(&compiled(pattern)?, text, most)
}

fn regex_quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}
