//! What the Launcher asks of a plugin.
//!
//! A plugin reads requests with [`Request::from_json`]; a client, in the Launcher's place, writes them with
//! [`Request::to_json`].

mod bootstrap;
mod caller;
mod cluster_info;
mod config_reload;
mod control_job;
mod error;
mod get_jobs;
mod job_network;
mod job_output_stream;
mod job_resource_util_stream;
mod job_status_stream;
mod set_load_balancer_nodes;
mod stream;
mod submit_job;
mod target;

pub use bootstrap::Bootstrap;
pub use caller::Caller;
pub use cluster_info::ClusterInfoRequest;
pub use config_reload::ConfigReload;
pub use control_job::{ControlJob, ControlOperation};
pub use error::{RequestError, RequestErrorKind};
pub use get_jobs::{GetJobs, JobFilter};
pub use job_network::JobNetworkRequest;
pub use job_output_stream::{OpenJobOutput, OutputSelection};
pub use job_resource_util_stream::OpenJobResourceUtil;
pub use job_status_stream::OpenJobStatus;
pub use set_load_balancer_nodes::{LoadBalancerNode, NodeStatus, SetLoadBalancerNodes};
pub use stream::{CancelStream, StreamRequest};
pub use submit_job::SubmitJob;

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::message_type::RequestType;
use crate::wire::{ObjectReader, ObjectWriter, Path, ReadObject, WriteObject, parse_payload, write_message};

/// A request: what the Launcher sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Repeated in the answers. A cancel has the id of the stream that it ends.
    pub id: RequestId,
    /// What is asked.
    pub body: RequestBody,
}

/// What is asked, one variant for each message.
#[derive(Clone, Debug, PartialEq)]
pub enum RequestBody {
    /// 0: a sign of life.
    Heartbeat,
    /// 1: the versions meet.
    Bootstrap(Bootstrap),
    /// 2: launch a job.
    SubmitJob(SubmitJob),
    /// 3: one job or a list.
    GetJobs(GetJobs),
    /// 4: watch the states of jobs.
    JobStatusStream(StreamRequest<OpenJobStatus>),
    /// 5: suspend, resume, stop, kill or cancel a job.
    ControlJob(ControlJob),
    /// 6: read a job's output.
    JobOutputStream(StreamRequest<OpenJobOutput>),
    /// 7: watch what a job uses.
    JobResourceUtilStream(StreamRequest<OpenJobResourceUtil>),
    /// 8: where a job runs.
    JobNetwork(JobNetworkRequest),
    /// 9: what may be asked of the cluster.
    ClusterInfo(ClusterInfoRequest),
    /// 17: an extension; answer as Cluster Info.
    MultiClusterInfo(ClusterInfoRequest),
    /// 201: which Launchers share the load.
    SetLoadBalancerNodes(SetLoadBalancerNodes),
    /// 202: read the configuration again.
    ConfigReload(ConfigReload),
}

impl Request {
    /// Reads a payload as a plugin does, accepting what either public SDK sends.
    ///
    /// # Errors
    /// The payload is no JSON object, the message is unknown, or a field is missing or wrong. See [`RequestError`] for what
    /// to answer; the stream of messages is sound and goes on.
    pub fn from_json(payload: &[u8]) -> Result<Self, RequestError> {
        let entries = parse_payload(payload).map_err(RequestError::unreadable)?;
        let mut object = ObjectReader::new(entries, &Path::Root);
        let id = object.required::<RequestId>("requestId");
        let known_id = id.as_ref().ok().copied();
        let failed = |kind| RequestError { request_id: known_id, kind };

        let number: u64 = object.required("messageType").map_err(|error| failed(error.into()))?;
        let message_type = i64::try_from(number).ok().and_then(RequestType::from_number);
        let message_type =
            message_type.ok_or_else(|| failed(RequestErrorKind::UnknownMessageType { found: number }))?;
        let id = id.map_err(|error| failed(error.into()))?;
        let body = RequestBody::read(message_type, &mut object).map_err(|error| failed(error.into()))?;
        Ok(Self { id, body })
    }

    /// Compact JSON, as a client sends it. The plugin with the stricter reader accepts it.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = Vec::new();
        write_message(&mut json, self.body.message_type().number(), self.id, None, &self.body);
        json
    }
}

impl RequestBody {
    /// Which message it is.
    #[must_use]
    pub fn message_type(&self) -> RequestType {
        match self {
            Self::Heartbeat => RequestType::Heartbeat,
            Self::Bootstrap(_) => RequestType::Bootstrap,
            Self::SubmitJob(_) => RequestType::SubmitJob,
            Self::GetJobs(_) => RequestType::GetJobs,
            Self::JobStatusStream(_) => RequestType::JobStatusStream,
            Self::ControlJob(_) => RequestType::ControlJob,
            Self::JobOutputStream(_) => RequestType::JobOutputStream,
            Self::JobResourceUtilStream(_) => RequestType::JobResourceUtilStream,
            Self::JobNetwork(_) => RequestType::JobNetwork,
            Self::ClusterInfo(_) => RequestType::ClusterInfo,
            Self::MultiClusterInfo(_) => RequestType::MultiClusterInfo,
            Self::SetLoadBalancerNodes(_) => RequestType::SetLoadBalancerNodes,
            Self::ConfigReload(_) => RequestType::ConfigReload,
        }
    }

    fn read(message_type: RequestType, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(match message_type {
            RequestType::Heartbeat => Self::Heartbeat,
            RequestType::Bootstrap => Self::Bootstrap(ReadObject::read(object)?),
            RequestType::SubmitJob => Self::SubmitJob(ReadObject::read(object)?),
            RequestType::GetJobs => Self::GetJobs(ReadObject::read(object)?),
            RequestType::JobStatusStream => Self::JobStatusStream(ReadObject::read(object)?),
            RequestType::ControlJob => Self::ControlJob(ReadObject::read(object)?),
            RequestType::JobOutputStream => Self::JobOutputStream(ReadObject::read(object)?),
            RequestType::JobResourceUtilStream => Self::JobResourceUtilStream(ReadObject::read(object)?),
            RequestType::JobNetwork => Self::JobNetwork(ReadObject::read(object)?),
            RequestType::ClusterInfo => Self::ClusterInfo(ReadObject::read(object)?),
            RequestType::MultiClusterInfo => Self::MultiClusterInfo(ReadObject::read(object)?),
            RequestType::SetLoadBalancerNodes => Self::SetLoadBalancerNodes(ReadObject::read(object)?),
            RequestType::ConfigReload => Self::ConfigReload(ReadObject::read(object)?),
        })
    }
}

impl WriteObject for RequestBody {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        match self {
            Self::Heartbeat => Ok(()),
            Self::Bootstrap(body) => body.write(out),
            Self::SubmitJob(body) => body.write(out),
            Self::GetJobs(body) => body.write(out),
            Self::JobStatusStream(body) => body.write(out),
            Self::ControlJob(body) => body.write(out),
            Self::JobOutputStream(body) => body.write(out),
            Self::JobResourceUtilStream(body) => body.write(out),
            Self::JobNetwork(body) => body.write(out),
            Self::ClusterInfo(body) | Self::MultiClusterInfo(body) => body.write(out),
            Self::SetLoadBalancerNodes(body) => body.write(out),
            Self::ConfigReload(body) => body.write(out),
        }
    }
}
