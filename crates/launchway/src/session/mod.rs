//! One task owns the connection: it alone reads, writes, numbers the requests and knows who waits for what.

mod order;
mod receive;
mod table;
mod wire;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use launcher_api::response::Metrics;
use launcher_api::{Request, RequestBody, RequestId};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

pub(crate) use self::order::Order;
use self::receive::deliver_first;
pub(crate) use self::table::{Answer, Piece, Sink, Verdict};
use self::table::{Delivery, Table};
use self::wire::{Incoming, NotSent, Outgoing};
use crate::{Asked, ClientError, ClientOptions, Direction, Gone, ProtocolFault, WireEvent};

/// Faults that are remembered; later ones are only counted by those who tap the wire.
const REMEMBERED_FAULTS: usize = 64;
/// Heartbeat intervals of silence after which a plugin is taken for dead (section 10.7 of the API).
const MISSED_HEARTBEATS: u32 = 3;
/// Orders are taken only while fewer bytes than this wait to be written.
const WRITE_AHEAD: usize = 1024 * 1024;

/// All that can wake the session.
enum Event {
    /// Bytes came, or an error, or the end (0).
    Read(std::io::Result<usize>),
    /// Bytes were taken by the operating system, or not.
    Wrote(std::io::Result<()>),
    /// A client wants something; `None`: all clients are gone.
    Order(Option<Order>),
    /// A stream's reader was dropped.
    ReaderGone(RequestId),
    /// The piece that held up reading found room, or its reader is gone.
    Delivered,
    /// The piece that held up reading waited for longer than the reader may take.
    ReaderTooSlow,
    /// It is time for a heartbeat, or to find that the plugin sends none.
    Beat,
}

/// What the session shares with its clients.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) tap: broadcast::Sender<WireEvent>,
    pub(crate) faults: watch::Sender<Vec<ProtocolFault>>,
    pub(crate) metrics: watch::Sender<Option<Metrics>>,
    pub(crate) gone: watch::Sender<Option<Gone>>,
}

/// The state of the task.
pub(crate) struct Session<R, W> {
    incoming: Incoming<R>,
    outgoing: Outgoing<W>,
    orders: mpsc::Receiver<Order>,
    table: Table,
    /// Pieces that found their readers' queues full, in the order of the wire. While there is one, nothing is
    /// read: the plugin is held back.
    held: VecDeque<Delivery>,
    /// When the first of `held` began to wait.
    held_since: Instant,
    readers: FuturesUnordered<ReaderGone>,
    shared: Arc<Shared>,
    options: ClientOptions,
    phase: Phase,
    /// When the last byte came, or reading began again after having been held up.
    last_heard: Instant,
}

/// Where the connection is in its life.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Bootstrap was not answered yet: the plugin owes no heartbeats.
    Starting,
    /// Requests go both ways.
    Open,
    /// The plugin's input is closed or about to be; what it still says is thrown away.
    Closing,
}

