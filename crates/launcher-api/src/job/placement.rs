//! Placement constraints: where a job may run.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject, wire_object};

/// A condition on the hosts that may run a job, or one allowed value of it in Cluster Info.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PlacementConstraint {
    /// What is constrained, such as `region`.
    pub name: String,
    /// The value asked for. In Cluster Info `None` means that any text may be given.
    pub value: Option<String>,
}

impl ReadObject for PlacementConstraint {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self { name: object.required("name")?, value: object.optional("value")? })
    }
}

impl WriteObject for PlacementConstraint {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("name", &self.name)?;
        out.option("value", self.value.as_ref())
    }
}

wire_object!(PlacementConstraint);
