//! The plugin as a child process: started with pipes, its standard error read all the time, ended step by step.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::{ClientError, PluginCommand, StartError, StderrTo};

/// How long a plugin may take to exit after its standard input was closed (section 10.9 of the API).
pub const EXIT_PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take after SIGTERM, before SIGKILL.
pub const TERMINATE_PATIENCE: Duration = Duration::from_secs(5);
/// How long what it wrote to standard error may take to be read after its exit.
const STDERR_PATIENCE: Duration = Duration::from_millis(200);
/// Lines of standard error that are kept.
const TAIL_LINES: usize = 50;
/// A longer line of standard error is kept and handed on in parts of this many bytes.
const LONGEST_LINE: usize = 16 * 1024;

/// How a plugin ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginExit {
    /// Its exit status; `None` if it was no process of ours (see [`PluginClient::over`](crate::PluginClient::over)).
    pub status: Option<ExitStatus>,
    /// What it took to end it.
    pub ended_by: EndedBy,
    /// The last lines of its standard error, oldest first; empty if that was inherited.
    pub stderr: Vec<String>,
}

/// What it took to end a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// It exited by itself, after its input was closed or before.
    Itself,
    /// It outlasted the closing of its input by [`EXIT_PATIENCE`] and ended on SIGTERM.
    Terminate,
    /// It was killed: it outlasted SIGTERM too, or it was not to be waited for.
    Kill,
}

impl PluginExit {
    /// Whether it exited by itself and with code 0, as it must after its input was closed.
    pub fn is_clean(&self) -> bool {
        self.ended_by == EndedBy::Itself && self.status.is_none_or(|status| status.success())
    }
}

impl fmt::Display for PluginExit {
    /// Completes the sentence "the plugin …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ended_by, self.status) {
            (EndedBy::Terminate, _) => f.write_str("did not end with its input and was terminated"),
            (EndedBy::Kill, _) => f.write_str("did not end and was killed"),
            (EndedBy::Itself, None) => f.write_str("ended"),
            (EndedBy::Itself, Some(status)) => match (status.code(), status.signal()) {
                (Some(code), _) => write!(f, "exited with code {code}"),
                (None, Some(signal)) => write!(f, "was ended by signal {signal}"),
                (None, None) => f.write_str("ended"),
            },
        }
    }
}

/// A started plugin without a protocol: bytes in, bytes out.
///
/// It runs in a process group of its own, so that a Ctrl-C at the terminal reaches only this process. It is
/// killed when this value is dropped without [`end`](Self::end).
#[derive(Debug)]
pub struct PluginProcess {
    child: Child,
    stderr: Option<JoinHandle<()>>,
    tail: Tail,
}

/// The last lines of standard error, shared with the task that reads it.
#[derive(Clone, Debug, Default)]
struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == TAIL_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl PluginProcess {
    /// Starts the program; its standard input and output are the caller's to use.
    ///
    /// # Errors
    /// [`StartError::Spawn`] when the program cannot be run.
    pub fn start(command: &PluginCommand) -> Result<(Self, ChildStdin, ChildStdout), StartError> {
        let failed = |source| StartError::Spawn { program: command.program.clone(), source };
        let mut child = Command::new(&command.program)
            .args(command.full_args())
            .envs(command.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(match command.stderr {
                StderrTo::Inherit => Stdio::inherit(),
                StderrTo::Capture | StderrTo::Lines(_) => Stdio::piped(),
            })
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(io::Error::other("the child's pipes are missing")));
        };
        let tail = Tail::default();
        let stderr = child.stderr.take().map(|pipe| watch_stderr(pipe, command.stderr.clone(), tail.clone()));
        Ok((Self { child, stderr, tail }, stdin, stdout))
    }

    /// Its process id; `None` once it has ended.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// The last lines of its standard error, oldest first; empty if that is inherited.
    pub fn stderr_tail(&self) -> Vec<String> {
        self.tail.lines()
    }

    /// Sends it a signal; nothing happens if it has ended.
    ///
    /// # Errors
    /// [`ClientError::Signal`] when the operating system refuses.
    pub fn signal(&self, signal: Signal) -> Result<(), ClientError> {
        let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok()) else { return Ok(()) };
        kill(Pid::from_raw(pid), signal)
            .map_err(|source| ClientError::Signal { signal, source: source.into() })
    }

    /// Waits for its exit, [`EXIT_PATIENCE`] by itself, then with SIGTERM, then with SIGKILL. Its input must
    /// have been closed (dropped) before, or it has no reason to exit.
    ///
    /// # Errors
    /// [`ClientError::Wait`] or [`ClientError::Signal`] when the operating system refuses.
    pub async fn end(&mut self) -> Result<PluginExit, ClientError> {
        self.end_within(EXIT_PATIENCE, TERMINATE_PATIENCE).await
    }

    async fn end_within(&mut self, exit: Duration, terminate: Duration) -> Result<PluginExit, ClientError> {
        if let Ok(status) = timeout(exit, self.child.wait()).await {
            return self.exit(status, EndedBy::Itself).await;
        }
        self.signal(Signal::SIGTERM)?;
        if let Ok(status) = timeout(terminate, self.child.wait()).await {
            return self.exit(status, EndedBy::Terminate).await;
        }
        self.kill_after(Duration::ZERO).await
    }

    /// Gives it some time to exit by itself, then kills it.
    ///
    /// # Errors
    /// As [`end`](Self::end).
    pub async fn kill_after(&mut self, patience: Duration) -> Result<PluginExit, ClientError> {
        if let Ok(status) = timeout(patience, self.child.wait()).await {
            return self.exit(status, EndedBy::Itself).await;
        }
        self.signal(Signal::SIGKILL)?;
        let status = self.child.wait().await;
        self.exit(status, EndedBy::Kill).await
    }

    async fn exit(
        &mut self,
        status: io::Result<ExitStatus>,
        ended_by: EndedBy,
    ) -> Result<PluginExit, ClientError> {
        let status = status.map_err(|source| ClientError::Wait { source })?;
        if let Some(stderr) = self.stderr.take() {
            // A grandchild may hold the pipe open: what it says later is not waited for.
            let _ended_or_held_open = timeout(STDERR_PATIENCE, stderr).await;
        }
        Ok(PluginExit { status: Some(status), ended_by, stderr: self.stderr_tail() })
    }
}

