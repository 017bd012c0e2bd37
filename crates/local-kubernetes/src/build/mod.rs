//! Everything a cluster consists of, from package registries only: Go modules and Debian packages.

mod debian;
mod go;
mod images;
mod module;

use std::path::Path;

pub(crate) use self::debian::{CNI_FOLDERS, need_programs};
pub(crate) use self::images::{BARE_IMAGE, BUSYBOX_IMAGE, Images, PAUSE_IMAGE};

use crate::cache::Cache;
use crate::error::Error;
use crate::progress::{Progress, Step};
use crate::version::{CONTAINERD, ETCD, METRICS_SERVER, Version};

use self::go::Go;
use self::module::Module;

/// The six programs that every release of `k8s.io/kubernetes` holds under `cmd`.
pub(crate) const KUBERNETES_PROGRAMS: [&str; 6] =
    ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl"];

/// Builds whatever the cache lacks for clusters of this version: some ten minutes on two cores from nothing, then
/// nothing to do.
///
/// # Errors
/// No Go and no way to fetch one, programs that can't be installed, a failing build (the error shows the end of its
/// log), or a cache that can't be written.
pub fn build(version: &Version, progress: &mut dyn Progress) -> Result<(), Error> {
    let cache = Cache::of_user();
    let mut toolchain = Toolchain { cache: &cache, go: None };
    // First what may ask for root: better at once than after ten minutes.
    need_programs("build the images", &["busybox"], progress)?;
    for module in [
        Module::kubernetes(*version),
        Module::etcd(ETCD),
        Module::containerd(CONTAINERD),
        Module::metrics_server(METRICS_SERVER),
    ] {
        let folder = cache.root().join(module.label());
        toolchain.once(&folder, progress, |go, step, new| module.build(&cache, go, step, new))?;
    }
    let images = Images::of(&cache);
    toolchain.once(images.folder(), progress, |go, step, new| images.build(&cache, go, step, new))
}

/// Nothing is missing in the cache for clusters of this version.
pub(crate) fn is_built(cache: &Cache, version: Version) -> bool {
    let images = Images::of(cache);
    let folders = [cache.kubernetes(version), cache.etcd(), cache.containerd(), cache.metrics_server()];
    folders.iter().all(|folder| folder.is_dir()) && images.folder().is_dir()
}

/// Go, looked for when the first thing has to be built with it.
struct Toolchain<'a> {
    cache: &'a Cache,
    go: Option<Go>,
}

impl Toolchain<'_> {
    fn once(
        &mut self,
        folder: &Path,
        progress: &mut dyn Progress,
        fill: impl FnOnce(&Go, &mut Step<'_>, &Path) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if folder.is_dir() {
            return Ok(());
        }
        let go = match self.go.take() {
            Some(go) => go,
            None => Go::find(self.cache, progress)?,
        };
        let label = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut step = Step::begin(progress, format!("build {label}"));
        self.cache.once(folder, |new| fill(&go, &mut step, new))?;
        step.end();
        self.go = Some(go);
        Ok(())
    }
}
