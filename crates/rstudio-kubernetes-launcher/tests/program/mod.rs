//! The program as a Launcher sees it: a process with pipes.

pub(crate) mod door;
pub(crate) mod stage;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bytes::Bytes;
use launcher_api::frame::{FrameDecoder, MAX_MESSAGE_SIZE, encode_frame};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// How long anything may take before a test gives up on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The program's binary.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rstudio-kubernetes-launcher"));
    command.env_clear().env("RSTUDIO_CONFIG_DIR", "/nonexistent");
    command
}

/// A folder with a token and a configuration of the program.
pub(crate) struct Installation {
    pub(crate) folder: tempfile::TempDir,
}

impl Installation {
    /// For the API server at that address.
    pub(crate) fn new(api_url: &str, token: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The server user of a test by root must get through.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let installation = Self { folder };
        installation.write("token", token);
        fs::set_permissions(installation.path("token"), fs::Permissions::from_mode(0o600)).unwrap();
        let token = installation.path("token");
        let scratch = installation.path("scratch");
        installation.write(
            "launcher.kubernetes.conf",
            &format!(
                "api-url={api_url}\nauth-token-path={}\nscratch-path={}\n{more}\n",
                token.display(),
                scratch.display()
            ),
        );
        installation
    }

    /// For an API server that is not there.
    pub(crate) fn without_cluster(more: &str) -> Self {
        Self::new("https://127.0.0.1:9", "token", more)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = command();
        command.env("RSTUDIO_CONFIG_DIR", self.folder.path());
        command
    }

    /// Starts the program as whoever runs the test.
    pub(crate) fn start(&self, flags: &[&str]) -> Plugin {
        Plugin::start(self.command().arg("--unprivileged=1").args(flags))
    }

    /// A text with the folder's name made the same in every run.
    pub(crate) fn named(&self, text: &str) -> String {
        text.replace(self.folder.path().to_str().unwrap(), "[DIR]")
    }
}

/// A running program.
pub(crate) struct Plugin {
    child: Child,
    input: Option<ChildStdin>,
    frames: Receiver<Result<Bytes, String>>,
    errors: Receiver<String>,
    readers: Vec<JoinHandle<()>>,
    seen: String,
}

/// What the program left behind.
pub(crate) struct End {
    pub(crate) status: ExitStatus,
    /// What was on stdout beside whole frames; empty if all is well.
    pub(crate) rubbish: String,
    pub(crate) stderr: String,
}

impl Plugin {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (frame_sender, frames) = channel();
        let (error_sender, errors) = channel();
        let mut stdout = child.stdout.take().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let read_frames = move || {
            let mut decoder = FrameDecoder::new(MAX_MESSAGE_SIZE);
            let mut buffer = vec![0; 65536];
            while let Ok(count @ 1..) = stdout.read(&mut buffer) {
                decoder.push(&buffer[..count]);
                loop {
                    match decoder.next_frame() {
                        Ok(Some(frame)) => drop(frame_sender.send(Ok(frame))),
                        Ok(None) => break,
                        Err(error) => return drop(frame_sender.send(Err(error.to_string()))),
                    }
                }
            }
            if let Err(error) = decoder.finish() {
                drop(frame_sender.send(Err(error.to_string())));
            }
        };
        let read_errors = move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut buffer) {
                drop(error_sender.send(String::from_utf8_lossy(&buffer[..count]).into_owned()));
            }
        };
        let readers = vec![std::thread::spawn(read_frames), std::thread::spawn(read_errors)];
        let input = child.stdin.take();
        Self { child, input, frames, errors, readers, seen: String::new() }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Writes bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Writes a message in its frame.
    pub(crate) fn send(&mut self, message: &str) {
        let frame = encode_frame(message.as_bytes(), MAX_MESSAGE_SIZE).unwrap();
        self.write(&frame);
    }

    /// Writes a message in its frame to a plugin that may end before it has read it all.
    pub(crate) fn send_in_vain(&mut self, message: &str) {
        let frame = encode_frame(message.as_bytes(), MAX_MESSAGE_SIZE).unwrap();
        if let Err(error) = self.input.as_mut().unwrap().write_all(&frame) {
            assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{error}");
        }
    }

    /// The next message, as JSON.
    pub(crate) fn receive(&mut self) -> Value {
        match self.frames.recv_timeout(PATIENCE) {
            Ok(Ok(frame)) => serde_json::from_slice(&frame).unwrap(),
            Ok(Err(error)) => panic!("not a frame: {error}"),
            Err(error) => {
                self.collect_errors();
                panic!("no message ({error}); stderr:\n{}", self.seen)
            }
        }
    }

    /// The next message of that type; others are skipped.
    pub(crate) fn receive_type(&mut self, message_type: i64) -> Value {
        loop {
            let message = self.receive();
            if message["messageType"] == message_type {
                return message;
            }
            assert_ne!(message["messageType"], -1, "{message}");
        }
    }

    /// Waits until stderr holds the text, and returns all of stderr so far.
    pub(crate) fn await_stderr(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        while !self.seen.contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.errors.recv_timeout(left) {
                Ok(more) => self.seen.push_str(&more),
                Err(error) => panic!("'{text}' did not come ({error}); stderr:\n{}", self.seen),
            }
        }
        self.seen.clone()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.pid()).unwrap()), signal).unwrap();
    }

    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits for the program's own end.
    pub(crate) fn end(mut self) -> End {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > deadline => {
                    self.collect_errors();
                    panic!("the program does not end; stderr:\n{}", self.seen);
                }
                // Its output ends when it ends: wait for that.
                None => match self.errors.recv_timeout(Duration::from_millis(20)) {
                    Ok(more) => self.seen.push_str(&more),
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
                },
            }
        };
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        self.collect_errors();
        let rubbish: Vec<String> = self.frames.try_iter().filter_map(Result::err).collect();
        End { status, rubbish: rubbish.join("\n"), stderr: std::mem::take(&mut self.seen) }
    }

    fn collect_errors(&mut self) {
        self.seen.extend(self.errors.try_iter());
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        // A test that failed in between leaves no process behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether the test runs as root; if not, says what is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn is_root(what: &str) -> bool {
    let root = nix::unistd::geteuid().is_root();
    if !root {
        eprintln!("skipped: {what} needs root");
    }
    root
}

/// Waits until something holds.
pub(crate) fn await_condition(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not come to be");
        std::thread::yield_now();
    }
}

/// The numbers of a line of `/proc/PID/status`.
pub(crate) fn process_status(pid: u32, name: &str) -> Vec<u32> {
    let status = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').split_whitespace().map(|number| number.parse().unwrap()).collect()
}
