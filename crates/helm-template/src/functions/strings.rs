//! Texts: cutting, padding, trimming, joining, quoting. Lengths and positions count bytes, as in Go.

use std::cmp::Ordering;

use go_text_template::{CallError, List, Map, Str, Type, Value, format};

use super::printing::{self, text_of};
use crate::bytes::{self, find};
use crate::declare::functions;
use crate::unicode::{self, Characters};

functions! {
    "hello"() -> Text = hello, "Greets.", example "{{ hello }}" => "Hello!";
    "trim"(text: Text) -> Text = trim, "Removes white space from both ends of a text.",
        example r#"{{ trim "  a b " }}"# => "a b";
    "trimAll" | "trimall"(characters: Text, text: Text) -> Text = trim_all,
        "Removes any of some characters from both ends of a text.",
        example r#"{{ trimAll "$" "$5.00$" }}"# => "5.00";
    "trimPrefix"(prefix: Text, text: Text) -> Text = trim_prefix, "Removes a prefix, once, if it is there.",
        example r#"{{ trimPrefix "-" "--a" }}"# => "-a";
    "trimSuffix"(suffix: Text, text: Text) -> Text = trim_suffix, "Removes a suffix, once, if it is there.",
        example r#"{{ trimSuffix "-" "a--" }}"# => "a-";
    "nospace"(text: Text) -> Text = nospace, "Removes all white space. Bytes are taken for characters.",
        example r#"{{ nospace "h e l l o" }}"# => "hello";
    "trunc"(length: Int, text: Text) -> Text = trunc,
        "Keeps the first bytes of a text or, with a negative length, the last.",
        example r#"{{ trunc 3 "hello" }} {{ trunc -3 "hello" }}"# => "hel llo";
    "substr"(start: Int, end: Int, text: Text) -> Text = substr,
        "Keeps the bytes from start to end; a negative start begins, a negative end stops, where the text does.",
        fails "the end is before the start, or either is beyond the text",
        example r#"{{ substr 1 3 "hello" }}"# => "el";
    "abbrev"(width: Int, text: Text) -> Text = abbrev, "Shortens a text to a width, ellipsis included.",
        example r#"{{ abbrev 5 "hello world" }}"# => "he...";
    "abbrevboth"(left: Int, right: Int, text: Text) -> Text = abbrevboth,
        "Shortens a text at both ends.",
        example r#"{{ abbrevboth 5 10 "1234 5678 9123" }}"# => "...5678...";
    "repeat"(count: Int, text: Text) -> Text = repeat, "Repeats a text.",
        fails "the count is negative, or the result too large",
        example r#"{{ repeat 3 "ab" }}"# => "ababab";
    "replace"(old: Text, new: Text, text: Text) -> Text = replace, "Replaces all occurrences of a text.",
        example r#"{{ "I Am Here" | replace " " "-" }}"# => "I-Am-Here";
    "contains"(part: Text, text: Text) -> Bool = contains, "Whether a text is in another.",
        example r#"{{ contains "cat" "catch" }}"# => "true";
    "hasPrefix"(prefix: Text, text: Text) -> Bool = has_prefix, "Whether a text begins with another.",
        example r#"{{ hasPrefix "cat" "catch" }}"# => "true";
    "hasSuffix"(suffix: Text, text: Text) -> Bool = has_suffix, "Whether a text ends with another.",
        example r#"{{ hasSuffix "tch" "catch" }}"# => "true";
    "plural"(one: Text, many: Text, count: Int) -> Text = plural, "The first text for 1, else the second.",
        example r#"{{ len "a" | plural "one byte" "many bytes" }}"# => "one byte";
    "indent"(spaces: Int, text: Text) -> Text = indent, "Begins every line with spaces, also empty lines.",
        fails "the number of spaces is negative",
        example "{{ \"a\\nb\" | indent 2 }}" => "  a\n  b";
    "nindent"(spaces: Int, text: Text) -> Text = nindent, "Like `indent`, on a new line.",
        fails "the number of spaces is negative",
        example "{{ \"a\\nb\" | nindent 2 }}" => "\n  a\n  b";
    "initials"(text: Text) -> Text = initials, "The first letter of each word. Bytes are taken for characters.",
        example r#"{{ initials "First Try" }}"# => "FT";
    "quote"(; values: Any) -> Text = quote,
        "Puts values in double quotes, with Go's escapes, and leaves out nil.",
        example r#"{{ quote "a\"b" 1 nil }}"# => r#""a\"b" "1""#;
    "squote"(; values: Any) -> Text = squote,
        "Puts values in single quotes, without escapes, and leaves out nil.",
        example r#"{{ squote "it's" }}"# => "'it's'";
    "cat"(; values: Any) -> Text = cat, "Joins values with spaces and leaves out nil.",
        example r#"{{ cat "a" 1 nil true }}"# => "a 1 true";
    "toString"(value: Any) -> Text = to_string, "A value as text.",
        example "{{ toString 1.5 }}" => "1.5";
    "toStrings"(list: Any) -> Texts = to_strings, "The elements as texts; nil is left out.",
        example r#"{{ list 1 2.5 nil "a" | toStrings }}"# => "[1 2.5 a]";
    "join"(separator: Text, list: Any) -> Text = join, "Joins the elements of a list; nil is left out.",
        example r#"{{ list "a" 1 true | join "-" }}"# => "a-1-true";
    "sortAlpha"(list: Any) -> Texts = sort_alpha, "The elements as texts, sorted by their bytes.",
        example r#"{{ list "b" 10 "a" | sortAlpha }}"# => "[10 a b]";
    "split"(separator: Text, text: Text) -> TextMap = split, "Splits a text into a map with keys `_0`, `_1`, …",
        example r#"{{ (split "$" "foo$bar")._1 }}"# => "bar";
    "splitn"(separator: Text, most: Int, text: Text) -> TextMap = splitn,
        "Splits a text into at most so many parts, as `split` does.",
        example r#"{{ (splitn "$" 2 "a$b$c")._1 }}"# => "b$c";
    "splitList"(separator: Text, text: Text) -> Texts = split_list, "Splits a text into a list.",
        example r#"{{ splitList "," "a,b" | join "+" }}"# => "a+b";
}

