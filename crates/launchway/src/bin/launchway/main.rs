//! Drives any Launcher plugin from a command line, as a Launcher would.

mod age;
mod commands;
mod context;
mod exit;
mod failure;
mod interrupts;
mod job;
mod options;
mod printer;
mod settings;
mod table;
mod tone;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Command;
use crate::context::Context;
use crate::failure::Failure;
use crate::options::Options;

/// Drive any Launcher plugin over stdio, as a Launcher would
///
/// Each command starts the plugin, bootstraps it, does one thing and ends it. Jobs go on in the cluster, where the
/// next command finds them again. The plugin is named by --plugin or by a settings file (`launchway settings --help`).
#[derive(Debug, Parser)]
#[command(name = "launchway", version, after_help = exit::HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let Cli { command, options } = Cli::parse();
    let context = Context { printer: options.printer(), options };
    let is_run = matches!(command, Command::Run(_));
    let result = runtime().and_then(|runtime| runtime.block_on(command.execute(&context)));
    context.printer.end_progress();
    match result {
        Ok(ended) => ended.into(),
        Err(failure) => ExitCode::from(report(&context, &failure, is_run)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|source| Failure::System { doing: "start the program's threads", source })
}

/// Tells why a command failed, unless nobody reads any more, and gives the exit code.
fn report(context: &Context, failure: &Failure, is_run: bool) -> u8 {
    let code = failure.exit_code();
    if code == exit::BROKEN_PIPE {
        return code;
    }
    context.printer.error(failure, failure.help());
    context.last_words(failure);
    if is_run { exit::RUN_FAILED } else { code }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn no_two_arguments_of_a_command_are_in_each_others_way() {
        super::Cli::command().debug_assert();
    }
}
