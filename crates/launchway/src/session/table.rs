//! Who waits for what: the table of open requests and streams, and the routing of responses to them. No I/O here.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use launcher_api::message_type::RequestType;
use launcher_api::request::{CancelStream, StreamRequest};
use launcher_api::response::{ErrorResponse, OutputPiece, ResourceUtil, StreamSequence};
use launcher_api::{JobSelector, Request, RequestBody, RequestId, Response, ResponseError};
use tokio::sync::{mpsc, oneshot};

use crate::{ClientError, Gone, ProtocolFault};

/// Ids of canceled streams that are remembered: what still comes for them is no fault.
const REMEMBERED_CANCELS: usize = 1024;
/// From this many open requests on, those that nobody waits for any more are forgotten.
const SWEEP_FROM: usize = 1024;

/// A message of a stream, or the news that some are missing.
#[derive(Debug)]
pub(crate) enum Piece {
    /// A message.
    Message(Box<Response>),
    /// `expected` was due, `found` came.
    Gap { expected: u64, found: u64 },
}

/// Where the one answer of a request goes.
pub(crate) struct Answer(pub(crate) oneshot::Sender<Result<Response, ClientError>>);

impl Answer {
    fn give(self, result: Result<Response, ClientError>) {
        // Whoever asked may have stopped waiting: then nobody wants to know.
        let _not_awaited = self.0.send(result);
    }

    pub(crate) fn fail(self, error: ClientError) {
        self.give(Err(error));
    }
}

/// Where the messages of a stream go. The stream ends when this is dropped: with an error if there is a verdict.
#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) pieces: mpsc::Sender<Piece>,
    pub(crate) verdict: Verdict,
}

impl Sink {
    pub(crate) fn fail(self, error: ClientError) {
        self.verdict.set(error);
    }
}

/// Why a stream ended; empty if it came to its regular end. Set before the last sink is dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict(Arc<Mutex<Option<ClientError>>>);

impl Verdict {
    /// The first reason stays.
    fn set(&self, error: ClientError) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    pub(crate) fn take(&self) -> Option<ClientError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A piece on its way to a reader whose queue was full.
pub(crate) struct Delivery {
    pub(crate) id: RequestId,
    pub(crate) sink: Sink,
    pub(crate) piece: Piece,
}

/// What a response led to, beside what the table has done already.
#[derive(Default)]
pub(crate) struct Routed {
    /// Pieces for streams, in order.
    pub(crate) deliveries: Vec<Delivery>,
    /// What is wrong with the response.
    pub(crate) faults: Vec<ProtocolFault>,
}

/// A stream that was canceled.
pub(crate) struct Canceled {
    /// The request that tells the plugin.
    pub(crate) request: Request,
    pub(crate) sink: Sink,
}

struct OpenStream {
    opened_by: Request,
    sink: Sink,
    next_seq: u64,
}

/// The open requests and streams of one connection.
#[derive(Default)]
pub(crate) struct Table {
    last_id: u64,
    waiting: HashMap<RequestId, (RequestType, Answer)>,
    streams: HashMap<RequestId, OpenStream>,
    canceled: VecDeque<RequestId>,
}

impl Table {
    /// The id for a request: one counter for all; Bootstrap and heartbeats have 0.
    pub(crate) fn next_id(&mut self, request: RequestType) -> RequestId {
        if matches!(request, RequestType::Bootstrap | RequestType::Heartbeat) {
            return RequestId(0);
        }
        self.last_id += 1;
        RequestId(self.last_id)
    }

    /// Notes who waits for the answer to a request.
    pub(crate) fn wait(&mut self, id: RequestId, request: RequestType, answer: Answer) {
        if self.waiting.len() >= SWEEP_FROM {
            self.waiting.retain(|_, (_, answer)| !answer.0.is_closed());
        }
        self.waiting.insert(id, (request, answer));
    }

    /// Notes a stream.
    pub(crate) fn open(&mut self, opened_by: Request, sink: Sink) {
        self.streams.insert(opened_by.id, OpenStream { opened_by, sink, next_seq: 1 });
    }

    /// Forgets a stream and makes the request that cancels it; `None` if it has ended.
    pub(crate) fn cancel(&mut self, id: RequestId) -> Option<Canceled> {
        let stream = self.streams.remove(&id)?;
        if self.canceled.len() == REMEMBERED_CANCELS {
            self.canceled.pop_front();
        }
        self.canceled.push_back(id);
        Some(Canceled { request: cancel_of(&stream.opened_by)?, sink: stream.sink })
    }

    /// All streams that are open, in the order of their opening.
    pub(crate) fn open_streams(&self) -> Vec<(RequestId, RequestType)> {
        let mut streams: Vec<_> =
            self.streams.iter().map(|(id, stream)| (*id, stream.opened_by.body.message_type())).collect();
        streams.sort_unstable_by_key(|(id, _)| *id);
        streams
    }

    /// Ends everything because the connection is over.
    pub(crate) fn end_all(&mut self, why: &Gone) {
        for (_, (request, answer)) in self.waiting.drain() {
            answer.fail(ClientError::Gone { what: request.into(), why: why.clone() });
        }
        for (_, stream) in self.streams.drain() {
            let what = stream.opened_by.body.message_type().into();
            stream.sink.fail(ClientError::Gone { what, why: why.clone() });
        }
    }

