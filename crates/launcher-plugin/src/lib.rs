//! The plugin side of the Launcher Plugin API, for any cluster that can run jobs.

mod backend;
mod error;
mod feed;

pub use backend::{Backend, ControlOutcome, OutputChunk};
pub use error::{BackendError, ServeError};
pub use feed::{FeedClosed, FeedReceiver, JobFeed, JobState, JobUpdate};
