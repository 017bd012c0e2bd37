//! Ports of a job that are reached from outside.

use serde::ser::SerializeMap;
use serde_json::Value;

use crate::field_error::FieldError;
use crate::wire::{FromWire, ObjectReader, ObjectWriter, Path, ReadObject, WriteObject, wire_object};

/// The protocol of a port that says nothing else.
const DEFAULT_PROTOCOL: &str = "TCP";

/// A port inside the container that shall be reached from outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExposedPort {
    /// The port inside the container.
    pub target_port: u16,
    /// `TCP` unless the submitter said something else; kept as it came, compared ignoring case.
    pub protocol: String,
    /// From the submitter a wish; from the plugin the port where the job is reached.
    pub published_port: Option<u16>,
}

impl ExposedPort {
    /// A TCP port without a wish for a port outside.
    #[must_use]
    pub fn tcp(target_port: u16) -> Self {
        Self { target_port, protocol: DEFAULT_PROTOCOL.to_owned(), published_port: None }
    }
}

impl ReadObject for ExposedPort {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let target: Port = object.required("targetPort")?;
        Ok(Self {
            target_port: target.0,
            protocol: object.non_empty("protocol")?.unwrap_or_else(|| DEFAULT_PROTOCOL.to_owned()),
            published_port: object.optional::<PublishedPort>("publishedPort")?.and_then(|port| port.0),
        })
    }
}

impl WriteObject for ExposedPort {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("targetPort", &self.target_port)?;
        out.always("protocol", &self.protocol)?;
        out.option("publishedPort", self.published_port.as_ref())
    }
}

wire_object!(ExposedPort);

/// The number of a port that is there.
struct Port(u16);

impl FromWire for Port {
    const EXPECTED: &'static str = "a port number from 1 to 65535";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        let error = FieldError::mismatch(path, Self::EXPECTED, &value);
        u16::from_wire(value, path).ok().filter(|number| *number != 0).map(Self).ok_or(error)
    }
}

/// The number of a port that may be left to the plugin: some writers say so with 0.
struct PublishedPort(Option<u16>);

impl FromWire for PublishedPort {
    const EXPECTED: &'static str = "a port number from 1 to 65535, or 0 for none";

    fn from_wire(value: Value, path: &Path<'_>) -> Result<Self, FieldError> {
        let error = FieldError::mismatch(path, Self::EXPECTED, &value);
        let number = u16::from_wire(value, path).map_err(|_| error)?;
        Ok(Self(Some(number).filter(|number| *number != 0)))
    }
}
