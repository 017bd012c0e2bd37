//! A container image as one file: an OCI image layout in a tar archive, with one layer.
//!
//! The format is the [OCI image specification](https://github.com/opencontainers/image-spec)'s `image-layout`;
//! `ctr images import` reads it, so that nothing is ever pulled. The same contents give the same bytes.

use std::io::{self, Write};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};

/// What is in an image.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
enum Entry {
    Folder { path: String, mode: u32 },
    File { path: String, mode: u32, contents: Vec<u8> },
    Link { path: String, target: String },
}

impl Layer {
    /// A folder; folders come before what is in them.
    pub(crate) fn folder(&mut self, path: &str, mode: u32) -> &mut Self {
        self.entries.push(Entry::Folder { path: path.to_owned(), mode });
        self
    }

    pub(crate) fn file(&mut self, path: &str, mode: u32, contents: impl Into<Vec<u8>>) -> &mut Self {
        self.entries.push(Entry::File { path: path.to_owned(), mode, contents: contents.into() });
        self
    }

    /// A symbolic link.
    pub(crate) fn link(&mut self, path: &str, target: &str) -> &mut Self {
        self.entries.push(Entry::Link { path: path.to_owned(), target: target.to_owned() });
        self
    }

    fn archive(&self) -> io::Result<Vec<u8>> {
        let mut archive = Builder::new(Vec::new());
        for entry in &self.entries {
            match entry {
                Entry::Folder { path, mode } => {
                    let mut header = header(EntryType::Directory, *mode, 0);
                    archive.append_data(&mut header, format!("{path}/"), io::empty())?;
                }
                Entry::File { path, mode, contents } => {
                    let mut header = header(EntryType::Regular, *mode, contents.len());
                    archive.append_data(&mut header, path, contents.as_slice())?;
                }
                Entry::Link { path, target } => {
                    let mut header = header(EntryType::Symlink, 0o777, 0);
                    archive.append_link(&mut header, path, target)?;
                }
            }
        }
        archive.into_inner()
    }
}

/// Root's, and of no particular time.
fn header(kind: EntryType, mode: u32, size: usize) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size as u64);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
}

/// What runs when a pod names no command.
pub(crate) enum Start<'a> {
    /// Arguments of the pod are added to it.
    Entrypoint(&'a [&'a str]),
    /// Arguments of the pod replace it.
    Command(&'a [&'a str]),
}

/// Writes the archive of an image under the name that pods use, like `docker.io/library/busybox:local`.
///
/// # Errors
/// What writing to `out` gives.
pub(crate) fn write(name: &str, layer: &Layer, start: &Start<'_>, out: impl Write) -> io::Result<()> {
    let mut blobs = Blobs { files: Vec::new() };
    let layer = blobs.add("application/vnd.oci.image.layer.v1.tar", layer.archive()?);
    let mut config = json!({"Env": ["PATH=/bin:/usr/bin"]});
    match start {
        Start::Entrypoint(words) => config["Entrypoint"] = json!(words),
        Start::Command(words) => config["Cmd"] = json!(words),
    }
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let config = blobs.add_json(
        "application/vnd.oci.image.config.v1+json",
        &json!({
            "architecture": architecture,
            "os": "linux",
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
        }),
    );
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let mut manifest = blobs
        .add_json(kind, &json!({"schemaVersion": 2, "mediaType": kind, "config": config, "layers": [layer]}));
    manifest["annotations"] = json!({"io.containerd.image.name": name});
    let mut archive = Builder::new(out);
    let mut put = |path: &str, contents: &[u8]| {
        archive.append_data(&mut header(EntryType::Regular, 0o644, contents.len()), path, contents)
    };
    put("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)?;
    put("index.json", json!({"schemaVersion": 2, "manifests": [manifest]}).to_string().as_bytes())?;
    for (path, contents) in &blobs.files {
        put(path, contents)?;
    }
    archive.into_inner()?.flush()
}

struct Blobs {
    files: Vec<(String, Vec<u8>)>,
}

impl Blobs {
    /// Keeps the contents; returns the descriptor that others refer to them by.
    fn add(&mut self, kind: &str, contents: Vec<u8>) -> Value {
        let digest: String = Sha256::digest(&contents).iter().map(|byte| format!("{byte:02x}")).collect();
        let descriptor =
            json!({"mediaType": kind, "digest": format!("sha256:{digest}"), "size": contents.len()});
        self.files.push((format!("blobs/sha256/{digest}"), contents));
        descriptor
    }

    fn add_json(&mut self, kind: &str, contents: &Value) -> Value {
        self.add(kind, contents.to_string().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read as _;

    use super::*;

    fn sample() -> Vec<u8> {
        let mut layer = Layer::default();
        layer.folder("bin", 0o755).file("bin/tool", 0o755, "#!").link("bin/alias", "tool");
        let mut out = Vec::new();
        write("docker.io/library/sample:local", &layer, &Start::Entrypoint(&["/bin/tool"]), &mut out)
            .unwrap();
        out
    }

    fn files(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for entry in tar::Archive::new(archive).entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().to_string_lossy().into_owned();
            let mut contents = Vec::new();
            entry.read_to_end(&mut contents).unwrap();
            files.insert(path, contents);
        }
        files
    }

    fn follow(files: &BTreeMap<String, Vec<u8>>, descriptor: &Value) -> Vec<u8> {
        let digest = descriptor["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
        let contents = &files[&format!("blobs/sha256/{digest}")];
        assert_eq!(descriptor["size"], contents.len());
        contents.clone()
    }

    #[test]
    fn the_index_leads_to_the_manifest_and_that_to_configuration_and_layer() {
        let files = files(&sample());
        let index: Value = serde_json::from_slice(&files["index.json"]).unwrap();
        let manifest = &index["manifests"][0];
        assert_eq!(manifest["annotations"]["io.containerd.image.name"], "docker.io/library/sample:local");
        let manifest: Value = serde_json::from_slice(&follow(&files, manifest)).unwrap();
        let config: Value = serde_json::from_slice(&follow(&files, &manifest["config"])).unwrap();
        assert_eq!(config["config"]["Entrypoint"], json!(["/bin/tool"]));
        let layer = follow(&files, &manifest["layers"][0]);
        assert_eq!(config["rootfs"]["diff_ids"][0], manifest["layers"][0]["digest"]);
        let names: Vec<String> = self::files(&layer).into_keys().collect();
        assert_eq!(names, ["bin/", "bin/alias", "bin/tool"]);
    }

    #[test]
    fn the_same_contents_give_the_same_bytes() {
        assert_eq!(sample(), sample());
    }
}
