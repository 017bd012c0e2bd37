//! Set Load Balancer Nodes (201): which Launchers share the load.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Caller;
use crate::field_error::FieldError;
use crate::time::JobTime;
use crate::wire::{FromWire, ObjectReader, ObjectWriter, Path, ReadObject, WriteObject, wire_object};

/// Tells which Launchers share the load. Advice, not an order: what can't be read of it is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLoadBalancerNodes {
    /// Who tells; may be nobody.
    pub who: Caller,
    /// The Launchers, without those that could not be read.
    pub nodes: Vec<LoadBalancerNode>,
}

impl ReadObject for SetLoadBalancerNodes {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let who = Caller::read_if_any(object)?;
        let nodes = match object.take("nodes") {
            Some(Value::Array(nodes)) => nodes
                .into_iter()
                .filter_map(|node| LoadBalancerNode::from_wire(node, &Path::Root).ok())
                .collect(),
            _ => Vec::new(),
        };
        Ok(Self { who, nodes })
    }
}

impl WriteObject for SetLoadBalancerNodes {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        out.always("nodes", &self.nodes)
    }
}

/// A Launcher that shares the load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancerNode {
    /// Its host name.
    pub host: String,
    /// Its address, possibly empty.
    pub ipv4: String,
    /// Its port, as the text it is on the wire.
    pub port: String,
    /// When it was last heard of, if that could be read.
    pub last_seen: Option<JobTime>,
    /// Whether it is available.
    pub status: NodeStatus,
}

impl ReadObject for LoadBalancerNode {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let port = match object.take("port") {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        Ok(Self {
            host: object.required("host")?,
            ipv4: object.or_default("ipv4").unwrap_or_default(),
            port,
            last_seen: object.optional("lastSeen").unwrap_or_default(),
            status: NodeStatus::from(object.or_default::<String>("status").unwrap_or_default()),
        })
    }
}

impl WriteObject for LoadBalancerNode {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("host", &self.host)?;
        out.always("ipv4", &self.ipv4)?;
        out.always("port", &self.port)?;
        out.option("lastSeen", self.last_seen.as_ref())?;
        out.always("status", &self.status)
    }
}

wire_object!(LoadBalancerNode);

/// Whether a Launcher is available.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NodeStatus {
    /// `Online`: available.
    Online,
    /// Any other word: not available.
    Other(String),
}

impl From<String> for NodeStatus {
    fn from(word: String) -> Self {
        if word == "Online" { Self::Online } else { Self::Other(word) }
    }
}

impl Serialize for NodeStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Online => "Online",
            Self::Other(word) => word,
        })
    }
}
