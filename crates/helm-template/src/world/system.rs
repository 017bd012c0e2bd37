//! The machine that the program runs on.

use std::ffi::CString;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

use nix::unistd::{Group, User, getgrouplist};

use super::{Moment, ProgramResult, Unanswered, World};

/// The machine itself: its clock, random numbers, environment, resolver, programs and users. It has no cluster.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl World for System {
    fn now(&self) -> Moment {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => Moment {
                seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
                nanoseconds: since.subsec_nanos(),
            },
            // A clock before 1970 is a broken clock.
            Err(_) => Moment { seconds: 0, nanoseconds: 0 },
        }
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unanswered> {
        getrandom::fill(bytes).map_err(|error| Unanswered::new(error.to_string()))
    }

    fn local_zone(&self) -> String {
        let zone = jiff::tz::TimeZone::try_system().ok();
        zone.and_then(|zone| zone.iana_name().map(str::to_owned)).unwrap_or_else(|| "UTC".to_owned())
    }

    fn variable(&self, name: &str) -> Option<String> {
        // A name with `=` or NUL, or an empty one, is nobody's: the standard library refuses them.
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn addresses(&self, host: &str) -> Vec<IpAddr> {
        (host, 0).to_socket_addrs().map(|found| found.map(|at| at.ip()).collect()).unwrap_or_default()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> ProgramResult {
        match Command::new(program).args(arguments).output() {
            Ok(output) => ended(output),
            Err(error) => {
                let error = Some(not_started(program, &error));
                ProgramResult { exit_code: -1, error, ..ProgramResult::default() }
            }
        }
    }

    fn groups(&self, user: &str) -> Result<Vec<String>, Unanswered> {
        let unknown = || Unanswered::new(format!("user: unknown user {user}"));
        let account = User::from_name(user).ok().flatten().ok_or_else(unknown)?;
        let name = CString::new(user).map_err(|_| unknown())?;
        let ids =
            getgrouplist(&name, account.gid).map_err(|error| Unanswered::new(format!("user: {error}")))?;
        let names = ids.into_iter().map(|id| match Group::from_gid(id) {
            Ok(Some(group)) => group.name,
            _ => id.to_string(),
        });
        Ok(names.collect())
    }
}

fn ended(output: Output) -> ProgramResult {
    let Output { status, stdout, stderr } = output;
    let error = match (status.code(), status.signal()) {
        (Some(0), _) => None,
        (Some(code), _) => Some(format!("exit status {code}")),
        (None, Some(signal)) => Some(format!("signal: {}", signal_name(signal))),
        (None, None) => Some(status.to_string()),
    };
    ProgramResult { exit_code: status.code().map_or(-1, i64::from), error, stdout, stderr }
}

/// Go's words for the signals that end programs.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}

/// Go's words for a program that could not be started: it looks names without a slash up before it tries.
fn not_started(program: &str, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound && !program.contains('/') {
        return format!("exec: {}: executable file not found in $PATH", quoted(program));
    }
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("fork/exec {program}: {reason}")
}

fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&go_text_template::format::quote(text)).into_owned()
}
