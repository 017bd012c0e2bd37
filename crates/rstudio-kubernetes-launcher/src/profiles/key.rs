//! The keys of profiles: one definition each, from which checks and documents follow.

use std::path::Path;

use crate::option::kind::BOOLEAN;

/// The image of jobs that name none: the one key that is acted upon so far.
pub const DEFAULT_CONTAINER_IMAGE: &str = "default-container-image";

/// A key of a profile.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// One sentence: what it decides. Units included.
    pub summary: &'static str,
    /// What holds without it, in words.
    pub default: &'static str,
    /// A value for the sample file.
    pub example: &'static str,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Image,
    Images,
    Boolean,
    Constraints,
    Amount,
    Count,
    Ratio,
    Overrides,
}

/// Why a value is refused. The text says what would be taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// White space in an image's name.
    #[error("an image name has no white space, as in 'registry.example/r-session:4.2'")]
    Image,
    /// Not one of the words for yes and no.
    #[error("use 1 or 0")]
    Boolean,
    /// A constraint without a name.
    #[error("use names such as 'zone', or names and values such as 'zone:east', with commas between them")]
    Constraint,
    /// Not a number, or a negative one.
    #[error("use a number from 0 up, such as 0.5 or 2; 0 is no limit")]
    Amount,
    /// Not a whole number, or a negative one.
    #[error("use a whole number from 0 up")]
    Count,
    /// Not a number above 0 and at most 1.
    #[error("use a number above 0 and at most 1, such as 0.5")]
    Ratio,
    /// Not a list of JSON pointers and files.
    #[error("use \"/json/pointer\":\"/path/of/file\", with commas between several")]
    Overrides,
}

impl Key {
    /// Whether the value would be taken.
    ///
    /// # Errors
    /// Why it would not.
    pub fn check(&self, value: &str) -> Result<(), Refusal> {
        let (good, refusal) = match self.kind {
            Kind::Image => (is_image(value) || value.is_empty(), Refusal::Image),
            Kind::Images => (items(value).all(is_image), Refusal::Image),
            Kind::Boolean => (BOOLEAN.read(value).is_ok(), Refusal::Boolean),
            Kind::Constraints => (items(value).all(is_constraint), Refusal::Constraint),
            Kind::Amount => (number(value).is_some_and(|n| n >= 0.0), Refusal::Amount),
            Kind::Count => (value.parse::<u32>().is_ok(), Refusal::Count),
            Kind::Ratio => (number(value).is_some_and(|n| n > 0.0 && n <= 1.0), Refusal::Ratio),
            Kind::Overrides => (are_overrides(value), Refusal::Overrides),
        };
        if good { Ok(()) } else { Err(refusal) }
    }

    /// Whether it is acted upon so far.
    #[must_use]
    pub fn is_served(&self) -> bool {
        self.name == DEFAULT_CONTAINER_IMAGE
    }
}

fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn is_image(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_constraint(text: &str) -> bool {
    !text.split(':').next().unwrap_or_default().trim().is_empty()
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `"/pointer":"/file"`, with commas between several. Neither part may hold a double quote.
fn are_overrides(text: &str) -> bool {
    let mut parts = text.split('"');
    let mut expected = "";
    loop {
        let (Some(before), Some(pointer)) = (parts.next(), parts.next()) else { return false };
        let (Some(between), Some(file)) = (parts.next(), parts.next()) else { return false };
        let well_formed = before.trim() == expected
            && between.trim() == ":"
            && (pointer.is_empty() || pointer.starts_with('/'))
            && Path::new(file).is_absolute();
        if !well_formed {
            return false;
        }
        let mut rest = parts.clone();
        if rest.next().is_some_and(|tail| tail.trim().is_empty()) && rest.next().is_none() {
            return true;
        }
        expected = ",";
    }
}

/// The key of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Key> {
    ALL.iter().find(|key| key.name == name)
}

const UNLIMITED: &str = "0.0 (no limit)";

/// Every key, in the order of the documents.
pub static ALL: &[Key] = &[
    Key {
        name: "container-images",
        summary: "images that users may see and run, with commas between them",
        default: "none",
        example: "r-session:3.4.2,r-session:3.5.0",
        kind: Kind::Images,
    },
    Key {
        name: DEFAULT_CONTAINER_IMAGE,
        summary: "image of jobs that name none",
        default: "none: such a job is refused",
        example: "r-session:3.5.0",
        kind: Kind::Image,
    },
    Key {
        name: "allow-unknown-images",
        summary: "whether users may run images that container-images does not list",
        default: "1",
        example: "0",
        kind: Kind::Boolean,
    },
    Key {
        name: "placement-constraints",
        summary: "constraints that users may choose from, as name:value, or as name alone for any value",
        default: "none",
        example: "node,region:us,region:eu",
        kind: Kind::Constraints,
    },
    Key {
        name: "default-cpus",
        summary: "CPUs of a job that names no number",
        default: UNLIMITED,
        example: "1",
        kind: Kind::Amount,
    },
    Key {
        name: "default-mem-mb",
        summary: "memory in MB of a job that names no amount",
        default: UNLIMITED,
        example: "512",
        kind: Kind::Amount,
    },
    Key {
        name: "max-cpus",
        summary: "most CPUs that a job may ask for",
        default: UNLIMITED,
        example: "2",
        kind: Kind::Amount,
    },
    Key {
        name: "max-mem-mb",
        summary: "most memory in MB that a job may ask for",
        default: UNLIMITED,
        example: "1024",
        kind: Kind::Amount,
    },
    Key {
        name: "job-json-overrides",
        summary: "values to put into the generated job objects, as JSON pointers and the files that hold the values",
        default: "none",
        example: "\"/spec/template/spec/hostAliases\":\"/etc/rstudio/kube-host-aliases\"",
        kind: Kind::Overrides,
    },
    Key {
        name: "cpu-request-ratio",
        summary: "share of a job's CPU limit that is requested from Kubernetes",
        default: "1.0",
        example: "1.0",
        kind: Kind::Ratio,
    },
    Key {
        name: "memory-request-ratio",
        summary: "share of a job's memory limit that is requested from Kubernetes",
        default: "1.0",
        example: "1.0",
        kind: Kind::Ratio,
    },
    Key {
        name: "default-nvidia-gpus",
        summary: "NVIDIA GPUs of a job that names no number",
        default: "0",
        example: "0",
        kind: Kind::Count,
    },
    Key {
        name: "default-amd-gpus",
        summary: "AMD GPUs of a job that names no number",
        default: "0",
        example: "0",
        kind: Kind::Count,
    },
    Key {
        name: "max-nvidia-gpus",
        summary: "most NVIDIA GPUs that a job may ask for",
        default: "0",
        example: "2",
        kind: Kind::Count,
    },
    Key {
        name: "max-amd-gpus",
        summary: "most AMD GPUs that a job may ask for",
        default: "0",
        example: "3",
        kind: Kind::Count,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_takes_its_own_example() {
        for key in ALL {
            assert_eq!(key.check(key.example), Ok(()), "{}", key.name);
        }
    }

    #[test]
    fn values_of_the_wrong_type_are_refused() {
        for (name, value, refusal) in [
            ("container-images", "a b", Refusal::Image),
            ("default-container-image", "a b", Refusal::Image),
            ("allow-unknown-images", "maybe", Refusal::Boolean),
            ("placement-constraints", "zone:a,:b", Refusal::Constraint),
            ("max-cpus", "-1", Refusal::Amount),
            ("max-mem-mb", "2GB", Refusal::Amount),
            ("max-cpus", "inf", Refusal::Amount),
            ("max-amd-gpus", "1.5", Refusal::Count),
            ("cpu-request-ratio", "0", Refusal::Ratio),
            ("memory-request-ratio", "1.01", Refusal::Ratio),
            ("job-json-overrides", "/spec:/etc/x", Refusal::Overrides),
            ("job-json-overrides", "\"spec\":\"/etc/x\"", Refusal::Overrides),
            ("job-json-overrides", "\"/a\":\"/etc/x\",", Refusal::Overrides),
            ("job-json-overrides", "", Refusal::Overrides),
        ] {
            let key = find(name).unwrap();
            assert_eq!(key.check(value), Err(refusal), "{name}={value}");
        }
    }

    #[test]
    fn several_overrides_may_follow_each_other() {
        let key = find("job-json-overrides").unwrap();
        assert_eq!(key.check("\"/a\":\"/etc/a\", \"/b\" : \"/etc/b\""), Ok(()));
    }
}
