//! A directory with a settings file that names the scripted plugin, and the program run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Where a user sits.
pub(crate) struct Desk {
    directory: TempDir,
}

/// What came of a command.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The scripted plugin, which cargo builds beside the program.
pub(crate) fn scripted_plugin() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_launchway"));
    let plugin = program.with_file_name("examples").join("scripted-plugin");
    assert!(plugin.exists(), "run `cargo build -p launchway --example scripted-plugin` first");
    plugin
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { directory: tempfile::tempdir().unwrap() };
        let settings = format!("plugin = {:?}\nuser = \"mara\"\n", scripted_plugin());
        std::fs::write(desk.directory.path().join("launchway.toml"), settings).unwrap();
        let job = r#"{"name": "From a file", "exe": "exit", "args": ["7"], "tags": ["filed"]}"#;
        std::fs::write(desk.directory.path().join("job.json"), job).unwrap();
        std::fs::write(desk.directory.path().join("no-job.json"), r#"{"args": "7"}"#).unwrap();
        std::fs::write(desk.directory.path().join("empty.toml"), "").unwrap();
        std::fs::write(desk.directory.path().join("wrong.toml"), "user = \"mara\"\nplugins = \"x\"\n")
            .unwrap();
        desk
    }

    /// Writes a file, and makes its folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Where the program runs.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The program with a command line, ready to be started.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_launchway"));
        command
            .args(words(line))
            .current_dir(self.directory.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("XDG_CONFIG_HOME", self.directory.path().join("config"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, line: &str, stdin: &str) -> Outcome {
        let mut child = self.command(line).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        self.outcome(&child.wait_with_output().unwrap())
    }

    pub(crate) fn outcome(&self, output: &Output) -> Outcome {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text = text.replace(scripted_plugin().to_str().unwrap(), "PLUGIN");
            hide_times(&text.replace(self.directory.path().to_str().unwrap(), "DESK"))
        };
        Outcome { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

impl Outcome {
    /// The whole, as it stands in a snapshot.
    pub(crate) fn transcript(&self, command: &str) -> String {
        let mut text = format!("$ launchway {command}\n{}", self.stdout);
        if !self.stderr.is_empty() {
            text.push_str(&format!("--- standard error\n{}", self.stderr));
        }
        match self.code {
            Some(0) => {}
            Some(code) => text.push_str(&format!("--- exit code {code}\n")),
            None => text.push_str("--- ended by a signal\n"),
        }
        text
    }
}

/// Splits a line at white space; single quotes keep it together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Replaces each time of the wire by a word of its own.
pub(crate) fn hide_times(text: &str) -> String {
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let mut hidden = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_time = rest.as_bytes().get(..shape.len()).is_some_and(|start| {
            start.iter().zip(shape).all(|(byte, shape)| match shape {
                b'd' => byte.is_ascii_digit(),
                other => byte == other,
            })
        });
        let end = if is_time { rest.find('Z').map(|at| at + 1) } else { None };
        match end {
            Some(_) => hidden.push_str("TIME"),
            None => hidden.push(c),
        }
        rest = &rest[end.unwrap_or(c.len_utf8())..];
    }
    hidden
}
