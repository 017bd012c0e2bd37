//! What a submitted job does: its states and its output, all at once.

use launcher_api::response::{OutputKind, OutputPiece};
use launcher_api::{Job, JobStatus};

/// A job and all that was to be seen of it so far.
#[derive(Clone, Debug)]
pub(crate) struct Played {
    pub(crate) job: Job,
    /// Its states in order; the last one is the present one.
    pub(crate) states: Vec<JobStatus>,
    pub(crate) output: Vec<Output>,
}

/// Some output.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    Stdout(String),
    Stderr(String),
    Mixed(String),
}

impl Output {
    pub(crate) fn piece(&self) -> OutputPiece {
        let (output, kind) = match self {
            Self::Stdout(text) => (text, OutputKind::Stdout),
            Self::Stderr(text) => (text, OutputKind::Stderr),
            Self::Mixed(text) => (text, OutputKind::Mixed),
        };
        OutputPiece::Data { output: output.clone(), kind }
    }
}

impl Played {
    /// Whether the job goes on when it is asked to stop.
    pub(crate) fn is_stubborn(&self) -> bool {
        self.job.exe == "stubborn"
    }
}

/// Why a job cannot be played.
#[derive(Debug)]
pub(crate) enum CannotPlay {
    /// The script has no such word.
    UnknownWord(String),
    /// The script ends the plugin.
    Crash,
}

/// Plays a job's line of script as far as it goes by itself.
pub(crate) fn play(mut job: Job) -> Result<Played, CannotPlay> {
    use JobStatus::{Failed, Finished, Pending, Running};
    let line = [std::slice::from_ref(if job.exe.is_empty() { &job.command } else { &job.exe }), &job.args];
    let line = line.concat().join(" ");
    let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
    let (states, code, output) = match word {
        "echo" => (vec![Pending, Running, Finished], Some(0), vec![Output::Stdout(format!("{rest}\n"))]),
        "complain" => (vec![Pending, Running, Finished], Some(0), vec![Output::Stderr(format!("{rest}\n"))]),
        "cat" => (vec![Pending, Running, Finished], Some(0), vec![Output::Mixed(job.stdin.clone())]),
        "exit" => (vec![Pending, Running, Finished], rest.parse().ok(), Vec::new()),
        "wait" => (vec![Pending, Running], None, vec![Output::Stdout("working\n".into())]),
        "stubborn" => (vec![Pending, Running], None, vec![Output::Stdout("working\n".into())]),
        "pend" => (vec![Pending], None, Vec::new()),
        "lose" => (vec![Pending, Failed], None, Vec::new()),
        "crash" => return Err(CannotPlay::Crash),
        _ => return Err(CannotPlay::UnknownWord(word.to_owned())),
    };
    job.status = *states.last().unwrap_or(&Pending);
    job.exit_code = code;
    job.status_message = match job.status {
        Pending => "0/3 nodes are available".to_owned(),
        Failed => "the node is gone".to_owned(),
        _ => String::new(),
    };
    Ok(Played { job, states, output })
}
