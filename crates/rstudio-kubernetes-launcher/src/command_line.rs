//! The command line as Launchers and people write it (plugin API 1.3).
//!
//! `--name=value` and `--name value` mean the same, also for booleans, and a boolean flag alone means yes. An unknown
//! flag is only a warning, as a newer Launcher may pass some: that is why no ready-made parser does here.

use std::ffi::OsString;
use std::iter::Peekable;

use crate::config::{ConfigError, ConfigWarning, Entry, Origin, Written};
use crate::document::completion::Shell;
use crate::option::{self, AnyOption};
use crate::templates::TemplateCommand;

/// What the plugin is asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Command {
    /// Talk with the Launcher.
    #[default]
    Serve,
    /// Print the help.
    Help,
    /// Print the version.
    Version,
    /// Print a completion script.
    Completions(Shell),
    /// Work on the object templates.
    Templates(TemplateCommand),
    /// Print what the profiles say for a user.
    ShowProfile(String),
}

/// What the command that validates templates tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Report {
    /// The problems.
    #[default]
    Problems,
    /// The problems, and everything that was rendered.
    Verbose,
    /// The problems, for programs.
    Json,
}

/// Who judges templates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Judge {
    /// This program.
    #[default]
    Plugin,
    /// This program, and the API server.
    Cluster,
}

/// The flags that are commands, with what they do, for the help.
pub const COMMANDS: [(&str, &str); 10] = [
    ("help", "print this text"),
    ("version", "print the version"),
    ("show-profile USER", "print what the profiles say for a user ('*' for everyone), and in which lines"),
    ("completions SHELL", "print a completion script for bash, zsh or fish"),
    (
        "generate-templates",
        "write job.tpl and service.tpl into the scratch path, where they are not there yet",
    ),
    ("diff-templates", "show what was changed in them, by the program diff; exits with 1 if anything was"),
    (
        "validate-templates",
        "tell whether they give what the Launcher and Kubernetes need, with the template-data of every profile; exits with \
         1 if not; as root, becomes server-user first, or stays root with --unprivileged=1",
    ),
    ("verbose", "with --validate-templates: also show what is rendered for each test job"),
    ("json", "with --validate-templates: print the problems as JSON"),
    (
        "cluster",
        "with --validate-templates: also ask the cluster, by a dry run of every test job with the configured account; \
         exits with 2 if it cannot be asked",
    ),
];

/// A command line, read.
#[derive(Debug, Default)]
pub struct CommandLine {
    /// What to do.
    pub command: Command,
    /// What a validation of templates tells.
    pub report: Report,
    /// Who validates them.
    pub judge: Judge,
    /// The options.
    pub written: Written,
    /// What is odd.
    pub warnings: Vec<ConfigWarning>,
    /// What is wrong.
    pub errors: Vec<ConfigError>,
}

impl CommandLine {
    /// Reads the arguments, without the program's name.
    #[must_use]
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let mut line = Self::default();
        let mut texts = Vec::new();
        for argument in arguments {
            match argument.into_string() {
                Ok(text) => texts.push(text),
                Err(argument) => line
                    .errors
                    .push(ConfigError::ArgumentNotText { argument: argument.to_string_lossy().into_owned() }),
            }
        }
        let mut texts = texts.into_iter().peekable();
        while let Some(argument) = texts.next() {
            line.take(argument, &mut texts);
        }
        line
    }

    fn take(&mut self, argument: String, rest: &mut Peekable<impl Iterator<Item = String>>) {
        let Some(flag) = argument.strip_prefix("--").filter(|flag| !flag.is_empty()) else {
            match argument.as_str() {
                "-h" => self.command = Command::Help,
                "-V" => self.command = Command::Version,
                _ => self.errors.push(ConfigError::Argument { argument }),
            }
            return;
        };
        let (name, inline) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value.trim().to_owned())),
            None => (flag, None),
        };
        match name {
            "help" => self.command = Command::Help,
            "version" if self.command != Command::Help => self.command = Command::Version,
            "version" => {}
            "show-profile" => match inline.or_else(|| next_value(rest)) {
                Some(user) if !user.is_empty() => self.command = Command::ShowProfile(user),
                _ => self.errors.push(ConfigError::FlagWithoutValue { name: "show-profile" }),
            },
            "completions" => self.completions(inline.or_else(|| next_value(rest))),
            "generate-templates" => self.templates(TemplateCommand::Generate),
            "diff-templates" => self.templates(TemplateCommand::Diff),
            "validate-templates" => self.templates(TemplateCommand::Validate),
            "verbose" => self.report = Report::Verbose,
            "json" => self.report = Report::Json,
            "cluster" => self.judge = Judge::Cluster,
            _ => {
                if let Some(option) = option::find(name) {
                    self.option(option, inline.or_else(|| next_value(rest)));
                } else {
                    if inline.is_none() {
                        next_value(rest);
                    }
                    self.warnings.push(ConfigWarning::UnknownFlag { name: name.to_owned() });
                }
            }
        }
    }

    fn templates(&mut self, command: TemplateCommand) {
        if self.command == Command::Serve {
            self.command = Command::Templates(command);
        }
    }

    fn completions(&mut self, shell: Option<String>) {
        match shell.as_deref().map(str::parse) {
            Some(Ok(shell)) => self.command = Command::Completions(shell),
            Some(Err(())) => {
                self.errors.push(ConfigError::Shell { shell: shell.unwrap_or_default() });
            }
            None => self.errors.push(ConfigError::FlagWithoutValue { name: "completions" }),
        }
    }

    fn option(&mut self, option: &'static dyn AnyOption, value: Option<String>) {
        let name = option.definition().name;
        let Some(text) = value.or_else(|| option.shape().bare.map(str::to_owned)) else {
            self.errors.push(ConfigError::FlagWithoutValue { name });
            return;
        };
        if self.written.add(name, Entry { text, origin: Origin::CommandLine }).is_some() {
            self.errors.push(ConfigError::FlagTwice { name });
        }
    }
}

