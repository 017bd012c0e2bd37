//! The cluster's cgroups: where its processes are found when everything else is lost.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Error;
use crate::mounts::{self, Mount};
use crate::site::Site;
use crate::wait::{self, Look};

/// For a cgroup whose processes have ended to be let go of.
const LIMIT: Duration = Duration::from_secs(20);

/// The controllers that a kubelet wants to pass on, on a machine with the unified hierarchy.
const CONTROLLERS: [&str; 6] = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids"];

/// One cgroup in every hierarchy of this machine: a single one (version 2), one per controller (version 1), or both.
pub(crate) struct Cgroup {
    /// The folder in each hierarchy.
    folders: Vec<PathBuf>,
    /// The path below each hierarchy's root.
    path: String,
    roots: Vec<PathBuf>,
}

impl Cgroup {
    /// The cluster's cgroup; it need not exist.
    ///
    /// # Errors
    /// The hierarchies can't be found out.
    pub(crate) fn of(site: &Site) -> Result<Cgroup, Error> {
        let roots = hierarchies(mounts::all()?);
        let path = site.cgroup().trim_start_matches('/').to_owned();
        Ok(Cgroup { folders: roots.iter().map(|root| root.join(&path)).collect(), path, roots })
    }

    /// Makes it, with a child for the daemons; the kubelet makes another one for its pods.
    ///
    /// # Errors
    /// A cgroup can't be made.
    pub(crate) fn make(&self) -> Result<(), Error> {
        for (root, folder) in self.roots.iter().zip(&self.folders) {
            let mut at = root.clone();
            for part in Path::new(&self.path).components() {
                pass_controllers_on(&at);
                at.push(part);
                std::fs::create_dir_all(&at).map_err(Error::file("make", &at))?;
            }
            pass_controllers_on(folder);
            let daemons = folder.join("daemons");
            std::fs::create_dir_all(&daemons).map_err(Error::file("make", &daemons))?;
            fill_cpuset(&daemons);
        }
        Ok(())
    }

    /// Moves a process, with all that it starts from now on, to the daemons.
    ///
    /// # Errors
    /// It can't be moved.
    pub(crate) fn adopt(&self, pid: u32) -> Result<(), Error> {
        for folder in &self.folders {
            let file = folder.join("daemons/cgroup.procs");
            std::fs::write(&file, pid.to_string()).map_err(Error::file("write", file))?;
        }
        Ok(())
    }

    /// Every process in it or below it, in any hierarchy.
    pub(crate) fn processes(&self) -> BTreeSet<i32> {
        let mut pids = BTreeSet::new();
        for folder in &self.folders {
            visit(folder, &mut |cgroup| {
                // One that has gone meanwhile has no processes.
                let text = std::fs::read_to_string(cgroup.join("cgroup.procs")).unwrap_or_default();
                pids.extend(text.lines().filter_map(|line| line.parse::<i32>().ok()).filter(|pid| *pid > 0));
            });
        }
        pids
    }

    /// Removes it. Nothing may run in it any more.
    ///
    /// # Errors
    /// The kernel does not let go of it.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        for folder in &self.folders {
            remove_tree(folder)?;
            // The parent belongs to all clusters: the last one takes it along.
            if let Some(parent) = folder.parent() {
                let _ = std::fs::remove_dir(parent);
            }
        }
        Ok(())
    }
}

fn remove_tree(folder: &Path) -> Result<(), Error> {
    // The kernel may still count a process that has just gone.
    let removed = wait::until(LIMIT, || {
        let mut left = None;
        visit(folder, &mut |cgroup| {
            left = std::fs::remove_dir(cgroup).err().map(|error| (cgroup.to_owned(), error));
        });
        Ok(match left {
            None => Look::Done(()),
            Some((path, error)) => Look::NotYet(format!("{}: {error}", path.display())),
        })
    })?;
    removed.map_err(|gave_up| Error::TimedOut {
        what: format!("removal of the cgroup {}", folder.display()),
        seconds: LIMIT.as_secs(),
        last_seen: gave_up.last_seen,
        logs: folder.to_owned(),
    })
}

/// Calls for each folder of a tree, the deepest first.
fn visit(folder: &Path, call: &mut impl FnMut(&Path)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            visit(&entry.path(), call);
        }
    }
    call(folder);
}

/// The roots of the hierarchies; several names of one (`cpu`, `cpu,cpuacct`) are harmless.
fn hierarchies(mounts: Vec<Mount>) -> Vec<PathBuf> {
    mounts
        .into_iter()
        .filter(|mount| matches!(mount.kind.as_str(), "cgroup" | "cgroup2"))
        .map(|mount| mount.target)
        .collect()
}

/// In the unified hierarchy a child has the controllers that its parent passes on.
fn pass_controllers_on(folder: &Path) {
    for controller in CONTROLLERS {
        // What this kernel or its parent does not have can't be passed on.
        let _ = std::fs::write(folder.join("cgroup.subtree_control"), format!("+{controller}"));
    }
}

/// In the hierarchy `cpuset` of version 1 a new cgroup has no processors, and takes no process until it has some.
fn fill_cpuset(folder: &Path) {
    let Some(parent) = folder.parent() else { return };
    for file in ["cpuset.cpus", "cpuset.mems"] {
        let Ok(own) = std::fs::read_to_string(folder.join(file)) else { return };
        if !own.trim().is_empty() {
            continue;
        }
        fill_cpuset(parent);
        let value = std::fs::read_to_string(parent.join(file)).unwrap_or_default();
        // Where it matters, the process that is to move here tells.
        let _ = std::fs::write(folder.join(file), value.trim());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hierarchy_is_found_and_nothing_else() {
        let mount = |target: &str, kind: &str| Mount { target: target.into(), kind: kind.into() };
        let found = hierarchies(vec![
            mount("/sys/fs/cgroup", "tmpfs"),
            mount("/sys/fs/cgroup/pids", "cgroup"),
            mount("/sys/fs/cgroup/unified", "cgroup2"),
        ]);
        assert_eq!(found, ["/sys/fs/cgroup/pids", "/sys/fs/cgroup/unified"].map(PathBuf::from));
    }

    #[test]
    fn a_tree_is_visited_from_its_leaves() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
        let mut seen = Vec::new();
        visit(folder.path(), &mut |at| {
            seen.push(at.strip_prefix(folder.path()).unwrap().display().to_string());
        });
        assert_eq!(seen, ["a/b", "a", ""]);
    }
}
