//! The node's tasks.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tasks that all end when the node does.
#[derive(Clone, Debug, Default)]
pub(super) struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Starts a task; it is dropped at its next await once the node stops.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tracker.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// Tells all tasks to end.
    pub(super) fn stop(&self) {
        self.stop.cancel();
        self.tracker.close();
    }

    /// Waits until all tasks have ended, after [`Self::stop`].
    pub(super) async fn ended(&self) {
        self.tracker.wait().await;
    }
}
