//! The keys of profiles: one definition each, from which reading, showing and documents follow.

use std::fmt;

use kubernetes_backend::profiles::{FileLine, Given, Profile};

pub use super::value::Refusal;
use super::value::{self, Kind};

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
    setting: &'static dyn AnySetting,
}

impl Key {
    /// Reads a value into a profile.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn set(&self, profile: &mut Profile, text: &str, place: FileLine) -> Result<(), Refusal> {
        self.setting.set(profile, text, place)
    }

    /// The value in a profile as it would be written, and the line that it is from; none for the default.
    #[must_use]
    pub fn show<'a>(&self, profile: &'a Profile) -> (String, Option<&'a FileLine>) {
        self.setting.show(profile)
    }
}

/// A setting of any type.
trait AnySetting: Sync {
    fn set(&self, profile: &mut Profile, text: &str, place: FileLine) -> Result<(), Refusal>;
    fn show<'a>(&self, profile: &'a Profile) -> (String, Option<&'a FileLine>);
}

impl fmt::Debug for dyn AnySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a setting")
    }
}

/// How a setting is read and shown, and where in a profile it is kept.
struct Setting<T: 'static> {
    kind: Kind<T>,
    of: fn(&Profile) -> &Given<T>,
    within: fn(&mut Profile) -> &mut Given<T>,
}

impl<T: Clone> AnySetting for Setting<T> {
    fn set(&self, profile: &mut Profile, text: &str, place: FileLine) -> Result<(), Refusal> {
        *(self.within)(profile) = Given::at(place, (self.kind.parse)(text)?);
        Ok(())
    }

    fn show<'a>(&self, profile: &'a Profile) -> (String, Option<&'a FileLine>) {
        let given = (self.of)(profile);
        ((self.kind.show)(&given.value), given.place.as_ref())
    }
}

