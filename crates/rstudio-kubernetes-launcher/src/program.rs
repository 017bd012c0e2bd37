//! The whole program, from its arguments to its exit code.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::command_line::{Command, CommandLine};
use crate::document::{completion, help};
use crate::{report, start, templates};

/// Runs the program with the arguments that follow its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let line = CommandLine::read(arguments);
    match line.command {
        Command::Help => print(&help::text()),
        Command::Version => print(&version()),
        Command::Completions(shell) => print(&completion::script(shell)),
        Command::Templates(command) => templates::run(command, line),
        Command::Serve => match start::serve(line) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                report::print(&failure.notices);
                ExitCode::FAILURE
            }
        },
    }
}

/// The text of `--version`.
#[must_use]
pub fn version() -> String {
    format!(
        "rstudio-kubernetes-launcher {} (Launcher Plugin API {})\n",
        env!("CARGO_PKG_VERSION"),
        launcher_api::API_VERSION
    )
}

/// Prints a document. Stdout belongs to the protocol, except in the commands that print and end.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        // A reader that has read enough, as in `--help | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
        Ok(()) => ExitCode::SUCCESS,
    }
}
