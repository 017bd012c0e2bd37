//! Starting a cluster.

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::addresses::Slot;
use crate::build::{self, need_programs};
use crate::cache::Cache;
use crate::cgroup::Cgroup;
use crate::cluster::Options;
use crate::daemon::Daemon;
use crate::error::Error;
use crate::progress::{Progress, Step};
use crate::site::{CLUSTERS, Record, Site, make_private, this_boot, write};
use crate::{configuration, down, launcher, machine, namespaces, pki, process, program, readiness};

/// # Errors
/// The user is not root.
pub(crate) fn need_root(doing: &'static str) -> Result<(), Error> {
    if nix::unistd::geteuid().is_root() { Ok(()) } else { Err(Error::NotRoot { doing }) }
}

/// Held while clusters are started or taken down: slots, folders and settings of the machine are chosen one at a time.
///
/// # Errors
/// The lock's file can't be made.
pub(crate) fn lock() -> Result<File, Error> {
    let path = Path::new(CLUSTERS).join(".lock");
    loop {
        make_private(Path::new(CLUSTERS))?;
        let file = File::create(&path).map_err(Error::file("write", &path))?;
        file.lock().map_err(Error::file("lock", &path))?;
        // Whoever took the last cluster down has removed the file, and what was locked here is a file without a name.
        let ours = file.metadata().map_err(Error::file("read", &path))?.ino();
        if std::fs::metadata(&path).is_ok_and(|named| named.ino() == ours) {
            return Ok(file);
        }
    }
}

pub(crate) fn up(options: &Options, progress: &mut dyn Progress) -> Result<Site, Error> {
    need_root("starting a cluster")?;
    let programs = ["runc", "bridge", "busybox", "iptables", "ip", "nsenter", "mount"];
    need_programs("start a cluster", &programs, progress)?;
    if !build::is_built(&Cache::of_user(), options.version) {
        build::build(&options.version, progress)?;
    }
    let _lock = lock()?;
    let site = match existing(options)? {
        Some(site) => site,
        None => {
            let mut step = Step::begin(progress, "network, certificates, configuration");
            step.goes_on();
            let site = assemble(options)?;
            step.end();
            site
        }
    };
    start(&site, progress)?;
    Ok(site)
}

/// The file that says that `assemble` came to its end.
fn assembled(site: &Site) -> std::path::PathBuf {
    site.path("assembled")
}

/// The cluster of that name, when it can be gone on with. What a crash or a reboot left of one is removed.
fn existing(options: &Options) -> Result<Option<Site>, Error> {
    let Some(site) = Site::find(&options.name)? else { return Ok(None) };
    if !assembled(&site).exists() || site.record.boot != this_boot()? {
        down::remove(&site)?;
        return Ok(None);
    }
    let same = site.version == options.version && site.record.feature_gates == options.feature_gates;
    if same {
        return Ok(Some(site));
    }
    let described = |version: &str, gates: &[String]| match gates {
        [] => version.to_owned(),
        gates => format!("{version} with {}", gates.join(",")),
    };
    Err(Error::OtherCluster {
        name: options.name.clone(),
        running: described(&site.record.version, &site.record.feature_gates),
        asked: described(&options.version.to_string(), &options.feature_gates),
    })
}

/// Everything but the daemons.
fn assemble(options: &Options) -> Result<Site, Error> {
    let taken: Vec<Slot> = Site::all()?.iter().map(|site| site.record.slot).collect();
    let site = Site::new(Record {
        name: options.name.clone(),
        version: options.version.to_string(),
        feature_gates: options.feature_gates.clone(),
        slot: Slot::choose(&taken, &namespaces::routes()?)?,
        boot: this_boot()?,
    })?;
    site.save()?;
    machine::prepare(&namespaces::mount_points())?;
    for folder in ["logs", "processes", "etcd", "kubelet", "pod-logs", "volume-plugins"] {
        make_private(&site.path(folder))?;
    }
    pki::make(&site)?;
    configuration::make(&site)?;
    Cgroup::of(&site)?.make()?;
    namespaces::make(&site)?;
    write(&assembled(&site), "")?;
    Ok(site)
}

/// Starts the daemons that do not run, each as soon as what it needs is there.
fn start(site: &Site, progress: &mut dyn Progress) -> Result<(), Error> {
    for daemon in [Daemon::Etcd, Daemon::Containerd, Daemon::ApiServer] {
        process::start(site, daemon)?;
    }
    // The API server takes some seconds: time for the images.
    readiness::takes_calls(site, Daemon::Containerd)?;
    import_images(site, progress)?;
    readiness::api_server(site, &Daemon::ALL, progress)?;
    let with_metrics = process::should_run(site, Daemon::MetricsServer).then_some(Daemon::MetricsServer);
    let rest = [Daemon::ControllerManager, Daemon::Scheduler, Daemon::Kubelet, Daemon::Proxy];
    for daemon in rest.into_iter().chain(with_metrics) {
        process::start(site, daemon)?;
    }
    let mut step = Step::begin(progress, "the launcher's account");
    step.goes_on();
    launcher::set_up(&readiness::kubectl(site), &site.folder())?;
    step.end();
    readiness::node(site, progress)
}

/// Gives the container runtime its images, unless it has them: the mark goes with its store.
fn import_images(site: &Site, progress: &mut dyn Progress) -> Result<(), Error> {
    let mark = site.path("containerd/images-are-in");
    if mark.exists() {
        return Ok(());
    }
    let mut step = Step::begin(progress, "import images");
    for archive in site.images().archives() {
        let mut import = std::process::Command::new(site.cache.containerd().join("ctr"));
        import.arg("--address").arg(site.path("containerd.sock")).args(["--namespace", "k8s.io"]);
        import.args(["images", "import", "--local"]).arg(archive);
        program::logged("import an image", &mut import, &site.logs().join("images.log"), &mut step)?;
    }
    write(&mark, "")?;
    step.end();
    Ok(())
}
