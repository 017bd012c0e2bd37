//! The session's reading half: messages to those who wait for them, one after the other.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use launcher_api::Response;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::Instant;

use super::table::Delivery;
use super::{Phase, Session};
use crate::{ClientError, Direction, Gone, ProtocolFault};

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Session<R, W> {
    /// Handles the messages that were read, until one must wait for its reader.
    pub(super) fn take_frames(&mut self) -> Result<(), Gone> {
        while self.held.is_empty() {
            let frame = self.incoming.next_frame().map_err(|error| Gone::BadFrame(Arc::new(error)))?;
            let Some(payload) = frame else { break };
            self.take_message(payload);
        }
        Ok(())
    }

    fn take_message(&mut self, payload: Bytes) {
        let response = Response::from_json(&payload);
        self.show(Direction::FromPlugin, payload);
        let routed = match response {
            _ if self.phase == Phase::Closing => return,
            Ok((_, response)) => {
                if let Response::Metrics(metrics) = &response {
                    self.shared.metrics.send_replace(Some(metrics.clone()));
                }
                self.table.route(response)
            }
            Err(error) => {
                self.table.route_unreadable(&error);
                self.note(ProtocolFault::Unreadable { why: error.to_string() });
                return;
            }
        };
        routed.faults.into_iter().for_each(|fault| self.note(fault));
        for delivery in routed.deliveries {
            self.deliver(delivery);
        }
    }

    fn deliver(&mut self, delivery: Delivery) {
        let Delivery { id, sink, piece } = delivery;
        // A piece must not overtake one of the same stream that is held.
        let sent = match self.held.iter().any(|held| held.id == id) {
            true => Err(TrySendError::Full(piece)),
            false => sink.pieces.try_send(piece),
        };
        if let Err(TrySendError::Full(piece)) = sent {
            if self.held.is_empty() {
                self.held_since = Instant::now();
            }
            self.held.push_back(Delivery { id, sink, piece });
        }
    }

    /// Ends the stream whose reader was waited for, so that the others go on.
    pub(super) fn give_up_slow_reader(&mut self) {
        let Some(slow) = self.held.pop_front() else { return };
        let after = self.held_since.elapsed();
        self.held.retain(|delivery| delivery.id != slow.id);
        self.held_since = Instant::now();
        self.last_heard = self.held_since;
        self.cancel(slow.id, Some(ClientError::SlowReader { after }));
    }
}

/// Waits until the first of the pieces has room, or its reader is gone. Nothing is lost if the future is dropped.
pub(super) async fn deliver_first(held: &mut VecDeque<Delivery>) {
    let Some(first) = held.front() else { return };
    let pieces = first.sink.pieces.clone();
    let permit = pieces.reserve().await;
    let Some(delivery) = held.pop_front() else { return };
    // An error means that the reader is gone: then so is the piece.
    if let Ok(permit) = permit {
        permit.send(delivery.piece);
    }
}