/// Beyond this Go could not even ask for the memory.
const MOST_BYTES: u128 = 1 << 47;

fn hello() -> &'static str {
    "Hello!"
}

fn trim(text: &[u8]) -> &[u8] {
    trim_where(text, unicode::is_space)
}

fn trim_all<'t>(characters: &[u8], text: &'t [u8]) -> &'t [u8] {
    trim_where(text, |character| Characters(characters).any(|(one, _)| one == character))
}

fn trim_where(text: &[u8], is_trimmed: impl Fn(char) -> bool) -> &[u8] {
    let mut start = 0;
    for (character, length) in Characters(text) {
        if !is_trimmed(character) {
            break;
        }
        start += length;
    }
    let mut end = start;
    let mut at = start;
    for (character, length) in Characters(&text[start..]) {
        at += length;
        if !is_trimmed(character) {
            end = at;
        }
    }
    &text[start..end]
}

fn trim_prefix<'t>(prefix: &[u8], text: &'t [u8]) -> &'t [u8] {
    text.strip_prefix(prefix).unwrap_or(text)
}

fn trim_suffix<'t>(suffix: &[u8], text: &'t [u8]) -> &'t [u8] {
    text.strip_suffix(suffix).unwrap_or(text)
}

/// Goes through bytes as if each were a character, as the library behind it does: `é` becomes `Ã©`.
fn nospace(text: &[u8]) -> Vec<u8> {
    let characters = text.iter().map(|&byte| char::from(byte));
    let kept: String = characters.filter(|&character| !unicode::is_space(character)).collect();
    if kept.chars().count() == text.len() { text.to_vec() } else { kept.into_bytes() }
}

fn initials(text: &[u8]) -> String {
    let mut initials = String::new();
    let mut after_gap = true;
    for character in text.iter().map(|&byte| char::from(byte)) {
        let is_gap = unicode::is_space(character);
        if !is_gap && after_gap {
            initials.push(character);
        }
        after_gap = is_gap;
    }
    initials
}

fn trunc(length: i64, text: &[u8]) -> &[u8] {
    let size = bytes::length(text);
    if length < 0 && size.wrapping_add(length) > 0 {
        return &text[bytes::index(size + length)..];
    }
    if length >= 0 && size > length { &text[..bytes::index(length)] } else { text }
}

fn substr(start: i64, end: i64, text: &[u8]) -> Result<&[u8], CallError> {
    let size = bytes::length(text);
    let (from, to) = match (start, end) {
        (..=-1, end) => {
            if end < 0 || end > size {
                let of = if end < 0 { String::new() } else { format!(" with length {size}") };
                return Err(out_of_range(&format!("[:{end}]{of}")));
            }
            (0, end)
        }
        (start, end) if end < 0 || end > size => {
            if start > size {
                return Err(out_of_range(&format!("[{start}:{size}]")));
            }
            (start, size)
        }
        (start, end) if start > end => return Err(out_of_range(&format!("[{start}:{end}]"))),
        inside => inside,
    };
    Ok(&text[bytes::index(from)..bytes::index(to)])
}

