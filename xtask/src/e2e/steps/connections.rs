//! Steps about the connections between the plugin and the API: frozen or cut by a proxy, or robbed of their packets.

use std::collections::BTreeSet;
use std::process::Command;

use crate::e2e::behaviour::Connections;
use crate::e2e::world::World;
use crate::failure::Failure;

/// The chains of a cluster's own network that see a connection's two directions.
const CHAINS: [(&str, &str); 2] = [("INPUT", "--sport"), ("OUTPUT", "--dport")];

pub(super) async fn connections(what: Connections, world: &mut World) -> Result<(), Failure> {
    let proxy = world.proxy.as_ref();
    let proxy = || proxy.ok_or_else(|| Failure::new("there is no proxy; say `api: behind-a-proxy`"));
    match what {
        Connections::Freeze => proxy()?.freeze(),
        Connections::FreezeAll => proxy()?.freeze_all(),
        Connections::Thaw => proxy()?.thaw(),
        Connections::Cut => proxy()?.cut(),
        Connections::LosePackets => {
            for port in ports(world)? {
                packets("-I", port, world)?;
            }
        }
        Connections::LetPacketsPass => {
            while let Some(port) = world.lost_ports.pop() {
                packets("-D", port, world)?;
            }
        }
    }
    Ok(())
}

/// The plugin's ends of its connections to the API. They are remembered, so that their packets can pass again.
fn ports(world: &mut World) -> Result<Vec<u16>, Failure> {
    let pid = world.plugin(None)?.pid().ok_or_else(|| Failure::new("the plugin does not run"))?;
    let doing = format!("looking at the sockets of process {pid}");
    let sockets: BTreeSet<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .map_err(|e| Failure::during(doing.clone(), e))?
        .filter_map(|file| std::fs::read_link(file.ok()?.path()).ok()?.into_os_string().into_string().ok())
        .collect();
    let table = std::fs::read_to_string(format!("/proc/{pid}/net/tcp"))
        .map_err(|e| Failure::during(doing.clone(), e))?;
    let ports: Vec<u16> = table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (local, inode) = (fields.get(1)?, fields.get(9)?);
            let mine = sockets.contains(&format!("socket:[{inode}]"));
            mine.then(|| u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok()).flatten()
        })
        .collect();
    if ports.is_empty() {
        return Err(Failure::new("the plugin has no connection over IPv4"));
    }
    world.lost_ports.extend_from_slice(&ports);
    Ok(ports)
}

/// Adds or removes the rules, in the cluster's own network, that drop the packets of one of the plugin's connections.
fn packets(change: &str, port: u16, world: &World) -> Result<(), Failure> {
    let own = world.cluster.own_handle().ok_or_else(|| {
        Failure::new("the cluster has no network of its own; say `needs: [daemon-control]`")
    })?;
    let host = own.host_ip().to_string();
    for (chain, end) in CHAINS {
        let side = if chain == "INPUT" { "-s" } else { "-d" };
        let output = Command::new("ip")
            .args(["netns", "exec", &own.network_namespace(), "iptables", change, chain])
            .args([side, &host, "-p", "tcp", end, &port.to_string(), "-j", "DROP"])
            .output()
            .map_err(|e| Failure::during("running ip netns exec", e))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Failure::new(format!("iptables refuses to drop packets: {text}")));
        }
    }
    Ok(())
}