fn watch_stderr(pipe: ChildStderr, to: StderrTo, tail: Tail) -> JoinHandle<()> {
    tokio::spawn(read_lines(pipe, move |line| {
        if let StderrTo::Lines(callback) = &to {
            callback(&line);
        }
        tail.push(line);
    }))
}

/// Hands on each line of a stream, lossily as UTF-8 and in bounded parts, until the stream ends or fails.
async fn read_lines(pipe: impl AsyncRead + Unpin, mut each: impl FnMut(String)) {
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    let mut hand_on = |line: &mut Vec<u8>| {
        each(String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']).to_owned());
        line.clear();
    };
    // A stream that cannot be read any more has ended for us: there is nobody to tell.
    while let Ok(chunk) = reader.fill_buf().await {
        if chunk.is_empty() {
            break;
        }
        let newline = chunk.iter().position(|&byte| byte == b'\n');
        let taken = newline.map_or(chunk.len(), |at| at + 1).min(LONGEST_LINE - line.len());
        line.extend_from_slice(&chunk[..taken]);
        reader.consume(taken);
        if line.ends_with(b"\n") || line.len() == LONGEST_LINE {
            hand_on(&mut line);
        }
    }
    if !line.is_empty() {
        hand_on(&mut line);
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn standard_error_is_handed_on_line_by_line_with_the_last_unfinished_one() {
        let mut lines = Vec::new();
        read_lines(&b"one\r\ntwo\xff\n\nrest"[..], |line| lines.push(line)).await;
        assert_eq!(lines, ["one", "two\u{fffd}", "", "rest"]);
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_handed_on_in_parts() {
        let endless = vec![b'x'; LONGEST_LINE * 2 + 1];
        let mut lengths = Vec::new();
        read_lines(&endless[..], |line| lengths.push(line.len())).await;
        assert_eq!(lengths, [LONGEST_LINE, LONGEST_LINE, 1]);
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        let tail = Tail::default();
        (0..TAIL_LINES + 3).for_each(|number| tail.push(number.to_string()));
        assert_eq!(tail.lines().len(), TAIL_LINES);
        assert_eq!(tail.lines().first().map(String::as_str), Some("3"));
    }

    /// A shell script as a plugin, once it has printed its first byte.
    async fn started(script: &str) -> (PluginProcess, ChildStdin) {
        let command = PluginCommand::new("/bin/sh").stderr(StderrTo::Capture);
        // The shell takes what follows `-c` before the flag that every plugin gets.
        let command = PluginCommand { args: vec!["-c".into(), script.into()], ..command };
        let command = command.args(["--heartbeat-interval-seconds", "0"]);
        let (process, stdin, mut stdout) = PluginProcess::start(&command).unwrap();
        stdout.read_u8().await.unwrap();
        (process, stdin)
    }

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn a_plugin_that_exits_with_its_input_tells_its_status_and_last_words() {
        let (mut process, stdin) = started("echo ready; read line; echo bye >&2; exit 3").await;
        drop(stdin);
        let exit = process.end_within(LONG, LONG).await.unwrap();
        assert_eq!(exit.ended_by, EndedBy::Itself);
        assert_eq!(exit.stderr, ["bye"]);
        assert!(!exit.is_clean());
        assert_eq!(exit.to_string(), "exited with code 3");
    }

    #[tokio::test]
    async fn a_plugin_that_outlasts_its_input_is_terminated() {
        let (mut process, stdin) = started("echo ready; exec sleep 600").await;
        drop(stdin);
        let exit = process.end_within(SHORT, LONG).await.unwrap();
        assert_eq!(exit.ended_by, EndedBy::Terminate);
        assert_eq!(exit.status.and_then(|status| status.signal()), Some(15));
        assert!(process.pid().is_none());
    }

    #[tokio::test]
    async fn a_plugin_that_outlasts_sigterm_is_killed() {
        let (mut process, stdin) = started("trap '' TERM; echo ready; exec sleep 600").await;
        drop(stdin);
        let exit = process.end_within(SHORT, SHORT).await.unwrap();
        assert_eq!(exit.ended_by, EndedBy::Kill);
        assert_eq!(exit.status.and_then(|status| status.signal()), Some(9));
        assert_eq!(exit.to_string(), "did not end and was killed");
    }

    #[tokio::test]
    async fn a_plugin_has_a_process_group_of_its_own_so_that_ctrl_c_does_not_reach_it() {
        let (mut process, _stdin) = started("echo ready; exec sleep 600").await;
        let pid = Pid::from_raw(i32::try_from(process.pid().unwrap()).unwrap());
        assert_eq!(nix::unistd::getpgid(Some(pid)).unwrap(), pid);
        process.kill_after(Duration::ZERO).await.unwrap();
    }
}
