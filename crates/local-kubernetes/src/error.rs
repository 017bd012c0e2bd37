//! Why a cluster could not be built, started, changed or removed.

use std::io;
use std::path::PathBuf;

use crate::daemon::Daemon;
use crate::name::Name;

/// Why a cluster could not be built, started, changed or removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The work needs the rights to make network namespaces, mounts and cgroups.
    #[error("{doing} needs root; repeat the command with sudo")]
    NotRoot {
        /// What was asked for.
        doing: &'static str,
    },
    /// Programs that the cluster needs are not installed, and can't be installed here.
    #[error("cannot {doing} without {}; install them (Debian: apt-get install {})", programs.join(", "), packages.join(" "))]
    MissingPrograms {
        /// What needs them.
        doing: &'static str,
        /// The programs that were looked for.
        programs: Vec<&'static str>,
        /// The Debian packages that bring them.
        packages: Vec<&'static str>,
    },
    /// No Go that is new enough, and none could be fetched.
    #[error(
        "cannot build without Go {needed} or later; found {found}. Install it, or python3 with venv so that it can be fetched"
    )]
    NoGo {
        /// The oldest version that will do.
        needed: String,
        /// What was found instead.
        found: String,
    },
    /// A program could not be started.
    #[error("cannot run `{command}`")]
    Spawn {
        /// The program and its arguments.
        command: String,
        /// Why not.
        source: io::Error,
    },
    /// A program ended badly.
    #[error("cannot {doing}: `{command}` failed; {}", evidence(log.as_ref(), tail))]
    Failed {
        /// What it was run for.
        doing: String,
        /// The program and its arguments.
        command: String,
        /// Where all that it wrote is kept, if it is.
        log: Option<PathBuf>,
        /// The last lines of what it wrote.
        tail: String,
    },
    /// A file or folder could not be read, written or removed.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// The verb: `read`, `write`, `make`, `remove`, …
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{} is damaged: {why}; {help}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// What to do.
        help: &'static str,
    },
    /// A daemon ended by itself.
    #[error("{daemon} has ended by itself; {}", evidence(Some(log), tail))]
    DaemonEnded {
        /// Which.
        daemon: Daemon,
        /// Its log.
        log: PathBuf,
        /// The last lines of its log.
        tail: String,
    },
    /// Something did not come about in time.
    #[error("gave up after {seconds} s: no {what}. Last seen: {last_seen}. The daemons' logs are in {}", logs.display())]
    TimedOut {
        /// What was awaited.
        what: String,
        /// For how long.
        seconds: u64,
        /// The last answer.
        last_seen: String,
        /// Where the logs are.
        logs: PathBuf,
    },
    /// Every address block for clusters is in use.
    #[error(
        "no free block of addresses for one more cluster: all {slots} in {within} are used or routed elsewhere; take a cluster down"
    )]
    NoFreeAddresses {
        /// How many there are.
        slots: u8,
        /// The network that they are taken from.
        within: &'static str,
    },
    /// There is no such cluster.
    #[error("there is no cluster '{name}'; start it with `up`")]
    NoSuchCluster {
        /// Its name.
        name: Name,
    },
    /// A cluster of that name is there, and it is another one than asked for.
    #[error("cluster '{name}' runs {running}, not {asked}; take it down first, or choose another name")]
    OtherCluster {
        /// Its name.
        name: Name,
        /// Its version and feature gates.
        running: String,
        /// The version and feature gates asked for.
        asked: String,
    },
    /// Processes of the cluster could not be ended.
    #[error(
        "processes of cluster '{name}' do not end: {pids:?}; look at /proc/PID/stack for what holds them"
    )]
    ProcessesRemain {
        /// Its name.
        name: Name,
        /// Their ids.
        pids: Vec<i32>,
    },
    /// A key or certificate could not be made.
    #[error("cannot make the certificate of {subject}")]
    Certificate {
        /// Whose.
        subject: String,
        /// Why not.
        source: rcgen::Error,
    },
}

impl Error {
    /// For `map_err`: the operation on a file that failed.
    pub(crate) fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |source| Error::File { doing, path, source }
    }
}

fn evidence(log: Option<&PathBuf>, tail: &str) -> String {
    let tail = if tail.trim().is_empty() { "it wrote nothing" } else { tail.trim_end() };
    match log {
        Some(log) => format!("the end of {}:\n{tail}", log.display()),
        None => format!("it wrote:\n{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_program_is_shown_with_its_log_and_its_last_words() {
        let error = Error::Failed {
            doing: "build etcd v3.7.3".into(),
            command: "go build".into(),
            log: Some("/cache/logs/etcd.log".into()),
            tail: "no space left on device\n".into(),
        };
        insta::assert_snapshot!(error, @r"
        cannot build etcd v3.7.3: `go build` failed; the end of /cache/logs/etcd.log:
        no space left on device
        ");
    }

    #[test]
    fn missing_programs_come_with_the_packages_that_bring_them() {
        let error = Error::MissingPrograms {
            doing: "start a cluster",
            programs: vec!["runc", "iptables"],
            packages: vec!["runc", "iptables"],
        };
        insta::assert_snapshot!(
            error,
            @"cannot start a cluster without runc, iptables; install them (Debian: apt-get install runc iptables)"
        );
    }
}
