//! What is read of the cluster's objects, and nothing else: small types, so that ten thousand jobs stay small.
//!
//! Every field is lenient: an absent one is its default, an unknown one is skipped. Values that this crate does
//! not read (resources of side-cars, probes, owner references, …) never reach memory for longer than the parse.

mod event;
mod job;
mod meta;
mod pod;
mod spec;

pub use event::{EventObject, EventSubject};
pub use job::{JobCondition, JobObject, JobSpec, JobStatusPart};
pub use meta::Meta;
pub use pod::{
    ContainerState, ContainerStatus, PodCondition, PodObject, PodStatus, Running, Terminated, Waiting,
};
pub use spec::{
    ContainerPort, ContainerSpec, EnvEntry, EnvSource, PodSecurityContext, PodSpec, PodTemplate, Resources,
    SecretKeyRef, VolumeMount,
};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// `null` counts as absent: Go writes it for empty lists and maps.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A time that is null, absent, empty, unreadable or that of 1970 ("never", as the kubelet writes it) is none.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    Ok(text.parse::<Timestamp>().ok().filter(|t| t.as_second() > 0))
}
