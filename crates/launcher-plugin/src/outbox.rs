//! The queues before the writer.

use std::time::Duration;

use launcher_api::{RequestId, Response};
use tokio::sync::mpsc;

use crate::refusal::Refusal;
use crate::streams::life::StreamLife;

/// Answers that wait for the writer.
const ANSWERS: usize = 64;
/// Status messages, and the answers to submissions, which come before them.
const ORDERED: usize = 16;
/// Pieces of output and samples of resource use: up to 64 KiB each.
const BULK: usize = 16;
/// Heartbeats that were asked for and not yet sent. More are not worth sending: a Launcher that has left as many
/// unread learns nothing from another one.
const HEARTBEATS: usize = 256;

/// A message for the Launcher.
#[derive(Debug)]
pub(crate) struct Outbound {
    pub(crate) response: Response,
    /// The stream it belongs to, if it is part of one that can be canceled.
    pub(crate) life: Option<StreamLife>,
}

impl Outbound {
    /// A message that belongs to no stream.
    pub(crate) fn answer(response: Response) -> Self {
        Self { response, life: None }
    }

    /// A message that is left out if its stream has been canceled.
    pub(crate) fn of_stream(response: Response, life: &StreamLife) -> Self {
        Self { response, life: Some(life.clone()) }
    }
}

/// The way of everything but status messages to the writer.
///
/// Heartbeats have a lane of their own that overtakes all others, so that neither slow answers nor full output
/// streams hold them up. The other lanes are served in turn.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    heartbeats: mpsc::Sender<()>,
    answers: mpsc::Sender<Outbound>,
    bulk: mpsc::Sender<Outbound>,
}

/// The lane of messages that are in order with the job table. Its sender is given to the table, and to those who
/// let the table send.
pub(crate) type OrderedLane = mpsc::Sender<Outbound>;

/// The writer's end of all lanes.
#[derive(Debug)]
pub(crate) struct Lanes {
    heartbeats: mpsc::Receiver<()>,
    answers: mpsc::Receiver<Outbound>,
    ordered: mpsc::Receiver<Outbound>,
    bulk: mpsc::Receiver<Outbound>,
}

/// The writer's end no longer exists: the plugin is ending.
#[derive(Debug)]
pub(crate) struct Closed;

pub(crate) fn lanes() -> (Outbox, OrderedLane, Lanes) {
    let (heartbeats, heartbeats_out) = mpsc::channel(HEARTBEATS);
    let (answers, answers_out) = mpsc::channel(ANSWERS);
    let (ordered, ordered_out) = mpsc::channel(ORDERED);
    let (bulk, bulk_out) = mpsc::channel(BULK);
    let lanes =
        Lanes { heartbeats: heartbeats_out, answers: answers_out, ordered: ordered_out, bulk: bulk_out };
    (Outbox { heartbeats, answers, bulk }, ordered, lanes)
}

impl Outbox {
    /// Answers a heartbeat. Never waits.
    pub(crate) fn heartbeat(&self) {
        if self.heartbeats.try_send(()).is_err() {
            tracing::debug!("a heartbeat is left out: many are unread");
        }
    }

    /// Queues the answer to a request, waiting for room.
    pub(crate) async fn answer(&self, id: RequestId, answer: Result<Response, Refusal>) {
        let response = answer.unwrap_or_else(|refusal| refusal.into_response(id));
        // Closed: the plugin is ending and nobody waits for the answer.
        drop(self.answers.send(Outbound::answer(response)).await);
    }

    /// Room for a message that is not worth waiting for, or that must not be waited for.
    pub(crate) fn slot_now(&self) -> Option<mpsc::Permit<'_, Outbound>> {
        self.answers.try_reserve().ok()
    }

    /// Waits for room for a part of a stream. Whoever holds the slot decides at the last moment what to send.
    pub(crate) async fn bulk_slot(&self) -> Result<mpsc::Permit<'_, Outbound>, Closed> {
        self.bulk.reserve().await.map_err(|_| Closed)
    }
}

/// What the writer does next.
#[derive(Debug)]
pub(crate) enum Next {
    /// Send a heartbeat.
    Heartbeat,
    /// Send this.
    Message(Box<Outbound>),
    /// Everything is sent and nothing can come.
    End,
}

impl Lanes {
    /// The next thing to send. Nothing is lost if the future is dropped.
    ///
    /// `heartbeat_in`: after how long a heartbeat is due if none was asked for.
    pub(crate) async fn next(&mut self, phase: Phase, heartbeat_in: Option<Duration>) -> Next {
        let Self { heartbeats, answers, ordered, bulk } = self;
        let message = async {
            match phase {
                Phase::BeforeBootstrap => answers.recv().await,
                Phase::Open => tokio::select! {
                    Some(message) = answers.recv() => Some(message),
                    Some(message) = ordered.recv() => Some(message),
                    Some(message) = bulk.recv() => Some(message),
                    else => None,
                },
            }
        };
        let due = async {
            match heartbeat_in {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(()) = heartbeats.recv() => Next::Heartbeat,
            () = due => Next::Heartbeat,
            message = message => match message {
                Some(message) => Next::Message(Box::new(message)),
                None => Next::End,
            },
        }
    }
}

/// What may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Answers and nothing unasked.
    BeforeBootstrap,
    /// Everything.
    Open,
}
