//! Starting and stopping the daemons of a cluster.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::cgroup::Cgroup;
use crate::command_line::{self, CommandLine};
use crate::daemon::Daemon;
use crate::error::Error;
use crate::namespaces;
use crate::program;
use crate::site::{Site, this_boot, write};
use crate::wait::{self, Look};

/// How long a daemon may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// A process, told from a later one with the same id by the moment of its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    pid: i32,
    /// Ticks since the machine's start.
    started: u64,
}

impl Process {
    /// The process of that id, unless there is none or it is dead and only not yet buried.
    fn find(pid: i32) -> Option<Process> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        parse(&stat)
            .filter(|(state, _)| !matches!(state, 'Z' | 'X'))
            .map(|(_, started)| Process { pid, started })
    }

    fn is_alive(self) -> bool {
        Process::find(self.pid) == Some(self)
    }
}

/// State and start of a process, from a line of `proc_pid_stat(5)`: fields 3 and 22, after the name in brackets.
fn parse(stat: &str) -> Option<(char, u64)> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

fn pid_file(site: &Site, daemon: Daemon) -> PathBuf {
    site.path(&format!("processes/{daemon}"))
}

/// The daemon's process as it was started, alive or not.
fn recorded(site: &Site, daemon: Daemon) -> Option<Process> {
    let text = std::fs::read_to_string(pid_file(site, daemon)).ok()?;
    let (pid, started) = text.trim().split_once(' ')?;
    Some(Process { pid: pid.parse().ok()?, started: started.parse().ok()? })
}

/// Process ids mean something until the next boot only.
fn alive(site: &Site, daemon: Daemon) -> Option<Process> {
    let same_boot = this_boot().is_ok_and(|boot| boot == site.record.boot);
    recorded(site, daemon).filter(|process| same_boot && process.is_alive())
}

/// The id of the daemon's process, while it runs.
pub(crate) fn pid(site: &Site, daemon: Daemon) -> Option<u32> {
    alive(site, daemon).and_then(|process| process.pid.try_into().ok())
}

/// It was started, and not stopped since.
pub(crate) fn should_run(site: &Site, daemon: Daemon) -> bool {
    recorded(site, daemon).is_some()
}

/// Starts the daemon unless it runs. It outlives this process.
///
/// # Errors
/// It can't be started.
pub(crate) fn start(site: &Site, daemon: Daemon) -> Result<(), Error> {
    if alive(site, daemon).is_some() {
        return Ok(());
    }
    let CommandLine { program, arguments } = command_line::of(daemon, site);
    let log = program::append(&site.log(daemon))?;
    let twin = log.try_clone().map_err(Error::file("write", site.log(daemon)))?;
    let mut command: Command = namespaces::enter(site);
    command.arg(&program).args(arguments).current_dir("/");
    command.stdin(Stdio::null()).stdout(log).stderr(twin);
    // Nothing of the user's session (proxies, certificates, locales) reaches a daemon.
    let search = format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", site.cache.containerd().display());
    command.env_clear().env("PATH", search).env("HOME", "/");
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(source) => return Err(Error::Spawn { command: program::shown(&command), source }),
    };
    let pid = child.id();
    let moved = Cgroup::of(site).and_then(|cgroup| cgroup.adopt(pid));
    let started = Process::find(pid.try_into().unwrap_or_default());
    // Whoever starts a process has to bury it; this one may well live longer than we do.
    let burial = std::thread::Builder::new().name(format!("bury {daemon}")).spawn(move || child.wait());
    burial.map_err(Error::file("watch", program))?;
    // One that ended at once is told by whoever waits for it.
    let Some(process) = started else { return moved };
    write(&pid_file(site, daemon), &format!("{} {}\n", process.pid, process.started))?;
    moved
}

/// Ends the daemon, if it runs: with SIGTERM, and after five seconds with SIGKILL.
///
/// # Errors
/// It does not end, or its record can't be removed.
pub(crate) fn stop(site: &Site, daemon: Daemon) -> Result<(), Error> {
    if let Some(process) = alive(site, daemon) {
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            send(process, signal)?;
            let ended = wait::until(PATIENCE, || {
                Ok(if process.is_alive() { Look::NotYet(String::new()) } else { Look::Done(()) })
            })?;
            if ended.is_ok() {
                break;
            }
        }
        if process.is_alive() {
            return Err(Error::ProcessesRemain { name: site.record.name.clone(), pids: vec![process.pid] });
        }
    }
    let file = pid_file(site, daemon);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file("remove", file)(error)),
        _ => Ok(()),
    }
}

fn send(process: Process, signal: Signal) -> Result<(), Error> {
    match kill(Pid::from_raw(process.pid), signal) {
        Ok(()) | Err(Errno::ESRCH) => Ok(()),
        Err(errno) => Err(Error::file("end", format!("/proc/{}", process.pid))(errno.into())),
    }
}

/// An error, if one of these daemons was started and has ended by itself.
///
/// # Errors
/// The first that has, with the end of its log.
pub(crate) fn none_has_ended(site: &Site, daemons: &[Daemon]) -> Result<(), Error> {
    let ended = |daemon: &&Daemon| should_run(site, **daemon) && alive(site, **daemon).is_none();
    match daemons.iter().find(ended) {
        None => Ok(()),
        Some(daemon) => {
            let log = site.log(*daemon);
            let tail = program::tail(&log);
            Err(Error::DaemonEnded { daemon: *daemon, log, tail })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_another_by_its_start() {
        let own = Process::find(std::process::id().try_into().unwrap()).unwrap();
        assert!(own.is_alive());
        assert!(!Process { started: own.started + 1, ..own }.is_alive());
    }

    #[test]
    fn a_name_with_brackets_and_blanks_does_not_confuse() {
        let stat = "7 (a) b) R 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 1";
        assert_eq!(parse(stat), Some(('R', 4711)));
        assert_eq!(parse("7 (x) R 1"), None);
    }
}