    /// Gives a response to those whom it answers (section 10.4 of the API).
    pub(crate) fn route(&mut self, response: Response) -> Routed {
        let mut routed = Routed::default();
        match &response {
            // Seen by those who tap the wire, or kept by the session.
            Response::Heartbeat | Response::Metrics(_) => {}
            Response::JobStatus(status) => {
                let sequences = status.sequences.clone();
                self.route_to_streams(&sequences, &response, End::NotYet, &mut routed);
            }
            Response::JobResourceUtil(util) => {
                let end = if util.data == ResourceUtil::Complete { End::Now } else { End::NotYet };
                let sequences = util.sequences.clone();
                self.route_to_streams(&sequences, &response, end, &mut routed);
            }
            Response::JobOutput(output) => {
                let end = if output.piece == OutputPiece::Complete { End::Now } else { End::NotYet };
                let sequence = StreamSequence { request_id: output.request_id, seq_id: output.seq_id };
                self.route_to_streams(&[sequence], &response, end, &mut routed);
            }
            Response::Error(error) => self.route_error(error, &mut routed),
            _ => match self.waiting.remove(&response.request_id()) {
                Some((_, answer)) => answer.give(Ok(response)),
                None => routed.faults.push(nobody_asked(&response)),
            },
        }
        routed
    }

    /// Fails the request or stream that an unreadable response answers; tells whether there is one.
    pub(crate) fn route_unreadable(&mut self, error: &ResponseError) -> bool {
        let Some(id) = error.request_id else { return false };
        let unfitting =
            |what: RequestType| ClientError::Unfitting { what: what.into(), why: error.to_string() };
        if let Some((request, answer)) = self.waiting.remove(&id) {
            answer.fail(unfitting(request));
            return true;
        }
        if let Some(stream) = self.streams.remove(&id) {
            stream.sink.fail(unfitting(stream.opened_by.body.message_type()));
            return true;
        }
        false
    }

    fn route_to_streams(
        &mut self,
        to: &[StreamSequence],
        response: &Response,
        end: End,
        routed: &mut Routed,
    ) {
        for &StreamSequence { request_id: id, seq_id: found } in to {
            let Some(stream) = self.streams.get_mut(&id) else {
                if !self.canceled.contains(&id) {
                    let message_type = response.message_type();
                    routed.faults.push(ProtocolFault::NobodyAsked { message_type, request: id });
                }
                continue;
            };
            let expected = stream.next_seq;
            stream.next_seq = found.saturating_add(1);
            let sink = stream.sink.clone();
            if found != expected {
                routed.faults.push(ProtocolFault::Gap { request: id, expected, found });
                routed.deliveries.push(Delivery {
                    id,
                    sink: sink.clone(),
                    piece: Piece::Gap { expected, found },
                });
            }
            match end {
                End::NotYet => {
                    let piece = Piece::Message(Box::new(response.clone()));
                    routed.deliveries.push(Delivery { id, sink, piece });
                }
                // The stream ends for its reader when the last sink is gone.
                End::Now => drop(self.streams.remove(&id)),
            }
        }
    }

    fn route_error(&mut self, error: &ErrorResponse, routed: &mut Routed) {
        let refused = |what: RequestType| ClientError::Plugin {
            what: what.into(),
            code: error.code,
            message: error.message.clone(),
        };
        if let Some((request, answer)) = self.waiting.remove(&error.request_id) {
            answer.fail(refused(request));
        } else if let Some(stream) = self.streams.remove(&error.request_id) {
            stream.sink.fail(refused(stream.opened_by.body.message_type()));
        } else if !self.canceled.contains(&error.request_id) {
            let message_type = Response::Error(error.clone()).message_type();
            routed.faults.push(ProtocolFault::NobodyAsked { message_type, request: error.request_id });
        }
    }
}

fn nobody_asked(response: &Response) -> ProtocolFault {
    match response {
        Response::Unknown(unknown) => ProtocolFault::UnknownType { message_type: unknown.message_type },
        _ => ProtocolFault::NobodyAsked {
            message_type: response.message_type(),
            request: response.request_id(),
        },
    }
}

/// Whether a message is the last of its stream.
#[derive(Clone, Copy)]
enum End {
    NotYet,
    Now,
}

/// The request that ends the stream which another one opened: the same id, and the job, by which one of the SDKs
/// finds its streams.
fn cancel_of(opened_by: &Request) -> Option<Request> {
    let body = match &opened_by.body {
        RequestBody::JobStatusStream(StreamRequest::Open(open)) => {
            let cancel = CancelStream { who: open.who.clone(), job: open.selector.clone() };
            RequestBody::JobStatusStream(StreamRequest::Cancel(cancel))
        }
        RequestBody::JobOutputStream(StreamRequest::Open(open)) => {
            let cancel = CancelStream { who: open.who.clone(), job: JobSelector::One(open.job.clone()) };
            RequestBody::JobOutputStream(StreamRequest::Cancel(cancel))
        }
        RequestBody::JobResourceUtilStream(StreamRequest::Open(open)) => {
            let cancel = CancelStream { who: open.who.clone(), job: JobSelector::One(open.job.clone()) };
            RequestBody::JobResourceUtilStream(StreamRequest::Cancel(cancel))
        }
        _ => return None,
    };
    Some(Request { id: opened_by.id, body })
}
