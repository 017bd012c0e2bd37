//! What the host decides about a plugin.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use launcher_api::frame::MAX_MESSAGE_SIZE;
use launcher_api::{ClusterName, JobTime};

/// How a plugin behaves towards its Launcher, whatever its backend.
///
/// ```
/// use std::time::Duration;
/// use launcher_plugin::PluginOptions;
///
/// let options = PluginOptions { job_expiry: Duration::from_secs(3600), ..PluginOptions::new("night-batch") };
/// assert_eq!(options.heartbeat_interval, Some(Duration::from_secs(5)));
/// ```
#[derive(Clone, Debug)]
pub struct PluginOptions {
    /// The cluster's name: given to jobs that name none.
    pub name: ClusterName,
    /// How often the plugin says that it lives, at the least; `None` or zero: only when asked. Default: 5
    /// seconds.
    pub heartbeat_interval: Option<Duration>,
    /// How often metrics are told; `None` or zero: never. Default: 60 seconds.
    pub metrics_interval: Option<Duration>,
    /// Whether metrics go also to a Launcher older than API 3.7, which does not know them. Default: no.
    pub metrics_forced: bool,
    /// How long a job that has ended is kept; zero: not at all. Default: 24 hours.
    pub job_expiry: Duration,
    /// The largest payload of a message, either way, in bytes. Default: [`MAX_MESSAGE_SIZE`].
    ///
    /// Below some 64 KiB a plugin is of little use, as a whole job and all that a cluster offers must fit into one
    /// message each; what does not fit is answered with an error. Output is cut to pieces that fit.
    pub max_message_size: usize,
    /// Tells the time of day. Default: the system's clock.
    pub clock: Clock,
}

impl PluginOptions {
    /// The defaults of the Launcher Plugin API for the cluster of that name.
    pub fn new(name: impl Into<ClusterName>) -> Self {
        Self {
            name: name.into(),
            heartbeat_interval: Some(Duration::from_secs(5)),
            metrics_interval: Some(Duration::from_secs(60)),
            metrics_forced: false,
            job_expiry: Duration::from_secs(24 * 3600),
            max_message_size: MAX_MESSAGE_SIZE,
            clock: Clock::system(),
        }
    }
}

/// Tells the time of day, by which jobs expire.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::from_fn(Timestamp::now)
    }

    /// A clock of one's own, as tests need it.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time of day, now.
    #[must_use]
    pub fn now(&self) -> JobTime {
        JobTime::new((self.0)())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&(self.0)()).finish()
    }
}
