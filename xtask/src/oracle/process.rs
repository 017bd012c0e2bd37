//! A running oracle, with a limit to its patience and its memory.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::failure::Failure;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What Go may take of memory, in KiB: enough for any case that is meant, little enough for a machine with several.
const MEMORY: u64 = 4 << 20;

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The line of the answer, without its end.
    Line(String),
    /// Go did not answer in time.
    Slow,
    /// Go ended itself: out of memory, or out of stack.
    Died,
}

/// A program of `oracle/`, started anew when a question was too much for it.
pub(crate) struct Oracle {
    program: PathBuf,
    running: Running,
}

struct Running {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Oracle {
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(program: &Path) -> Result<Self, Failure> {
        Ok(Self { program: program.to_owned(), running: Running::start(program)? })
    }

    /// Puts questions, and gives the answers in their order.
    ///
    /// # Errors
    /// When it ended and cannot be started again.
    pub(crate) fn ask<Q: AsRef<str>>(&mut self, questions: &[Q]) -> Result<Vec<Reply>, Failure> {
        let mut replies = Vec::with_capacity(questions.len());
        while replies.len() < questions.len() {
            let rest = &questions[replies.len()..];
            // What cannot be written shows as an answer that does not come.
            let _ = self.running.write(rest);
            for _ in rest {
                match self.running.lines.recv_timeout(PATIENCE) {
                    Ok(line) => replies.push(Reply::Line(line)),
                    Err(why) => {
                        let is_slow = why == RecvTimeoutError::Timeout;
                        replies.push(if is_slow { Reply::Slow } else { Reply::Died });
                        self.running = Running::start(&self.program)?;
                        break;
                    }
                }
            }
        }
        Ok(replies)
    }
}

impl Running {
    fn start(program: &Path) -> Result<Self, Failure> {
        let doing = || format!("starting {}", program.display());
        let mut child = Command::new("sh")
            .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\"")])
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| Failure::during(doing(), e))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new(format!("{}: it has no pipes", doing())));
        };
        let (sender, lines) = channel();
        // Reads as fast as Go writes, so that neither waits for the other with full pipes. Ends with the pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, input, lines })
    }

    fn write<Q: AsRef<str>>(&mut self, questions: &[Q]) -> std::io::Result<()> {
        let lines: String = questions.iter().flat_map(|question| [question.as_ref(), "\n"]).collect();
        self.input.write_all(lines.as_bytes())?;
        self.input.flush()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
