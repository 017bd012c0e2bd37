//! What goes over the wire, for those who want to see or to time it.

use std::time::Instant;

use bytes::Bytes;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};

use crate::Gone;

/// One message, either way.
#[derive(Clone, Debug)]
pub struct WireEvent {
    /// When it was given to the connection's writer, or when its last byte had been read.
    pub at: Instant,
    /// Which way it went.
    pub direction: Direction,
    /// The JSON, without the length before it.
    pub payload: Bytes,
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From this client to the plugin.
    ToPlugin,
    /// From the plugin to this client.
    FromPlugin,
}

/// A view of every message of a connection from the moment of its making, in order.
///
/// It never holds the connection back: who reads too slowly loses the oldest messages and is told how many.
#[derive(Debug)]
pub struct Tap {
    events: broadcast::Receiver<WireEvent>,
    gone: watch::Receiver<Option<Gone>>,
}

/// Messages that a [`Tap`] lost because it was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} messages were not looked at in time and are lost")]
pub struct Missed(pub u64);

impl Tap {
    pub(crate) fn new(events: broadcast::Receiver<WireEvent>, gone: watch::Receiver<Option<Gone>>) -> Self {
        Self { events, gone }
    }

    /// The next message; `None` once the connection is over and everything was told.
    ///
    /// Nothing is lost if the future is dropped.
    ///
    /// # Errors
    /// [`Missed`] when messages were lost; the next call goes on behind them.
    pub async fn next(&mut self) -> Result<Option<WireEvent>, Missed> {
        tokio::select! {
            biased;
            event = self.events.recv() => match event {
                Ok(event) => Ok(Some(event)),
                Err(RecvError::Closed) => Ok(None),
                Err(RecvError::Lagged(count)) => Err(Missed(count)),
            },
            // Nothing is sent after the end was told, so what is there now is all.
            _ = self.gone.wait_for(Option::is_some) => match self.events.try_recv() {
                Ok(event) => Ok(Some(event)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => Ok(None),
                Err(TryRecvError::Lagged(count)) => Err(Missed(count)),
            },
        }
    }
}
