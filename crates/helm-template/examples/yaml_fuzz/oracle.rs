//! The Go program that knows the answers.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value as Json;

/// A running `oracle/yaml`.
pub(crate) struct Oracle {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    pub(crate) fn start() -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/yaml");
        let program = std::env::temp_dir().join(format!("yaml-oracle-{}", std::process::id()));
        let built =
            Command::new("go").arg("build").arg("-o").arg(&program).arg(".").current_dir(source).status();
        assert!(built.is_ok_and(|status| status.success()), "cannot build oracle/yaml with Go");
        let mut child = Command::new(&program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::fs::remove_file(&program).unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    /// Go's answers, in the order of the questions.
    pub(crate) fn ask(&mut self, questions: &[Json]) -> Vec<Json> {
        let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
        let mut input = self.input.take().unwrap();
        let writer = std::thread::spawn(move || {
            input.write_all(lines.as_bytes()).unwrap();
            input.flush().unwrap();
            input
        });
        let answers = questions.iter().map(|_| {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            serde_json::from_str(&line).unwrap()
        });
        let answers = answers.collect();
        self.input = Some(writer.join().unwrap());
        answers
    }

    /// Whether Go gives the same answer each time; where map order decides, it does not.
    pub(crate) fn is_stable(&mut self, question: &Json) -> bool {
        let answers = self.ask(&vec![question.clone(); 100]);
        answers.windows(2).all(|pair| pair[0] == pair[1])
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
