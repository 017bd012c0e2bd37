//! Where in an object something is, written as Kubernetes writes it: `spec.containers[0].image`, `metadata.labels[a.b/c]`.

use std::fmt;

use helm_template::yaml::Step;

/// The way from an object to one of its parts; empty for the object itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Key(String),
    Index(usize),
}

impl FieldPath {
    /// Reads what Kubernetes says of a field. Its number in brackets is an item's: no key that is a number is told so.
    pub fn of_kubernetes(text: &str) -> Self {
        let mut path = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let (word, after) = inside.split_once(']').unwrap_or((inside, ""));
                let word = word.trim_matches('"');
                path.0.push(word.parse().map_or_else(|_| Part::Key(word.to_owned()), Part::Index));
                rest = after;
            } else {
                let name = rest.trim_start_matches('.');
                let end = name.find(['.', '[']).unwrap_or(name.len());
                if end > 0 {
                    path.push_key(&name[..end]);
                }
                rest = &name[end..];
            }
        }
        path
    }

    /// Reads a JSON pointer (RFC 6901).
    pub fn of_pointer(pointer: &str) -> Self {
        let words = pointer.split('/').skip(1).map(|word| word.replace("~1", "/").replace("~0", "~"));
        Self(words.map(|word| word.parse().map_or_else(|_| Part::Key(word), Part::Index)).collect())
    }

    pub(crate) fn push_key(&mut self, key: &str) {
        self.0.push(Part::Key(key.to_owned()));
    }

    pub(crate) fn push_index(&mut self, index: usize) {
        self.0.push(Part::Index(index));
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// How many steps it has.
    pub(crate) fn depth(&self) -> usize {
        self.0.len()
    }

    /// The first steps.
    pub(crate) fn up_to(&self, depth: usize) -> Self {
        Self(self.0[..depth.min(self.0.len())].to_vec())
    }

    /// The key that it ends with, unless that is an item's number.
    pub(crate) fn last_key(&self) -> Option<&str> {
        match self.0.last()? {
            Part::Key(key) => Some(key),
            Part::Index(_) => None,
        }
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.0.iter().map(|part| match part {
            Part::Key(key) => Step::Key(key),
            Part::Index(index) => Step::Index(*index),
        })
    }

    /// The same for all items of a list.
    pub(crate) fn without_indices(&self) -> Self {
        Self(self.0.iter().filter(|part| matches!(part, Part::Key(_))).cloned().collect())
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, part) in self.0.iter().enumerate() {
            match part {
                Part::Index(index) => write!(f, "[{index}]")?,
                Part::Key(key) if key.is_empty() || key.contains(['.', '/', '[']) => write!(f, "[{key}]")?,
                Part::Key(key) if number == 0 => f.write_str(key)?,
                Part::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_and_written_as_kubernetes_does() {
        for text in [
            "spec",
            "spec.template.spec.containers[0].image",
            "metadata.annotations[my.org/cost]",
            "spec.ports[12]",
            "",
        ] {
            assert_eq!(FieldPath::of_kubernetes(text).to_string(), text);
        }
        let quoted = FieldPath::of_kubernetes("metadata.labels[\"a.b/c\"].x");
        assert_eq!(quoted.to_string(), "metadata.labels[a.b/c].x");
        assert_eq!(quoted, FieldPath::of_pointer("/metadata/labels/a.b~1c/x"));
        // Field errors of Kubernetes may name no field at all.
        assert_eq!(FieldPath::of_kubernetes("<nil>").depth(), 1);
    }
}
