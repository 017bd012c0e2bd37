//! Why a job can't be made into objects.

use crate::profiles::OverrideError;
use crate::templates::{NoTemplates, TemplateError};

/// What a job asks for and can't have here. The text goes to the user.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BuildError {
    /// The template does not give the object.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// What an administrator changes of the object can't be changed.
    #[error(transparent)]
    Override(#[from] OverrideError),
    /// There is no template.
    #[error(transparent)]
    NoTemplates(#[from] NoTemplates),
    /// The rendering came to no end of its own: the plugin ends, or it panicked.
    #[error("the object templates of this cluster could not be rendered")]
    Interrupted,
    /// No image is named, and there is no default.
    #[error(
        "the job names no container image, and no default is set: name one in 'container.image', or have an administrator \
         set 'default-container-image' in the profiles"
    )]
    NoImage,
    /// An init container without image.
    #[error("the init container '{name}' names no image")]
    NoInitImage {
        /// Which.
        name: String,
    },
    /// A limit that is no number, or none that can be set.
    #[error("the limit '{limit}' is '{value}': {expected} is expected")]
    Limit {
        /// Its type.
        limit: String,
        /// Its value.
        value: String,
        /// What would do.
        expected: &'static str,
    },
    /// A limit that Kubernetes can't enforce.
    #[error("the limit '{limit}' cannot be enforced on this cluster: leave it out")]
    UnsupportedLimit {
        /// Its type.
        limit: String,
    },
    /// A mount of an unknown kind.
    #[error("a mount of type '{kind}' cannot be made on this cluster")]
    UnsupportedMount {
        /// Its type.
        kind: String,
    },
    /// A secret that is not `secretName:key:ENV_NAME`.
    #[error("the setting 'secret' of the job is not of the form secretName:key:ENVIRONMENT_VARIABLE")]
    Secret,
    /// A protocol that is none of Kubernetes'.
    #[error("the protocol '{protocol}' of port {port} is not known: TCP, UDP and SCTP are")]
    Protocol {
        /// The port.
        port: u16,
        /// The protocol.
        protocol: String,
    },
    /// A port that stands twice.
    #[error("port {port} ({protocol}) is exposed twice")]
    RepeatedPort {
        /// The port.
        port: u16,
        /// The protocol.
        protocol: String,
    },
    /// A constraint with two values can't be met.
    #[error("the placement constraint '{name}' is given two values, which no node can have at once")]
    Placement {
        /// Which.
        name: String,
    },
    /// Metadata that shall go into an object and can't.
    #[error("'metadata.{path}' of the job must be {expected}")]
    Metadata {
        /// Where.
        path: String,
        /// What would do.
        expected: &'static str,
    },
    /// What has to be kept with the object is more than an object may hold.
    #[error(
        "the job's {part} is too large: the cluster keeps {limit} bytes of name, tags, metadata and the like with a job, \
         and this job's are {size} bytes"
    )]
    TooLarge {
        /// The largest part.
        part: String,
        /// All parts.
        size: usize,
        /// The most that fits.
        limit: usize,
    },
}
