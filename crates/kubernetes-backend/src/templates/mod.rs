//! Objects from templates: the only way in which they are made.
//!
//! A set is `job.tpl` and `service.tpl`, built in or an administrator's, with whatever they include. What they see of a job
//! is made in `data`; what they render is one object as JSON, which the plugin then completes.

mod data;
mod error;
mod folder;
mod functions;
mod json;
mod load_error;
mod profile_data;
mod rendered;
mod set;
mod unread;
pub mod validation;
mod version;
mod world;

pub(crate) use data::{for_job, for_service};
pub use error::{NoTemplates, ObjectKind, TemplateError, TemplateFault};
pub use folder::TemplateFolder;
pub use load_error::{LoadError, LoadFault};
pub use profile_data::{ProfileData, ProfileDataError};
pub(crate) use rendered::what;
pub use set::{BUILT_IN_JOB, BUILT_IN_SERVICE, ObjectTemplates};
pub use unread::{Unread, Whose};
pub use version::{TemplateVersion, UnknownVersion};
