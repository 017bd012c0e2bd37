//! The job: what was asked for, and what became of it.

mod check;
mod config;
mod container;
mod debug;
mod environment;
mod fields;
mod limit;
mod mount;
mod placement;
mod port;
mod read;
mod status;
mod write;

pub use check::InvalidJob;
pub use config::{ConfigValueType, JobConfig, ParseConfigValueTypeError};
pub use container::{Container, InitContainer};
pub use environment::EnvVar;
pub use fields::{JobField, JobFields};
pub use limit::{ResourceLimit, ResourceLimitType};
pub use mount::{Mount, MountSource};
pub use placement::PlacementConstraint;
pub use port::ExposedPort;
pub use status::{JobStatus, ParseJobStatusError};
pub use write::SelectedJob;

use serde_json::{Map, Value};

use crate::ids::{JobId, Username};
use crate::time::JobTime;

/// A job, as it is submitted and as it is told.
///
/// An empty text, an empty list and `None` all mean that there is nothing; the keys that are written even so are those
/// that the stricter of the public SDKs demands. Reading accepts absent keys, `null` and keys that are not known here.
///
/// The printed form for developers (`{:?}`) hides the text of `stdin` and the values of `environment` and `config`, which
/// may be secrets.
#[derive(Clone, Default, PartialEq)]
pub struct Job {
    /// Given by the plugin; ignored in a submission.
    pub id: JobId,
    /// The cluster's name as it stands in the Launcher's configuration.
    pub cluster: String,
    /// Free text of the user, told exactly as it came.
    pub name: String,
    /// The owner. Empty in a submission: the requester.
    pub user: Username,
    /// The owner's group (3.5).
    pub group: String,
    /// Queues that the job may wait in.
    pub queues: Vec<String>,
    /// Where `command` or `exe` runs, inside the container.
    pub working_directory: String,
    /// The container to run in; `None` asks for the cluster's default.
    pub container: Option<Container>,
    /// Containers that run to their end before the job, one after the other.
    pub init_containers: Vec<InitContainer>,
    /// In a submission a wish; from the plugin the host that runs, or ran, the job.
    pub host: String,
    /// Where the job is in its life.
    pub status: JobStatus,
    /// Why it is there, for the user.
    pub status_message: String,
    /// A word of the cluster for the state, such as `OOMKilled` (3.5).
    pub status_code: String,
    /// The process id, of local jobs only.
    pub pid: Option<i64>,
    /// Set with the terminal state, never after it.
    pub exit_code: Option<i32>,
    /// Run by a shell. Excludes `exe`.
    pub command: String,
    /// Run directly. Excludes `command`.
    pub exe: String,
    /// Arguments of `command` or `exe`.
    pub args: Vec<String>,
    /// All of what the job reads from its standard input.
    pub stdin: String,
    /// File for standard output, in the job's file system.
    pub stdout_file: String,
    /// File for standard error, in the job's file system.
    pub stderr_file: String,
    /// Environment variables, in order; names may repeat.
    pub environment: Vec<EnvVar>,
    /// Where the job may run.
    pub placement_constraints: Vec<PlacementConstraint>,
    /// When the plugin took the job.
    pub submission_time: Option<JobTime>,
    /// When there was last news of the job's state.
    pub last_update_time: Option<JobTime>,
    /// Ports that shall be reached from outside.
    pub exposed_ports: Vec<ExposedPort>,
    /// File systems to mount.
    pub mounts: Vec<Mount>,
    /// Settings that the cluster's Cluster Info names.
    pub config: Vec<JobConfig>,
    /// Limits of CPU, memory and the like.
    pub resource_limits: Vec<ResourceLimit>,
    /// The user's words to find jobs by.
    pub tags: Vec<String>,
    /// The user's own data, told unchanged (3.5).
    pub metadata: Option<Map<String, Value>>,
    /// Name of a profile of limits; `custom` for limits given by hand (3.5).
    pub resource_profile: String,
    /// Lasting id of the Launcher that submitted.
    pub instance_id: String,
}