fn out_of_range(range: &str) -> CallError {
    CallError::new(format!("runtime error: slice bounds out of range {range}"))
}

fn abbrev(width: i64, text: &[u8]) -> Vec<u8> {
    if width < 4 { text.to_vec() } else { abbreviate(text, 0, width) }
}

fn abbrevboth(left: i64, right: i64, text: &[u8]) -> Vec<u8> {
    if right < 4 || (left > 0 && right < 7) { text.to_vec() } else { abbreviate(text, left, right) }
}

/// Keeps `width` bytes with an ellipsis at the end and, when what begins at `offset` is wanted, at the start.
fn abbreviate(text: &[u8], offset: i64, width: i64) -> Vec<u8> {
    const ELLIPSIS: &[u8] = b"...";
    let size = bytes::length(text);
    if text.is_empty() || width < 4 {
        return Vec::new();
    }
    if size <= width {
        return text.to_vec();
    }
    let mut offset = offset.min(size);
    if size.wrapping_sub(offset) < width - 3 {
        offset = size - (width - 3);
    }
    if offset <= 4 {
        return [&text[..bytes::index(width - 3)], ELLIPSIS].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + width - 3 < size {
        return [ELLIPSIS, &abbreviate(&text[bytes::index(offset)..], 0, width - 3)].concat();
    }
    [ELLIPSIS, &text[bytes::index(size - (width - 3))..]].concat()
}

fn repeat(count: i64, text: &[u8]) -> Result<Vec<u8>, CallError> {
    let Ok(times) = usize::try_from(count) else {
        return Err(CallError::new("strings: negative Repeat count"));
    };
    let size = text.len() as u128 * times as u128;
    if size > i64::MAX as u128 {
        return Err(CallError::new("strings: Repeat output length overflow"));
    }
    printing::check_size(size)?;
    Ok(text.repeat(times))
}

fn replace(old: &[u8], new: &[u8], text: &[u8]) -> Result<Vec<u8>, CallError> {
    if old == new {
        return Ok(text.to_vec());
    }
    let mut replaced = Vec::with_capacity(text.len());
    if old.is_empty() {
        let pieces = Characters(text).count() as u128 + 1;
        printing::check_size(text.len() as u128 + pieces * new.len() as u128)?;
        let mut rest = Characters(text);
        loop {
            replaced.extend_from_slice(new);
            let before = rest.rest();
            let Some((_, length)) = rest.next() else { break };
            replaced.extend_from_slice(&before[..length]);
        }
        return Ok(replaced);
    }
    let mut rest = text;
    while let Some(at) = find(rest, old) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(new);
        printing::check_size(replaced.len() as u128)?;
        rest = &rest[at + old.len()..];
    }
    replaced.extend_from_slice(rest);
    Ok(replaced)
}

fn contains(part: &[u8], text: &[u8]) -> bool {
    find(text, part).is_some()
}

fn has_prefix(prefix: &[u8], text: &[u8]) -> bool {
    text.starts_with(prefix)
}

fn has_suffix(suffix: &[u8], text: &[u8]) -> bool {
    text.ends_with(suffix)
}

fn plural<'t>(one: &'t Str, many: &'t Str, count: i64) -> Str {
    if count == 1 { one.clone() } else { many.clone() }
}

fn padding(spaces: i64) -> Result<Vec<u8>, CallError> {
    let Ok(count) = usize::try_from(spaces) else {
        return Err(CallError::new("strings: negative Repeat count"));
    };
    if count as u128 > MOST_BYTES {
        return Err(CallError::new("runtime error: makeslice: len out of range"));
    }
    printing::check_size(count as u128)?;
    Ok(vec![b' '; count])
}

fn indent(spaces: i64, text: &[u8]) -> Result<Vec<u8>, CallError> {
    let padding = padding(spaces)?;
    let lines = text.split(|&byte| byte == b'\n').count() as u128;
    printing::check_size(text.len() as u128 + lines * padding.len() as u128)?;
    let mut indented = Vec::with_capacity(text.len() + padding.len() * 8);
    for (number, line) in text.split(|&byte| byte == b'\n').enumerate() {
        if number > 0 {
            indented.push(b'\n');
        }
        indented.extend_from_slice(&padding);
        indented.extend_from_slice(line);
    }
    Ok(indented)
}

fn nindent(spaces: i64, text: &[u8]) -> Result<Vec<u8>, CallError> {
    let mut indented = indent(spaces, text)?;
    indented.insert(0, b'\n');
    Ok(indented)
}

