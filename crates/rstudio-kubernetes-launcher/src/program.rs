//! The whole program, from its arguments to its exit code.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::command_line::{Command, CommandLine};
use crate::config::{self, Surroundings};
use crate::document::{completion, help};
use crate::profiles::show;
use crate::report::{self, Notice};
use crate::{start, templates};

/// Runs the program with the arguments that follow its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let line = CommandLine::read(arguments.clone());
    match line.command.clone() {
        Command::Help => print(&help::text()),
        Command::Version => print(&version()),
        Command::Completions(shell) => print(&completion::script(shell)),
        Command::Templates(command) => templates::run(command, line, arguments),
        Command::ShowProfile(user) => match show_profile(line, &user) {
            Ok(text) => print(&text),
            Err(notices) => {
                report::print(&notices);
                ExitCode::FAILURE
            }
        },
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

/// What holds for a user of this machine.
fn show_profile(line: CommandLine, user: &str) -> Result<String, Vec<Notice>> {
    let surroundings = Surroundings::of_process();
    let (path, file) = config::load_profiles(line, &surroundings).map_err(|errors| {
        errors.all().iter().map(|error| Notice::error(error, error.help())).collect::<Vec<_>>()
    })?;
    let warnings: Vec<Notice> =
        file.warnings.iter().map(|warning| Notice::warning(warning, warning.help())).collect();
    report::print(&warnings);
    let asked: Vec<String> = file.profiles.groups().into_iter().map(str::to_owned).collect();
    let groups = match user {
        show::ANYONE => Vec::new(),
        user => surroundings.directory().groups_of(user, &asked).map_err(|error| {
            let what = format!("cannot find out the groups of '{user}': {error}");
            vec![Notice::error(&what, None)]
        })?,
    };
    Ok(show::text(&file.profiles, &path, user, &groups))
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
