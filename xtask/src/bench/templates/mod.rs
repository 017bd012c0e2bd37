//! Templates here, in Go and in the fastest Rust peer, side by side in one run. `crates/template-bench` does the work, in
//! release programs of its own; here they are built, started and compared with what is wanted.

mod report;
mod sides;

use self::report::Report;
use crate::bench::page;
use crate::failure::Failure;
use crate::printer::Printer;

/// How much of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How often each side takes its turn of 20 ms in a row.
    #[arg(long, default_value_t = 25)]
    rounds: usize,
    /// Also write the figures to docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Measures all rows and prints their table.
///
/// # Errors
/// A side does not build, or they do not write the same text. A goal that is missed is no error: it is marked.
pub(super) fn run(arguments: &Arguments, printer: &Printer) -> Result<(), Failure> {
    printer.line("building …");
    let go = sides::build_go()?;
    let allocations = sides::allocations()?;
    printer.line("measuring …");
    let times = sides::times(&go, arguments.rounds)?;
    let report = Report::of(&times, &allocations)?;
    report.print(printer);
    if arguments.record {
        let circumstances = page::circumstances(&[&sides::go_version()?])?;
        let command = format!("cargo xtask bench templates --rounds {}", arguments.rounds);
        page::replace("templates", &format!("`{command}`, {circumstances}:\n\n{}", report.markdown()))?;
    }
    if !report.holds() {
        printer.line("some goals are missed");
    }
    Ok(())
}
