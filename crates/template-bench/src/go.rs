//! The side of Go: `oracle/helm/speed`, a process that is asked line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Failure, Row};

/// Go's program. It ends with its standard input.
#[derive(Debug)]
pub struct Go {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// What repetitions took.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// Of all of them.
    pub time: Duration,
    /// Of all of them, with those of Go's runtime meanwhile.
    pub allocations: u64,
}

impl Go {
    /// Starts the program.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(program: &str) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::Go(format!("starting {program}: {error}"));
        let mut process =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        let requests = process.stdin.take();
        let answers = process.stdout.take().ok_or_else(|| Failure::Go("no standard output".to_owned()))?;
        Ok(Self { process, requests, answers: BufReader::new(answers) })
    }

    /// Makes a row ready, does its work once, and gives the text.
    ///
    /// # Errors
    /// The work fails in Go.
    pub fn begin(&mut self, row: &Row) -> Result<String, Failure> {
        let answer = self.ask(&row.request())?;
        Ok(answer["output"].as_str().unwrap_or("").to_owned())
    }

    /// Does the work of the row so often.
    ///
    /// # Errors
    /// The work fails in Go.
    pub fn repeat(&mut self, times: u32) -> Result<Spent, Failure> {
        let answer = self.ask(&json!({ "times": times }))?;
        let number = |key: &str| answer[key].as_u64().unwrap_or(0);
        Ok(Spent { time: Duration::from_nanos(number("nanoseconds")), allocations: number("allocations") })
    }

    fn ask(&mut self, request: &Value) -> Result<Value, Failure> {
        let failed = |error: std::io::Error| Failure::Go(error.to_string());
        if let Some(requests) = &mut self.requests {
            writeln!(requests, "{request}").map_err(failed)?;
        }
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(failed)?;
        let answer: Value = serde_json::from_str(&line).map_err(|error| Failure::Go(error.to_string()))?;
        match answer["error"].as_str() {
            Some(error) => Err(Failure::Go(error.to_owned())),
            None => Ok(answer),
        }
    }
}

impl Drop for Go {
    fn drop(&mut self) {
        self.requests = None;
        // It ends by itself; an error to wait for it has nobody to go to.
        let _ = self.process.wait();
    }
}
