//! The job's standard input: none, a file's text, or what this program gets on its own.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use launcher_api::Job;

use crate::failure::Failure;

/// Where the job's standard input comes from.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "The job's standard input")]
pub(crate) struct InputFlags {
    /// Text for the job's standard input, from a file or ('-') from here
    #[arg(long, value_name = "FILE", conflicts_with = "no_stdin")]
    stdin: Option<PathBuf>,
    /// Give the job no standard input
    #[arg(long)]
    no_stdin: bool,
}

/// When this program's own standard input is the job's although nobody said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Whenever it is no terminal.
    WhenPiped,
    /// Never.
    WhenAsked,
}

impl InputFlags {
    /// Reads all of the input into the job. The whole text travels in the submission, so it is read to its end first.
    pub(crate) fn put_into(&self, job: &mut Job, presence: Presence) -> Result<(), Failure> {
        match &self.stdin {
            Some(path) if path == Path::new("-") => job.stdin = read_here()?,
            Some(path) => {
                job.stdin = std::fs::read_to_string(path)
                    .map_err(|source| Failure::Stdin { from: format!("'{}'", path.display()), source })?;
            }
            None if self.no_stdin => job.stdin.clear(),
            None if presence == Presence::WhenPiped && job.stdin.is_empty() && !io::stdin().is_terminal() => {
                job.stdin = read_here()?;
            }
            None => {}
        }
        Ok(())
    }
}

fn read_here() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|source| Failure::Stdin { from: "here".to_owned(), source })?;
    Ok(text)
}
