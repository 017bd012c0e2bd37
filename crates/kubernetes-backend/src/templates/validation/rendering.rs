//! What was rendered, and the way back into the template.

use std::ops::Range;

use helm_template::go_text_template::Trace;
use helm_template::yaml::Outline;

use super::problem::{Place, Sources};
use crate::FieldPath;

/// The text that a template gave for a test job.
#[derive(Debug)]
pub(super) struct Rendering {
    pub(super) text: String,
    trace: Trace,
    /// None where the text is no YAML.
    outline: Option<Outline>,
}

impl Rendering {
    pub(super) fn new(text: String, trace: Trace) -> Self {
        let outline = Outline::of(text.as_bytes()).ok();
        Self { text, trace, outline }
    }

    /// What wrote a line, counted from 1: the whole line of the template, for what is wrong there may be white space.
    pub(super) fn writer_of_line(&self, line: usize, sources: &Sources) -> Option<(String, Place)> {
        let line = self.line(line)?;
        let begins = self.trace.origin(line.start..line.end.max(line.start + 1))?;
        sources.whole_line(begins.file, begins.span.start as usize)
    }

    /// What wrote the text of a line, counted from 1.
    pub(super) fn writer_of_text(&self, line: usize, sources: &Sources) -> Option<(String, Place)> {
        let line = trimmed(&self.text, self.line(line)?);
        self.origin(line, sources)
    }

    /// What wrote a field: all of it that stands on one line. Where it is not there: what wrote the name of what it should be
    /// in.
    pub(super) fn writer_of(&self, field: &FieldPath, sources: &Sources) -> Option<(String, Place)> {
        let found = self.outline.as_ref()?.find(field.steps());
        if found.depth == 0 {
            return None;
        }
        let there = field.up_to(found.depth);
        let line = trimmed(&self.text, self.line(found.line)?);
        let stretch = match there.last_key() {
            None => line,
            Some(key) => {
                let (name, is_first) = named(&self.text[line.clone()], key).unwrap_or((0..line.len(), true));
                let name = line.start + name.start..line.start + name.end;
                // Beside others on one line, and around what is not there, the name is enough.
                if is_first && found.depth == field.depth() { name.start..line.end } else { name }
            }
        };
        self.origin(stretch, sources)
    }

    fn origin(&self, stretch: Range<usize>, sources: &Sources) -> Option<(String, Place)> {
        let written = self.trace.origin(stretch)?;
        sources.place(written.file, written.span.start as usize, written.span.end as usize)
    }

    /// The bytes of a line, counted from 1.
    fn line(&self, number: usize) -> Option<Range<usize>> {
        let mut start = 0;
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            if index + 1 == number {
                return Some(start..start + line.trim_end_matches('\n').len());
            }
            start += line.len();
        }
        None
    }
}

fn trimmed(text: &str, line: Range<usize>) -> Range<usize> {
    let inside = &text[line.clone()];
    let indent = inside.len() - inside.trim_start().len();
    line.start + indent..(line.start + inside.trim_end().len()).max(line.start + indent)
}

/// Where a key stands on a line, and whether it is the first there.
fn named(line: &str, key: &str) -> Option<(Range<usize>, bool)> {
    let is_end = |rest: &str| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':');
    let at = line.match_indices(key).map(|(at, _)| at).find(|at| is_end(&line[at + key.len()..]))?;
    let before = &line[..at];
    let quotes = before.len() - before.trim_end_matches(['"', '\'']).len();
    let after = &line[at + key.len()..];
    let closing = after.len() - after.trim_start_matches(['"', '\'']).len();
    let is_first = before.trim_matches([' ', '-', '"', '\'']).is_empty();
    Some((at - quotes..at + key.len() + closing, is_first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_on_its_line() {
        for (line, key, name, is_first) in [
            ("image: x", "image", "image", true),
            ("- name: name", "name", "name", true),
            ("\"a.b/c\" : 1", "a.b/c", "\"a.b/c\"", true),
            ("{ ip: 1, host: 2 }", "host", "host", false),
            ("hostname: host", "host", "", false),
        ] {
            let found = named(line, key).map(|(range, is_first)| (&line[range], is_first));
            assert_eq!(found.unwrap_or_default(), (name, is_first), "{line}");
        }
    }
}
