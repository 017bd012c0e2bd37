//! Where log lines go, and what happens when they cannot.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where log lines go: to a file, to stderr, or to both. What a file does not take goes to stderr.
pub struct Sink {
    file: Option<Mutex<FileOutput>>,
    stderr: Mutex<Stderr>,
    stderr_gets: StderrGets,
}

/// Which lines go to stderr.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StderrGets {
    Everything,
    /// Only those that the file did not take.
    Leftovers,
}

/// The log file, while it takes lines.
struct FileOutput {
    writer: Box<dyn Write + Send>,
    name: String,
    state: FileState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FileState {
    Working,
    /// The last line could not be written, and stderr was told so.
    Failing,
}

/// Stderr as a place for log lines, with or without colours.
pub struct Stderr {
    writer: Box<dyn Write + Send>,
    coloured: bool,
}

impl Stderr {
    /// The process's, coloured if it is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn of_process() -> Self {
        Self { coloured: crate::colour::on_stderr(), writer: Box::new(std::io::stderr()) }
    }

    fn write(&mut self, text: &str) {
        // Nobody is left to be told when stderr fails.
        let _ = self.writer.write_all(text.as_bytes());
    }
}

impl Sink {
    /// To stderr only.
    #[must_use]
    pub fn to_stderr(stderr: Stderr) -> Self {
        Self { file: None, stderr: Mutex::new(stderr), stderr_gets: StderrGets::Everything }
    }

    /// To a file; its name is for the message when it stops taking lines.
    #[must_use]
    pub fn to_file(name: String, writer: impl Write + Send + 'static, stderr: Stderr) -> Self {
        let file = FileOutput { writer: Box::new(writer), name, state: FileState::Working };
        Self { file: Some(Mutex::new(file)), stderr: Mutex::new(stderr), stderr_gets: StderrGets::Leftovers }
    }

    /// To a file and to stderr.
    #[must_use]
    pub fn to_both(name: String, writer: impl Write + Send + 'static, stderr: Stderr) -> Self {
        Self { stderr_gets: StderrGets::Everything, ..Self::to_file(name, writer, stderr) }
    }

    /// Whether every line goes to stderr.
    #[must_use]
    pub fn reaches_stderr(&self) -> bool {
        self.stderr_gets == StderrGets::Everything
    }

    /// Writes a line, which ends in a newline. `draw` makes it, with colours or without.
    ///
    /// A line that the file does not take goes to stderr, after one warning for as long as the trouble lasts. What
    /// stderr does not take is lost: the log must never stop the work.
    pub(super) fn write(&self, draw: impl Fn(Colours) -> String) {
        let failure = self.file.as_ref().and_then(|file| lock(file).write(&draw(Colours::Off)).err());
        if failure.is_none() && self.stderr_gets == StderrGets::Leftovers {
            return;
        }
        let mut stderr = lock(&self.stderr);
        if let Some(Failure::New(warning)) = failure {
            stderr.write(&warning);
        }
        let colours = if stderr.coloured { Colours::On } else { Colours::Off };
        stderr.write(&draw(colours));
    }
}

/// Whether a line is for a terminal that shows colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    On,
    Off,
}

/// A line was not taken.
enum Failure {
    /// For the first time: with the warning to give.
    New(String),
    /// As the one before.
    Continued,
}

impl FileOutput {
    fn write(&mut self, line: &str) -> Result<(), Failure> {
        let error = match self.writer.write_all(line.as_bytes()) {
            Ok(()) => {
                self.state = FileState::Working;
                return Ok(());
            }
            Err(error) => error,
        };
        match std::mem::replace(&mut self.state, FileState::Failing) {
            FileState::Failing => Err(Failure::Continued),
            FileState::Working => Err(Failure::New(format!(
                "warning: cannot write to the log file '{}': {error}; its lines go to stderr meanwhile\n",
                self.name
            ))),
        }
    }
}

/// A panic while a lock was held cannot leave a writer in a state that matters.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io;
    use std::sync::Arc;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8(lock(&self.0).clone()).unwrap()
        }

        fn as_stderr(&self, coloured: bool) -> Stderr {
            Stderr { writer: Box::new(self.clone()), coloured }
        }
    }

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            lock(&self.0).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn draw(colours: Colours) -> String {
        if colours == Colours::On { "*line*\n" } else { "line\n" }.to_owned()
    }

    #[test]
    fn a_full_disk_is_told_once_and_its_lines_go_to_stderr() {
        let stderr = Kept::default();
        let full = File::options().write(true).open("/dev/full").unwrap();
        let sink = Sink::to_file("x.log".to_owned(), full, stderr.as_stderr(false));
        sink.write(draw);
        sink.write(draw);
        assert_eq!(
            stderr.text(),
            "warning: cannot write to the log file 'x.log': No space left on device (os error 28); its lines go to \
             stderr meanwhile\nline\nline\n"
        );
    }

    #[test]
    fn a_working_file_gets_every_line_and_stderr_none() {
        let (file, stderr) = (Kept::default(), Kept::default());
        let sink = Sink::to_file("x.log".to_owned(), file.clone(), stderr.as_stderr(true));
        sink.write(draw);
        assert_eq!((file.text().as_str(), stderr.text().as_str()), ("line\n", ""));
    }

    #[test]
    fn colours_go_to_a_terminal_and_never_to_the_file() {
        let (file, stderr) = (Kept::default(), Kept::default());
        let sink = Sink::to_both("x.log".to_owned(), file.clone(), stderr.as_stderr(true));
        sink.write(draw);
        assert_eq!((file.text().as_str(), stderr.text().as_str()), ("line\n", "*line*\n"));
    }

    #[test]
    fn a_stderr_that_fails_stops_nothing() {
        let broken = File::options().write(true).open("/dev/full").unwrap();
        let sink = Sink::to_stderr(Stderr { writer: Box::new(broken), coloured: false });
        sink.write(draw);
        sink.write(draw);
    }
}
