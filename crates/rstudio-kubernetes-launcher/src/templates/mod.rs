//! The commands that work on object templates (product document 3.1.4).

mod cluster;
mod diff;
mod generate;
mod report;
mod server_user;
mod validate;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::command_line::{CommandLine, Judge};
use crate::config::{self, ConfigErrors, Surroundings};
use crate::report::Notice;

/// What is done with the templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateCommand {
    /// Write those that are not there.
    Generate,
    /// Show what was changed in them.
    Diff,
    /// Tell whether they give what the Launcher needs.
    Validate,
}

/// Runs a command on the templates of the cluster that the command line, read from these arguments, means.
pub(crate) fn run(command: TemplateCommand, line: CommandLine, arguments: Vec<OsString>) -> ExitCode {
    let (report, judge) = (line.report, line.judge);
    let chosen = match config::template_folder(line, &Surroundings::of_process()) {
        Ok(chosen) => chosen,
        Err(errors) => return wrong_configuration(&errors),
    };
    match command {
        TemplateCommand::Generate => generate::run(&chosen.folder),
        TemplateCommand::Diff => diff::run(&chosen),
        TemplateCommand::Validate => match judge {
            Judge::Plugin => validate::run(&chosen, report),
            Judge::Cluster => cluster::run(&chosen, report, CommandLine::read(arguments)),
        },
    }
}

fn wrong_configuration(errors: &ConfigErrors) -> ExitCode {
    let notices: Vec<Notice> = errors.all().iter().map(|error| Notice::error(error, error.help())).collect();
    crate::report::print(&notices);
    ExitCode::from(TROUBLE)
}

/// The exit status when a command could not do its work, as that of `diff`.
const TROUBLE: u8 = 2;

fn trouble(message: &str, help: Option<String>) -> ExitCode {
    crate::report::print(&[Notice::error(&message, help)]);
    ExitCode::from(TROUBLE)
}

fn print(text: &str) {
    // A reader that has read enough, as in `--diff-templates | head`.
    let _ = io::stdout().write_all(text.as_bytes());
}
