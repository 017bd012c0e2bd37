//! The only place that prints: it knows the format, how talkative to be, colour, and the progress line.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clap::builder::styling::{AnsiColor, Style};
use launchway::PluginExit;
use serde::Serialize;

use crate::table::{Table, plain};

/// What standard output is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text for a person.
    Human,
    /// JSON for a program: one document, or one line for each message of a stream.
    Json,
}

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Errors alone.
    Quiet,
    /// Notes and progress too.
    Normal,
    /// The plugin's own standard error too.
    Verbose,
}

/// When to write colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    // Documented at the option: here each would take a line of every `--help`.
    Auto,
    Always,
    Never,
}

/// A tone that a text can have; colours follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Plain text.
    Plain,
    /// A heading.
    Strong,
    /// Less important.
    Faint,
    /// Goes well.
    Good,
    /// Waits.
    Waiting,
    /// Went wrong.
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Waiting => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
        }
    }
}

/// Where a job's output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Owns standard output and standard error. Cheap to clone; every clone shares the progress line.
#[derive(Clone, Debug)]
pub(crate) struct Printer {
    format: Format,
    verbosity: Verbosity,
    stdout: Console,
    stderr: Console,
    progress: Arc<Mutex<Option<String>>>,
}

#[derive(Clone, Copy, Debug)]
struct Console {
    terminal: bool,
    color: bool,
}

impl Console {
    fn of(stream: &impl IsTerminal, choice: ColorChoice) -> Self {
        let terminal = stream.is_terminal();
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                let told_not_to = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
                    || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                terminal && !told_not_to
            }
        };
        Self { terminal, color }
    }

    fn paint(self, tone: Tone, text: &str) -> String {
        if !self.color || tone == Tone::Plain {
            return text.to_owned();
        }
        let style = tone.style();
        format!("{style}{text}{style:#}")
    }
}

impl Printer {
    pub(crate) fn new(format: Format, verbosity: Verbosity, color: ColorChoice) -> Self {
        Self {
            format,
            verbosity,
            stdout: Console::of(&io::stdout(), color),
            stderr: Console::of(&io::stderr(), color),
            progress: Arc::default(),
        }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    /// Whether standard output is a terminal, where a line may be rewritten.
    pub(crate) fn stdout_is_terminal(&self) -> bool {
        self.stdout.terminal
    }

    /// A line of text on standard output.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        self.write_stdout(format!("{text}\n").as_bytes())
    }

    /// A line on standard output that the next one replaces; on a terminal only, else a plain line.
    pub(crate) fn replacing_line(&self, text: &str) -> io::Result<()> {
        if self.stdout.terminal {
            let _progress = self.hide_progress();
            let mut out = io::stdout().lock();
            write!(out, "\r\x1b[K{}", cut_to_terminal(text))?;
            return out.flush();
        }
        self.line(text)
    }

    /// One JSON document on standard output.
    pub(crate) fn json(&self, document: &impl Serialize) -> io::Result<()> {
        self.line(&serde_json::to_string_pretty(document)?)
    }

    /// One JSON document on a line of its own, for a stream of them.
    pub(crate) fn json_line(&self, document: &impl Serialize) -> io::Result<()> {
        self.line(&serde_json::to_string(document)?)
    }

    /// A table on standard output; on a terminal its lines are cut to the width.
    pub(crate) fn table(&self, table: &Table) -> io::Result<()> {
        let width = self.stdout.terminal.then(terminal_width);
        self.write_stdout(table.render(width, |tone, text| self.stdout.paint(tone, text)).as_bytes())
    }

    /// A `name: value` line on standard output, the name set apart.
    pub(crate) fn fact(&self, name: &str, tone: Tone, value: &str) -> io::Result<()> {
        let name = self.stdout.paint(Tone::Faint, &format!("{name:<12}"));
        self.line(&format!("{name} {}", self.stdout.paint(tone, value)))
    }

