//! Running other programs to their end.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::error::Error;
use crate::progress::Step;
use crate::wait::{self, Look};

/// How much of a log's end is shown.
const TAIL_BYTES: u64 = 16 * 1024;
const TAIL_LINES: usize = 15;
const LINE_CHARACTERS: usize = 400;

/// A build may take this long on a small machine.
const LONGEST: Duration = Duration::from_secs(3 * 60 * 60);

/// The command as a person would type it, without its environment.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs a short command to its end, whatever that is.
///
/// # Errors
/// It can't be started.
pub(crate) fn finish(command: &mut Command) -> Result<Output, Error> {
    match command.stdin(Stdio::null()).output() {
        Ok(output) => Ok(output),
        Err(source) => Err(Error::Spawn { command: shown(command), source }),
    }
}

/// Runs a short command and gives back what it wrote to stdout.
///
/// # Errors
/// It can't be started, or ends badly.
pub(crate) fn output(doing: impl Into<String>, command: &mut Command) -> Result<String, Error> {
    let done = finish(command)?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let tail = last_lines(&String::from_utf8_lossy(&done.stderr));
    Err(Error::Failed { doing: doing.into(), command: shown(command), log: None, tail })
}

/// Runs a long command, with all that it writes in `log`, and tells the step's progress meanwhile.
///
/// # Errors
/// It can't be started, or ends badly: the error carries the last lines of the log.
pub(crate) fn logged(
    doing: &str,
    command: &mut Command,
    log: &Path,
    step: &mut Step<'_>,
) -> Result<(), Error> {
    let mut file = append(log)?;
    let spawn = |command: &Command, source| Error::Spawn { command: shown(command), source };
    // A log that can't be written shows itself in the next line, where the command gets the same file.
    let _ = writeln!(file, "$ {}", shown(command));
    let twin = file.try_clone().map_err(Error::file("write", log))?;
    let mut child = match command.stdin(Stdio::null()).stdout(file).stderr(twin).spawn() {
        Ok(child) => child,
        Err(source) => return Err(spawn(command, source)),
    };
    let ended = wait::until(LONGEST, || {
        step.goes_on();
        match child.try_wait() {
            Ok(Some(status)) => Ok(Look::Done(status)),
            Ok(None) => Ok(Look::NotYet("it still runs".to_owned())),
            Err(source) => Err(Error::Spawn { command: shown(command), source }),
        }
    })?;
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Error::Failed {
            doing: doing.to_owned(),
            command: shown(command),
            log: Some(log.to_owned()),
            tail: tail(log),
        }),
        Err(gave_up) => Err(Error::TimedOut {
            what: format!("end of `{}`", shown(command)),
            seconds: LONGEST.as_secs(),
            last_seen: gave_up.last_seen,
            logs: log.to_owned(),
        }),
    }
}

/// Opens a log to write at its end; makes it, and its folder, when needed.
///
/// # Errors
/// It can't be opened.
pub(crate) fn append(log: &Path) -> Result<File, Error> {
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder).map_err(Error::file("make", folder))?;
    }
    OpenOptions::new().create(true).append(true).open(log).map_err(Error::file("write", log))
}

/// The last lines of a log, for an error; empty when it can't be read.
pub(crate) fn tail(log: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    last_lines(&read().unwrap_or_default())
}

/// Without the lines in which Go tells its downloads: a thousand of them hide the one that matters.
fn last_lines(text: &str) -> String {
    let said: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("go: downloading ") && !line.starts_with("go: finding "))
        .collect();
    let last = &said[said.len().saturating_sub(TAIL_LINES)..];
    let cut = |line: &&str| line.chars().take(LINE_CHARACTERS).collect::<String>();
    last.iter().map(cut).collect::<Vec<_>>().join("\n")
}

/// Where a program is on the `PATH`, or in one of the folders that only root's `PATH` has.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/go/bin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).map(|folder| folder.join(name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn what_a_failed_command_wrote_is_in_the_error() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo lost; echo why >&2; exit 3"]);
        let error = output("greet", &mut command).unwrap_err();
        insta::assert_snapshot!(error, @r"
        cannot greet: `sh -c echo lost; echo why >&2; exit 3` failed; it wrote:
        why
        ");
    }

    #[test]
    fn a_long_command_leaves_its_words_in_the_log_and_its_last_ones_in_the_error() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("logs/long.log");
        let mut command = Command::new("sh");
        command.args(["-c", "seq 100; echo 'go: downloading much'; exit 1"]);
        let mut silent = Silent;
        let mut step = Step::begin(&mut silent, "counting");
        let Err(Error::Failed { tail, log: Some(named), .. }) =
            logged("count", &mut command, &log, &mut step)
        else {
            panic!("the command fails and has a log");
        };
        assert_eq!(named, log);
        assert!(tail.starts_with("86\n") && tail.ends_with("100"), "{tail}");
        assert!(std::fs::read_to_string(&log).unwrap().starts_with("$ sh -c seq 100;"));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = output("try", &mut Command::new("no-such-program-here")).unwrap_err();
        insta::assert_snapshot!(error, @"cannot run `no-such-program-here`");
    }
}
