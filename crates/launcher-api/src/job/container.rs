//! The containers of a job.

use serde::ser::SerializeMap;

use super::{EnvVar, Mount};
use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, wire_object};

/// The container that a job runs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// Name of the image.
    pub image: String,
    /// Numeric user; `None` leaves it to the image or the cluster.
    pub run_as_user_id: Option<i64>,
    /// Numeric group; `None` leaves it to the image or the cluster.
    pub run_as_group_id: Option<i64>,
    /// Further numeric groups.
    pub supplemental_group_ids: Vec<i64>,
}

impl ReadObject for Container {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            image: object.required("image")?,
            run_as_user_id: object.optional("runAsUserId")?,
            run_as_group_id: object.optional("runAsGroupId")?,
            supplemental_group_ids: object.or_default("supplementalGroupIds")?,
        })
    }
}

impl WriteObject for Container {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("image", &self.image)?;
        out.option("runAsUserId", self.run_as_user_id.as_ref())?;
        out.option("runAsGroupId", self.run_as_group_id.as_ref())?;
        out.list("supplementalGroupIds", &self.supplemental_group_ids)
    }
}

wire_object!(Container);

/// A container that runs to its end before the job starts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitContainer {
    /// The container's name.
    pub name: String,
    /// Name of the image.
    pub image: String,
    /// Run by a shell.
    pub command: String,
    /// Run directly.
    pub exe: String,
    /// Arguments of `command` or `exe`.
    pub args: Vec<String>,
    /// Environment variables, in order.
    pub environment: Vec<EnvVar>,
    /// File systems to mount.
    pub mounts: Vec<Mount>,
}

impl ReadObject for InitContainer {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            name: object.required("name")?,
            image: object.required("image")?,
            command: object.or_default("command")?,
            exe: object.or_default("exe")?,
            args: object.or_default("args")?,
            environment: object.or_default("environment")?,
            mounts: object.or_default("mounts")?,
        })
    }
}

impl WriteObject for InitContainer {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("name", &self.name)?;
        out.always("image", &self.image)?;
        out.text("command", &self.command)?;
        out.text("exe", &self.exe)?;
        out.list("args", &self.args)?;
        out.list("environment", &self.environment)?;
        out.list("mounts", &self.mounts)
    }
}

wire_object!(InitContainer);
