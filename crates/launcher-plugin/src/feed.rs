//! The way from the backend's watch to the job table.

use launcher_api::job::ExposedPort;
use launcher_api::{Job, JobId, JobStatus, JobTime};
use tokio::sync::{mpsc, oneshot};

/// Tells the job table what happens in the cluster.
///
/// Bounded: [`send`](Self::send) waits while the table is busy, and so holds the watch back. All clones feed the
/// same table, in the order in which their sends completed.
#[derive(Clone, Debug)]
pub struct JobFeed {
    items: mpsc::Sender<Item>,
}

/// News from the cluster about one job.
#[derive(Clone, Debug, PartialEq)]
pub enum JobUpdate {
    /// A job seen for the first time, or everything about one that is known. For a known job its state counts as
    /// by [`JobUpdate::State`], all else is replaced.
    Known(Box<Job>),
    /// A job's state. Ignored if the job is unknown, has ended before, or if this is older news than what is known
    /// (same status or a change between Running and Suspended, with an earlier time).
    State {
        /// Whose.
        id: JobId,
        /// The state, whole.
        state: JobState,
    },
    /// Where a job's ports can be reached. Ignored if the job is unknown.
    Ports {
        /// Whose.
        id: JobId,
        /// All its ports.
        ports: Vec<ExposedPort>,
    },
    /// Somebody removed the job from the cluster. A job that had ended is forgotten; another one is told to have
    /// Failed, and expires as such.
    Removed(JobId),
}

/// What changes together when a job's state changes.
#[derive(Clone, Debug, PartialEq)]
pub struct JobState {
    /// The status.
    pub status: JobStatus,
    /// Why, for the user; may be empty.
    pub status_message: String,
    /// A stable word of the cluster for the state, such as a pod's reason; may be empty.
    pub status_code: String,
    /// How the job ended. Counts only together with a terminal status.
    pub exit_code: Option<i32>,
    /// Where it runs; empty leaves the last known host.
    pub host: String,
    /// When this happened, by the cluster's clock.
    pub time: JobTime,
}

/// The plugin has ended, or this feed belongs to a [`start`](crate::Backend::start) that failed: stop watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plugin no longer listens to this feed")]
pub struct FeedClosed;

/// The table's end of a [`JobFeed`]; also what a backend's own tests read.
#[derive(Debug)]
pub struct FeedReceiver {
    items: mpsc::Receiver<Item>,
}

#[derive(Debug)]
enum Item {
    Update(JobUpdate),
    /// Answered once everything before it was taken and applied.
    Mark(oneshot::Sender<()>),
}

impl JobFeed {
    /// A feed that holds at most `capacity` updates that the table has not taken.
    ///
    /// The runtime makes the feed that a backend gets; this is for tests of backends.
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, FeedReceiver) {
        let (sender, receiver) = mpsc::channel(capacity);
        (Self { items: sender }, FeedReceiver { items: receiver })
    }

    /// Hands over an update, waiting for room. If the future is dropped the update is not sent.
    ///
    /// # Errors
    /// [`FeedClosed`] when nobody will ever read it.
    pub async fn send(&self, update: JobUpdate) -> Result<(), FeedClosed> {
        self.items.send(Item::Update(update)).await.map_err(|_| FeedClosed)
    }

    /// Resolves when nobody reads the feed any more.
    pub async fn closed(&self) {
        self.items.closed().await;
    }

    /// Waits until the table has applied everything sent so far.
    pub(crate) async fn applied(&self) -> Result<(), FeedClosed> {
        let (mark, reached) = oneshot::channel();
        self.items.send(Item::Mark(mark)).await.map_err(|_| FeedClosed)?;
        reached.await.map_err(|_| FeedClosed)
    }
}

impl FeedReceiver {
    /// The next update, in the order of sending; `None` when every [`JobFeed`] is gone. Nothing is lost if the
    /// future is dropped. Asking for the next update says that the last one was applied.
    pub async fn recv(&mut self) -> Option<JobUpdate> {
        loop {
            match self.items.recv().await? {
                Item::Update(update) => return Some(update),
                // Whoever set the mark may have stopped waiting.
                Item::Mark(mark) => drop(mark.send(())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::{FeedClosed, JobFeed, JobUpdate};

    fn removed(id: &str) -> JobUpdate {
        JobUpdate::Removed(id.into())
    }

    #[tokio::test]
    async fn what_was_sent_is_applied_when_the_receiver_asks_for_more() {
        let (feed, mut receiver) = JobFeed::channel(8);
        feed.send(removed("a")).await.unwrap();
        feed.send(removed("b")).await.unwrap();
        let mut applied = Box::pin(feed.applied());
        assert!(applied.as_mut().now_or_never().is_none());
        assert_eq!(receiver.recv().await, Some(removed("a")));
        assert_eq!(receiver.recv().await, Some(removed("b")));
        assert!(applied.as_mut().now_or_never().is_none(), "the last one is taken and may not be applied");
        assert!(receiver.recv().now_or_never().is_none());
        assert_eq!(applied.await, Ok(()));
    }

    #[tokio::test]
    async fn a_full_feed_holds_its_sender_back_and_a_closed_one_says_so() {
        let (feed, mut receiver) = JobFeed::channel(1);
        feed.send(removed("a")).await.unwrap();
        assert!(feed.send(removed("b")).now_or_never().is_none());
        receiver.recv().await.unwrap();
        feed.send(removed("c")).await.unwrap();
        drop(receiver);
        assert_eq!(feed.send(removed("d")).await, Err(FeedClosed));
        feed.closed().await;
    }
}
