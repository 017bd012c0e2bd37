//! What administrators allow and preset, for everyone, for groups and for single users.
//!
//! [`Profiles`] are the sections of a file as they stand there. What holds for one user is an [`Effective`] profile:
//! the sections that concern the user, from top to bottom, where what stands later overrides what stood before (product
//! document, "User and Group Profiles"). [`Profile::admit`] measures a job by it, and
//! [`cluster_info`](crate::cluster_info::cluster_info) tells it to the user.
//!
//! [`ProfilesInUse`] adds who is in which group; nothing else here asks anyone.

mod admission;
mod groups;
mod in_use;
mod overrides;
mod place;
mod pointer;
mod profile;
mod template_data;

pub use admission::NotAllowed;
pub use groups::{Directory, SystemDirectory};
pub use in_use::{GroupsUnknown, ProfilesInUse};
pub use overrides::{Override, OverrideError, OverrideFile, lost_needs};
pub use place::FileLine;
pub use pointer::{Pointer, PointerError, SetError};
pub(crate) use profile::Allowance;
pub use profile::{Given, OfferedConstraint, Profile};
pub use template_data::TemplateData;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::templates::ProfileData;

/// Whom a section concerns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// `[*]`
    Everyone,
    /// `[@name]`: the members of a Unix group.
    Group(String),
    /// `[name]`: one user.
    User(String),
}

/// One section of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Whom it concerns.
    pub audience: Audience,
    /// What it sets; the rest is as by default and has no place.
    pub profile: Profile,
}

/// For whom a profile is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person<'a> {
    /// `*`: nobody in particular, so that only the sections for everyone count.
    Anyone,
    /// A user, and those of the groups in [`Profiles::groups`] that the user is in.
    User {
        /// The name, as it stands in a section.
        name: &'a str,
        /// The groups.
        groups: &'a [String],
    },
}

/// The sections of a profiles file, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profiles {
    sections: Vec<Section>,
    override_values: BTreeMap<PathBuf, Arc<Value>>,
    template_data: BTreeMap<PathBuf, ProfileData>,
}

/// What holds for one user.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effective {
    profile: Profile,
    /// Changes to the objects of the user's jobs, in the order in which they are made.
    pub overrides: Arc<[Override]>,
    /// What templates see as `.Profile`.
    pub profile_data: ProfileData,
}

impl Deref for Effective {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        &self.profile
    }
}

impl Profiles {
    /// From the sections of a file, in its order. The files that they name are still to be read: until
    /// [`Profiles::with_override_values`] nothing is overridden, and until [`Profiles::with_template_data`] templates see no
    /// data of profiles.
    pub fn new(sections: Vec<Section>) -> Self {
        Self { sections, ..Self::default() }
    }

    /// The files that overrides take their values from, and the line that names each.
    pub fn override_files(&self) -> impl Iterator<Item = (&FileLine, &OverrideFile)> {
        self.sections.iter().flat_map(|section| {
            let overrides = &section.profile.job_json_overrides;
            let place = overrides.place.iter();
            place.flat_map(|place| overrides.value.iter().map(move |file| (place, file)))
        })
    }

    /// The same profiles, with the values that the files of overrides hold.
    #[must_use]
    pub fn with_override_values(self, values: BTreeMap<PathBuf, Arc<Value>>) -> Self {
        Self { override_values: values, ..self }
    }

    /// The value of a file of overrides that has been read.
    pub fn override_value(&self, file: &Path) -> Option<&Value> {
        self.override_values.get(file).map(Arc::as_ref)
    }

    /// The files with data for templates: the section that names each, its line, and the file.
    pub fn template_data_files(&self) -> impl Iterator<Item = (&Audience, &FileLine, &Path)> {
        self.sections.iter().filter_map(|section| {
            let Given { value, place } = &section.profile.template_data;
            Some((&section.audience, place.as_ref()?, value.as_deref()?))
        })
    }

    /// The same profiles, with what the files with data for templates hold.
    #[must_use]
    pub fn with_template_data(self, data: BTreeMap<PathBuf, ProfileData>) -> Self {
        Self { template_data: data, ..self }
    }

    /// The groups that have a section.
    pub fn groups(&self) -> BTreeSet<&str> {
        let groups = self.sections.iter().filter_map(|section| match &section.audience {
            Audience::Group(name) => Some(name.as_str()),
            Audience::Everyone | Audience::User(_) => None,
        });
        groups.collect()
    }

    /// What holds for a person.
    pub fn effective(&self, person: Person<'_>) -> Effective {
        let mut profile = Profile::default();
        for section in self.sections.iter().filter(|section| section.audience.has(person)) {
            profile.override_with(&section.profile);
        }
        let ready = |file: &OverrideFile| {
            let value = Arc::clone(self.override_values.get(&file.path)?);
            Some(Override { file: file.clone(), place: profile.job_json_overrides.place.clone(), value })
        };
        let overrides = profile.job_json_overrides.value.iter().filter_map(ready).collect();
        let file = profile.template_data.value.as_ref();
        let profile_data = file.and_then(|file| self.template_data.get(file)).cloned().unwrap_or_default();
        Effective { profile, overrides, profile_data }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("[*]"),
            Self::Group(name) => write!(f, "[@{name}]"),
            Self::User(name) => write!(f, "[{name}]"),
        }
    }
}

impl Audience {
    fn has(&self, person: Person<'_>) -> bool {
        match (self, person) {
            (Self::Everyone, _) => true,
            (Self::Group(group), Person::User { groups, .. }) => groups.contains(group),
            (Self::User(user), Person::User { name, .. }) => user == name,
            (Self::Group(_) | Self::User(_), Person::Anyone) => false,
        }
    }
}

#[cfg(test)]
mod tests;