macro_rules! setting {
    ($kind:expr, $field:ident) => {
        &Setting { kind: $kind, of: |profile| &profile.$field, within: |profile| &mut profile.$field }
    };
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
        setting: setting!(value::IMAGES, container_images),
    },
    Key {
        name: "default-container-image",
        summary: "image of jobs that name none",
        default: "none: such a job is refused",
        example: "r-session:3.5.0",
        setting: setting!(value::IMAGE, default_container_image),
    },
    Key {
        name: "allow-unknown-images",
        summary: "whether users may run images that container-images does not list",
        default: "1",
        example: "0",
        setting: setting!(value::BOOLEAN, allow_unknown_images),
    },
    Key {
        name: "placement-constraints",
        summary: "constraints that users may choose from, as name:value, or as name alone for any value",
        default: "none: any may be named",
        example: "node,region:us,region:eu",
        setting: setting!(value::CONSTRAINTS, placement_constraints),
    },
    Key {
        name: "default-cpus",
        summary: "CPUs of a job that names no number",
        default: UNLIMITED,
        example: "1",
        setting: setting!(value::AMOUNT, default_cpus),
    },
    Key {
        name: "default-mem-mb",
        summary: "memory in MB of a job that names no amount",
        default: UNLIMITED,
        example: "512",
        setting: setting!(value::AMOUNT, default_mem_mb),
    },
    Key {
        name: "max-cpus",
        summary: "most CPUs that a job may ask for",
        default: UNLIMITED,
        example: "2",
        setting: setting!(value::AMOUNT, max_cpus),
    },
    Key {
        name: "max-mem-mb",
        summary: "most memory in MB that a job may ask for",
        default: UNLIMITED,
        example: "1024",
        setting: setting!(value::AMOUNT, max_mem_mb),
    },
    Key {
        name: "job-json-overrides",
        summary: "values to put into the generated job objects, as JSON pointers and the files that hold the values",
        default: "none",
        example: "\"/spec/template/spec/hostAliases\":\"/etc/rstudio/kube-host-aliases\"",
        setting: setting!(value::OVERRIDES, job_json_overrides),
    },
    Key {
        name: "template-data",
        summary: "YAML or JSON file whose content object templates read as .Profile",
        default: "none: an empty map",
        example: "/etc/rstudio/template-data.yaml",
        setting: setting!(value::FILE, template_data),
    },
    Key {
        name: "cpu-request-ratio",
        summary: "share of a job's CPU limit that is requested from Kubernetes",
        default: "1.0",
        example: "1.0",
        setting: setting!(value::RATIO, cpu_request_ratio),
    },
    Key {
        name: "memory-request-ratio",
        summary: "share of a job's memory limit that is requested from Kubernetes",
        default: "1.0",
        example: "1.0",
        setting: setting!(value::RATIO, memory_request_ratio),
    },
    Key {
        name: "default-nvidia-gpus",
        summary: "NVIDIA GPUs of a job that names no number",
        default: "0",
        example: "0",
        setting: setting!(value::COUNT, default_nvidia_gpus),
    },
    Key {
        name: "default-amd-gpus",
        summary: "AMD GPUs of a job that names no number",
        default: "0",
        example: "0",
        setting: setting!(value::COUNT, default_amd_gpus),
    },
    Key {
        name: "max-nvidia-gpus",
        summary: "most NVIDIA GPUs that a job may ask for",
        default: "0",
        example: "2",
        setting: setting!(value::COUNT, max_nvidia_gpus),
    },
    Key {
        name: "max-amd-gpus",
        summary: "most AMD GPUs that a job may ask for",
        default: "0",
        example: "3",
        setting: setting!(value::COUNT, max_amd_gpus),
    },
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn place() -> FileLine {
        FileLine { path: Path::new("p").into(), line: 7 }
    }

    #[test]
    fn every_key_takes_its_own_example_and_shows_it_again() {
        for key in ALL {
            let mut profile = Profile::default();
            assert_eq!(key.set(&mut profile, key.example, place()), Ok(()), "{}", key.name);
            let (shown, from) = key.show(&profile);
            let expected = if key.example == "1.0" { "1" } else { key.example };
            assert_eq!((shown.as_str(), from), (expected, Some(&place())), "{}", key.name);
            for other in ALL.iter().filter(|other| other.name != key.name) {
                assert_eq!(
                    other.show(&profile),
                    other.show(&Profile::default()),
                    "{} by {}",
                    other.name,
                    key.name
                );
            }
        }
    }

    #[test]
    fn there_are_the_keys_of_the_document_and_one_of_our_own() {
        // Fifteen of the product's table, and `template-data`.
        assert_eq!(ALL.len(), 16);
    }

    #[test]
    fn values_of_the_wrong_type_are_refused() {
        use kubernetes_backend::profiles::PointerError;
        let pointer = |pointer: &str, cause| Refusal::Pointer { pointer: pointer.to_owned(), cause };
        for (name, value, refusal) in [
            ("container-images", "a b", Refusal::Image),
            ("default-container-image", "a b", Refusal::Image),
            ("allow-unknown-images", "maybe", Refusal::Boolean),
            ("allow-unknown-images", "", Refusal::Boolean),
            ("placement-constraints", "zone:a,:b", Refusal::Constraint),
            ("max-cpus", "-1", Refusal::Amount),
            ("max-mem-mb", "2GB", Refusal::Amount),
            ("max-cpus", "inf", Refusal::Amount),
            ("max-amd-gpus", "1.5", Refusal::Count),
            ("cpu-request-ratio", "0", Refusal::Ratio),
            ("memory-request-ratio", "1.01", Refusal::Ratio),
            ("memory-request-ratio", "NaN", Refusal::Ratio),
            ("template-data", "data.yaml", Refusal::File),
            ("job-json-overrides", "/spec:/etc/x", Refusal::Overrides),
            ("job-json-overrides", "\"/spec\":\"etc/x\"", Refusal::Overrides),
            ("job-json-overrides", "\"spec\":\"/etc/x\"", pointer("spec", PointerError::NoSlash)),
            ("job-json-overrides", "\"/a~b\":\"/etc/x\"", pointer("/a~b", PointerError::Tilde)),
            ("job-json-overrides", "\"/a\":\"/etc/x\",", Refusal::Overrides),
            ("job-json-overrides", "\"/a\":\"/etc/x\" \"/b\":\"/etc/x\"", Refusal::Overrides),
        ] {
            let refused = find(name).unwrap().set(&mut Profile::default(), value, place());
            assert_eq!(refused, Err(refusal), "{name}={value}");
        }
    }

    #[test]
    fn several_overrides_may_follow_each_other_and_nothing_is_none() {
        let key = find("job-json-overrides").unwrap();
        let mut profile = Profile::default();
        key.set(&mut profile, "\"/a\":\"/etc/a\", \"/b\" : \"/etc/b\"", place()).unwrap();
        assert_eq!(key.show(&profile).0, "\"/a\":\"/etc/a\",\"/b\":\"/etc/b\"");
        key.set(&mut profile, "", place()).unwrap();
        assert_eq!(key.show(&profile).0, "");
    }
}
