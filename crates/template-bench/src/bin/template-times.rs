//! Times each row on all sides, in rounds that alternate between them.
//!
//! ```text
//! template-times GO-PROGRAM ROUNDS
//! ```
//!
//! Writes a line of JSON for each row: its title, for each side the median of a repetition's nanoseconds and the least,
//! and the allocations of a repetition in Go.

use std::io::{Write as _, stdout};
use std::time::{Duration, Instant};

use serde_json::json;
use template_bench::{Failure, Go, Row, Work, all};

/// How long a side works in one round.
const TURN: Duration = Duration::from_millis(20);

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, go, rounds] = arguments.as_slice() else {
        return Err("usage: template-times GO-PROGRAM ROUNDS".into());
    };
    let rounds: usize = rounds.parse()?;
    let mut go = Go::start(go)?;
    for row in all()? {
        let line = measure(&row, &mut go, rounds).map_err(|error| format!("{}: {error}", row.title))?;
        writeln!(stdout(), "{line}")?;
    }
    Ok(())
}

fn measure(row: &Row, go: &mut Go, rounds: usize) -> Result<serde_json::Value, Error> {
    let expected = go.begin(row)?;
    let mut here = Local::begin(row.here()?, &expected)?;
    let mut peer = row.peer()?.map(|work| Local::begin(work, &expected)).transpose()?;
    let mut go_turns = Turns::new(|times| go.repeat(times).map(|spent| spent.time))?;
    let mut here_turns = Turns::new(|times| here.repeat(times))?;
    let mut peer_turns = peer.as_mut().map(|peer| Turns::new(|times| peer.repeat(times))).transpose()?;
    for _ in 0..rounds {
        go_turns.take()?;
        here_turns.take()?;
        if let Some(turns) = &mut peer_turns {
            turns.take()?;
        }
    }
    let (go_time, here_time) = (go_turns.quantiles(), here_turns.quantiles());
    let peer_time = peer_turns.map(Turns::quantiles);
    let allocations = go.repeat(COUNTED)?.allocations / u64::from(COUNTED);
    Ok(json!({
        "row": row.title, "go": go_time.median, "here": here_time.median,
        "peer": peer_time.as_ref().map(|peer| peer.median), "go_allocations": allocations,
        "least": {"go": go_time.least, "here": here_time.least, "peer": peer_time.map(|peer| peer.least)},
    }))
}

/// Over how many repetitions Go's allocations are counted: it counts those of its own runtime, too.
const COUNTED: u32 = 50;

/// A side in this process.
struct Local {
    work: Work,
    out: Vec<u8>,
}

impl Local {
    /// Does the work once, and sees that the text is Go's.
    fn begin(mut work: Work, expected: &str) -> Result<Self, Error> {
        let mut out = Vec::new();
        work(&mut out)?;
        if out != expected.as_bytes() {
            return Err(format!("Go writes\n{expected}\nand not\n{}", String::from_utf8_lossy(&out)).into());
        }
        Ok(Self { work, out })
    }

    fn repeat(&mut self, times: u32) -> Result<Duration, Failure> {
        let start = Instant::now();
        for _ in 0..times {
            self.out.clear();
            (self.work)(&mut self.out)?;
        }
        Ok(start.elapsed())
    }
}

/// Nanoseconds of a repetition.
struct Quantiles {
    median: f64,
    /// In the quietest round: on a busy machine this is nearest to what an idle one would show.
    least: f64,
}

/// The rounds of one side.
struct Turns<F> {
    repeat: F,
    times: u32,
    nanoseconds: Vec<f64>,
}

impl<F: FnMut(u32) -> Result<Duration, Failure>> Turns<F> {
    /// Finds how many repetitions fill a turn.
    fn new(mut repeat: F) -> Result<Self, Failure> {
        let mut times = 1;
        loop {
            let took = repeat(times)?;
            if took >= TURN / 2 {
                return Ok(Self { repeat, times, nanoseconds: Vec::new() });
            }
            let fitting = f64::from(times) * TURN.as_secs_f64() / took.as_secs_f64().max(1e-7);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
            let fitting = fitting as u32;
            times = fitting.clamp(times + 1, times.saturating_mul(10));
        }
    }

    fn take(&mut self) -> Result<(), Failure> {
        let took = (self.repeat)(self.times)?;
        self.nanoseconds.push(took.as_secs_f64() * 1e9 / f64::from(self.times));
        Ok(())
    }

    fn quantiles(mut self) -> Quantiles {
        self.nanoseconds.sort_by(f64::total_cmp);
        let at = |index: usize| self.nanoseconds.get(index).copied().unwrap_or(0.0);
        Quantiles { median: at(self.nanoseconds.len() / 2), least: at(0) }
    }
}
