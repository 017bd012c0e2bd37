//! The settings of a profile.

use std::path::PathBuf;

use super::{FileLine, OverrideFile};
use crate::objects::Ratio;

/// A value, and where it was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// The line that sets it; nothing where it is the default.
    pub place: Option<FileLine>,
}

impl<T: Clone> Given<T> {
    /// A value from a line.
    pub fn at(place: FileLine, value: T) -> Self {
        Self { value, place: Some(place) }
    }

    fn default_of(value: T) -> Self {
        Self { value, place: None }
    }

    fn override_with(&mut self, later: &Self) {
        if later.place.is_some() {
            self.clone_from(later);
        }
    }
}

/// A placement constraint that users may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedConstraint {
    /// The label of nodes.
    pub name: String,
    /// The label's value; without one, any may be chosen.
    pub value: Option<String>,
}

macro_rules! profile {
    ($($(#[$attribute:meta])* $field:ident: $type:ty = $default:expr,)*) => {
        /// The settings of a profile, each with the line that it is from.
        ///
        /// Names and defaults are those of the product document, "User and Group Profiles".
        #[derive(Clone, Debug, PartialEq)]
        pub struct Profile {
            $($(#[$attribute])* pub $field: Given<$type>,)*
        }

        impl Default for Profile {
            fn default() -> Self {
                Self { $($field: Given::default_of($default),)* }
            }
        }

        impl Profile {
            /// Takes over all that `later` sets.
            pub fn override_with(&mut self, later: &Self) {
                $(self.$field.override_with(&later.$field);)*
            }
        }
    };
}

profile! {
    /// Images to choose from.
    container_images: Vec<String> = Vec::new(),
    /// The image of a job that names none; without it such a job is refused.
    default_container_image: Option<String> = None,
    /// Whether images may be used that [`Profile::container_images`] does not list.
    allow_unknown_images: bool = true,
    /// Constraints to choose from. While there are none, a job may name any.
    placement_constraints: Vec<OfferedConstraint> = Vec::new(),
    /// CPUs of a job that names no number; 0 sets no limit.
    default_cpus: f64 = 0.0,
    /// Memory in MB of a job that names no amount; 0 sets no limit.
    default_mem_mb: f64 = 0.0,
    /// The most CPUs; 0 is any number.
    max_cpus: f64 = 0.0,
    /// The most memory in MB; 0 is any amount.
    max_mem_mb: f64 = 0.0,
    /// Changes to the JSON of the Job.
    job_json_overrides: Vec<OverrideFile> = Vec::new(),
    /// The file whose content templates see as `.Profile`.
    template_data: Option<PathBuf> = None,
    /// How much of the CPU limit is reserved.
    cpu_request_ratio: Ratio = Ratio::ALL,
    /// How much of the memory limit is reserved.
    memory_request_ratio: Ratio = Ratio::ALL,
    /// NVIDIA GPUs of a job that names no number.
    default_nvidia_gpus: u32 = 0,
    /// AMD GPUs of a job that names no number.
    default_amd_gpus: u32 = 0,
    /// The most NVIDIA GPUs; 0 is none.
    max_nvidia_gpus: u32 = 0,
    /// The most AMD GPUs; 0 is none.
    max_amd_gpus: u32 = 0,
}

/// What a job gets of something, and the most that it may ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Allowance {
    /// What a job gets that asks for nothing; nothing is no limit.
    pub default: Option<f64>,
    /// The most; nothing is any amount.
    pub most: Option<f64>,
}

impl Allowance {
    /// Where 0 is as good as nothing.
    fn open(default: f64, most: f64) -> Self {
        let set = |amount: f64| Some(amount).filter(|amount| *amount > 0.0);
        let most = set(most);
        // Without a limit of its own a job could use more than the most that is allowed.
        let default = set(default).map(|default| most.map_or(default, |most| default.min(most))).or(most);
        Self { default, most }
    }

    /// Where 0 is none.
    fn pieces(default: u32, most: u32) -> Self {
        Self {
            default: Some(default.min(most)).filter(|n| *n > 0).map(f64::from),
            most: Some(f64::from(most)),
        }
    }
}

impl Profile {
    pub(crate) fn cpus(&self) -> Allowance {
        Allowance::open(self.default_cpus.value, self.max_cpus.value)
    }

    pub(crate) fn memory(&self) -> Allowance {
        Allowance::open(self.default_mem_mb.value, self.max_mem_mb.value)
    }

    pub(crate) fn nvidia_gpus(&self) -> Allowance {
        Allowance::pieces(self.default_nvidia_gpus.value, self.max_nvidia_gpus.value)
    }

    pub(crate) fn amd_gpus(&self) -> Allowance {
        Allowance::pieces(self.default_amd_gpus.value, self.max_amd_gpus.value)
    }

    /// Images that may be chosen: those of the list, and the default.
    pub(crate) fn offered_images(&self) -> Vec<String> {
        let mut images = self.container_images.value.clone();
        let default = self.default_container_image.value.iter();
        images.extend(default.filter(|image| !self.container_images.value.contains(image)).cloned());
        images
    }
}
