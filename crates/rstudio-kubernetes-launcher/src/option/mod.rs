//! The options of the plugin: one definition each, from which command line, file, checks and documents follow.
//!
//! A definition is a `static` in one of the tables ([`cluster`], [`jobs`], [`process`], [`protocol`]); [`all`] lists
//! them in the order of the documents. To add an option, add its `static`, list it, and read it in
//! [`crate::config`].

pub mod cluster;
pub mod jobs;
pub mod kind;
pub mod process;
pub mod protocol;

use std::borrow::Cow;

use crate::config::{ConfigError, Written};
use kind::{Kind, Refusal, Shape};

/// Where the documents put an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How the Kubernetes API is reached.
    Cluster,
    /// What becomes of jobs.
    Jobs,
    /// The process: its user, its folders, its log.
    Process,
    /// The talk with the Launcher.
    Protocol,
}

impl Group {
    /// Every group, in the order of the documents.
    pub const ALL: [Self; 4] = [Self::Cluster, Self::Jobs, Self::Process, Self::Protocol];

    /// The heading over the group's options.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Cluster => "Kubernetes cluster",
            Self::Jobs => "Jobs",
            Self::Process => "Process, folders and log",
            Self::Protocol => "Talking with the Launcher",
        }
    }
}

/// Where an option may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// On the command line and in the configuration file, which wins.
    FlagAndFile,
    /// On the command line only.
    Flag,
}

/// What becomes of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It is acted upon.
    Served,
    /// It is accepted because Launchers pass it, and has no meaning here. The text says why.
    Ignored(&'static str),
}

/// Whether messages may show an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Messages quote it.
    Shown,
    /// It is a secret: messages name the option only.
    Secret,
}

/// What is the same for options of every type.
#[derive(Debug)]
pub struct Definition {
    /// The name, as in the file and, after `--`, on the command line.
    pub name: &'static str,
    /// The heading under which it is documented.
    pub group: Group,
    /// One sentence: what it decides. Units included.
    pub summary: &'static str,
    /// A value for the sample file.
    pub example: &'static str,
    /// Where it may be written.
    pub places: Places,
    /// What becomes of it.
    pub support: Support,
    /// Whether messages may quote it.
    pub visibility: Visibility,
}

impl Definition {
    /// An ordinary option: flag and file, served, shown. Others change fields of this one.
    const fn new(name: &'static str, group: Group, summary: &'static str, example: &'static str) -> Self {
        Self {
            name,
            group,
            summary,
            example,
            places: Places::FlagAndFile,
            support: Support::Served,
            visibility: Visibility::Shown,
        }
    }
}

/// An option with a fixed default.
pub struct Setting<T: 'static> {
    definition: Definition,
    kind: Kind<T>,
    default: fn() -> T,
}

impl<T> Setting<T> {
    /// The value in force: the file's, else the flag's, else the default.
    ///
    /// A refused value is added to `errors`, and the default stands in for it so that checking can go on.
    pub fn read(&self, written: &Written, errors: &mut Vec<ConfigError>) -> T {
        written.value(&self.definition, &self.kind, errors).flatten().unwrap_or_else(self.default)
    }

    /// The default.
    #[must_use]
    pub fn default_value(&self) -> T {
        (self.default)()
    }
}

/// An option without a fixed default: something else decides when it is not written.
pub struct OpenSetting<T: 'static> {
    definition: Definition,
    kind: Kind<T>,
    /// What decides when the option is not written, for the documents.
    otherwise: &'static str,
}

impl<T> OpenSetting<T> {
    /// The value written; `None` if there is none, if it is blank, or if it was refused (then `errors` grew).
    pub fn read(&self, written: &Written, errors: &mut Vec<ConfigError>) -> Option<T> {
        written.value(&self.definition, &self.kind, errors).flatten()
    }
}

/// An option as the documents, the parsers and the tests see it, whatever its type.
pub trait AnyOption: Sync {
    /// Name, sentence and the like.
    fn definition(&self) -> &Definition;
    /// How a value looks.
    fn shape(&self) -> Shape;
    /// The default, in words where it is not fixed.
    fn default_text(&self) -> Cow<'static, str>;
    /// The default as it would be written in the file; `None` where it is not fixed.
    fn fixed_default(&self) -> Option<String>;
    /// Whether a value would be taken.
    ///
    /// # Errors
    /// Why it would not.
    fn check(&self, text: &str) -> Result<(), Refusal>;
}

impl<T> AnyOption for Setting<T> {
    fn definition(&self) -> &Definition {
        &self.definition
    }

    fn shape(&self) -> Shape {
        self.kind.shape
    }

    fn default_text(&self) -> Cow<'static, str> {
        (self.kind.show)(&(self.default)()).into()
    }

    fn fixed_default(&self) -> Option<String> {
        Some((self.kind.show)(&(self.default)()))
    }

    fn check(&self, text: &str) -> Result<(), Refusal> {
        self.kind.read(text).map(drop)
    }
}

impl<T> AnyOption for OpenSetting<T> {
    fn definition(&self) -> &Definition {
        &self.definition
    }

    fn shape(&self) -> Shape {
        self.kind.shape
    }

    fn default_text(&self) -> Cow<'static, str> {
        self.otherwise.into()
    }

    fn fixed_default(&self) -> Option<String> {
        None
    }

    fn check(&self, text: &str) -> Result<(), Refusal> {
        self.kind.read(text).map(drop)
    }
}

/// Every option, in the order of the documents.
pub fn all() -> impl Iterator<Item = &'static dyn AnyOption> {
    [cluster::OPTIONS, jobs::OPTIONS, process::OPTIONS, protocol::OPTIONS].into_iter().flatten().copied()
}

/// The option of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn AnyOption> {
    all().find(|option| option.definition().name == name)
}

/// The known name most like a mistyped one, if any is near.
#[must_use]
pub fn nearest_name(name: &str) -> Option<&'static str> {
    crate::nearest::nearest(name, all().map(|option| option.definition().name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_option_has_a_name_of_its_own() {
        let names: Vec<_> = all().map(|option| option.definition().name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    }

    #[test]
    fn every_option_takes_its_own_default_and_its_own_example() {
        for option in all() {
            let definition = option.definition();
            option.check(definition.example).unwrap_or_else(|why| panic!("{}: {why}", definition.name));
            if let Some(default) = option.fixed_default() {
                option.check(&default).unwrap_or_else(|why| panic!("{}: {why}", definition.name));
            }
        }
    }

    #[test]
    fn every_summary_is_one_sentence_without_its_stop() {
        for option in all() {
            let Definition { name, summary, .. } = option.definition();
            assert!(!summary.ends_with('.') && !summary.contains(". "), "{name}: {summary}");
            assert!(summary.starts_with(|first: char| first.is_lowercase()), "{name}: {summary}");
        }
    }

    #[test]
    fn options_stand_under_the_heading_of_their_group() {
        let groups: Vec<_> = all().map(|option| option.definition().group).collect();
        assert!(groups.is_sorted(), "{groups:?}");
    }
}
