//! Building the commands of a released Go module.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::KUBERNETES_PROGRAMS;
use super::go::Go;
use crate::cache::{Cache, remove};
use crate::error::Error;
use crate::program;
use crate::progress::Step;
use crate::version::Version;

/// A module, and which of its commands to build how.
pub(crate) struct Module {
    /// What the cache's folder is called before the version.
    name: &'static str,
    /// The module's path.
    path: &'static str,
    version: String,
    /// The commands' packages, below the module's path; empty is the module's own root.
    commands: Vec<String>,
    /// The program's name, when Go would give it another one.
    program: Option<&'static str>,
    tags: &'static str,
    linker_flags: String,
    /// For a module whose `go.mod` leads to folders of its own repository.
    replacements: Replacements,
}

/// What to do about `replace` lines, which count in the main module only.
pub(crate) enum Replacements {
    /// The requirements name real releases already.
    None,
    /// Each line that leads a module under `prefix` to a folder leads to its release `version` instead.
    Released { prefix: &'static str, version: String },
}

/// What `go mod download -json` tells.
#[derive(Deserialize)]
struct Downloaded {
    #[serde(rename = "GoMod")]
    go_mod: PathBuf,
}

impl Module {
    /// Kubernetes itself.
    ///
    /// Its module names the libraries that are developed with it (`k8s.io/api` and its like) by folders of its
    /// repository; each is published as a module of the matching `v0` version, which stands in.
    pub(crate) fn kubernetes(version: Version) -> Module {
        let commands = KUBERNETES_PROGRAMS.map(|program| format!("/cmd/{program}"));
        let commands = commands.each_ref().map(String::as_str);
        // The programs tell their version from here; clients and servers compare theirs.
        let variable = "-X k8s.io/component-base/version";
        let minor = version.minor();
        Module {
            linker_flags: format!(
                "-s -w {variable}.gitVersion={version} {variable}.gitMajor=1 {variable}.gitMinor={minor}"
            ),
            replacements: Replacements::Released { prefix: "k8s.io/", version: version.of_libraries() },
            ..Module::new("kubernetes", "k8s.io/kubernetes", &version.to_string(), &commands)
        }
    }

    pub(crate) fn etcd(version: &str) -> Module {
        Module { program: Some("etcd"), ..Module::new("etcd", "go.etcd.io/etcd/server/v3", version, &[""]) }
    }

    pub(crate) fn containerd(version: &str) -> Module {
        let commands = ["/cmd/containerd", "/cmd/containerd-shim-runc-v2", "/cmd/ctr"];
        Module {
            // Snapshotters that need kernel headers or are of no use here.
            tags: "no_btrfs,no_devmapper,no_zfs",
            ..Module::new("containerd", "github.com/containerd/containerd/v2", version, &commands)
        }
    }

    pub(crate) fn metrics_server(version: &str) -> Module {
        let commands = ["/cmd/metrics-server"];
        Module::new("metrics-server", "sigs.k8s.io/metrics-server", version, &commands)
    }

    fn new(name: &'static str, path: &'static str, version: &str, commands: &[&str]) -> Module {
        Module {
            name,
            path,
            version: version.to_owned(),
            commands: commands.iter().map(|command| format!("{path}{command}")).collect(),
            program: None,
            tags: "",
            linker_flags: "-s -w".to_owned(),
            replacements: Replacements::None,
        }
    }

    /// Name and version: the cache's folder.
    pub(crate) fn label(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// Builds the programs into the folder `new`.
    ///
    /// # Errors
    /// The module can't be downloaded or built.
    pub(crate) fn build(&self, cache: &Cache, go: &Go, step: &mut Step<'_>, new: &Path) -> Result<(), Error> {
        let log = cache.log(&self.label());
        let doing = format!("build {}", self.label());
        let source = new.join("source");
        std::fs::create_dir_all(&source).map_err(Error::file("make", &source))?;
        let manifest = source.join("go.mod");
        let write = |text: &str| std::fs::write(&manifest, text).map_err(Error::file("write", &manifest));
        // A module to ask from; what the released one says about Go follows.
        write(&format!("module build/{}\n", self.name))?;
        let mut download = go.command(&source);
        download.args(["mod", "download", "-json"]).arg(format!("{}@{}", self.path, self.version));
        let told = program::output(&doing, &mut download)?;
        let downloaded: Downloaded = serde_json::from_str(&told).map_err(|error| Error::Failed {
            doing: doing.clone(),
            command: program::shown(&download),
            log: None,
            tail: format!("{told}\n({error})"),
        })?;
        let released =
            std::fs::read_to_string(&downloaded.go_mod).map_err(Error::file("read", &downloaded.go_mod))?;
        write(&self.manifest(&released))?;
        let mut build = go.command(&source);
        build.args(["build", "-ldflags", &self.linker_flags, "-tags", self.tags, "-o"]);
        match self.program {
            Some(program) => build.arg(new.join(program)),
            // A folder, by its last slash.
            None => build.arg(format!("{}/", new.display())),
        };
        build.args(&self.commands);
        program::logged(&doing, &mut build, &log, step)?;
        remove(&source)
    }

    /// A main module that builds the released one as its own `go.mod` says: the same language version and the same
    /// `GODEBUG` defaults, which Go takes from the main module alone.
    fn manifest(&self, released: &str) -> String {
        let mut text = format!("module build/{}\n", self.name);
        for line in released.lines().filter(|line| line.starts_with("go ") || line.starts_with("godebug ")) {
            text.push_str(line);
            text.push('\n');
        }
        text.push_str(&format!("require {} {}\n", self.path, self.version));
        if let Replacements::Released { prefix, version } = &self.replacements {
            for module in replaced_by_folders(released, prefix) {
                text.push_str(&format!("replace {module} => {module} {version}\n"));
            }
        }
        text
    }
}

/// The modules under `prefix` for which a `go.mod` says `=> ./…`.
fn replaced_by_folders<'a>(released: &'a str, prefix: &str) -> Vec<&'a str> {
    released
        .lines()
        .map(|line| line.trim().trim_start_matches("replace "))
        .filter_map(|line| line.split_once(" => ./"))
        .map(|(module, _)| module.trim())
        .filter(|module| module.starts_with(prefix))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_built_as_its_own_go_mod_says() {
        let released = "module k8s.io/kubernetes\n\ngo 1.26.0\n\ngodebug default=go1.26\n\nrequire (\n\tk8s.io/api v0.0.0\n)\n\nreplace (\n\tk8s.io/api => ./staging/src/k8s.io/api\n\texample.org/other => ./other\n\tk8s.io/pinned => k8s.io/pinned v1.0.0\n)\n";
        let module = Module::kubernetes("1.37.2".parse().unwrap());
        insta::assert_snapshot!(module.manifest(released), @r"
        module build/kubernetes
        go 1.26.0
        godebug default=go1.26
        require k8s.io/kubernetes v1.37.2
        replace k8s.io/api => k8s.io/api v0.37.2
        ");
    }

    #[test]
    fn replacements_are_left_alone_where_the_requirements_name_releases() {
        let released = "go 1.26.0\n\nreplace (\n\tgo.etcd.io/etcd/api/v3 => ../api\n)\n";
        insta::assert_snapshot!(Module::etcd("v3.7.3").manifest(released), @r"
        module build/etcd
        go 1.26.0
        require go.etcd.io/etcd/server/v3 v3.7.3
        ");
    }
}
