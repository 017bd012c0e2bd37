//! The programs of `oracle/`, built by Go and kept in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cache;
use crate::failure::Failure;

/// A program that answers what Go answers, a line for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// Go's text/template alone.
    GoTemplate,
    /// With the functions of Sprig and Helm.
    Helm,
    /// YAML as Helm reads and writes it.
    Yaml,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::GoTemplate => "gotemplate",
            Self::Helm => "helm",
            Self::Yaml => "yaml",
        }
    }

    /// Builds it from the tree as it is, and tells where it is. Go itself knows when there is nothing to do.
    ///
    /// # Errors
    /// No Go, or a build that fails.
    pub(crate) fn build(self) -> Result<PathBuf, Failure> {
        let name = self.name();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../oracle").join(name);
        if !source.is_dir() {
            return Err(Failure::new(format!("there is no folder {}", source.display())));
        }
        let folder = cache::folder().join("oracle");
        std::fs::create_dir_all(&folder)
            .map_err(|e| Failure::during(format!("making {}", folder.display()), e))?;
        let program = folder.join(name);
        let built = Command::new("go")
            .args(["build", "-trimpath", "-buildvcs=false", "-o"])
            .arg(&program)
            .arg(".")
            .current_dir(&source)
            .env("CGO_ENABLED", "0")
            .status();
        match built {
            Ok(status) if status.success() => Ok(program),
            Ok(_) => Err(Failure::new(format!("`go build` failed in oracle/{name}; see above"))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(Failure::new(
                "there is no `go` on the PATH: install Go 1.26 or newer (https://go.dev/dl), or leave this to CI; \
                 plain `cargo test` replays Go's answers without it",
            )),
            Err(e) => Err(Failure::during("running `go build`", e)),
        }
    }
}
