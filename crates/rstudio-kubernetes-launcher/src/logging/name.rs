//! The log file's name. Required: valid on every file system for any cluster name, and two clusters of one machine never
//! write to one file, as each process rotates its own.

use std::fmt::Write as _;

const PROGRAM: &str = "rstudio-kubernetes-launcher";
/// The cluster name that a Launcher gives unless told otherwise; its log has no suffix.
const USUAL_CLUSTER: &str = "Kubernetes";
/// Bytes of a cluster's name that go into the file name as they are. File systems allow 255 in all.
const LONGEST: usize = 150;

/// The file name of a cluster's log: `rstudio-kubernetes-launcher.log` for the cluster `Kubernetes`, else
/// `rstudio-kubernetes-launcher-NAME.log`, with `%` and two hexadecimal digits for every byte that is no ASCII letter,
/// digit, `-`, `_` or `.`. A very long name is cut, and a checksum of it added.
#[must_use]
pub fn file_name(cluster: &str) -> String {
    if cluster == USUAL_CLUSTER {
        return format!("{PROGRAM}.log");
    }
    let mut safe = String::new();
    for byte in cluster.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            safe.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    if safe.len() > LONGEST {
        safe.truncate(LONGEST);
        let _ = write!(safe, "%{:016x}", checksum(cluster.as_bytes()));
    }
    format!("{PROGRAM}-{safe}.log")
}

/// FNV-1a: the same on every machine and in every version, as a log's name must be.
fn checksum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::file_name;

    #[test]
    fn the_usual_cluster_has_the_usual_name() {
        assert_eq!(file_name("Kubernetes"), "rstudio-kubernetes-launcher.log");
        assert_eq!(file_name("night-batch"), "rstudio-kubernetes-launcher-night-batch.log");
        assert_eq!(file_name("a/b c"), "rstudio-kubernetes-launcher-a%2Fb%20c.log");
    }

    proptest! {
        #[test]
        fn any_name_gives_a_file_name_that_every_file_system_takes(name in ".{0,400}") {
            let file = file_name(&name);
            prop_assert!(file.len() <= 255);
            prop_assert!(file.bytes().all(|c| c.is_ascii_graphic() && c != b'/'));
        }

        #[test]
        fn two_names_give_two_file_names(one in ".{0,200}", other in ".{0,200}") {
            prop_assert_eq!(one == other, file_name(&one) == file_name(&other));
        }
    }
}
