//! Ending a cluster, in whatever state it is.

use crate::cache;
use crate::cgroup::Cgroup;
use crate::error::Error;
use crate::site::Site;
use crate::{machine, namespaces};

/// Kills everything that runs in the cluster's cgroups (its data goes too: nothing has to end in order), removes them,
/// the namespaces with all that is mounted and plugged in there, and the folder; after the last cluster puts the
/// machine's settings back. Everything may be missing.
///
/// # Errors
/// Something can't be ended or removed. The record goes last: repeating goes on from there.
pub(crate) fn remove(site: &Site) -> Result<(), Error> {
    Cgroup::of(site)?.remove(site)?;
    namespaces::remove(site)?;
    let others = Site::all()?.into_iter().any(|other| other.record.name != site.record.name);
    if !others {
        machine::restore()?;
    }
    cache::remove(&site.folder())
}
