//! What a container leaves behind, without a cgroup to find it by.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use super::table;

/// The variable that marks every process of a container, exec'd ones too.
pub(crate) const CONTAINER_ID: &str = "CONTAINER_ID";

/// How often a container's processes are looked for while they keep starting new ones.
const ROUNDS: usize = 20;

/// Kills everything that belongs to one container: the sessions started for it, and what escaped from them into
/// sessions of its own but kept [`CONTAINER_ID`] in its environment. What clears its environment and leaves its
/// session is lost; a container cannot do that.
///
/// Dropping it kills as [`Self::kill`] does, unless that was done already.
#[derive(Debug)]
pub(crate) struct Leftovers {
    container_id: String,
    sessions: Arc<Mutex<BTreeSet<i32>>>,
    armed: AtomicBool,
}

/// Keeps one session on its container's list for as long as its leader has not been waited for. Dropping it kills
/// nothing: what the leader left is found by its environment when the container ends.
#[derive(Debug)]
pub(crate) struct SessionEntry {
    session: i32,
    sessions: Arc<Mutex<BTreeSet<i32>>>,
}

impl Leftovers {
    /// Nothing yet.
    pub(crate) fn new(container_id: String) -> Self {
        Self { container_id, sessions: Arc::default(), armed: AtomicBool::new(false) }
    }

    /// Adds the session of a process just started.
    pub(crate) fn add(&self, session: i32) -> SessionEntry {
        self.armed.store(true, Ordering::Release);
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session);
        SessionEntry { session, sessions: self.sessions.clone() }
    }

    /// The sessions whose leaders may still run.
    pub(crate) fn sessions(&self) -> Vec<i32> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// Kills all of it, until a look at `/proc` finds nothing alive. Blocks for a few milliseconds.
    pub(crate) fn kill(&self) {
        kill_together(&[self]);
    }
}

/// Kills what belongs to any of several containers, as [`Leftovers::kill`] does for one, with one look at `/proc` for
/// all.
pub(crate) fn kill_together(containers: &[&Leftovers]) {
    let sessions: BTreeSet<i32> = containers.iter().flat_map(|container| container.sessions()).collect();
    for session in &sessions {
        kill_group(*session);
    }
    let ids: BTreeSet<&str> = containers.iter().map(|container| container.container_id.as_str()).collect();
    for _ in 0..ROUNDS {
        let victims: Vec<_> = table::processes()
            .filter(|process| !process.is_dead())
            .filter(|process| {
                sessions.contains(&process.session)
                    || table::variable(process.pid, CONTAINER_ID).is_some_and(|id| ids.contains(id.as_str()))
            })
            .collect();
        if victims.is_empty() {
            break;
        }
        for victim in victims {
            // Gone already is as good.
            let _ = kill(Pid::from_raw(victim.pid), Signal::SIGKILL);
        }
    }
    for container in containers {
        container.armed.store(false, Ordering::Release);
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        if self.armed.load(Ordering::Acquire) {
            self.kill();
        }
    }
}

impl Drop for SessionEntry {
    fn drop(&mut self) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.session);
    }
}

fn kill_group(session: i32) {
    // 0 and 1 would mean "my own group" and "everyone".
    if session > 1
        && let Err(error) = killpg(Pid::from_raw(session), Signal::SIGKILL)
        && error != Errno::ESRCH
    {
        tracing::warn!(session, %error, "cannot kill a container's process group");
    }
}
