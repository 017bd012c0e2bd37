//! Go as the judge of templates: `oracle/` answers what Go answers.

mod fuzz;
mod process;
mod programs;
mod verify;

use crate::failure::Failure;
use crate::printer::Printer;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Ask Go every golden case again, and list those that it answers otherwise now.
    Verify,
    /// Put templates made by chance to Go and to this library, and make small what they answer differently.
    ///
    /// The same seed asks the same questions. Differences are printed as golden cases, and written to a log.
    Fuzz(fuzz::Arguments),
}

/// # Errors
/// No Go, a build that fails, or an answer that is not the same.
pub(crate) fn run(command: &Command, printer: &Printer) -> Result<(), Failure> {
    match command {
        Command::Verify => verify::run(printer),
        Command::Fuzz(arguments) => fuzz::run(arguments, printer),
    }
}
