//! The log: lines as in plugin API 1.6, to a file that is rotated, to stderr, or to both.

mod destination;
mod file;
mod format;
mod level;
mod name;
mod sink;

pub use destination::{Destination, Opened};
pub use file::{LogFile, LogFileError, prepare};
pub use level::LogLevel;
pub use name::file_name;
pub use sink::{Sink, Stderr};

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The crates whose words are logged at the level asked for. Others know about HTTP and TLS only: INFO is enough of
/// them at DEBUG, and their messages could hold what is secret.
const OWN_CRATES: [&str; 4] =
    ["rstudio_kubernetes_launcher", "launcher_plugin", "launcher_api", "kubernetes_backend"];

/// Directs the log of the whole process to `sink`. To be called once; a later call changes nothing.
pub fn start(level: LogLevel, sink: Sink) {
    let own = level.filter();
    let targets = Targets::new()
        .with_default(own.min(LevelFilter::INFO))
        .with_targets(OWN_CRATES.map(|name| (name, own)))
        // It logs each failed call as an error without saying which; the backend tells them in words.
        .with_target("kube_client", LevelFilter::OFF);
    let layer = format::Lines::new(sink).with_filter(targets);
    // Err: there is a log already, as in a test that starts two.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}
