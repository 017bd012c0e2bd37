//! The open streams of one kind, by request.

use std::collections::HashMap;

use launcher_api::RequestId;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::life::StreamLife;

/// The streams of one kind that may be open at once.
pub(crate) const MAX_STREAMS: usize = 16_384;

/// Owns the tasks of streams.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    tasks: JoinSet<RequestId>,
    open: HashMap<RequestId, (AbortHandle, StreamLife)>,
}

impl Registry {
    pub(crate) fn is_open(&self, request: RequestId) -> bool {
        self.open.contains_key(&request)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.open.len() >= MAX_STREAMS
    }

    /// Runs a stream until it ends or is canceled.
    pub(crate) fn open(
        &mut self,
        request: RequestId,
        life: StreamLife,
        stream: impl Future<Output = ()> + Send + 'static,
    ) {
        let task = self.tasks.spawn(async move {
            stream.await;
            request
        });
        self.open.insert(request, (task, life));
    }

    /// Ends a stream: its work stops, and what it has queued is not written. Whether there was one.
    pub(crate) fn cancel(&mut self, request: RequestId) -> bool {
        let Some((task, life)) = self.open.remove(&request) else { return false };
        life.end();
        task.abort();
        true
    }

    /// Ends all streams.
    pub(crate) fn cancel_all(&mut self) {
        for (_, (task, life)) in self.open.drain() {
            life.end();
            task.abort();
        }
    }

    /// Waits for the end of a stream and forgets it; never resolves if none is open.
    pub(crate) async fn reap(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(Ok((task, request))) => self.forget(task, request),
            Some(Err(error)) if error.is_cancelled() => {}
            Some(Err(error)) => {
                tracing::error!("a stream failed: {error}");
                self.open.retain(|_, (task, _)| task.id() != error.id());
            }
            None => std::future::pending().await,
        }
    }

    /// The request id may have been canceled and used again since the task ended.
    fn forget(&mut self, task: Id, request: RequestId) {
        if self.open.get(&request).is_some_and(|(open, _)| open.id() == task) {
            self.open.remove(&request);
        }
    }
}
