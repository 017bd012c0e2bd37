//! The addresses of a cluster: two that this machine sees, the rest behind them.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Where the pairs of addresses are taken from: a /30 a cluster.
const BLOCK: [u8; 3] = [10, 213, 0];
pub(crate) const BLOCK_TEXT: &str = "10.213.0.0/24";
/// A /24 holds 64 blocks of four addresses.
const SLOTS: u8 = 64;

/// The pods of every cluster, which nobody outside of its network namespace sees.
pub(crate) const PODS: &str = "10.244.0.0/20";
/// The Services of every cluster; the same holds.
pub(crate) const SERVICES: &str = "10.96.0.0/16";
/// The first Service: the API server's own.
pub(crate) const FIRST_SERVICE: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 1);

/// Which of the 64 address blocks a cluster has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Slot(u8);

impl Slot {
    /// The first slot that no other cluster has and no route of this machine leads into.
    ///
    /// Only routes inside the block count: a wider one (a VPN's `10.0.0.0/8`) gives way to ours by itself.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn choose(taken: &[Slot], routes: &[Network]) -> Result<Slot, Error> {
        let inside = |route: &&Network| route.prefix >= 24;
        let free = |slot: &Slot| {
            let own = Network { address: slot.address(0), prefix: 30 };
            !taken.contains(slot) && !routes.iter().filter(inside).any(|route| route.overlaps(own))
        };
        (0..SLOTS).map(Slot).find(free).ok_or(Error::NoFreeAddresses { slots: SLOTS, within: BLOCK_TEXT })
    }

    /// This machine's end of the cable.
    pub(crate) fn host(self) -> Ipv4Addr {
        self.address(1)
    }

    /// The cluster's end: the node.
    pub(crate) fn node(self) -> Ipv4Addr {
        self.address(2)
    }

    /// The network device at this machine's end; the other end is `eth0` in the cluster's network namespace.
    pub(crate) fn device(self) -> String {
        format!("launchway{}", self.0)
    }

    fn address(self, last: u8) -> Ipv4Addr {
        let [a, b, c] = BLOCK;
        Ipv4Addr::new(a, b, c, (self.0 % SLOTS) * 4 + last)
    }
}

/// A destination of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    address: Ipv4Addr,
    prefix: u32,
}

impl Network {
    /// As `ip route` writes it: `10.1.0.0/16` or `10.1.0.7`. None for `default` and what else is no network.
    pub(crate) fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = text.split_once('/').unwrap_or((text, "32"));
        let prefix = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
        Some(Network { address: address.parse().ok()?, prefix })
    }

    fn overlaps(self, other: Network) -> bool {
        let shared = self.prefix.min(other.prefix);
        let mask = u32::MAX.checked_shl(32 - shared).unwrap_or(0);
        (self.address.to_bits() ^ other.address.to_bits()) & mask == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(texts: &[&str]) -> Vec<Network> {
        texts.iter().filter_map(|text| Network::parse(text)).collect()
    }

    #[test]
    fn the_first_cluster_gets_the_first_block() {
        let slot = Slot::choose(&[], &routes(&["default", "192.0.2.0/24"])).unwrap();
        assert_eq!(slot.host().to_string(), "10.213.0.1");
        assert_eq!(slot.node().to_string(), "10.213.0.2");
        assert_eq!(slot.device(), "launchway0");
    }

    #[test]
    fn taken_blocks_are_passed_over() {
        let first = Slot(0);
        let second = Slot::choose(&[first], &[]).unwrap();
        assert_eq!(second.node().to_string(), "10.213.0.6");
        let third = Slot::choose(&[first], &routes(&["10.213.0.4/30"])).unwrap();
        assert_eq!(third, Slot(2));
        assert_eq!(Slot::choose(&[], &routes(&["10.213.0.2"])).unwrap(), second);
    }

    #[test]
    fn a_wider_route_is_no_obstacle() {
        assert_eq!(Slot::choose(&[], &routes(&["10.0.0.0/8", "0.0.0.0/0"])).unwrap(), Slot(0));
    }

    #[test]
    fn it_says_when_all_are_taken() {
        let taken: Vec<Slot> = (0..SLOTS).map(Slot).collect();
        assert!(matches!(Slot::choose(&taken, &[]), Err(Error::NoFreeAddresses { slots: 64, .. })));
        assert!(Slot::choose(&[], &routes(&["10.213.0.0/24"])).is_err());
    }
}
