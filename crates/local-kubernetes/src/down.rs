//! Ending a cluster, in whatever state it is.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::cache;
use crate::cgroup::Cgroup;
use crate::error::Error;
use crate::site::{CLUSTERS, Site};
use crate::wait::{self, Look};
use crate::{machine, namespaces};

/// For processes that have been killed to be gone.
const LIMIT: Duration = Duration::from_secs(20);

/// Kills everything that runs in the cluster's cgroups and network namespace (its data goes too: nothing has to end in order), removes them,
/// the namespaces with all that is mounted and plugged in there, and the folder. Everything may be missing.
///
/// # Errors
/// Something can't be ended or removed. The record goes last: repeating goes on from there.
pub(crate) fn remove(site: &Site) -> Result<(), Error> {
    let cgroup = Cgroup::of(site)?;
    end_processes(site, &cgroup)?;
    cgroup.remove()?;
    namespaces::remove(site)?;
    cache::remove(&site.folder())
}

/// After the last cluster, puts the machine's settings back and removes the folder of all clusters with its lock, which
/// the caller holds.
///
/// # Errors
/// Something can't be put back or removed.
pub(crate) fn leave_machine() -> Result<(), Error> {
    if !Site::all()?.is_empty() {
        return Ok(());
    }
    machine::restore()?;
    cache::remove(Path::new(CLUSTERS))
}

/// Kills all, again and again: a process may have started another one before its end.
fn end_processes(site: &Site, cgroup: &Cgroup) -> Result<(), Error> {
    let processes = || -> BTreeSet<i32> {
        // The cgroups hold the daemons, the shims and the pods; the namespace whoever was not moved there in time.
        cgroup.processes().into_iter().chain(namespaces::processes(site)).collect()
    };
    let ended = wait::until(LIMIT, || {
        let pids = processes();
        for pid in &pids {
            match kill(Pid::from_raw(*pid), Signal::SIGKILL) {
                Ok(()) | Err(Errno::ESRCH) => {}
                Err(errno) => return Err(Error::file("kill", format!("/proc/{pid}"))(errno.into())),
            }
        }
        Ok(if pids.is_empty() { Look::Done(()) } else { Look::NotYet(String::new()) })
    })?;
    ended.map_err(|_| Error::ProcessesRemain {
        name: site.record.name.clone(),
        pids: processes().into_iter().collect(),
    })
}
