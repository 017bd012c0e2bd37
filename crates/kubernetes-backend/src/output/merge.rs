//! Standard output and standard error, followed apart, in the order of their times.

use std::time::Duration;

use bytes::Bytes;
use launcher_api::response::OutputKind;
use launcher_plugin::{BackendError, OutputChunk};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::Pieces;
use super::follow::{Follower, LogOf, Sink, Source};
use super::texts::{Mark, Texts};

/// How long a stream that has nothing is waited for, once: an older line of it may be under way.
const HOLD: Duration = Duration::from_millis(150);
/// How many pieces of one stream, of many lines each, wait for the other.
const AHEAD: usize = 4;

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
    pieces: mpsc::Receiver<Texts>,
    /// What came and is not sent on yet.
    texts: Texts,
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
    fn new(kind: OutputKind, pieces: mpsc::Receiver<Texts>) -> Self {
        Self { kind, pieces, texts: Texts::default(), state: SideState::Expected(None) }
    }

    fn receive(&mut self, texts: Option<Texts>) {
        self.state = if texts.is_some() { SideState::Expected(None) } else { SideState::Over };
        self.texts = texts.unwrap_or_default();
    }

    /// What has come of a stream that is not waited for.
    fn catch_up(&mut self) {
        if self.wants()
            && self.state == SideState::Idle
            && let Ok(texts) = self.pieces.try_recv()
        {
            self.receive(Some(texts));
        }
    }

    fn wants(&self) -> bool {
        self.texts.is_empty() && self.state != SideState::Over
    }

    /// Whether nothing older than what the other side has can be waited for.
    fn is_ready(&self) -> bool {
        !self.texts.is_empty() || matches!(self.state, SideState::Idle | SideState::Over)
    }

    fn is_finished(&self) -> bool {
        self.texts.is_empty() && self.state == SideState::Over
    }
}

async fn merge(stdout: mpsc::Receiver<Texts>, stderr: mpsc::Receiver<Texts>, pieces: &Pieces) {
    let mut out = Side::new(OutputKind::Stdout, stdout);
    let mut err = Side::new(OutputKind::Stderr, stderr);
    // A line is not torn: its stream goes on until it is over.
    let mut within: Option<OutputKind> = None;
    loop {
        out.catch_up();
        err.catch_up();
        let next = match within {
            Some(OutputKind::Stdout) if out.state != SideState::Over => {
                (!out.texts.is_empty()).then_some(OutputKind::Stdout)
            }
            Some(OutputKind::Stderr) if err.state != SideState::Over => {
                (!err.texts.is_empty()).then_some(OutputKind::Stderr)
            }
            _ if out.is_ready() && err.is_ready() => older(out.texts.first(), err.texts.first()),
            _ => None,
        };
        if let Some(kind) = next {
            let (side, other) = match kind {
                OutputKind::Stdout => (&mut out, err.texts.first()),
                _ => (&mut err, out.texts.first()),
            };
            let bytes = run(&mut side.texts, kind, other, &mut within);
            if !send(pieces, kind, bytes).await {
                return;
            }
            continue;
        }
        if out.is_finished() && err.is_finished() {
            return;
        }
        wait(&mut out, &mut err, &mut within).await;
    }
}

/// Takes the next text of a side, and those after it that are to go before what the other side has.
fn run(texts: &mut Texts, kind: OutputKind, other: Option<&Mark>, within: &mut Option<OutputKind>) -> Bytes {
    let mut is_first = true;
    texts.take_while(|mark| {
        let (out, err) = match kind {
            OutputKind::Stdout => (Some(mark), other),
            _ => (other, Some(mark)),
        };
        let goes_on = *within == Some(kind) || older(out, err) == Some(kind);
        let taken = std::mem::take(&mut is_first) || goes_on;
        if taken {
            *within = (!mark.ends_line).then_some(kind);
        }
        taken
    })
}

/// The side with the older line; none if neither has one.
fn older(out: Option<&Mark>, err: Option<&Mark>) -> Option<OutputKind> {
    match (out, err) {
        (Some(out), Some(err)) if err.stamp < out.stamp => Some(OutputKind::Stderr),
        (Some(_), _) => Some(OutputKind::Stdout),
        (None, Some(_)) => Some(OutputKind::Stderr),
        (None, None) => None,
    }
}

