//! The three images of a cluster: made here, never pulled.

use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::go::Go;
use crate::cache::{Cache, remove};
use crate::error::Error;
use crate::image::{self, Layer, Start};
use crate::program;
use crate::progress::Step;

const PAUSE: &str = include_str!("../../files/pause.go");
const BARE: &str = include_str!("../../files/bare.go");
/// Part of the folder's name: count up when this file changes what is in an image.
const CONTENTS: &str = "1";

/// What holds a pod's namespaces; the container runtime's own.
pub(crate) const PAUSE_IMAGE: &str = "docker.io/library/pause:local";
/// A shell and the usual small programs.
pub(crate) const BUSYBOX_IMAGE: &str = "docker.io/library/busybox:local";
/// One program and nothing else.
pub(crate) const BARE_IMAGE: &str = "docker.io/library/bare:local";

/// The archives of the images, in one folder of the cache.
pub(crate) struct Images {
    folder: PathBuf,
}

impl Images {
    pub(crate) fn of(cache: &Cache) -> Self {
        let mut digest = Sha256::new();
        for part in [CONTENTS, PAUSE, BARE] {
            digest.update(part);
        }
        let short: String = digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Images { folder: cache.root().join(format!("images-{short}")) }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The archives, one an image.
    pub(crate) fn archives(&self) -> [PathBuf; 3] {
        ["pause.tar", "busybox.tar", "bare.tar"].map(|name| self.folder.join(name))
    }

    /// Makes the archives in the folder `new`.
    ///
    /// # Errors
    /// Go can't build the programs, BusyBox is not there, or the folder can't be written.
    pub(crate) fn build(&self, cache: &Cache, go: &Go, step: &mut Step<'_>, new: &Path) -> Result<(), Error> {
        let mut pause = Layer::default();
        pause.file("pause", 0o755, compile("pause", PAUSE, cache, go, step, new)?);
        save(new, "pause.tar", PAUSE_IMAGE, &pause, &Start::Entrypoint(&["/pause"]))?;

        let mut bare = Layer::default();
        bare.file("bare", 0o755, compile("bare", BARE, cache, go, step, new)?);
        save(new, "bare.tar", BARE_IMAGE, &bare, &Start::Entrypoint(&["/bare"]))?;

        save(new, "busybox.tar", BUSYBOX_IMAGE, &busybox()?, &Start::Command(&["/bin/sh"]))
    }
}

/// A static program from one Go file that imports the standard library only.
fn compile(
    name: &str,
    source: &str,
    cache: &Cache,
    go: &Go,
    step: &mut Step<'_>,
    new: &Path,
) -> Result<Vec<u8>, Error> {
    let folder = new.join("source");
    std::fs::create_dir_all(&folder).map_err(Error::file("make", &folder))?;
    for (file, text) in [("main.go", source), ("go.mod", "module build/image\ngo 1.26\n")] {
        let file = folder.join(file);
        std::fs::write(&file, text).map_err(Error::file("write", file))?;
    }
    let mut build = go.command(&folder);
    build.args(["build", "-ldflags", "-s -w", "-o", name, "."]);
    let doing = format!("build the program of the image {name}");
    program::logged(&doing, &mut build, &cache.log("images"), step)?;
    let program = folder.join(name);
    let bytes = std::fs::read(&program).map_err(Error::file("read", &program))?;
    remove(&folder)?;
    Ok(bytes)
}

/// Debian's BusyBox under all its names, and the two users that pods run as.
fn busybox() -> Result<Layer, Error> {
    let Some(program) = program::find("busybox") else {
        return Err(Error::MissingPrograms {
            doing: "build the images",
            programs: vec!["busybox"],
            packages: vec!["busybox-static"],
        });
    };
    let applets = program::output("list what BusyBox can do", Command::new(&program).arg("--list"))?;
    let bytes = std::fs::read(&program).map_err(Error::file("read", &program))?;
    let mut layer = Layer::default();
    for (folder, mode) in [("bin", 0o755), ("etc", 0o755), ("root", 0o700), ("tmp", 0o1777), ("usr", 0o755)] {
        layer.folder(folder, mode);
    }
    layer.folder("usr/bin", 0o755).link("usr/bin/env", "/bin/env");
    layer.file("bin/busybox", 0o755, bytes);
    for applet in applets.lines().filter(|applet| *applet != "busybox" && !applet.contains('/')) {
        layer.link(&format!("bin/{applet}"), "busybox");
    }
    let users = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n";
    layer.file("etc/passwd", 0o644, users).file("etc/group", 0o644, "root:x:0:\nnogroup:x:65534:\n");
    Ok(layer)
}

fn save(folder: &Path, file: &str, name: &str, layer: &Layer, start: &Start<'_>) -> Result<(), Error> {
    let path = folder.join(file);
    let out = std::fs::File::create(&path).map_err(Error::file("write", &path))?;
    image::write(name, layer, start, std::io::BufWriter::new(out)).map_err(Error::file("write", path))
}
