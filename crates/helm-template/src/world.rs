//! What functions may learn of the world outside a template, as a trait: a test decides what they see.

mod programs;
mod system;
mod zone;

use std::fmt;
use std::net::IpAddr;

use go_text_template::Value;

pub use programs::{Environment, ProgramRules};
pub use system::System;
pub use zone::InZone;

/// A moment: seconds since 1970 in UTC, and nanoseconds within the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Whole seconds since 1970-01-01 00:00:00 UTC, negative before.
    pub seconds: i64,
    /// Nanoseconds after them, less than 1,000,000,000.
    pub nanoseconds: u32,
}

/// What a program that a template ran gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgramResult {
    /// The exit code; -1 when the program did not start or was ended by a signal.
    pub exit_code: i64,
    /// Why it failed, in Go's words (`exit status 3`); `None` when it ended with 0.
    pub error: Option<String>,
    /// All that it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// All that it wrote to its standard error.
    pub stderr: Vec<u8>,
}

/// The world could not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unanswered {
    /// Why, in the words the template's error shows.
    pub reason: String,
}

impl Unanswered {
    /// The world could not answer, for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// Time, chance, environment, network, programs, and cluster, as functions of templates see them.
///
/// The methods with bodies answer that there is nothing: an implementation says what its templates may have.
/// All may be called from several threads at once, and block the rendering for as long as they take.
pub trait World: fmt::Debug + Send + Sync + 'static {
    /// The present: `now`, `date` of anything that is no time, `ago`, the validity of certificates.
    fn now(&self) -> Moment;

    /// Fills `bytes` by chance that nobody can guess: `randAlpha`, `uuidv4`, keys.
    ///
    /// # Errors
    /// When there is no such chance to be had.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unanswered>;

    /// The name of the time zone that `date` uses (`Europe/Berlin`). The default is `UTC`.
    fn local_zone(&self) -> String {
        "UTC".to_owned()
    }

    /// A variable of the environment, for `env` and `expandenv`. The default has none.
    fn variable(&self, _name: &str) -> Option<String> {
        None
    }

    /// The addresses of a host, for `getHostByName`. The default has none.
    fn addresses(&self, _host: &str) -> Vec<IpAddr> {
        Vec::new()
    }

    /// Runs a program to its end, without a shell, for `exec`.
    ///
    /// The default refuses, as [`ProgramResult::error`].
    fn run(&self, program: &str, _arguments: &[&str]) -> ProgramResult {
        let error = format!("fork/exec {program}: operation not permitted");
        ProgramResult { exit_code: -1, error: Some(error), ..ProgramResult::default() }
    }

    /// The names of a user's groups, for `groups`.
    ///
    /// # Errors
    /// When there is no such user. The default knows no users.
    fn groups(&self, user: &str) -> Result<Vec<String>, Unanswered> {
        Err(Unanswered::new(format!("user: unknown user {user}")))
    }

    /// An object of a cluster, or, when `name` is empty, a list of objects, for `lookup`.
    ///
    /// The default answers what Helm answers without a cluster: an empty map.
    ///
    /// # Errors
    /// When the cluster could not be asked.
    fn lookup(
        &self,
        _api_version: &str,
        _kind: &str,
        _namespace: &str,
        _name: &str,
    ) -> Result<Value, Unanswered> {
        Ok(Value::map::<&str, Value>([]))
    }
}