/// Waits for a piece, or for the end of a wait.
async fn wait(out: &mut Side, err: &mut Side, within: &mut Option<OutputKind>) {
    let now = Instant::now();
    // A side is waited for from when the other has something to say, or is in the middle of a line.
    let mut until = now + Duration::from_secs(3600);
    let (out_has, err_has) = (!out.texts.is_empty(), !err.texts.is_empty());
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
        texts = out.pieces.recv(), if out.wants() => out.receive(texts),
        texts = err.pieces.recv(), if err.wants() => err.receive(texts),
        () = sleep_until(until) => {
            for side in [&mut *out, &mut *err] {
                if matches!(side.state, SideState::Expected(Some(limit)) if limit <= until) && side.texts.is_empty() {
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

#[cfg(test)]
mod tests {
    use super::super::position::Text;
    use super::super::stamped::{Part, Stamp, Stamped};
    use super::*;

    fn stamp(second: u32) -> Option<Stamp> {
        let mut found = None;
        Stamped::default().push(
            format!("2026-11-24T11:08:{second:02}.000000000Z ").as_bytes(),
            &mut |part| {
                if let Part::Begin(stamp) = part {
                    found = stamp;
                }
            },
        );
        found
    }

    fn texts(lines: &[(u32, &str)]) -> Texts {
        let mut texts = Texts::default();
        for (second, line) in lines {
            let bytes = line.as_bytes();
            texts.push(Text { stamp: stamp(*second), bytes, ends_line: bytes.ends_with(b"\n") });
        }
        texts
    }

    async fn merged(stdout: Vec<Texts>, stderr: Vec<Texts>) -> Vec<(OutputKind, String)> {
        let (out, out_pieces) = mpsc::channel(8);
        let (err, err_pieces) = mpsc::channel(8);
        let (pieces, mut sent) = mpsc::channel(64);
        for piece in stdout {
            out.send(piece).await.unwrap();
        }
        for piece in stderr {
            err.send(piece).await.unwrap();
        }
        drop((out, err));
        merge(out_pieces, err_pieces, &pieces).await;
        drop(pieces);
        let mut all = Vec::new();
        while let Some(chunk) = sent.recv().await {
            let OutputChunk { kind, bytes } = chunk.unwrap();
            all.push((kind, String::from_utf8(bytes.to_vec()).unwrap()));
        }
        all
    }

    fn out(text: &str) -> (OutputKind, String) {
        (OutputKind::Stdout, text.to_owned())
    }

    fn err(text: &str) -> (OutputKind, String) {
        (OutputKind::Stderr, text.to_owned())
    }

    #[tokio::test]
    async fn lines_of_one_stream_go_on_together_until_the_other_has_an_older_one() {
        let stdout = vec![texts(&[(1, "a\n"), (2, "b\n"), (4, "d\n")]), texts(&[(7, "g\n")])];
        let stderr = vec![texts(&[(3, "c\n"), (5, "e\n"), (6, "f\n"), (8, "h\n")])];
        let sent = merged(stdout, stderr).await;
        assert_eq!(sent, [out("a\nb\n"), err("c\n"), out("d\n"), err("e\nf\n"), out("g\n"), err("h\n")]);
    }

    #[tokio::test]
    async fn of_lines_of_the_same_time_standard_output_goes_first() {
        let sent = merged(vec![texts(&[(1, "a\n"), (1, "b\n")])], vec![texts(&[(1, "c\n")])]).await;
        assert_eq!(sent, [out("a\nb\n"), err("c\n")]);
    }

    #[tokio::test]
    async fn a_line_in_pieces_is_not_torn_by_an_older_one() {
        let stdout = vec![texts(&[(2, "aa")]), texts(&[(2, "bb")]), texts(&[(2, "cc\n"), (4, "z\n")])];
        let stderr = vec![texts(&[(1, "x\n"), (3, "y\n")])];
        let sent = merged(stdout, stderr).await;
        assert_eq!(sent, [err("x\n"), out("aa"), out("bb"), out("cc\n"), err("y\n"), out("z\n")]);
    }
}
