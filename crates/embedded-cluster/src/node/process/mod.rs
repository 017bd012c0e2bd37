//! Local processes that stand for containers.
//!
//! Every container's main process and every exec'd process is started by [`spawn`] as the leader of a session and
//! process group of its own. [`Leftovers`] is what takes a cgroup's place when a container ends: it finds and
//! kills what the main process left behind. [`table`] reads `/proc`, [`pump`] moves the output, [`input`] the
//! standard input.

pub(crate) mod input;
pub(crate) mod leftovers;
pub(crate) mod programs;
pub(crate) mod pump;
pub(crate) mod spawn;
pub(crate) mod table;

pub(crate) use input::StandardInput;
pub(crate) use leftovers::Leftovers;
pub(in crate::node) use programs::Programs;
pub(crate) use pump::Attachments;
pub(crate) use spawn::{ProcessSpec, RunningProcess, SpawnError, exit_code};
