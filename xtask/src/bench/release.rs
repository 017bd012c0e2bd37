//! What measures must be as fast as what it measures: the bare client, and the embedded cluster, are part of this program.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::failure::Failure;
use crate::printer::Printer;
use crate::programs;

/// Goes on as this program's release build, with the same arguments; does nothing if it is that already.
///
/// # Errors
/// The build fails, or its program does not start.
pub(crate) fn or_become_it(printer: &Printer) -> Result<(), Failure> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    printer.line("building for release what measures and what is measured (minutes, the first time)");
    let program = programs::release_of_this()?;
    let error = Command::new(&program).args(std::env::args_os().skip(1)).exec();
    Err(Failure::during(format!("running {}", program.display()), error))
}
