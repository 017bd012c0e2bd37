//! Starting a process in a session of its own.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessSession};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};

/// What to start.
#[derive(Clone, Debug)]
pub(crate) struct ProcessSpec {
    /// The program, found in the environment's `PATH` if it has no slash.
    pub(crate) program: String,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Its whole environment; nothing is inherited.
    pub(crate) environment: Vec<(String, String)>,
    /// Where it starts.
    pub(crate) working_directory: PathBuf,
    /// Whether it gets a pipe or `/dev/null` as its standard input.
    pub(crate) input: Input,
    /// The user and group to become, where they differ from the present ones (needs root).
    pub(crate) identity: Identity,
}

/// What a process reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// At once the end of the file.
    Empty,
    /// A pipe.
    Pipe,
}

/// User and group ids to take; `None` keeps the present one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The user id.
    pub(crate) user: Option<u32>,
    /// The primary group id.
    pub(crate) group: Option<u32>,
}

/// Why a process could not be started. The texts are those of the container runtime (runc).
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpawnError {
    /// The working directory cannot be entered.
    #[error("chdir to cwd (\"{}\") set in config.json failed: {}", directory.display(), reason(source))]
    WorkingDirectory {
        /// The directory.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A name without a slash is nowhere in `PATH`.
    #[error("exec: \"{program}\": executable file not found in $PATH")]
    NotInPath {
        /// The name.
        program: String,
    },
    /// There is no such file.
    #[error("exec: \"{program}\": stat {program}: {}", reason(source))]
    NoSuchFile {
        /// Its path.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file is there but cannot be run.
    #[error("exec: \"{program}\": {}", reason(source))]
    Exec {
        /// Its path or name.
        program: String,
        /// What the system said.
        source: io::Error,
    },
}

/// The system's words without Rust's `(os error 2)`, in lower case as Go writes them.
fn reason(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(code) => Errno::from_raw(code).desc().to_lowercase(),
        None => error.to_string(),
    }
}

/// A started process. Dropping it does not end it: see [`super::Leftovers`].
#[derive(Debug)]
pub(crate) struct RunningProcess {
    child: Box<dyn ChildWrapper>,
    /// Its process id, session id and process group id.
    pub(crate) pid: i32,
    /// Its standard input, if that was asked for.
    pub(crate) stdin: Option<ChildStdin>,
    /// Its standard output.
    pub(crate) stdout: Option<ChildStdout>,
    /// Its standard error.
    pub(crate) stderr: Option<ChildStderr>,
}

impl ProcessSpec {
    /// Starts the process as the leader of a new session.
    pub(crate) fn spawn(&self) -> Result<RunningProcess, SpawnError> {
        check_directory(&self.working_directory)?;
        let mut command = CommandWrap::with_new(&self.program, |command| {
            command
                .args(&self.arguments)
                .env_clear()
                .envs(self.environment.iter().map(|(name, value)| (name, value)))
                .current_dir(&self.working_directory)
                .stdin(match self.input {
                    Input::Empty => Stdio::null(),
                    Input::Pipe => Stdio::piped(),
                })
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            if let Some(user) = self.identity.user {
                command.uid(user);
            }
            if let Some(group) = self.identity.group {
                command.gid(group);
            }
        });
        command.wrap(ProcessSession);
        let mut child = command.spawn().map_err(|source| self.classify(source))?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).unwrap_or_default();
        let (stdin, stdout, stderr) = (child.stdin().take(), child.stdout().take(), child.stderr().take());
        // The wrapper would wait for the whole group; a container ends with its main process.
        Ok(RunningProcess { child: child.into_inner(), pid, stdin, stdout, stderr })
    }

    fn classify(&self, source: io::Error) -> SpawnError {
        let program = self.program.clone();
        match source.kind() {
            io::ErrorKind::NotFound if !program.contains('/') => SpawnError::NotInPath { program },
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                SpawnError::NoSuchFile { program, source }
            }
            _ => SpawnError::Exec { program, source },
        }
    }
}

fn check_directory(directory: &Path) -> Result<(), SpawnError> {
    let found = std::fs::metadata(directory).and_then(|metadata| match metadata.is_dir() {
        true => Ok(()),
        false => Err(Errno::ENOTDIR.into()),
    });
    found.map_err(|source| SpawnError::WorkingDirectory { directory: directory.to_owned(), source })
}

impl RunningProcess {
    /// Waits for the process itself, not for what it started. May be called again after the end.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Sends a signal to the process itself, unless it has already been waited for.
    pub(crate) fn signal(&self, signal: Signal) {
        if self.child.id().is_some() {
            // It may have ended just now: nothing is left to be done then.
            let _ = kill(Pid::from_raw(self.pid), signal);
        }
    }
}

/// The exit code as a container reports it: 128 + the number of the signal that ended the process.
pub(crate) fn exit_code(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(255)
}
