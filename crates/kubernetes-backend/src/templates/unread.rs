//! Templates that a cluster does not read, though its administrator may think so: those of other folders near its own.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{BUILT_IN_JOB, BUILT_IN_SERVICE, ObjectKind, TemplateFolder};

/// Templates that have no effect on the cluster, and the folder that the cluster reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The folder with the templates.
    pub path: PathBuf,
    /// Whose it is.
    pub whose: Whose,
    /// The cluster's own folder.
    pub own: PathBuf,
}

/// Whose folder it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's: the folder of all scratch paths.
    AllClusters,
    /// Most likely another cluster's.
    AnotherCluster,
}

impl TemplateFolder {
    /// The folders near this one with templates that have no effect here.
    ///
    /// No cluster reads the folder above its own. Those beside it are other clusters': they are told only where this cluster's
    /// templates have just been written (`is_new`), and if theirs were changed, for then it is likely that the change was
    /// meant for this one too.
    pub fn unread_near(&self, is_new: bool) -> Vec<Unread> {
        let Some(above) = self.path.parent() else { return Vec::new() };
        let unread = |path: &Path, whose| Unread { path: path.to_owned(), whose, own: self.path.clone() };
        let mut found = Vec::new();
        if templates(above).iter().any(Option::is_some) {
            found.push(unread(above, Whose::AllClusters));
        }
        if is_new {
            let mut others = folders(above);
            others.retain(|path| *path != self.path && is_changed(path));
            others.sort();
            found.extend(others.iter().map(|path| unread(path, Whose::AnotherCluster)));
        }
        found
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, own) = (self.path.display(), self.own.display());
        match self.whose {
            Whose::AllClusters => write!(
                f,
                "the object templates in {path} have no effect: this cluster reads those in {own}, as each reads those of \
                 its own scratch-path (move them there)"
            ),
            Whose::AnotherCluster => write!(
                f,
                "the object templates in {path}, which differ from those of this program, have no effect on this cluster: \
                 its own have just been written into {own} (copy them there if they are meant for it)"
            ),
        }
    }
}

/// What cannot be listed has nothing to tell.
fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// The texts of `job.tpl` and `service.tpl` in a folder, where they are there and can be read.
fn templates(folder: &Path) -> [Option<String>; 2] {
    ObjectKind::ALL.map(|kind| std::fs::read_to_string(folder.join(kind.file())).ok())
}

fn is_changed(folder: &Path) -> bool {
    let differs = |(found, built_in): (Option<String>, &str)| found.is_some_and(|text| text != built_in);
    let built_in = ObjectKind::ALL.map(|kind| match kind {
        ObjectKind::Job => BUILT_IN_JOB,
        ObjectKind::Service => BUILT_IN_SERVICE,
    });
    templates(folder).into_iter().zip(built_in).any(differs)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::templates::TemplateVersion;

    #[test]
    fn templates_above_and_changed_ones_of_other_clusters_beside_new_ones_are_told() {
        let root = tempfile::tempdir().expect("a folder");
        let here = |name: &str| root.path().join(name);
        let folder = |name: &str| TemplateFolder {
            path: here(name),
            version: TemplateVersion::ONE,
            exec_limit: Duration::from_secs(1),
        };
        for name in ["day", "night", "weekend"] {
            folder(name).write_missing().expect("written");
        }
        std::fs::create_dir(here("empty")).expect("a folder");
        assert_eq!(folder("night").unread_near(true), []);
        std::fs::write(here("day/service.tpl"), "# Version: 1\nchanged\n").expect("written");
        let of_day = Unread { path: here("day"), whose: Whose::AnotherCluster, own: here("night") };
        assert_eq!(folder("night").unread_near(true), std::slice::from_ref(&of_day));
        assert_eq!(folder("night").unread_near(false), []);
        assert_eq!(folder("day").unread_near(true), []);
        std::fs::write(here("job.tpl"), BUILT_IN_JOB).expect("written");
        let of_all = Unread { path: root.path().to_owned(), whose: Whose::AllClusters, own: here("night") };
        assert_eq!(folder("night").unread_near(true), [of_all.clone(), of_day]);
        assert_eq!(folder("night").unread_near(false), [of_all]);
    }
}
