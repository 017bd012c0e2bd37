//! Replacing matches, with Go's `$name` in the replacement.

use go_text_template::format::{PrintError, PrintLimits};

use super::{Groups, Haystack, Pattern};
use crate::unicode::{Characters, is_digit, is_letter};

/// What comes in place of a match.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Replacement<'r> {
    /// The text as it is.
    Literal(&'r [u8]),
    /// The text with `$1`, `$name` and `${name}` replaced by groups.
    Template(&'r [u8]),
}

impl Pattern {
    /// Replaces all matches, unless the text would become too long.
    pub(crate) fn replace(&self, text: &[u8], replacement: Replacement<'_>) -> Result<Vec<u8>, PrintError> {
        let limit = PrintLimits::default().bytes;
        let haystack = Haystack::new(text);
        let mut out = Vec::with_capacity(text.len());
        let (mut at, mut previous_end) = (0, 0);
        while at <= haystack.text.len()
            && let Some(found) = self.regex.captures_at(&haystack.text, at)
        {
            let groups: Groups =
                found.iter().map(|group| group.map(|group| (group.start(), group.end()))).collect();
            let Some(&Some((start, end))) = groups.first() else { break };
            let original = |place| haystack.original(place);
            out.extend_from_slice(&text[original(previous_end)..original(start)]);
            // An empty match right after another is not replaced.
            if end > previous_end || start == 0 {
                match replacement {
                    Replacement::Literal(text) => out.extend_from_slice(text),
                    Replacement::Template(template) => {
                        let groups: Groups = groups
                            .iter()
                            .map(|group| group.map(|(start, end)| (original(start), original(end))))
                            .collect();
                        self.expand(&mut out, template, text, &groups);
                    }
                }
            }
            if out.len() > limit {
                return Err(PrintError::TooLong { limit });
            }
            previous_end = end;
            at = haystack.after(at).max(end);
        }
        out.extend_from_slice(&text[haystack.original(previous_end)..]);
        Ok(out)
    }

    fn expand(&self, out: &mut Vec<u8>, template: &[u8], text: &[u8], groups: &Groups) {
        let mut rest = template;
        while let Some(dollar) = rest.iter().position(|&byte| byte == b'$') {
            out.extend_from_slice(&rest[..dollar]);
            rest = &rest[dollar + 1..];
            if let Some(after) = rest.strip_prefix(b"$") {
                out.push(b'$');
                rest = after;
                continue;
            }
            let Some((name, after)) = name(rest) else {
                out.push(b'$');
                continue;
            };
            rest = after;
            let group = match number(name) {
                Some(number) => groups.get(number).copied().flatten(),
                None => self.named(name, groups),
            };
            if let Some((start, end)) = group {
                out.extend_from_slice(&text[start..end]);
            }
        }
        out.extend_from_slice(rest);
    }

    /// The first group of that name that took part in the match.
    fn named(&self, name: &[u8], groups: &Groups) -> Option<(usize, usize)> {
        let names = self.names.iter().zip(groups);
        names.filter(|(known, _)| known.as_bytes() == name).find_map(|(_, group)| *group)
    }
}

/// The name after a dollar, perhaps in braces, and what follows.
fn name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (in_braces, text) = match text.strip_prefix(b"{") {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let is_part = |character| is_letter(character) || is_digit(character) || character == '_';
    let length: usize =
        Characters(text).take_while(|&(character, _)| is_part(character)).map(|(_, length)| length).sum();
    if length == 0 {
        return None;
    }
    let (name, rest) = text.split_at(length);
    if in_braces { rest.strip_prefix(b"}").map(|rest| (name, rest)) } else { Some((name, rest)) }
}

/// The number that a name is, if it is one; numbers with zeros before them are names.
fn number(name: &[u8]) -> Option<usize> {
    let is_number = name.iter().all(u8::is_ascii_digit) && (name.len() == 1 || name[0] != b'0');
    if !is_number || name.len() > 8 {
        return None;
    }
    std::str::from_utf8(name).ok()?.parse().ok()
}
