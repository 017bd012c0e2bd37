//! The run: workers that ask until the time is over, a log of what they found, a summary.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::compare::sort_of_error;
use super::grammar::{Family, Grammar, Made};
use super::minimise::minimise;
use super::question::Question;
use super::random::Random;
use super::sides::{Difference, Outcome, Sides};
use super::tally::Tally;
use crate::cache;
use crate::failure::Failure;
use crate::oracle::programs::Program;
use crate::printer::Printer;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long to ask.
    #[arg(long, default_value_t = 1.0, value_name = "N")]
    minutes: f64,
    /// The same seed gives the same questions in the same order.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The number of the first question, to begin again in the middle.
    #[arg(long, default_value_t = 0, value_name = "N")]
    from: u64,
    /// End after so many questions, whatever the time.
    #[arg(long, default_value_t = u64::MAX, value_name = "N", hide_default_value = true)]
    questions: u64,
    /// Only questions of a family.
    #[arg(long)]
    family: Option<Family>,
    /// End after so many differences.
    #[arg(long, default_value_t = 50, value_name = "N")]
    most: usize,
    /// Where to write the differences, as golden cases [default: oracle/fuzz-SEED.jsonl in the cache].
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Also print how often each function and each sort of error came up, with a template.
    #[arg(long)]
    coverage: bool,
}

/// How many questions go to Go at a time.
const BATCH: u64 = 100;

/// How many differences that look alike are made small.
const ALIKE: usize = 2;

/// What all workers share.
struct Run<'a> {
    arguments: &'a Arguments,
    printer: &'a Printer,
    seed: u64,
    end: Instant,
    next: AtomicU64,
    stopped: AtomicBool,
    found: Mutex<Found>,
}

struct Found {
    log: File,
    /// What differences looked like so far.
    looks: Vec<String>,
}

/// Asks until the time is over.
///
/// # Errors
/// No Go, or any difference that is not a known one.
pub(crate) fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    let program = Program::Helm.build()?;
    let seed = arguments.seed.unwrap_or_else(seed_of_now);
    let log =
        arguments.log.clone().unwrap_or_else(|| cache::folder().join(format!("oracle/fuzz-{seed}.jsonl")));
    let file = File::create(&log).map_err(|e| Failure::during(format!("writing {}", log.display()), e))?;
    printer.line(&format!("seed {seed}; differences go to {}", log.display()));
    let began = Instant::now();
    let run = Run {
        arguments,
        printer,
        seed,
        end: began + Duration::from_secs_f64(arguments.minutes.clamp(0.0, 1e6) * 60.0),
        next: AtomicU64::new(arguments.from),
        stopped: AtomicBool::new(false),
        found: Mutex::new(Found { log: file, looks: Vec::new() }),
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let tallies: Vec<Result<Tally, Failure>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| run.work(&program))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err(Failure::new("a worker panicked"))))
            .collect()
    });
    let mut tally = Tally::default();
    for worker in tallies {
        tally.add(worker?);
    }
    for line in tally.report(began.elapsed().as_secs_f64()) {
        printer.line(&line);
    }
    if arguments.coverage {
        for (function, all, rendered) in tally.functions() {
            printer.line(&format!("{function:28} {all:>8} {rendered:>8}"));
        }
        for (function, why) in Grammar::new().left_out() {
            printer.line(&format!("{function:28} not asked about: {why}"));
        }
        for (sort, times, template) in tally.errors() {
            printer.line(&format!("{times:>8} {sort}: {template:?}"));
        }
    }
    if tally.different > 0 {
        return Err(Failure::new(format!(
            "{} differences (seed {seed}); see {}",
            tally.different,
            log.display()
        )));
    }
    Ok(())
}

fn seed_of_now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |now| now.as_secs())
}

impl Run<'_> {
    fn work(&self, program: &Path) -> Result<Tally, Failure> {
        let grammar = Grammar::new();
        let mut sides = Sides::start(program)?;
        let mut tally = Tally::default();
        let last = self.arguments.from.saturating_add(self.arguments.questions);
        let mut shown = Instant::now();
        while Instant::now() < self.end && !self.stopped.load(Ordering::Relaxed) {
            let first = self.next.fetch_add(BATCH, Ordering::Relaxed);
            if first >= last {
                break;
            }
            let numbers = first..last.min(first + BATCH);
            let made: Vec<Made> = numbers
                .map(|number| grammar.question(Random::of(self.seed, number), self.arguments.family))
                .collect();
            let questions: Vec<&Question> = made.iter().map(|made| &made.question).collect();
            let outcomes = sides.ask(&questions)?;
            for (made, outcome) in made.into_iter().zip(outcomes) {
                tally.count(&outcome, &made);
                if let Outcome::GoSlow | Outcome::GoDied = outcome {
                    self.printer.line(&format!("too much for Go: {}", made.question.line()));
                }
                if let Outcome::Different(difference) = outcome {
                    self.found(&mut sides, made.question, *difference)?;
                }
            }
            if shown.elapsed() > Duration::from_secs(1) {
                shown = Instant::now();
                self.show_progress(first);
            }
        }
        Ok(tally)
    }

    fn show_progress(&self, asked: u64) {
        if std::io::stderr().is_terminal() {
            let left = self.end.saturating_duration_since(Instant::now()).as_secs();
            let _ = write!(std::io::stderr(), "\r{} questions, {left} s left  ", asked - self.arguments.from);
        }
    }

    /// Makes a difference small, prints it, and writes it to the log.
    fn found(&self, sides: &mut Sides, question: Question, difference: Difference) -> Result<(), Failure> {
        let look = look(&difference);
        {
            let Ok(mut found) = self.found.lock() else { return Ok(()) };
            let alike = found.looks.iter().filter(|known| **known == look).count();
            found.looks.push(look);
            if found.looks.len() >= self.arguments.most {
                self.stopped.store(true, Ordering::Relaxed);
            }
            if alike >= ALIKE {
                return Ok(());
            }
        }
        let (small, difference) = minimise(sides, question, difference)?;
        let case = golden_case(&small, &difference);
        self.printer.line(&format!(
            "{} {}\n  Go:   {}\n  here: {}\n  {case}",
            self.printer.bad("DIFFERENT"),
            String::from_utf8_lossy(&small.template),
            difference.go.to_json(),
            difference.ours.to_json(),
        ));
        let Ok(mut found) = self.found.lock() else { return Ok(()) };
        writeln!(found.log, "{case}").map_err(|e| Failure::during("writing the log", e))
    }
}

/// What two differences of the same cause have in common, more or less.
fn look(difference: &Difference) -> String {
    let sort = |error: &Option<String>| error.as_deref().map(sort_of_error).unwrap_or_default();
    let (go, ours) = (sort(&difference.go.error), sort(&difference.ours.error));
    if go.is_empty() && ours.is_empty() {
        // Outputs differ: nothing can be told from them.
        return difference.go.to_json();
    }
    format!("{go} / {ours}")
}

/// The question with Go's answer, as a line of `tests/golden`.
fn golden_case(question: &Question, difference: &Difference) -> String {
    let (question, answer) = (question.line(), difference.go.to_json());
    let question = question.strip_suffix('}').unwrap_or(&question);
    format!("{question},{}", answer.strip_prefix('{').unwrap_or(&answer))
}
