//! How programs run for `exec`.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::ProgramResult;

/// The rules by which programs run: without a shell, with nothing to read, and for as long as they may.
///
/// ```
/// use std::time::Duration;
/// use helm_template::world::{Environment, ProgramRules};
///
/// let rules = ProgramRules { time_limit: Some(Duration::from_millis(50)), environment: Environment::Inherited };
/// let result = rules.run("sleep", &["60"]);
/// assert_eq!(result.exit_code, -1);
/// assert_eq!(result.error.as_deref(), Some("sleep: not ended within 50ms, and killed"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ProgramRules {
    /// How long a program may run before it is killed, with all that it has started. None is for ever.
    pub time_limit: Option<Duration>,
    /// The variables that it sees.
    pub environment: Environment,
}

/// The variables that a program sees.
#[derive(Clone, Debug, Default)]
pub enum Environment {
    /// All those of this process.
    #[default]
    Inherited,
    /// These only.
    Only(Vec<(OsString, OsString)>),
}

impl ProgramRules {
    /// Runs a program to its end. Names without a slash are looked up in `PATH`.
    #[must_use]
    pub fn run(&self, program: &str, arguments: &[&str]) -> ProgramResult {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that nothing is left of it when it is killed.
        command.process_group(0);
        if let Environment::Only(variables) = &self.environment {
            command.env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
        }
        let outcome = command.spawn().and_then(|child| match self.time_limit {
            None => Ok((child.wait_with_output()?, None)),
            Some(limit) => within(child, limit),
        });
        match outcome {
            Ok((output, None)) => ended(output),
            Ok((Output { stdout, stderr, .. }, Some(limit))) => {
                let error = Some(format!("{program}: not ended within {limit:?}, and killed"));
                ProgramResult { exit_code: -1, error, stdout, stderr }
            }
            Err(error) => {
                let error = Some(not_started(program, &error));
                ProgramResult { exit_code: -1, error, ..ProgramResult::default() }
            }
        }
    }
}

/// What a program printed, and the limit if it did not end within that.
fn within(child: Child, limit: Duration) -> io::Result<(Output, Option<Duration>)> {
    let group = i32::try_from(child.id()).map(Pid::from_raw).map_err(io::Error::other)?;
    let (over, ended) = channel::<()>();
    thread::scope(|scope| {
        let watch = scope.spawn(move || {
            let late = ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
            if late {
                // It may have ended by itself just now.
                let _gone = killpg(group, Signal::SIGKILL);
            }
            late.then_some(limit)
        });
        let output = child.wait_with_output();
        drop(over);
        let late = watch.join().map_err(|_| io::Error::other("the watch over a program has panicked"))?;
        Ok((output?, late))
    })
}

fn ended(output: Output) -> ProgramResult {
    let Output { status, stdout, stderr } = output;
    let error = match (status.code(), status.signal()) {
        (Some(0), _) => None,
        (Some(code), _) => Some(format!("exit status {code}")),
        (None, Some(signal)) => Some(format!("signal: {}", signal_name(signal))),
        (None, None) => Some(status.to_string()),
    };
    ProgramResult { exit_code: status.code().map_or(-1, i64::from), error, stdout, stderr }
}

/// Go's words for the signals that end programs.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}

/// Go's words for a program that could not be started: it looks names without a slash up before it tries.
fn not_started(program: &str, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound && !program.contains('/') {
        return format!("exec: {}: executable file not found in $PATH", quoted(program));
    }
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("fork/exec {program}: {reason}")
}

fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&go_text_template::format::quote(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(limit: Duration) -> ProgramRules {
        ProgramRules { time_limit: Some(limit), environment: Environment::default() }
    }

    #[test]
    fn a_program_that_ends_in_time_is_told_as_without_a_limit() {
        let arguments = ["-c", "printf out; printf err >&2; exit 3"];
        let within = limited(Duration::from_secs(60)).run("sh", &arguments);
        assert_eq!(within, ProgramRules::default().run("sh", &arguments));
        assert_eq!((within.exit_code, within.error.as_deref()), (3, Some("exit status 3")));
        assert_eq!((within.stdout.as_slice(), within.stderr.as_slice()), (&b"out"[..], &b"err"[..]));
    }

    #[test]
    fn what_a_program_has_started_is_killed_with_it() {
        let result = limited(Duration::from_millis(100)).run("sh", &["-c", "printf begun; sleep 600 & wait"]);
        assert_eq!((result.exit_code, result.stdout.as_slice()), (-1, &b"begun"[..]));
        assert!(result.error.is_some_and(|error| error.contains("not ended within 100ms")));
    }

    #[test]
    fn a_program_sees_only_the_variables_that_it_is_given() {
        let only = vec![("PATH".into(), "/usr/bin:/bin".into()), ("COLOUR".into(), "red".into())];
        let rules = ProgramRules { environment: Environment::Only(only), ..ProgramRules::default() };
        let seen = rules.run("/usr/bin/env", &[]);
        assert_eq!(String::from_utf8_lossy(&seen.stdout), "COLOUR=red\nPATH=/usr/bin:/bin\n");
    }
}
