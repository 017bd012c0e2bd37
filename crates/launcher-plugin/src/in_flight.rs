//! The requests that are being answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use launcher_api::{RequestId, Response};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::error::REQUEST_TIMEOUT;
use crate::outbox::{Outbound, Outbox};
use crate::refusal::Refusal;

/// Requests that are worked on at once.
const SIDE_BY_SIDE: usize = 256;
/// Requests that are worked on or wait for that. With more the input is not read.
const MAX_REQUESTS: usize = 16_384;
/// Bytes of requests that are worked on or wait for that. With more the input is not read.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Runs requests side by side, so that slow ones do not hold up others; bounded in number and in size.
#[derive(Debug)]
pub(crate) struct InFlight {
    outbox: Outbox,
    tasks: JoinSet<()>,
    turns: Arc<Semaphore>,
    bytes: Arc<AtomicUsize>,
}

/// Counts a request's bytes while it exists.
#[derive(Debug)]
struct Size {
    bytes: usize,
    total: Arc<AtomicUsize>,
}

impl Drop for Size {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// What comes of a request: an answer, or `None` if it is answered by somebody else.
pub(crate) type Answer = Result<Option<Response>, Refusal>;

impl InFlight {
    pub(crate) fn new(outbox: Outbox) -> Self {
        Self {
            outbox,
            tasks: JoinSet::new(),
            turns: Arc::new(Semaphore::new(SIDE_BY_SIDE)),
            bytes: Arc::default(),
        }
    }

    /// Whether more requests may be read.
    pub(crate) fn has_room(&self) -> bool {
        self.tasks.len() < MAX_REQUESTS && self.bytes.load(Ordering::Relaxed) < MAX_BYTES
    }

    /// Begins to work on a request of `bytes`, when it is its turn. `work` gets the time by which it must be done,
    /// counted from now.
    pub(crate) fn spawn<W>(
        &mut self,
        id: RequestId,
        bytes: usize,
        work: impl FnOnce(Instant) -> W + Send + 'static,
    ) where
        W: Future<Output = Answer> + Send,
    {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let size = Size { bytes, total: Arc::clone(&self.bytes) };
        let (turns, outbox) = (Arc::clone(&self.turns), self.outbox.clone());
        self.tasks.spawn(async move {
            let deadline = Instant::now() + REQUEST_TIMEOUT;
            let answer = match timeout_at(deadline, turns.acquire()).await {
                // A turn that comes too late must not begin what nobody can wait for.
                Ok(_turn) if Instant::now() < deadline => work(deadline).await,
                Ok(_) | Err(_) => Err(Refusal::too_busy()),
            };
            drop(size);
            if let Some(answer) = answer.transpose() {
                outbox.answer(id, answer).await;
            }
        });
    }

    /// Answers without holding up whoever calls this.
    pub(crate) fn answer(&mut self, id: RequestId, answer: Result<Response, Refusal>) {
        if let Some(slot) = self.outbox.slot_now() {
            let response = answer.unwrap_or_else(|refusal| refusal.into_response(id));
            slot.send(Outbound::answer(response));
        } else {
            let outbox = self.outbox.clone();
            self.tasks.spawn(async move { outbox.answer(id, answer).await });
        }
    }

    /// Answers when `answer` is there, which must be soon: it does not wait for a turn.
    pub(crate) fn answer_later(
        &mut self,
        id: RequestId,
        answer: impl Future<Output = Answer> + Send + 'static,
    ) {
        let outbox = self.outbox.clone();
        self.tasks.spawn(async move {
            if let Some(answer) = answer.await.transpose() {
                outbox.answer(id, answer).await;
            }
        });
    }

    /// Waits for a request to be done; never resolves while there is none.
    pub(crate) async fn reap(&mut self) {
        match self.tasks.join_next().await {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::error!("a request failed: {error}"),
            None => std::future::pending().await,
        }
    }

    /// Lets what is under way come to an end, until the deadline.
    pub(crate) async fn finish(&mut self, deadline: Instant) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if timeout_at(deadline, all).await.is_err() {
            tracing::warn!(requests = self.tasks.len(), "requests are left unanswered at the end");
            self.tasks.shutdown().await;
        }
    }
}
