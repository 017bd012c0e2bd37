//! Mounts as one word: `/host/dir:/in/job`, `nfs:server:/exported:/in/job`, or the API's JSON.

use launcher_api::job::{Mount, MountSource};

const SHAPES: &str = "write /HOST/DIR:/IN/JOB, nfs:SERVER:/EXPORTED:/IN/JOB (both may end in :ro), \
                      or a mount of the Launcher API as a JSON object";

/// Reads one `--mount`.
pub(super) fn mount(text: &str) -> Result<Mount, String> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    let (rest, read_only) = match text.strip_suffix(":ro") {
        Some(rest) => (rest, true),
        None => (text.strip_suffix(":rw").unwrap_or(text), false),
    };
    let (source, mount_path) = rest.rsplit_once(':').ok_or(SHAPES)?;
    let source = match source.strip_prefix("nfs:") {
        Some(nfs) => {
            // The server may be an IPv6 address: the path begins at the last colon that a slash follows.
            let at = nfs.rfind(":/").ok_or(SHAPES)?;
            MountSource::Nfs { host: nfs[..at].to_owned(), path: nfs[at + 1..].to_owned() }
        }
        None => MountSource::Host { path: source.to_owned() },
    };
    let absolute = match &source {
        MountSource::Nfs { host, .. } => !host.is_empty(),
        MountSource::Host { path } => path.starts_with('/'),
        _ => true,
    };
    if !absolute || !mount_path.starts_with('/') {
        return Err(SHAPES.to_owned());
    }
    Ok(Mount { read_only, ..Mount::new(mount_path, source) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(path: &str) -> MountSource {
        MountSource::Host { path: path.to_owned() }
    }

    fn nfs(host: &str, path: &str) -> MountSource {
        MountSource::Nfs { host: host.to_owned(), path: path.to_owned() }
    }

    #[test]
    fn a_directory_of_the_host_or_of_a_server_is_mounted() {
        let read_only = |mount: Mount| Mount { read_only: true, ..mount };
        let cases = [
            ("/srv/data:/data", Mount::new("/data", host("/srv/data"))),
            ("/srv/data:/data:rw", Mount::new("/data", host("/srv/data"))),
            ("/srv/data:/data:ro", read_only(Mount::new("/data", host("/srv/data")))),
            ("nfs:nas:/exports/x:/home/x", Mount::new("/home/x", nfs("nas", "/exports/x"))),
            ("nfs:fd00::7:/exports:/x:ro", read_only(Mount::new("/x", nfs("fd00::7", "/exports")))),
        ];
        for (text, expected) in cases {
            assert_eq!(mount(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn any_mount_of_the_api_can_be_given_as_json() {
        let json = r#"{"mountPath": "/d", "mountSource": {"type": "host", "source": {"path": "/s"}}}"#;
        assert_eq!(mount(json), Ok(Mount::new("/d", host("/s"))));
        assert!(mount(r#"{"mountPath": "/d"}"#).is_err());
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in
            ["", "/data", "data:/data", "/srv:data", "nfs:nas:/data", "nfs::/a:/b", ":ro", "/a:/b:/c:x"]
        {
            assert!(mount(wrong).is_err(), "{wrong}: {:?}", mount(wrong));
        }
    }
}
