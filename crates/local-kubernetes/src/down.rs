//! Ending a cluster, in whatever state it is.

use std::path::Path;

use crate::cache;
use crate::cgroup::Cgroup;
use crate::error::Error;
use crate::site::{CLUSTERS, Site};
use crate::{machine, namespaces};

/// Kills everything that runs in the cluster's cgroups (its data goes too: nothing has to end in order), removes them,
/// the namespaces with all that is mounted and plugged in there, and the folder. Everything may be missing.
///
/// # Errors
/// Something can't be ended or removed. The record goes last: repeating goes on from there.
pub(crate) fn remove(site: &Site) -> Result<(), Error> {
    Cgroup::of(site)?.remove(site)?;
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
