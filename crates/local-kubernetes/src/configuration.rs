//! The configuration files of the daemons, and the kubeconfigs.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::addresses::PODS;
use crate::build::{CNI_FOLDERS, PAUSE_IMAGE};
use crate::error::Error;
use crate::mounts;
use crate::site::{NODE, Site, make_private, write};
use crate::template::render;

const CONTAINERD: &str = include_str!("../files/containerd.toml");
const POD_NETWORK: &str = include_str!("../files/pods.conflist");
const KUBELET: &str = include_str!("../files/kubelet.yaml");
const PROXY: &str = include_str!("../files/proxy.yaml");
const KUBECONFIG: &str = include_str!("../files/kubeconfig.yaml");
const GUARD: &str = include_str!("../files/guard.rules");
const METRICS: &str = include_str!("../files/metrics.yaml");
const METRICS_ENDPOINTS: &str = include_str!("../files/metrics-endpoints.yaml");

/// Writes every file below `config` in the cluster's folder, and the administrator's kubeconfig.
///
/// # Errors
/// A certificate can't be read, or a file not written.
pub(crate) fn make(site: &Site) -> Result<(), Error> {
    make_private(&site.path("config/cni"))?;
    let authority = read(&site.path("pki/ca.crt"))?;
    for (name, text) in files(site, &mounts::file_system_of(&site.folder())?, &authority) {
        write(&site.path("config").join(name), &text)?;
    }
    for daemon in ["controller-manager", "scheduler", "proxy", "kubelet"] {
        let path = site.path(&format!("config/{daemon}.kubeconfig"));
        write(&path, &kubeconfig_of(site, daemon)?)?;
    }
    write(&site.path("admin.kubeconfig"), &kubeconfig_of(site, "admin")?)
}

/// The files' names and contents, on a folder of this type of file system.
fn files(site: &Site, file_system: &str, authority: &str) -> Vec<(&'static str, String)> {
    // An overlay can't have another overlay above it.
    let snapshotter = if file_system == "overlay" { "native" } else { "overlayfs" };
    // Kubelets before 1.31 do not know the setting and refuse it; those after want to be asked for cgroup v1.
    let cgroup_v1 = if site.version.minor() >= 31 { "failCgroupV1: false" } else { "" };
    let mut metrics = METRICS.to_owned();
    if site.version.minor() < 34 {
        metrics.push_str(METRICS_ENDPOINTS);
    }
    let state = site.text("");
    let state = state.trim_end_matches('/');
    let cni_folders = CNI_FOLDERS.map(|folder| format!("\"{folder}\"")).join(", ");
    let cgroup = site.cgroup();
    let slot = site.record.slot;
    let (host, node) = (slot.host().to_string(), slot.node().to_string());
    let encoded = STANDARD.encode(authority);
    let values = [
        ("STATE", state),
        ("SNAPSHOTTER", snapshotter),
        ("PAUSE", PAUSE_IMAGE),
        ("CNI_FOLDERS", &cni_folders),
        ("PODS", PODS),
        ("CGROUP", &cgroup),
        ("CGROUP_V1", cgroup_v1),
        ("NODE", NODE),
        ("HOST", &host),
        ("NODE_ADDRESS", &node),
        ("AUTHORITY", &encoded),
    ];
    vec![
        ("containerd.toml", render(CONTAINERD, &values)),
        ("cni/10-pods.conflist", render(POD_NETWORK, &values)),
        ("kubelet.yaml", render(KUBELET, &values)),
        ("proxy.yaml", render(PROXY, &values)),
        ("guard.rules", render(GUARD, &values)),
        ("metrics.yaml", render(&metrics, &values)),
        ("resolv.conf", "nameserver 127.0.0.1\n".to_owned()),
    ]
}

/// A kubeconfig that holds a certificate of the cluster's, and so works from anywhere.
fn kubeconfig_of(site: &Site, identity: &str) -> Result<String, Error> {
    let data = |file: String| -> Result<String, Error> { Ok(STANDARD.encode(read(&site.path(&file))?)) };
    let certificate = data(format!("pki/{identity}.crt"))?;
    let key = data(format!("pki/{identity}.key"))?;
    let user = format!("{{ client-certificate-data: {certificate}, client-key-data: {key} }}");
    let authority = read(&site.path("pki/ca.crt"))?;
    Ok(kubeconfig(&site.api_url(), &authority, &user, "default"))
}

/// A kubeconfig; `user` is YAML.
pub(crate) fn kubeconfig(server: &str, authority_pem: &str, user: &str, namespace: &str) -> String {
    let authority = STANDARD.encode(authority_pem);
    let values = [("SERVER", server), ("AUTHORITY", &authority), ("USER", user), ("NAMESPACE", namespace)];
    render(KUBECONFIG, &values)
}

pub(crate) fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(Error::file("read", path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addresses::Slot;
    use crate::site::Record;
    use crate::template::left_over;

    fn site(version: &str) -> Site {
        Site::new(Record {
            name: "test".parse().unwrap(),
            version: version.to_owned(),
            feature_gates: Vec::new(),
            slot: Slot::choose(&[], &[]).unwrap(),
            boot: String::new(),
        })
        .unwrap()
    }

    fn file(version: &str, file_system: &str, name: &str) -> String {
        let files = files(&site(version), file_system, "authority");
        files.into_iter().find(|(known, _)| *known == name).unwrap().1
    }

    #[test]
    fn no_place_in_a_file_is_left_empty() {
        for (name, text) in files(&site("1.37.2"), "ext4", "authority") {
            assert_eq!(left_over(&text), None, "{name}");
        }
        let text = kubeconfig("https://10.213.0.2:6443", "authority", "{ token: t }", "default");
        assert_eq!(left_over(&text), None, "kubeconfig");
    }

    #[test]
    fn only_kubelets_that_know_cgroup_v1_as_a_setting_are_asked_for_it() {
        assert!(file("1.37.2", "ext4", "kubelet.yaml").contains("\nfailCgroupV1: false\n"));
        assert!(!file("1.30.14", "ext4", "kubelet.yaml").contains("failCgroupV1"));
    }

    #[test]
    fn images_are_not_laid_over_each_other_where_the_folder_is_an_overlay_itself() {
        assert!(file("1.37.2", "ext4", "containerd.toml").contains("snapshotter = \"overlayfs\""));
        assert!(file("1.37.2", "overlay", "containerd.toml").contains("snapshotter = \"native\""));
    }

    #[test]
    fn the_guard_lets_in_this_machine_alone() {
        insta::assert_snapshot!(file("1.37.2", "ext4", "guard.rules"), @r"
        # The network namespace of one cluster: its only cable leads to this machine.
        *mangle
        # From outside: this machine itself, and nothing that it forwards for others.
        -A PREROUTING -i eth0 ! -s 10.213.0.1 -j DROP
        # To outside: answers only.
        -A POSTROUTING -o eth0 -m conntrack --ctstate NEW -j DROP
        COMMIT
        ");
    }
}
