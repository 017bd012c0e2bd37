//! The machine that the program runs on.

use std::ffi::CString;
use std::net::{IpAddr, ToSocketAddrs};
use std::time::{SystemTime, UNIX_EPOCH};

use nix::unistd::{Group, User, getgrouplist};

use super::{Moment, ProgramResult, ProgramRules, Unanswered, World};

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
        ProgramRules::default().run(program, arguments)
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
