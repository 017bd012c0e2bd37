//! The processes of this machine, read from `/proc`. Linux only: elsewhere the table is empty.

use std::collections::HashSet;
use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use nix::unistd::{SysconfVar, sysconf};

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    /// Its id.
    pub(crate) pid: i32,
    /// The id of the process that started it, or that took it over.
    pub(crate) parent: i32,
    /// The id of its session.
    pub(crate) session: i32,
    /// Processor time used by it and by its children that have ended and been waited for.
    pub(crate) cpu: Duration,
    /// Memory in use, in bytes (resident set).
    pub(crate) memory: u64,
    state: char,
}

impl Process {
    /// Whether it has ended and only waits to be noticed.
    pub(crate) fn is_dead(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }

    /// Reads the text of a `/proc/PID/stat`.
    fn parse(stat: &str) -> Option<Self> {
        let pid = stat.split(' ').next()?.parse().ok()?;
        // The name stands in parentheses and may itself hold spaces and parentheses.
        let (_, rest) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        // Numbered as in proc(5), where the state is field 3.
        let field = |number: usize| fields.get(number - 3).copied();
        let ticks: i64 = [14, 15, 16, 17]
            .into_iter()
            .map(|number| field(number)?.parse::<i64>().ok())
            .sum::<Option<i64>>()?;
        let pages: u64 = field(24)?.parse().ok()?;
        Some(Self {
            pid,
            parent: field(4)?.parse().ok()?,
            session: field(6)?.parse().ok()?,
            cpu: Duration::from_nanos(u64::try_from(ticks).ok()?.saturating_mul(tick_nanos())),
            memory: pages.saturating_mul(page_size()),
            state: field(3)?.chars().next()?,
        })
    }
}

/// All processes, read one after the other; one that ends meanwhile is left out. Blocks for a few milliseconds.
pub(crate) fn processes() -> impl Iterator<Item = Process> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok())
        .filter_map(|pid| Process::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?))
}

/// Those of `all` that are in one of the `sessions` or descend from a process that is.
pub(crate) fn members<'a>(all: &'a [Process], sessions: &[i32]) -> Vec<&'a Process> {
    let mut found: HashSet<i32> =
        all.iter().filter(|process| sessions.contains(&process.session)).map(|process| process.pid).collect();
    loop {
        let more: Vec<i32> = all
            .iter()
            .filter(|process| !found.contains(&process.pid) && found.contains(&process.parent))
            .map(|process| process.pid)
            .collect();
        if more.is_empty() {
            return all.iter().filter(|process| found.contains(&process.pid)).collect();
        }
        found.extend(more);
    }
}

/// The value of a variable in the environment that the process was started with; `None` if it has no such variable,
/// or its environment may not be read.
pub(crate) fn variable(pid: i32, name: &str) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    environment.split(|&byte| byte == 0).find_map(|entry| {
        let value = entry.strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
        Some(String::from_utf8_lossy(value).into_owned())
    })
}

fn tick_nanos() -> u64 {
    static NANOS: OnceLock<u64> = OnceLock::new();
    *NANOS.get_or_init(|| 1_000_000_000 / system_value(SysconfVar::CLK_TCK, 100))
}

fn page_size() -> u64 {
    static SIZE: OnceLock<u64> = OnceLock::new();
    *SIZE.get_or_init(|| system_value(SysconfVar::PAGE_SIZE, 4096))
}

fn system_value(variable: SysconfVar, otherwise: u64) -> u64 {
    sysconf(variable)
        .ok()
        .flatten()
        .and_then(|value| u64::try_from(value).ok())
        .filter(|value| *value > 0)
        .unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(pid: i32, parent: i32, session: i32) -> Process {
        Process { pid, parent, session, cpu: Duration::ZERO, memory: 0, state: 'S' }
    }

    #[test]
    fn a_name_with_spaces_and_parentheses_does_not_shift_the_fields() {
        let stat = "42 (a) b (c) S 7 42 41 0 -1 4194560 100 0 0 0 5 6 1 2 20 0 1 0 100 2703360 300 0";
        let found = Process::parse(stat).expect("a stat line");
        assert_eq!((found.pid, found.parent, found.session), (42, 7, 41));
        assert_eq!(found.cpu, Duration::from_nanos(14 * tick_nanos()));
        assert_eq!(found.memory, 300 * page_size());
    }

    #[test]
    fn a_child_that_made_its_own_session_still_belongs_to_the_container() {
        let all = [process(10, 1, 10), process(11, 10, 10), process(12, 11, 12), process(13, 1, 13)];
        let found: Vec<_> = members(&all, &[10]).into_iter().map(|process| process.pid).collect();
        assert_eq!(found, [10, 11, 12]);
    }

    #[test]
    fn this_process_is_in_the_table() {
        let own = i32::try_from(std::process::id()).expect("a pid");
        assert!(processes().any(|process| process.pid == own && process.memory > 0));
    }
}
