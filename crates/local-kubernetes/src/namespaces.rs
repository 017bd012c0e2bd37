//! The cluster's own view of the network and of the mounts.
//!
//! Its network namespace holds every daemon and pod; one cable leads to this machine. In its mount namespace the few
//! folders that container runtime, kubelet and CNI plugins insist on are the cluster's own, and what they mount is
//! gone with it: this machine never sees it.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::addresses::Network;
use crate::error::Error;
use crate::mounts;
use crate::program;
use crate::site::{Site, make_private};

/// Folders whose place is fixed in the programs, each with what is written there.
const FIXED: [&str; 4] = [
    "/var/lib/cni",        // results of the CNI plugins
    "/var/lib/kubelet",    // the socket of device plugins
    "/run/containerd",     // the shims' sockets, runc's state
    "/var/log/containers", // links to the pods' logs
];

/// Where `ip netns` keeps its namespaces.
const NETWORK_NAMESPACES: &str = "/run/netns";

/// The networks that this machine has routes to.
///
/// # Errors
/// `ip` fails.
pub(crate) fn routes() -> Result<Vec<Network>, Error> {
    let doing = "look for free addresses";
    let mut command = Command::new("ip");
    command.args(["-json", "-4", "route", "show", "table", "all"]);
    let text = program::output(doing, &mut command)?;
    // Old versions print nothing at all when there is no route.
    let table: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
    Ok(table.iter().filter_map(|route| Network::parse(route["dst"].as_str()?)).collect())
}

/// The folders outside the cluster's own that have to exist, to be mounted over.
pub(crate) fn mount_points() -> Vec<&'static str> {
    FIXED.into_iter().chain([NETWORK_NAMESPACES]).collect()
}

/// Makes both namespaces and the cable, with the guard at its end.
///
/// # Errors
/// `ip`, `unshare`, `mount` or `iptables-restore` fails.
pub(crate) fn make(site: &Site) -> Result<(), Error> {
    make_network(site)?;
    make_mounts(site)
}

fn make_network(site: &Site) -> Result<(), Error> {
    let namespace = site.network_namespace();
    let slot = site.record.slot;
    let device = slot.device();
    let (host, node) = (format!("{}/30", slot.host()), format!("{}/30", slot.node()));
    ip(&["netns", "add", &namespace])?;
    ip(&["link", "add", &device, "type", "veth", "peer", "name", "eth0", "netns", &namespace])?;
    // No IPv6 address of its own: nobody reaches this end over the cable by one.
    ip(&["link", "set", &device, "addrgenmode", "none"])?;
    ip(&["address", "add", &host, "dev", &device])?;
    ip(&["link", "set", &device, "up"])?;
    ip(&["-n", &namespace, "link", "set", "eth0", "addrgenmode", "none"])?;
    ip(&["-n", &namespace, "address", "add", &node, "dev", "eth0"])?;
    ip(&["-n", &namespace, "link", "set", "lo", "up"])?;
    // The guard stands before the cable is plugged in.
    let mut guard = in_network(site, "iptables-restore");
    guard.arg(site.path("config/guard.rules"));
    program::output("close the cluster to other machines", &mut guard)?;
    let mut forward = in_network(site, "/bin/sh");
    forward.args(["-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"]);
    program::output("let pods reach each other", &mut forward)?;
    ip(&["-n", &namespace, "link", "set", "eth0", "up"])?;
    Ok(())
}

fn make_mounts(site: &Site) -> Result<(), Error> {
    let doing = "make the cluster's mount namespace";
    let folder = site.path("namespaces");
    make_private(&folder)?;
    let file = site.mount_namespace();
    std::fs::write(&file, "").map_err(Error::file("write", &file))?;
    // The kernel keeps a mount namespace only at a place that is not itself passed on to other namespaces.
    program::output(doing, Command::new("mount").arg("--bind").args([&folder, &folder]))?;
    program::output(doing, Command::new("mount").arg("--make-private").arg(&folder))?;
    let mut script = String::from("set -e\n");
    // Copies of other clusters' network namespaces would keep those alive.
    script.push_str("umount --lazy --all --types nsfs || true\n");
    for fixed in FIXED {
        let own = site.path(&format!("fixed{fixed}"));
        make_private(&own)?;
        script.push_str(&format!("mount --bind '{}' '{fixed}'\n", own.display()));
    }
    let mut unshare = in_network(site, "unshare");
    let mut keep = std::ffi::OsString::from("--mount=");
    keep.push(&file);
    // Mounts that come and go on this machine come and go in here too, and not the other way round.
    unshare.arg(keep).args(["--propagation", "slave", "/bin/sh", "-c", &script]);
    program::output(doing, &mut unshare)?;
    Ok(())
}

/// A program inside the cluster's network namespace, with this machine's mounts.
fn in_network(site: &Site, program: &str) -> Command {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net={NETWORK_NAMESPACES}/{}", site.network_namespace())).arg("--").arg(program);
    command
}

/// The words before a daemon's own command line: a session of its own, inside both namespaces.
pub(crate) fn enter(site: &Site) -> Command {
    let mut command = Command::new("setsid");
    command.arg("nsenter").arg(format!("--net={NETWORK_NAMESPACES}/{}", site.network_namespace()));
    let mut mounts = std::ffi::OsString::from("--mount=");
    mounts.push(site.mount_namespace());
    command.arg(mounts).arg("--");
    command
}

/// The processes in the network namespace itself; pods have one of their own each.
pub(crate) fn processes(site: &Site) -> Vec<i32> {
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()));
    let Some(own) = identity(&Path::new(NETWORK_NAMESPACES).join(site.network_namespace())) else {
        return Vec::new();
    };
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| identity(Path::new(&format!("/proc/{pid}/ns/net"))) == Some(own)).collect()
}

/// Takes away what `make` made, as far as it is there. Nothing may run in the namespaces any more.
///
/// # Errors
/// Something can't be taken away.
pub(crate) fn remove(site: &Site) -> Result<(), Error> {
    mounts::clear(&site.folder())?;
    let namespace = site.network_namespace();
    if Path::new(NETWORK_NAMESPACES).join(&namespace).exists() {
        ip(&["netns", "delete", &namespace])?;
    }
    let device = site.record.slot.device();
    if Path::new("/sys/class/net").join(&device).exists() {
        // It goes with the network namespace, which goes in the background: either way it is gone after this.
        let _ = ip(&["link", "delete", &device]);
    }
    Ok(())
}

fn ip(arguments: &[&str]) -> Result<String, Error> {
    program::output("set up the cluster's network", Command::new("ip").args(arguments))
}
