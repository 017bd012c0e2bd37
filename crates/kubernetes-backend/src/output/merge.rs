//! Standard output and standard error, followed apart, in the order of their times.

use std::time::Duration;

use bytes::Bytes;
use launcher_api::response::OutputKind;
use launcher_plugin::{BackendError, OutputChunk};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::Pieces;
use super::follow::{Follower, LogOf, Sink, Source};
use super::position::Text;
use super::stamped::Stamp;

/// How long a stream that has nothing is waited for, once: an older line of it may be under way.
const HOLD: Duration = Duration::from_millis(150);
/// How many pieces of one stream wait for the other.
const AHEAD: usize = 64;

/// Follows both to their ends.
pub(super) async fn both(follower: Follower, log: &LogOf, pieces: &Pieces) -> Result<(), BackendError> {
    let (stdout, stdout_pieces) = mpsc::channel(AHEAD);
    let (stderr, stderr_pieces) = mpsc::channel(AHEAD);
    let follow = async |source, lines| {
        // The sink goes with the end of the log: the merge sees that the stream is over.
        let sink = Sink::Merge(lines);
        follower.follow(log, source, &sink).await
    };
    let (out, err, ()) = tokio::join!(
        follow(Source::Stdout, stdout),
        follow(Source::Stderr, stderr),
        merge(stdout_pieces, stderr_pieces, pieces)
    );
    out.and(err)
}

/// One of the two streams, as the merge sees it.
struct Side {
    kind: OutputKind,
    pieces: mpsc::Receiver<Text>,
    head: Option<Text>,
    state: SideState,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum SideState {
    /// It has something, or is waited for until then.
    Expected(Option<Instant>),
    /// It was waited for once: it comes when it comes.
    Idle,
    /// It is over.
    Over,
}

impl Side {
    fn new(kind: OutputKind, pieces: mpsc::Receiver<Text>) -> Self {
        Self { kind, pieces, head: None, state: SideState::Expected(None) }
    }

    fn receive(&mut self, text: Option<Text>) {
        self.state = if text.is_some() { SideState::Expected(None) } else { SideState::Over };
        self.head = text;
    }

    fn wants(&self) -> bool {
        self.head.is_none() && self.state != SideState::Over
    }

    /// Whether nothing older than what the other side has can be waited for.
    fn is_ready(&self) -> bool {
        self.head.is_some() || matches!(self.state, SideState::Idle | SideState::Over)
    }
}

async fn merge(stdout: mpsc::Receiver<Text>, stderr: mpsc::Receiver<Text>, pieces: &Pieces) {
    let mut out = Side::new(OutputKind::Stdout, stdout);
    let mut err = Side::new(OutputKind::Stderr, stderr);
    // A line is not torn: its stream goes on until it is over.
    let mut within: Option<OutputKind> = None;
    loop {
        let next = match within {
            Some(OutputKind::Stdout) if out.state != SideState::Over => {
                out.head.is_some().then_some(OutputKind::Stdout)
            }
            Some(OutputKind::Stderr) if err.state != SideState::Over => {
                err.head.is_some().then_some(OutputKind::Stderr)
            }
            _ if out.is_ready() && err.is_ready() => older(&out, &err),
            _ => None,
        };
        if let Some(kind) = next {
            let side = if kind == OutputKind::Stdout { &mut out } else { &mut err };
            let Some(text) = side.head.take() else { continue };
            within = (!text.ends_line).then_some(kind);
            if !send(pieces, side.kind, text.bytes).await {
                return;
            }
            continue;
        }
        if out.state == SideState::Over
            && err.state == SideState::Over
            && out.head.is_none()
            && err.head.is_none()
        {
            return;
        }
        wait(&mut out, &mut err, &mut within).await;
    }
}

/// The side with the older line; none if neither has one.
fn older(out: &Side, err: &Side) -> Option<OutputKind> {
    let stamp = |side: &Side| side.head.as_ref().map(|text| text.stamp.clone());
    match (stamp(out), stamp(err)) {
        (Some(a), Some(b)) => Some(if earlier(&b, &a) { OutputKind::Stderr } else { OutputKind::Stdout }),
        (Some(_), None) => Some(OutputKind::Stdout),
        (None, Some(_)) => Some(OutputKind::Stderr),
        (None, None) => None,
    }
}

fn earlier(a: &Option<Stamp>, b: &Option<Stamp>) -> bool {
    a < b
}

/// Waits for a piece, or for the end of a wait.
async fn wait(out: &mut Side, err: &mut Side, within: &mut Option<OutputKind>) {
    let now = Instant::now();
    // A side is waited for from when the other has something to say, or is in the middle of a line.
    let mut until = now + Duration::from_secs(3600);
    let (out_has, err_has) = (out.head.is_some(), err.head.is_some());
    for (side, other_has) in [(&mut *out, err_has), (&mut *err, out_has)] {
        let tearing = *within == Some(side.kind);
        if side.wants() && (other_has || tearing) && side.state != SideState::Idle {
            let limit = match side.state {
                SideState::Expected(Some(limit)) => limit,
                _ => now + HOLD,
            };
            side.state = SideState::Expected(Some(limit));
            until = until.min(limit);
        }
    }
    tokio::select! {
        text = out.pieces.recv(), if out.wants() => out.receive(text),
        text = err.pieces.recv(), if err.wants() => err.receive(text),
        () = sleep_until(until) => {
            for side in [&mut *out, &mut *err] {
                if matches!(side.state, SideState::Expected(Some(limit)) if limit <= until) && side.head.is_none() {
                    side.state = SideState::Idle;
                    if *within == Some(side.kind) {
                        *within = None;
                    }
                }
            }
        }
    }
}

async fn send(pieces: &Pieces, kind: OutputKind, bytes: Bytes) -> bool {
    pieces.send(Ok(OutputChunk { kind, bytes })).await.is_ok()
}
