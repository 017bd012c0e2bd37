//! Regular expressions with Go's syntax, meaning and error texts, on the `regex` crate.
//!
//! Both are RE2's children and mean the same by the same pattern; what they write differently is translated, and what
//! Go refuses is refused in its words.

mod cache;
mod class;
mod escape;
mod replace;
mod syntax;

use std::borrow::Cow;

use regex::Regex;

use crate::unicode::{Characters, decode};
pub(crate) use cache::compiled;
pub(crate) use replace::Replacement;
use syntax::{PatternError, PatternFault};

/// A pattern that was compiled.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    regex: Regex,
    /// The names of all groups, the whole match first; unnamed ones are empty.
    names: Vec<String>,
    /// Whether there is a pattern at all.
    is_empty: bool,
    size: Size,
}

/// How much memory a pattern takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    /// Up to [`SMALL_BYTES`].
    Small,
    /// Up to [`MOST_BYTES`].
    Large,
}

const SMALL_BYTES: usize = 1 << 20;
const MOST_BYTES: usize = 128 << 20;

/// The places of a match and its groups, in bytes of the text.
type Groups = Vec<Option<(usize, usize)>>;

impl Pattern {
    fn new(pattern: &[u8]) -> Result<Self, PatternError> {
        // Compiling goes as deep into the stack as the pattern nests; Go has 1,000 here.
        const MOST_NESTED: u32 = 250;
        let translated = syntax::translate(pattern)?;
        let mut builder = regex::RegexBuilder::new(&translated.pattern);
        builder.nest_limit(MOST_NESTED);
        let mut build = |bytes, size| builder.size_limit(bytes).build().map(|regex| (regex, size));
        let built = build(SMALL_BYTES, Size::Small).or_else(|_| build(MOST_BYTES, Size::Large));
        let (regex, size) = built.map_err(|_| PatternError::new(PatternFault::TooLarge, pattern))?;
        Ok(Self { regex, names: translated.names, is_empty: pattern.is_empty(), size })
    }

    /// Whether it matches anywhere.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(&Haystack::new(text).text)
    }

    /// The first match.
    pub(crate) fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let (start, end) = self.matches(text, Some(1)).into_iter().next()?;
        Some(&text[start..end])
    }

    /// The places of matches that do not overlap, at most so many. An empty match right after another does not count.
    pub(crate) fn matches(&self, text: &[u8], most: Option<usize>) -> Vec<(usize, usize)> {
        let haystack = Haystack::new(text);
        let most = most.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let (mut at, mut previous_end) = (0, None);
        while found.len() < most
            && at <= haystack.text.len()
            && let Some(one) = self.regex.find_at(&haystack.text, at)
        {
            let is_empty = one.end() == at;
            let is_counted = !(is_empty && previous_end == Some(one.start()));
            at = if is_empty { haystack.after(at) } else { one.end() };
            previous_end = Some(one.end());
            if is_counted {
                found.push((haystack.original(one.start()), haystack.original(one.end())));
            }
        }
        found
    }

    /// The text between matches, in at most so many parts.
    pub(crate) fn split<'t>(&self, text: &'t [u8], most: Option<usize>) -> Option<Split<'t>> {
        if most == Some(0) {
            return None;
        }
        if !self.is_empty && text.is_empty() {
            return Some(Split { parts: vec![text], matches: 1 });
        }
        let (mut start, mut end) = (0, 0);
        let mut parts = Vec::new();
        let matches = self.matches(text, most);
        let count = matches.len();
        for (match_start, match_end) in matches {
            if most.is_some_and(|most| parts.len() + 1 == most) {
                break;
            }
            end = match_start;
            if match_end != 0 {
                parts.push(&text[start..end]);
            }
            start = match_end;
        }
        if end != text.len() {
            parts.push(&text[start..]);
        }
        Some(Split { parts, matches: count })
    }
}

/// A text in parts.
pub(crate) struct Split<'t> {
    pub(crate) parts: Vec<&'t [u8]>,
    /// How many matches there were: the room that Go begins with.
    pub(crate) matches: usize,
}

/// A text with U+FFFD for broken UTF-8, which is what Go's patterns see, and the way back to its bytes.
struct Haystack<'t> {
    text: Cow<'t, str>,
    /// For broken texts: where each byte of the mended text is in the original.
    places: Vec<usize>,
}

impl<'t> Haystack<'t> {
    fn new(bytes: &'t [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: Cow::Borrowed(text), places: Vec::new() };
        }
        let mut text = String::with_capacity(bytes.len() + 8);
        let mut places = Vec::with_capacity(bytes.len() + 8);
        let mut at = 0;
        for (character, length) in Characters(bytes) {
            text.push(character);
            places.resize(text.len(), at);
            at += length;
        }
        places.push(at);
        Self { text: Cow::Owned(text), places }
    }

    fn original(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or(at)
    }

    /// Behind the character at a place, or behind the end.
    fn after(&self, at: usize) -> usize {
        at + decode(&self.text.as_bytes()[at..]).map_or(1, |(_, length)| length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_patterns_do_not_exhaust_the_stack() {
        let nested = |levels: usize| [&b"(".repeat(levels)[..], b"a", &b")".repeat(levels)].concat();
        let pattern = Pattern::new(&nested(240)).expect("it is a pattern");
        assert_eq!(pattern.find(b"bab"), Some(&b"a"[..]));
        let error = Pattern::new(&nested(900)).expect_err("it is too deep for the stack").to_string();
        assert!(error.starts_with("error parsing regexp: expression too large: `(((("), "{error}");
        let error = Pattern::new(&nested(1100)).expect_err("it nests too deeply").to_string();
        assert!(error.starts_with("error parsing regexp: expression nests too deeply: `(((("), "{error}");
    }

    #[test]
    fn broken_utf8_is_matched_as_a_replacement_character_and_kept() {
        let pattern = Pattern::new(b"[^a]").expect("it is a pattern");
        assert_eq!(pattern.find(b"a\xffb"), Some(&b"\xff"[..]));
        assert_eq!(pattern.matches(b"\xff\xfea", None), [(0, 1), (1, 2)]);
    }
}
