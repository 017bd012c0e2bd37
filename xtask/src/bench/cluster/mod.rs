//! What the plugin adds to the API of a cluster: every figure beside that of a bare client, in one run.

mod bare;
mod events;
mod news;
mod objects;
mod output;
mod record;
mod recorder;
mod report;
mod stage;
mod submit;
mod table;
mod wire;

use self::bare::Address;
use self::report::Report;
use self::stage::Stage;
use crate::e2e::Where;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::programs::{self, Build};
use crate::site::Site;

/// Which cluster, and how much of what.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    cluster: Where,
    /// Only these parts.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Pairs of submissions.
    #[arg(long, default_value_t = 1000)]
    submissions: usize,
    /// Jobs whose news are measured.
    #[arg(long, default_value_t = 1000)]
    news: usize,
    /// Jobs that run and end, whose news are measured.
    #[arg(long, default_value_t = 100)]
    runs: usize,
    /// How often the log is read.
    #[arg(long, default_value_t = 7)]
    reads: usize,
    /// Jobs in the table.
    #[arg(long, default_value_t = 10_000)]
    jobs: usize,
    /// Events beside it.
    #[arg(long, default_value_t = 50_000)]
    events: usize,
    /// Also write the figures to docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// From the frame of a submission to the frame of its answer.
    Submit,
    /// From an event of a watch to a status frame.
    News,
    /// A job's output.
    Output,
    /// A table of many jobs: memory, and the first answer after a start.
    Jobs,
    /// Many events: memory.
    Events,
}

/// Runs all parts and prints their table.
///
/// # Errors
/// What is measured does not work. A goal that is missed is no error: it is marked.
pub(super) async fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    let programs = programs::build(Build::Release)?;
    let cluster = arguments.cluster.open().await?;
    let site = Site::for_cluster(&cluster)?;
    let address = Address::of(&cluster)?;
    let stage = Stage { cluster, programs, site, address };
    let mut report = Report::default();
    let measured = measure(&stage, arguments, printer, &mut report).await;
    let version = record::version(&stage).await;
    let place = if arguments.cluster.is_real() { record::Place::Real } else { record::Place::Embedded };
    stage.cluster.shutdown().await;
    report.print(printer);
    measured?;
    if arguments.record {
        record::write(place, &version?, &report)?;
    }
    if !report.holds() {
        printer.line("some goals are missed");
    }
    Ok(())
}

async fn measure(
    stage: &Stage,
    arguments: &Arguments,
    printer: &Printer,
    report: &mut Report,
) -> Result<(), Failure> {
    for part in [Part::Submit, Part::News, Part::Output, Part::Jobs, Part::Events] {
        if !arguments.only.is_empty() && !arguments.only.contains(&part) {
            continue;
        }
        printer.line(&format!("measuring: {part:?} …"));
        match part {
            Part::Submit => submit::run(stage, arguments.submissions, report).await?,
            Part::News => news::run(stage, arguments.news, arguments.runs, report).await?,
            Part::Output => output::run(stage, arguments.reads, report).await?,
            Part::Jobs => table::run(stage, arguments.jobs, report).await?,
            Part::Events => events::run(stage, arguments.events, report).await?,
        }
    }
    Ok(())
}