/// The next argument, if it is not a flag itself.
fn next_value(rest: &mut Peekable<impl Iterator<Item = String>>) -> Option<String> {
    rest.next_if(|next| !next.starts_with("--")).map(|value| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::os::unix::ffi::OsStringExt as _;

    use proptest::prelude::*;

    use super::*;

    fn read(arguments: &[&str]) -> CommandLine {
        CommandLine::read(arguments.iter().map(OsString::from))
    }

    fn values(line: &CommandLine) -> BTreeMap<&'static str, String> {
        line.written.entries().map(|(name, entry)| (name, entry.text.clone())).collect()
    }

    #[test]
    fn a_value_may_stand_behind_an_equals_sign_or_a_space() {
        let expected = BTreeMap::from([
            ("enable-debug-logging", "1".to_owned()),
            ("plugin-name", "night batch".to_owned()),
            ("unprivileged", "0".to_owned()),
        ]);
        let with_equals = ["--plugin-name=night batch", "--enable-debug-logging", "--unprivileged=0"];
        let with_space = ["--plugin-name", "night batch", "--unprivileged", "0", "--enable-debug-logging"];
        for arguments in [&with_equals[..], &with_space[..]] {
            let line = read(arguments);
            assert_eq!(values(&line), expected);
            assert!(line.errors.is_empty() && line.warnings.is_empty());
        }
    }

    #[test]
    fn an_unknown_flag_is_a_warning_and_takes_its_value_along() {
        let line = read(&["--new-thing", "x", "--other=y", "--flag", "--plugin-name=n"]);
        let unknown = |name: &str| ConfigWarning::UnknownFlag { name: name.to_owned() };
        assert_eq!(line.warnings, [unknown("new-thing"), unknown("other"), unknown("flag")]);
        assert_eq!(values(&line), BTreeMap::from([("plugin-name", "n".to_owned())]));
        assert!(line.errors.is_empty());
    }

    #[test]
    fn help_and_version_are_commands_whatever_else_is_said() {
        assert_eq!(read(&["--fetch-limit=x", "--help"]).command, Command::Help);
        assert_eq!(read(&["-h"]).command, Command::Help);
        assert_eq!(read(&["--version"]).command, Command::Version);
        assert_eq!(read(&["--completions", "zsh"]).command, Command::Completions(Shell::Zsh));
        assert_eq!(read(&["--show-profile=jsmith"]).command, Command::ShowProfile("jsmith".to_owned()));
        assert_eq!(read(&["--show-profile", "*"]).command, Command::ShowProfile("*".to_owned()));
        assert_eq!(read(&["--show-profile"]).errors.len(), 1);
        assert_eq!(read(&[]).command, Command::Serve);
    }

    #[test]
    fn an_empty_value_is_a_value() {
        assert_eq!(
            values(&read(&["--certificate-authority="])),
            BTreeMap::from([("certificate-authority", String::new())])
        );
    }

    proptest! {
        #[test]
        fn any_arguments_are_read_without_a_panic(arguments: Vec<Vec<u8>>) {
            let line = CommandLine::read(arguments.iter().cloned().map(OsString::from_vec));
            prop_assert!(line.errors.len() + line.warnings.len() <= arguments.len());
        }
    }
}
