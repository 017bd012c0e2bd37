//! The Launcher's own `launcher.conf`, as far as it tells where a plugin keeps its files (plugin API 1.4).

use std::path::{Path, PathBuf};

/// What is read of it. It is the Launcher's: what is wrong in it is for the Launcher to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LauncherConf {
    /// `scratch-path` of `[server]`.
    pub scratch_path: Option<PathBuf>,
    /// The sections `[cluster]`, of which there may be many.
    pub clusters: Vec<ClusterSection>,
}

/// A section `[cluster]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClusterSection {
    pub name: String,
    kind: String,
    exe: String,
    /// The plugin's configuration file, where it is another than the usual one.
    pub config_file: Option<PathBuf>,
}

impl ClusterSection {
    /// Whether this program serves it: by its type, or by the program that it names.
    pub(super) fn is_ours(&self) -> bool {
        self.kind.eq_ignore_ascii_case("kubernetes")
            || Path::new(&self.exe).file_name().is_some_and(|name| name == "rstudio-kubernetes-launcher")
    }
}

/// Reads it; keys and sections that mean nothing here are passed over.
pub(super) fn read(text: &str) -> LauncherConf {
    let mut conf = LauncherConf::default();
    let mut section = String::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.trim().clone_into(&mut section);
            if section == "cluster" {
                conf.clusters.push(ClusterSection::default());
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
            continue;
        };
        match (section.as_str(), key, conf.clusters.last_mut()) {
            ("server", "scratch-path", _) => conf.scratch_path = Some(PathBuf::from(value)),
            ("cluster", "name", Some(cluster)) => value.clone_into(&mut cluster.name),
            ("cluster", "type", Some(cluster)) => value.clone_into(&mut cluster.kind),
            ("cluster", "exe", Some(cluster)) => value.clone_into(&mut cluster.exe),
            ("cluster", "config-file", Some(cluster)) => cluster.config_file = Some(PathBuf::from(value)),
            _ => {}
        }
    }
    conf
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_of_this_program_are_told_apart_though_their_sections_have_one_name() {
        let conf = read(
            "[server]\nscratch-path = /srv/launcher # here\n[cluster]\nname=Local\ntype=Local\n[cluster]\nname=Kubernetes\n\
             type=Kubernetes\n\n[cluster]\nname=night\ntype=Plugin\nexe=/opt/x/rstudio-kubernetes-launcher\n\
             config-file=/etc/rstudio/night.conf\n",
        );
        assert_eq!(conf.scratch_path.as_deref(), Some(Path::new("/srv/launcher")));
        let ours: Vec<&str> =
            conf.clusters.iter().filter(|one| one.is_ours()).map(|one| one.name.as_str()).collect();
        assert_eq!(ours, ["Kubernetes", "night"]);
        assert_eq!(conf.clusters[2].config_file.as_deref(), Some(Path::new("/etc/rstudio/night.conf")));
    }
}