    /// Bytes on standard output, as they are.
    #[cfg(feature = "template")]
    pub(crate) fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        self.write_stdout(bytes)
    }

    /// Makes room for what replaces all that a terminal shows; nothing elsewhere.
    #[cfg(feature = "template")]
    pub(crate) fn clear_screen(&self) -> io::Result<()> {
        if self.stdout.terminal { self.write_stdout(b"\x1b[H\x1b[2J") } else { Ok(()) }
    }

    /// A piece of a job's output, as it is.
    pub(crate) fn output(&self, to: Stream, text: &str) -> io::Result<()> {
        match to {
            Stream::Stdout => self.write_stdout(text.as_bytes()),
            Stream::Stderr => {
                let _progress = self.hide_progress();
                let mut err = io::stderr().lock();
                err.write_all(text.as_bytes())?;
                err.flush()
            }
        }
    }

    /// Something that a person may want to know, on standard error; not with `--quiet`.
    pub(crate) fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.say(text);
        }
    }

    /// A line of the plugin's standard error; with `--verbose` only.
    pub(crate) fn plugin_line(&self, line: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.say(&format!("{} {}", self.stderr.paint(Tone::Faint, "plugin:"), plain(line)));
        }
    }

    /// Something that may be wrong, on standard error; also with `--quiet`.
    pub(crate) fn warning(&self, text: &str) {
        self.say(&format!("{} {text}", self.stderr.paint(Tone::Waiting, "warning:")));
    }

    /// What failed, its causes, and what to do.
    pub(crate) fn error(&self, error: &dyn std::error::Error, help: Option<&str>) {
        let mut text = format!("{} {error}", self.stderr.paint(Tone::Bad, "error:"));
        let mut cause = error.source();
        while let Some(reason) = cause {
            text.push_str(&format!("\n  because: {reason}"));
            cause = reason.source();
        }
        if let Some(help) = help {
            text.push_str(&format!("\n{} {help}", self.stderr.paint(Tone::Good, "help:")));
        }
        self.say(&text);
    }

    /// What is wrong in a text, with its lines.
    #[cfg(feature = "template")]
    pub(crate) fn diagnostic(&self, diagnostic: &helm_template::diagnostic::Diagnostic) {
        let width = self.stderr.terminal.then(terminal_width);
        self.say(&if self.stderr.color { diagnostic.coloured(width) } else { diagnostic.plain(width) });
    }

    /// How a plugin ended that has failed, and the last lines that it wrote to its standard error.
    pub(crate) fn last_words(&self, exit: &PluginExit) {
        if exit.stderr.is_empty() {
            return self.say(&format!("The plugin {exit}; it wrote nothing to standard error."));
        }
        let quoted: Vec<String> = exit.stderr.iter().map(|line| format!("  | {}", plain(line))).collect();
        self.say(&format!("The plugin {exit}; its last lines on standard error:\n{}", quoted.join("\n")));
    }

    /// Shows what is being waited for as the last line of a terminal's standard error; nothing elsewhere.
    pub(crate) fn progress(&self, text: &str) {
        if !self.stderr.terminal || self.verbosity == Verbosity::Quiet {
            return;
        }
        let mut progress = self.hide_progress();
        *progress = Some(text.to_owned());
        let line = self.stderr.paint(Tone::Faint, &cut_to_terminal(text));
        print_to_stderr(&format!("\r\x1b[K{line}"));
    }

    /// Takes the progress line away.
    pub(crate) fn end_progress(&self) {
        drop(self.hide_progress());
    }

    /// Text for standard output in a tone.
    pub(crate) fn paint(&self, tone: Tone, text: &str) -> String {
        self.stdout.paint(tone, text)
    }

    fn say(&self, text: &str) {
        let _progress = self.hide_progress();
        print_to_stderr(&format!("{text}\n"));
    }

    fn write_stdout(&self, bytes: &[u8]) -> io::Result<()> {
        let _progress = self.hide_progress();
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Clears the progress line and keeps others from printing until the guard is dropped.
    fn hide_progress(&self) -> MutexGuard<'_, Option<String>> {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if progress.take().is_some() {
            print_to_stderr("\r\x1b[K");
        }
        progress
    }
}

/// Standard error that cannot be written leaves nobody to tell.
fn print_to_stderr(text: &str) {
    let mut err = io::stderr().lock();
    let _nobody_to_tell = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
}

fn cut_to_terminal(text: &str) -> String {
    crate::table::cut(text, terminal_width().saturating_sub(1))
}
