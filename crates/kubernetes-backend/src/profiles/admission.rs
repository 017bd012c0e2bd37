//! Measuring a job by a profile: what it leaves out is filled in, what it may not have is refused.

use std::fmt;

use launcher_api::Job;
use launcher_api::job::{PlacementConstraint, ResourceLimit, ResourceLimitType};
use serde_json::Value;

use super::profile::Allowance;
use super::{OfferedConstraint, Profile};
use crate::objects::{CPU_REQUEST, MEMORY_REQUEST};
use crate::quantity;

/// What a job asks for and its user may not have. The text goes to the user.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotAllowed {
    /// An image that is not among those allowed.
    #[error("the image '{image}' is not allowed here: {}", Choice { of: allowed, what: "images" })]
    Image {
        /// The image.
        image: String,
        /// Those that are allowed.
        allowed: Vec<String>,
    },
    /// More than there may be of something.
    #[error(
        "the limit '{limit}' is {}, and at most {} are allowed here",
        quantity::plain(*asked),
        quantity::plain(*most)
    )]
    TooMuch {
        /// What is limited.
        limit: String,
        /// What the job asks for.
        asked: f64,
        /// What it may have.
        most: f64,
    },
    /// A constraint that is not offered.
    #[error("the placement constraint '{name}' is not offered here: {}", Choice { of: offered, what: "constraints" })]
    Constraint {
        /// Its name.
        name: String,
        /// The names that are offered.
        offered: Vec<String>,
    },
    /// A value that a constraint is not offered with.
    #[error(
        "the placement constraint '{name}' is not offered with the value '{value}': {}",
        Choice { of: offered, what: "values" }
    )]
    ConstraintValue {
        /// Its name.
        name: String,
        /// The value asked for.
        value: String,
        /// Those that are offered.
        offered: Vec<String>,
    },
}

/// The most that a message lists of what could be chosen instead.
const LISTED: usize = 20;

/// What could be chosen instead, in words.
struct Choice<'a> {
    of: &'a [String],
    what: &'static str,
}

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, what } = self;
        if of.is_empty() {
            return write!(f, "there are no {what} to choose from");
        }
        write!(f, "the {what} to choose from are ")?;
        for (index, item) in of.iter().take(LISTED).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}'{item}'")?;
        }
        match of.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl Profile {
    /// Fills in what the job leaves out, so that it tells its own image and limits from now on.
    ///
    /// # Errors
    /// [`NotAllowed`] when it asks for something that its user may not have. What is no number at all is left as it is:
    /// the objects can't be made of it.
    pub fn admit(&self, job: &mut Job) -> Result<(), NotAllowed> {
        self.admit_images(job)?;
        self.admit_constraints(&job.placement_constraints)?;
        self.admit_limits(&mut job.resource_limits)
    }

    fn admit_images(&self, job: &mut Job) -> Result<(), NotAllowed> {
        if job.container.as_ref().is_none_or(|container| container.image.is_empty())
            && let Some(image) = &self.default_container_image.value
        {
            job.container.get_or_insert_default().image.clone_from(image);
        }
        if self.allow_unknown_images.value {
            return Ok(());
        }
        let own = job.container.iter().map(|container| container.image.as_str());
        let init = job.init_containers.iter().map(|container| container.image.as_str());
        let raw = job.metadata.iter().flat_map(images_of_metadata);
        let mut named = own.chain(init).chain(raw).filter(|image| !image.is_empty());
        let allowed = self.offered_images();
        match named.find(|image| !allowed.iter().any(|allowed| allowed == image)) {
            None => Ok(()),
            Some(image) => Err(NotAllowed::Image { image: image.to_owned(), allowed }),
        }
    }

    fn admit_constraints(&self, wanted: &[PlacementConstraint]) -> Result<(), NotAllowed> {
        let offered = &self.placement_constraints.value;
        if offered.is_empty() {
            return Ok(());
        }
        wanted.iter().try_for_each(|wanted| admit_constraint(offered, wanted))
    }

    fn admit_limits(&self, limits: &mut Vec<ResourceLimit>) -> Result<(), NotAllowed> {
        use ResourceLimitType::{AmdGpus, CpuCount, Memory, NvidiaGpus};
        for limit in limits.iter() {
            let most = match &limit.limit_type {
                CpuCount => self.cpus().most,
                Memory => self.memory().most,
                NvidiaGpus => self.nvidia_gpus().most,
                AmdGpus => self.amd_gpus().most,
                ResourceLimitType::Other(name) if name == CPU_REQUEST => self.cpus().most,
                ResourceLimitType::Other(name) if name == MEMORY_REQUEST => self.memory().most,
                ResourceLimitType::CpuTime | ResourceLimitType::MemorySwap | ResourceLimitType::Other(_) => {
                    None
                }
            };
            if let (Some(asked), Some(most)) = (number(limit), most)
                && asked > most
            {
                return Err(NotAllowed::TooMuch { limit: limit.limit_type.to_string(), asked, most });
            }
        }
        // No CPUs and no memory are as good as nothing said; no GPUs are a wish.
        fill_in(limits, CpuCount, self.cpus(), |limit| number(limit) == Some(0.0));
        fill_in(limits, Memory, self.memory(), |limit| number(limit) == Some(0.0));
        fill_in(limits, NvidiaGpus, self.nvidia_gpus(), |_| false);
        fill_in(limits, AmdGpus, self.amd_gpus(), |_| false);
        Ok(())
    }
}

/// The images of whole containers that newer Launchers put into the metadata (`metadata.pod.initContainers`).
fn images_of_metadata(metadata: &serde_json::Map<String, Value>) -> impl Iterator<Item = &str> {
    let containers = metadata.get("pod").and_then(|pod| pod.get("initContainers")).and_then(Value::as_array);
    containers.into_iter().flatten().filter_map(|container| container.get("image")?.as_str())
}

fn admit_constraint(offered: &[OfferedConstraint], wanted: &PlacementConstraint) -> Result<(), NotAllowed> {
    let value = wanted.value.as_deref().unwrap_or_default();
    let of_this_name: Vec<&OfferedConstraint> =
        offered.iter().filter(|offered| offered.name == wanted.name).collect();
    if of_this_name.is_empty() {
        let mut names: Vec<String> = offered.iter().map(|offered| offered.name.clone()).collect();
        names.dedup();
        return Err(NotAllowed::Constraint { name: wanted.name.clone(), offered: names });
    }
    if of_this_name.iter().any(|offered| offered.value.as_deref().is_none_or(|offered| offered == value)) {
        return Ok(());
    }
    let values = of_this_name.iter().filter_map(|offered| offered.value.clone()).collect();
    Err(NotAllowed::ConstraintValue { name: wanted.name.clone(), value: value.to_owned(), offered: values })
}

/// The number that a limit names, if it names one.
fn number(limit: &ResourceLimit) -> Option<f64> {
    limit.value.trim().parse().ok()
}

/// Gives the default to a job that names no amount, in the entry that is there or in a new one.
fn fill_in(
    limits: &mut Vec<ResourceLimit>,
    of: ResourceLimitType,
    allowance: Allowance,
    says_nothing: impl Fn(&ResourceLimit) -> bool,
) {
    let Some(default) = allowance.default.map(quantity::plain) else { return };
    let mut found = false;
    for limit in limits.iter_mut().filter(|limit| limit.limit_type == of) {
        found = true;
        if limit.value.trim().is_empty() || says_nothing(limit) {
            limit.value.clone_from(&default);
        }
    }
    if !found {
        limits.push(ResourceLimit { limit_type: of, value: default, ..ResourceLimit::default() });
    }
}
