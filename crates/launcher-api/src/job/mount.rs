//! File systems that a job wants mounted.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, serialize_object, wire_object};

/// A file system and where in the container it shall stand.
///
/// Two shapes exist on the wire. Both are read: `type` and `source` inside `mountSource` (3.5 on), and beside
/// `mountPath` (3.0). The first is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Mount {
    /// Absolute path in the container.
    pub mount_path: String,
    /// A name for the mount, possibly empty.
    pub name: String,
    /// Whether writing is refused.
    pub read_only: bool,
    /// What is mounted.
    pub source: MountSource,
    /// Keys of the wire's `source` that its type does not define; told as they came.
    pub other_source_keys: Map<String, Value>,
}

impl Mount {
    /// A mount that may be written to, without a name.
    #[must_use]
    pub fn new(mount_path: impl Into<String>, source: MountSource) -> Self {
        Self {
            mount_path: mount_path.into(),
            name: String::new(),
            read_only: false,
            source,
            other_source_keys: Map::new(),
        }
    }
}

/// What is mounted. Keys that the wire demands are plain, the others are `Option`s.
#[derive(Clone, Debug, PartialEq)]
pub enum MountSource {
    /// `host`: a directory of the host that runs the job.
    Host {
        /// Absolute path on the host.
        path: String,
    },
    /// `nfs`: an exported directory.
    Nfs {
        /// The server.
        host: String,
        /// The exported path.
        path: String,
    },
    /// `cephFs`.
    CephFs {
        /// At least one address of a monitor.
        monitors: Vec<String>,
        /// Path inside the file system.
        path: Option<String>,
        /// The user of Ceph.
        user: Option<String>,
        /// File with the user's key.
        secret_file: Option<String>,
        /// Name of a secret with the user's key; wins over `secret_file`.
        secret_ref: Option<String>,
    },
    /// `glusterFs`.
    GlusterFs {
        /// Name of the endpoints.
        endpoints: String,
        /// Name of the volume.
        path: String,
    },
    /// `azureFile`.
    AzureFile {
        /// Name of the secret with the account.
        secret_name: String,
        /// Name of the share.
        share_name: String,
    },
    /// `passthrough`, or any word that is not known here: the plugin decides.
    Other {
        /// The wire's `type`.
        kind: String,
        /// The wire's `source`, unchanged.
        source: Map<String, Value>,
    },
}

impl MountSource {
    /// The wire's `type`. Case counts.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Host { .. } => "host",
            Self::Nfs { .. } => "nfs",
            Self::CephFs { .. } => "cephFs",
            Self::GlusterFs { .. } => "glusterFs",
            Self::AzureFile { .. } => "azureFile",
            Self::Other { kind, .. } => kind,
        }
    }

    /// Reads the keys that belong to `kind` from the wire's `source`.
    fn read(kind: String, source: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(match kind.as_str() {
            "host" => Self::Host { path: source.required("path")? },
            "nfs" => Self::Nfs { host: source.required("host")?, path: source.required("path")? },
            "cephFs" => Self::CephFs {
                monitors: read_monitors(source)?,
                path: source.non_empty("path")?,
                user: source.non_empty("user")?,
                secret_file: source.non_empty("secretFile")?,
                secret_ref: source.non_empty("secretRef")?,
            },
            "glusterFs" => {
                Self::GlusterFs { endpoints: source.required("endpoints")?, path: source.required("path")? }
            }
            "azureFile" => Self::AzureFile {
                secret_name: source.required("secretName")?,
                share_name: source.required("shareName")?,
            },
            _ => Self::Other { kind, source: source.take_all() },
        })
    }
}

fn read_monitors(source: &mut ObjectReader<'_>) -> Result<Vec<String>, FieldError> {
    const EXPECTED: &str = "an array of at least one string";
    let monitors: Vec<String> = source.or_default("monitors")?;
    if monitors.is_empty() { Err(source.missing("monitors", EXPECTED)) } else { Ok(monitors) }
}

/// `type` and `source`, which stand together in both shapes of a mount.
fn read_type_and_source(
    object: &mut ObjectReader<'_>,
) -> Result<(MountSource, Map<String, Value>), FieldError> {
    let kind = object.required("type")?;
    let entries: Map<String, Value> = object.required("source")?;
    let path = object.at("source");
    let mut source = ObjectReader::new(entries, &path);
    let read = MountSource::read(kind, &mut source)?;
    Ok((read, source.take_all()))
}

impl ReadObject for Mount {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let nested = object.take("mountSource");
        // Neither shape: the error shall name the key of the shape that is written today.
        let (source, other_source_keys) = if nested.is_some() || !object.has("type") {
            let path = object.at("mountSource");
            let nested = nested.ok_or_else(|| FieldError::missing(&path, "an object"))?;
            read_type_and_source(&mut ObjectReader::from_value(nested, &path)?)?
        } else {
            read_type_and_source(object)?
        };
        Ok(Self {
            mount_path: object.required("mountPath")?,
            name: object.or_default("name")?,
            read_only: object.or_default("readOnly")?,
            source,
            other_source_keys,
        })
    }
}

impl WriteObject for Mount {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("mountPath", &self.mount_path)?;
        out.text("name", &self.name)?;
        out.always("readOnly", &self.read_only)?;
        out.always("mountSource", &TypeAndSource(self))
    }
}

wire_object!(Mount);

/// The value of `mountSource`.
struct TypeAndSource<'a>(&'a Mount);

impl WriteObject for TypeAndSource<'_> {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("type", self.0.source.kind())?;
        out.always("source", &Source(self.0))
    }
}

impl Serialize for TypeAndSource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object(self, serializer)
    }
}

/// The value of `source`.
struct Source<'a>(&'a Mount);

impl WriteObject for Source<'_> {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        match &self.0.source {
            MountSource::Host { path } => out.always("path", path)?,
            MountSource::Nfs { host, path } => {
                out.always("host", host)?;
                out.always("path", path)?;
            }
            MountSource::CephFs { monitors, path, user, secret_file, secret_ref } => {
                out.always("monitors", monitors)?;
                out.option("path", path.as_ref())?;
                out.option("user", user.as_ref())?;
                out.option("secretFile", secret_file.as_ref())?;
                out.option("secretRef", secret_ref.as_ref())?;
            }
            MountSource::GlusterFs { endpoints, path } => {
                out.always("endpoints", endpoints)?;
                out.always("path", path)?;
            }
            MountSource::AzureFile { secret_name, share_name } => {
                out.always("secretName", secret_name)?;
                out.always("shareName", share_name)?;
            }
            MountSource::Other { source, .. } => out.entries(source)?,
        }
        out.entries(&self.0.other_source_keys)
    }
}

impl Serialize for Source<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object(self, serializer)
    }
}
