//! Runs of targets side by side.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Report;
use super::build::Program;
use super::memory::resident_mib;
use crate::failure::Failure;

/// An input may take so long, in seconds, and so much memory, in MiB, before it counts as a failure.
const MOST_SECONDS: u32 = 25;
const MOST_MIB: u32 = 2048;

/// When memory is looked at first: after the seeds were read and caches are full.
const SETTLED: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// A target that runs.
struct Session {
    target: String,
    child: Child,
    began: Instant,
    settled_mib: Option<u64>,
    last_mib: Option<u64>,
}

/// Runs targets for a time, and tells what came of each.
///
/// # Errors
/// One of them cannot be started or its log cannot be read.
pub(super) fn run_side_by_side(
    folder: &Path,
    programs: &[Program],
    time: Duration,
) -> Result<Vec<Report>, Failure> {
    let started = programs.iter().map(|program| Session::start(folder, program, time));
    let mut sessions = started.collect::<Result<Vec<_>, _>>()?;
    let mut reports = Vec::new();
    while !sessions.is_empty() {
        #[expect(clippy::disallowed_methods, reason = "memory is looked at in the pace of a clock")]
        std::thread::sleep(BETWEEN_LOOKS);
        let mut open = Vec::new();
        for mut session in sessions {
            match session.look()? {
                Some(is_success) => reports.push(session.report(folder, is_success)?),
                None => open.push(session),
            }
        }
        sessions = open;
    }
    Ok(reports)
}

impl Session {
    fn start(folder: &Path, program: &Program, time: Duration) -> Result<Self, Failure> {
        let target = &program.target;
        let [corpus, artifacts] = ["corpus", "artifacts"].map(|name| folder.join(name).join(target));
        for folder in [&corpus, &artifacts] {
            let making = || format!("making {}", folder.display());
            std::fs::create_dir_all(folder).map_err(|e| Failure::during(making(), e))?;
        }
        let log = File::create(folder.join("artifacts").join(format!("{target}.log")))
            .map_err(|e| Failure::during("making the log", e))?;
        let mut command = Command::new(&program.path);
        command
            .arg(format!("-max_total_time={}", time.as_secs()))
            .arg(format!("-timeout={MOST_SECONDS}"))
            .arg(format!("-rss_limit_mb={MOST_MIB}"))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg(format!("-dict={}", folder.join("dictionaries").join(dictionary(target)).display()))
            .arg("-print_final_stats=1")
            // The first folder takes what is found, the second is only read.
            .arg(&corpus)
            .arg(folder.join("seeds").join(target))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let child =
            command.spawn().map_err(|e| Failure::during(format!("starting the target '{target}'"), e))?;
        Ok(Self { target: target.clone(), child, began: Instant::now(), settled_mib: None, last_mib: None })
    }

    /// Whether it succeeded, when it has ended.
    fn look(&mut self) -> Result<Option<bool>, Failure> {
        if let Some(mib) = resident_mib(self.child.id()).filter(|&mib| mib > 0) {
            self.last_mib = Some(mib);
            if self.settled_mib.is_none() && self.began.elapsed() >= SETTLED {
                self.settled_mib = Some(mib);
            }
        }
        let ended = self.child.try_wait().map_err(|e| Failure::during("waiting for a target", e))?;
        Ok(ended.map(|status| status.success()))
    }

    fn report(self, folder: &Path, is_success: bool) -> Result<Report, Failure> {
        let path = folder.join("artifacts").join(format!("{}.log", self.target));
        let log =
            std::fs::read(&path).map_err(|e| Failure::during(format!("reading {}", path.display()), e))?;
        Ok(Report::of_log(self.target, &String::from_utf8_lossy(&log), is_success)
            .with_memory(self.settled_mib, self.last_mib))
    }
}

/// The words that a target's inputs are made of.
fn dictionary(target: &str) -> String {
    let name = match target {
        "parse" | "run" => "template",
        "yaml_read" | "yaml_round_trip" => "yaml",
        other => other,
    };
    format!("{name}.dict")
}
