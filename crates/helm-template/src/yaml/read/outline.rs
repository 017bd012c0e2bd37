//! On which lines the parts of a document stand.

use super::compose;
use super::error::ReadError;
use super::node::{NodeId, NodeKind};
use super::source::Source;

/// The lines of a document's parts: for those who have found something wrong in what was read, and want to say where.
///
/// ```
/// use helm_template::yaml::{Outline, Step};
///
/// let outline = Outline::of(b"kind: Job\nspec:\n  ports:\n  - port: 80\n  - port: 81\n").unwrap();
/// let path = [Step::Key("spec"), Step::Key("ports"), Step::Index(1), Step::Key("port")];
/// let found = outline.find(path);
/// assert_eq!((found.line, found.depth), (5, 4));
/// // What is not there: the nearest thing around it that is.
/// let found = outline.find([Step::Key("spec"), Step::Key("type")]);
/// assert_eq!((found.line, found.depth), (2, 1));
/// ```
#[derive(Clone, Debug)]
pub struct Outline(Vec<Part>);

/// A step from a container to what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'p> {
    /// To the value of a key.
    Key(&'p str),
    /// To an item of a list, counted from 0.
    Index(usize),
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The line, counted from 1: a key's, or that on which an item begins.
    pub line: usize,
    /// How many steps of the path are there.
    pub depth: usize,
}

#[derive(Clone, Debug)]
struct Part {
    kind: PartKind,
    line: usize,
    end: NodeId,
}

#[derive(Clone, Debug)]
enum PartKind {
    Scalar(String),
    Sequence,
    Mapping,
    Alias(NodeId),
}

impl Outline {
    /// Reads the first document of a text.
    ///
    /// # Errors
    /// When the text is no YAML.
    pub fn of(text: &[u8]) -> Result<Self, ReadError> {
        let source = Source::decode(text);
        let nodes = compose::first_document(&source)?;
        let parts = nodes.list.into_iter().map(|node| Part {
            kind: match node.kind {
                NodeKind::Scalar(scalar) => PartKind::Scalar(scalar.text.into_owned()),
                NodeKind::Sequence => PartKind::Sequence,
                NodeKind::Mapping => PartKind::Mapping,
                NodeKind::Alias { target, .. } => PartKind::Alias(target),
            },
            line: node.line + 1,
            end: node.end,
        });
        Ok(Self(parts.collect()))
    }

    /// Follows a path as far as it leads. What merge keys bring is not looked at.
    #[must_use]
    pub fn find<'p>(&self, path: impl IntoIterator<Item = Step<'p>>) -> Found {
        let mut found = Found { line: self.0.first().map_or(1, |root| root.line), depth: 0 };
        let mut at = 0;
        for step in path {
            let inside = match step {
                Step::Key(name) => self.entry(at, name),
                Step::Index(index) => self.item(at, index),
            };
            let Some((line, value)) = inside else { break };
            at = value;
            found = Found { line, depth: found.depth + 1 };
        }
        found
    }

    /// The last entry of a mapping with that key: the line of the key, and the value.
    fn entry(&self, at: NodeId, name: &str) -> Option<(usize, NodeId)> {
        let (mapping, part) = self.container(at)?;
        if !matches!(part.kind, PartKind::Mapping) {
            return None;
        }
        let mut found = None;
        let mut key = mapping + 1;
        while key < part.end {
            let value = self.0[key].end;
            if matches!(&self.0[key].kind, PartKind::Scalar(text) if text == name) {
                found = Some((self.0[key].line, value));
            }
            key = self.0.get(value)?.end;
        }
        found
    }

    fn item(&self, at: NodeId, index: usize) -> Option<(usize, NodeId)> {
        let (sequence, part) = self.container(at)?;
        if !matches!(part.kind, PartKind::Sequence) {
            return None;
        }
        let mut item = sequence + 1;
        for _ in 0..index {
            item = self.0.get(item)?.end;
        }
        (item < part.end).then(|| (self.0[item].line, item))
    }

    /// What an alias stands for.
    fn container(&self, at: NodeId) -> Option<(NodeId, &Part)> {
        let part = self.0.get(at)?;
        match part.kind {
            PartKind::Alias(target) => Some((target, self.0.get(target)?)),
            _ => Some((at, part)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_the_line_of_what_is_there() {
        let text = "a: &a\n  b: [1, {c: 2}]\n  d:\n    - e: 1\n      f: 2\n    -\n      e: 3\ng: *a\na2: |\n  x\nd: last\nd: really\n";
        let outline = Outline::of(text.as_bytes()).unwrap();
        use Step::{Index, Key};
        for (path, line, depth) in [
            (&[][..], 1, 0),
            (&[Key("a")], 1, 1),
            (&[Key("a"), Key("b"), Index(1), Key("c")], 2, 4),
            (&[Key("a"), Key("b"), Index(2)], 2, 2),
            (&[Key("a"), Key("d"), Index(0), Key("f")], 5, 4),
            (&[Key("a"), Key("d"), Index(1)], 7, 3),
            (&[Key("a"), Key("d"), Key("e")], 3, 2),
            (&[Key("g"), Key("d"), Index(0), Key("e")], 4, 4),
            (&[Key("a2")], 9, 1),
            (&[Key("d")], 12, 1),
            (&[Key("nowhere"), Key("a")], 1, 0),
        ] {
            assert_eq!(outline.find(path.iter().copied()), Found { line, depth }, "{path:?}");
        }
        assert_eq!(Outline::of(b"").unwrap().find([Key("a")]), Found { line: 1, depth: 0 });
    }
}