/// The values that are not nil, each as `text` has it, with spaces between.
fn spaced(
    values: &[&Value],
    text: impl Fn(&Value) -> Result<Vec<u8>, CallError>,
) -> Result<Vec<u8>, CallError> {
    let mut out = Vec::new();
    for value in values.iter().filter(|value| !matches!(value, Value::Nil)) {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(&text(value)?);
        printing::check_size(out.len() as u128)?;
    }
    Ok(out)
}

fn quote(values: &[&Value]) -> Result<Vec<u8>, CallError> {
    spaced(values, |value| Ok(format::quote(text_of(value)?)))
}

fn squote(values: &[&Value]) -> Result<Vec<u8>, CallError> {
    spaced(values, |value| Ok([b"'", text_of(value)?.as_bytes(), b"'"].concat()))
}

/// Joins with spaces what is not nil. An empty text counts, so what is joined may begin with a space.
fn cat(values: &[&Value]) -> Result<Vec<u8>, CallError> {
    let mut out = Vec::new();
    let given = values.iter().filter(|value| !matches!(value, Value::Nil));
    for (number, value) in given.enumerate() {
        if number > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(text_of(value)?.as_bytes());
        printing::check_size(out.len() as u128)?;
    }
    Ok(out)
}

fn to_string(value: &Value) -> Result<Str, CallError> {
    text_of(value)
}

/// The elements of a list, or a value that is none, as texts without nil.
fn texts(value: &Value) -> Result<Vec<Str>, CallError> {
    match value {
        Value::Nil => Ok(Vec::new()),
        Value::List(list) => {
            let given = list.as_slice().iter().filter(|item| !matches!(item, Value::Nil));
            given.map(text_of).collect()
        }
        other => Ok(vec![text_of(other)?]),
    }
}

fn to_strings(value: &Value) -> Result<List, CallError> {
    if let Value::List(list) = value {
        if *list.element_type() == Type::String {
            return Ok(list.clone());
        }
        // Room for the nils that were left out stays, and `slice` reaches it.
        let items = texts(value)?.into_iter().map(Value::String).collect();
        return Ok(crate::growth::with_room(Type::String, items, list.len()));
    }
    Ok(list_of(texts(value)?))
}

fn list_of(texts: Vec<Str>) -> List {
    List::of(Type::String, texts.into_iter().map(Value::String).collect())
}

fn join(separator: &[u8], value: &Value) -> Result<Vec<u8>, CallError> {
    let texts = texts(value)?;
    let mut out = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        if number > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(text.as_bytes());
        printing::check_size(out.len() as u128)?;
    }
    Ok(out)
}

fn sort_alpha(value: &Value) -> Result<List, CallError> {
    if matches!(value, Value::Nil) {
        return Ok(list_of(vec![Str::from("<nil>")]));
    }
    if let Value::List(list) = value
        && *list.element_type() == Type::String
    {
        // Strings are sorted where they are.
        list.sort(|one, other| match (one, other) {
            (Value::String(one), Value::String(other)) => one.cmp(other),
            _ => Ordering::Equal,
        });
        return Ok(list.clone());
    }
    let mut sorted = texts(value)?;
    sorted.sort();
    let length = sorted.len();
    let room = if let Value::List(list) = value { list.len().max(length) } else { length };
    Ok(crate::growth::with_room(Type::String, sorted.into_iter().map(Value::String).collect(), room))
}

fn numbered(parts: Vec<&[u8]>) -> Map {
    let entries = parts.into_iter().enumerate();
    Map::of(Type::String, entries.map(|(number, part)| (format!("_{number}"), Value::String(part.into()))))
}

fn split(separator: &[u8], text: &[u8]) -> Result<Map, CallError> {
    parts(separator, text).map(numbered)
}

/// All parts, if there are not too many.
fn parts<'t>(separator: &[u8], text: &'t [u8]) -> Result<Vec<&'t [u8]>, CallError> {
    printing::check_parts(bytes::split(text, separator, Some(printing::MOST_PARTS + 1)))
}

fn splitn(separator: &[u8], most: i64, text: &[u8]) -> Result<Map, CallError> {
    match usize::try_from(most) {
        Ok(0) => Ok(numbered(Vec::new())),
        Ok(most) if most <= printing::MOST_PARTS => Ok(numbered(bytes::split(text, separator, Some(most)))),
        _ => split(separator, text),
    }
}

fn split_list(separator: &[u8], text: &[u8]) -> Result<List, CallError> {
    let parts = parts(separator, text)?;
    Ok(List::of(Type::String, parts.into_iter().map(|part| Value::String(part.into())).collect()))
}