type ReaderGone = std::pin::Pin<Box<dyn Future<Output = RequestId> + Send>>;

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Session<R, W> {
    pub(crate) fn new(
        reader: R,
        writer: W,
        orders: mpsc::Receiver<Order>,
        shared: Arc<Shared>,
        options: ClientOptions,
    ) -> Self {
        let now = Instant::now();
        Self {
            incoming: Incoming::new(reader, options.max_message_size),
            outgoing: Outgoing::new(writer, options.max_message_size),
            orders,
            table: Table::default(),
            held: VecDeque::new(),
            held_since: now,
            readers: FuturesUnordered::new(),
            shared,
            options,
            phase: Phase::Starting,
            last_heard: now,
        }
    }

    /// Serves until the plugin's output ends or cannot be trusted any more, then tells everybody who waits.
    pub(crate) async fn run(mut self) {
        let why = self.serve().await;
        let why = if self.phase == Phase::Closing { Gone::ClosedHere } else { why };
        self.shared.gone.send_replace(Some(why.clone()));
        self.table.end_all(&why);
        self.orders.close();
        while let Ok(order) = self.orders.try_recv() {
            order.refuse(&why);
        }
    }

    async fn serve(&mut self) -> Gone {
        // Ticks are looked at only where heartbeats were agreed on.
        let period = self.options.heartbeat.unwrap_or(Duration::from_secs(3_600));
        let mut beat = interval_at(Instant::now() + period, period);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if let Err(gone) = self.take_frames() {
                return gone;
            }
            let beating = self.phase == Phase::Open && self.options.heartbeat.is_some();
            let patience_ends =
                self.options.reader_patience.filter(|_| !self.held.is_empty()).map(|it| self.held_since + it);
            let event = tokio::select! {
                read = self.incoming.read(), if self.held.is_empty() => Event::Read(read),
                () = deliver_first(&mut self.held), if !self.held.is_empty() => Event::Delivered,
                () = sleep_until(patience_ends.unwrap_or(self.held_since)), if patience_ends.is_some() =>
                    Event::ReaderTooSlow,
                wrote = self.outgoing.write(), if self.outgoing.has_work() => Event::Wrote(wrote),
                order = self.orders.recv(), if self.phase != Phase::Closing && self.outgoing.waiting() < WRITE_AHEAD =>
                    Event::Order(order),
                Some(id) = self.readers.next() => Event::ReaderGone(id),
                _ = beat.tick(), if beating => Event::Beat,
            };
            if let Some(gone) = self.handle(event) {
                return gone;
            }
        }
    }

    /// Changes the state for one event; returns why the connection is over, if it is.
    fn handle(&mut self, event: Event) -> Option<Gone> {
        match event {
            Event::Read(Ok(0)) => {
                return Some(match self.incoming.finish() {
                    Ok(()) => Gone::ClosedOutput,
                    Err(error) => Gone::BadFrame(Arc::new(error)),
                });
            }
            Event::Read(Ok(_)) => self.last_heard = Instant::now(),
            Event::Read(Err(error)) => return Some(Gone::Read(Arc::new(error))),
            Event::Wrote(Ok(())) => {}
            // What it has said before may still be in the pipe: its output decides when it is gone.
            Event::Wrote(Err(error)) => self.outgoing.fail(Gone::Write(Arc::new(error))),
            Event::Order(Some(order)) => self.obey(order),
            Event::Order(None) => self.begin_to_close(),
            Event::ReaderGone(id) => self.cancel(id, None),
            Event::Delivered => {
                self.held_since = Instant::now();
                self.last_heard = self.held_since;
            }
            Event::ReaderTooSlow => self.give_up_slow_reader(),
            Event::Beat => return self.beat(),
        }
        None
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Ask { body, answer } => {
                let message_type = body.message_type();
                let request = Request { id: self.table.next_id(message_type), body };
                match self.send(&request) {
                    Ok(()) => self.table.wait(request.id, message_type, answer),
                    Err(error) => answer.fail(error),
                }
            }
            Order::Open { body, sink, reader } => {
                let request = Request { id: self.table.next_id(body.message_type()), body };
                match self.send(&request) {
                    Ok(()) => self.open_stream(request, sink, reader),
                    Err(error) => sink.fail(error),
                }
            }
            Order::Raw { payload, sent } => {
                let result = self.send_payload(Asked::Message, payload);
                // Whoever asked may have stopped waiting: then nobody wants to know.
                let _not_awaited = sent.send(result);
            }
            Order::Bootstrapped => {
                self.phase = Phase::Open;
                self.last_heard = Instant::now();
            }
            Order::Close => self.begin_to_close(),
        }
    }

    fn open_stream(&mut self, request: Request, sink: Sink, reader: oneshot::Receiver<()>) {
        let id = request.id;
        self.table.open(request, sink);
        self.readers.push(Box::pin(async move {
            // Nothing is ever sent: it ends when the reader is dropped.
            let _dropped = reader.await;
            id
        }));
    }

    /// Cancels a stream that is open; its reader is told the reason, if there is one to be told.
    fn cancel(&mut self, id: RequestId, reason: Option<ClientError>) {
        let Some(canceled) = self.table.cancel(id) else { return };
        // If it cannot be sent the connection is ending, and the stream with it.
        let _ends_anyway = self.send(&canceled.request);
        if let Some(reason) = reason {
            canceled.sink.fail(reason);
        }
    }

    fn begin_to_close(&mut self) {
        for (id, what) in self.table.open_streams() {
            self.cancel(id, Some(ClientError::Gone { what: what.into(), why: Gone::ClosedHere }));
        }
        self.held.clear();
        self.table.end_all(&Gone::ClosedHere);
        self.outgoing.end();
        self.phase = Phase::Closing;
    }

    /// Sends a heartbeat; finds the plugin dead if it was silent for three intervals.
    fn beat(&mut self) -> Option<Gone> {
        let silent_for = self.last_heard.elapsed();
        let limit = self.options.heartbeat.map(|interval| interval * MISSED_HEARTBEATS);
        if self.held.is_empty() && limit.is_some_and(|limit| silent_for >= limit) {
            return Some(Gone::Silent(silent_for));
        }
        // A heartbeat that cannot be sent is missed by nobody: the output tells what has happened.
        let _told_by_the_output = self.send(&Request { id: RequestId(0), body: RequestBody::Heartbeat });
        None
    }

    fn send(&mut self, request: &Request) -> Result<(), ClientError> {
        self.send_payload(request.body.message_type().into(), Bytes::from(request.to_json()))
    }

    fn send_payload(&mut self, what: Asked, payload: Bytes) -> Result<(), ClientError> {
        match self.outgoing.push(&payload) {
            Ok(()) => {
                self.show(Direction::ToPlugin, payload);
                Ok(())
            }
            Err(NotSent::Frame(source)) => Err(ClientError::TooLarge { what, source }),
            Err(NotSent::Gone(why)) => Err(ClientError::Gone { what, why }),
        }
    }

    fn show(&self, direction: Direction, payload: Bytes) {
        if self.shared.tap.receiver_count() > 0 {
            // The last one may have left in between.
            let _nobody_looks =
                self.shared.tap.send(WireEvent { at: std::time::Instant::now(), direction, payload });
        }
    }

    fn note(&self, fault: ProtocolFault) {
        self.shared.faults.send_if_modified(|faults| {
            let room = faults.len() < REMEMBERED_FAULTS;
            if room {
                faults.push(fault);
            }
            room
        });
    }
}
