//! The way from the command line to the talk with the Launcher: configuration, rights, log, and only then threads and
//! the first byte of input.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use crate::command_line::CommandLine;
use crate::config::{self, ConfigErrors, Loaded, Settings, Surroundings, Token};
use crate::host;
use crate::logging::{self, Destination, LogLevel};
use crate::privileges::{self, Account, Host, Plan};
use crate::profiles;
use crate::report::{self, Notice};
use crate::token_file::{self, NamedBy, Reader};

/// Why the program ends with an error: what is still to be told on stderr.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The messages, in order.
    pub(crate) notices: Vec<Notice>,
}

impl From<&ConfigErrors> for Failure {
    fn from(errors: &ConfigErrors) -> Self {
        Self { notices: errors.all().iter().map(|error| Notice::error(error, error.help())).collect() }
    }
}

/// Does all that the plugin is there for, until the Launcher has gone or a signal ends it.
///
/// # Errors
/// What could not be started, or what broke the talk with the Launcher.
pub(crate) fn serve(line: CommandLine) -> Result<(), Failure> {
    let Loaded { mut settings, warnings, notes } =
        config::load(line, &Surroundings::of_process()).map_err(|errors| Failure::from(&errors))?;
    let mut notices: Vec<Notice> =
        warnings.iter().map(|warning| Notice::warning(warning, warning.help())).collect();
    let destination = Destination::of(&settings);
    if let Err(error) = settle(&settings, destination.file(), &mut notices) {
        notices.push(error);
        return Err(Failure { notices });
    }
    // Only now, as the server user.
    match profiles::files::complete(std::mem::take(&mut settings.profiles), &settings.templates) {
        Ok((profiles, warnings)) => {
            settings.profiles = profiles;
            notices.extend(warnings.iter().map(|warning| Notice::warning(warning, warning.help())));
        }
        Err(errors) => {
            notices.extend(errors.iter().map(|error| Notice::error(error, error.help())));
            return Err(Failure { notices });
        }
    }
    let reaches_stderr = start_log(&destination, settings.log.level, notices);
    log_panics();
    for note in notes {
        tracing::debug!("option {note}");
    }
    warn_of_terminal();
    host::run(settings).map_err(|error| {
        let notice = Notice::error(&host::Causes(&error), error.help());
        notice.log();
        Failure { notices: if reaches_stderr { Vec::new() } else { vec![notice] } }
    })
}

/// Becomes the server user, and checks what that user must be able to do.
fn settle(settings: &Settings, log_file: Option<&Path>, notices: &mut Vec<Notice>) -> Result<(), Notice> {
    if settings.process.server_user.is_some() {
        // The Launcher's own mask could keep the server user out of the directories that are made next.
        nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    }
    let plan = Plan { process: &settings.process, log_file };
    let standing = privileges::settle(&Host, plan).map_err(|error| Notice::error(&error, error.help()))?;
    // After the change of user, which sets this as the machine's administrator has it for such programs.
    privileges::forbid_core_dumps();
    notices.extend(standing.warnings.iter().map(|warning| Notice::warning(warning, warning.help())));
    let reader = reader(standing.account);
    check_profiles(&settings.profiles_path, &reader, notices);
    check_token(&settings.connection.token, &reader)
}

/// Warns of profiles that could be read so far, as root, and cannot be read again.
fn check_profiles(path: &Path, reader: &Reader, notices: &mut Vec<Notice>) {
    if let Err(error) = std::fs::File::open(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        let (path, user) = (path.display(), &reader.name);
        let message =
            format!("'{user}' cannot read the profiles file '{path}' ({error}), so it cannot be reloaded");
        notices.push(Notice::warning(&message, Some(format!("chmod a+r {path}"))));
    }
}

/// Checks that the present user, and nobody else, can read the token.
pub(crate) fn check_token(token: &Token, reader: &Reader) -> Result<(), Notice> {
    let (path, origin) = match token {
        Token::Inline(_) => return Ok(()),
        Token::InCluster(path) => (path, NamedBy::Kubernetes),
        Token::File { path, origin } => (path, NamedBy::Configuration(origin.clone())),
    };
    token_file::check(path, &origin, reader).map_err(|error| Notice::error(&error, error.help()))
}

/// Who the process is now: the account that it became, if it did.
pub(crate) fn reader(account: Option<Account>) -> Reader {
    if let Some(Account { name, uid, .. }) = account {
        return Reader { name, uid };
    }
    let uid = nix::unistd::geteuid();
    let name = match nix::unistd::User::from_uid(uid) {
        Ok(Some(user)) => user.name,
        _ => uid.to_string(),
    };
    Reader { name, uid: uid.as_raw() }
}

/// Begins the log with what is odd so far, which stderr gets in any case. Tells whether stderr gets every line.
fn start_log(destination: &Destination, level: LogLevel, mut notices: Vec<Notice>) -> bool {
    // Log files that are made when one is full are, as the first, for this user alone.
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o077));
    let opened = destination.open();
    if let Some(trouble) = opened.trouble {
        let help = "set logging-dir to a directory that this user may write to".to_owned();
        notices.push(Notice::warning(&trouble, Some(help)));
    }
    let reaches_stderr = opened.sink.reaches_stderr();
    let logs_warnings = !matches!(level, LogLevel::Off | LogLevel::Error);
    logging::start(level, opened.sink);
    if !(reaches_stderr && logs_warnings) {
        report::print(&notices);
    }
    for notice in &notices {
        notice.log();
    }
    reaches_stderr
}

/// A fault of this program goes where the administrator looks.
fn log_panics() {
    std::panic::set_hook(Box::new(|fault| tracing::error!("a fault in the plugin: {fault}")));
}

fn warn_of_terminal() {
    if io::stdin().is_terminal() {
        let hint = "this program talks with a Launcher over stdin, which is a terminal now";
        report::print(&[Notice::warning(&hint, Some("press Ctrl-D to end it; see '--help'".to_owned()))]);
    }
}
