//! An unmodified `kubectl`, built from its Go module and kept in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cache;

/// The release of Kubernetes that `kubectl` is built from.
pub(crate) const VERSION: &str = "1.37.2";

/// The program: the module's own command, with the start-up that every Go command needs.
const MAIN: &str = r#"package main

import (
	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

func main() {
	util.CheckErr(cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()))
}
"#;

/// Why there is no `kubectl`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    /// The machine has no Go: the only reason to skip what needs `kubectl`.
    #[error("there is no `go` on the PATH to build kubectl with")]
    NoGo,
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("`{command}` failed while building kubectl in {folder}")]
    Go { command: String, folder: PathBuf },
}

/// The path of the built program; builds it first when the cache has none (a minute or two).
///
/// # Errors
/// No Go, a cache that can't be written, or a failing build.
pub(crate) fn kubectl() -> Result<PathBuf, BuildError> {
    let folder = cache::folder().join(format!("kubectl-v{VERSION}"));
    let program = folder.join("kubectl");
    if program.is_file() {
        return Ok(program);
    }
    if Command::new("go").arg("version").output().is_err() {
        return Err(BuildError::NoGo);
    }
    let source = folder.join("source");
    let write = |path: &Path, text: &str| {
        std::fs::write(path, text).map_err(|source| BuildError::Write { path: path.to_owned(), source })
    };
    // A build that was interrupted leaves half a module: begin afresh.
    let _ = std::fs::remove_dir_all(&source);
    std::fs::create_dir_all(&source)
        .map_err(|error| BuildError::Write { path: source.clone(), source: error })?;
    write(&source.join("main.go"), MAIN)?;
    let module = VERSION.replacen("1.", "0.", 1);
    go(&source, &["mod", "init", "kubectl"])?;
    go(&source, &["get", &format!("k8s.io/kubectl@v{module}"), &format!("k8s.io/component-base@v{module}")])?;
    go(&source, &["mod", "tidy"])?;
    let version = "k8s.io/component-base/version";
    let (major, rest) = VERSION.split_once('.').unwrap_or((VERSION, ""));
    let minor = rest.split('.').next().unwrap_or("");
    let flags = format!(
        "-s -w -X {version}.gitVersion=v{VERSION} -X {version}.gitMajor={major} -X {version}.gitMinor={minor}"
    );
    // Built beside its place and then renamed: a program in the cache is always a whole one.
    go(&source, &["build", "-trimpath", "-buildvcs=false", "-ldflags", &flags, "-o", "kubectl", "."])?;
    std::fs::rename(source.join("kubectl"), &program)
        .map_err(|error| BuildError::Write { path: program.clone(), source: error })?;
    Ok(program)
}

fn go(folder: &Path, arguments: &[&str]) -> Result<(), BuildError> {
    let done = Command::new("go").args(arguments).current_dir(folder).env("CGO_ENABLED", "0").status();
    match done {
        Ok(status) if status.success() => Ok(()),
        _ => {
            Err(BuildError::Go { command: format!("go {}", arguments.join(" ")), folder: folder.to_owned() })
        }
    }
}
