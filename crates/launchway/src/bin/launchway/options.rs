//! The options of all commands, and what they and the settings file mean together.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use launcher_api::Requester;
use launchway::{PluginCommand, StderrTo};
use nix::unistd::{Uid, User};

use crate::failure::Failure;
use crate::printer::{ColorChoice, Format, Printer, Verbosity};
use crate::settings::Found;

/// Options as typed.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of all commands")]
pub(crate) struct Options {
    /// The plugin to drive; its arguments follow after `--` (or see --plugin-arg)
    #[arg(long, global = true, value_name = "PROGRAM")]
    plugin: Option<PathBuf>,
    /// An argument for the plugin, before those after `--`; may be repeated
    #[arg(
        id = "plugin_arg",
        long = "plugin-arg",
        global = true,
        value_name = "ARG",
        allow_hyphen_values = true
    )]
    plugin_args: Vec<OsString>,
    /// The user to act for, or '*' for all; without it the current user
    #[arg(long, global = true, value_name = "NAME")]
    user: Option<String>,
    /// The settings file; without it ./launchway.toml or the one in the user's configuration directory
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Print for programs: one JSON document, or one a line for streams
    #[arg(long, global = true)]
    json: bool,
    /// Print errors only to standard error
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Show the plugin's standard error
    #[arg(long, short, global = true)]
    verbose: bool,
    /// When to use colours; the variable NO_COLOR means never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

/// Arguments for the plugin at the end of a command line.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct PluginArgs {
    /// Arguments for the plugin
    #[arg(last = true, value_name = "PLUGIN_ARG")]
    plugin_args: Vec<OsString>,
}

impl Options {
    pub(crate) fn printer(&self) -> Printer {
        let format = if self.json { Format::Json } else { Format::Human };
        let verbosity = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Printer::new(format, verbosity, self.color)
    }

    /// Reads the settings file.
    pub(crate) fn settings(&self) -> Result<Found, Failure> {
        Ok(Found::load(self.settings.as_deref())?)
    }

    /// The plugin's command line. Its arguments are the settings', then those of `--plugin-arg`, then `more`; where
    /// `--plugin` names another program the settings' arguments and variables are left out, as they are not for it.
    pub(crate) fn plugin(&self, more: &PluginArgs, printer: &Printer) -> Result<PluginCommand, Failure> {
        let settings = self.settings()?.settings;
        let mut command = match (&self.plugin, settings.plugin) {
            (Some(program), _) => PluginCommand::new(program),
            (None, Some(program)) => {
                let command = PluginCommand::new(program).args(settings.args);
                settings.env.into_iter().fold(command, |command, (name, value)| command.env(name, value))
            }
            (None, None) => return Err(Failure::NoPlugin),
        };
        command = command.args(self.plugin_args.iter().cloned()).args(more.plugin_args.iter().cloned());
        let lines = printer.clone();
        command = command.stderr(StderrTo::Lines(std::sync::Arc::new(move |line| lines.plugin_line(line))));
        Ok(command.heartbeat(Some(Duration::from_secs(5))))
    }

    /// The user to act for.
    pub(crate) fn requester(&self) -> Result<Requester, Failure> {
        match self.user.clone().or(self.settings()?.settings.user) {
            Some(name) => Ok(Requester::from(name.as_str())),
            None => Ok(Requester::from(current_user()?.as_str())),
        }
    }
}

/// The name of the user who runs this program.
pub(crate) fn current_user() -> Result<String, Failure> {
    let uid = Uid::current();
    match User::from_uid(uid) {
        Ok(Some(user)) => Ok(user.name),
        Ok(None) | Err(_) => Err(Failure::NoUserName { uid: uid.as_raw() }),
    }
}
