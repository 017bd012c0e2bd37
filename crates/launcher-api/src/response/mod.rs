//! What a plugin answers, and what it tells unasked.
//!
//! A plugin writes responses with [`Response::to_json`]; a client reads them with [`Response::from_json`].

mod bootstrap;
mod cluster_info;
mod config_reload;
mod control_job;
mod error;
mod failure;
mod job_network;
mod job_output;
mod job_resource_util;
mod job_state;
mod job_status;
mod latency;
mod metrics;
mod multi_cluster_info;
mod sequence;
mod set_load_balancer_nodes;
mod unknown;

pub use bootstrap::BootstrapResponse;
pub use cluster_info::{ClusterInfo, ClusterInfoResponse, ResourceProfile};
pub use config_reload::{ConfigReloadResponse, ReloadError, ReloadErrorKind};
pub use control_job::ControlJobResponse;
pub use error::ErrorResponse;
pub use failure::{ResponseError, ResponseErrorKind};
pub use job_network::{JobNetwork, JobNetworkResponse};
pub use job_output::{JobOutputResponse, OutputKind, OutputPiece};
pub use job_resource_util::{JobResourceUtilResponse, ResourceUse, ResourceUtil};
pub use job_state::JobStateResponse;
pub use job_status::JobStatusResponse;
pub use latency::{LATENCY_BUCKET_BOUNDS, LatencySample};
pub use metrics::Metrics;
pub use multi_cluster_info::{MultiClusterInfoResponse, NamedClusterInfo};
pub use sequence::StreamSequence;
pub use set_load_balancer_nodes::SetLoadBalancerNodesResponse;
pub use unknown::UnknownResponse;

use serde::ser::SerializeMap;

use bytes::Bytes;

use crate::field_error::FieldError;
use crate::frame::{FrameError, empty_frame, finish_frame};
use crate::ids::RequestId;
use crate::message_type::ResponseType;
use crate::wire::{ObjectReader, ObjectWriter, Path, WriteObject, parse_payload, write_message};

/// Bytes that most messages fit in.
const SHORT: usize = 256;

/// A response: what a plugin sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// 0: a sign of life, asked for or not.
    Heartbeat,
    /// 1: the plugin's version.
    Bootstrap(BootstrapResponse),
    /// 2: the job submitted, or the jobs asked for.
    JobState(JobStateResponse),
    /// 3: one job's state, for all who watch.
    JobStatus(JobStatusResponse),
    /// 4: what became of an operation.
    ControlJob(ControlJobResponse),
    /// 5: a piece of a job's output.
    JobOutput(JobOutputResponse),
    /// 6: what a job uses, for all who watch.
    JobResourceUtil(JobResourceUtilResponse),
    /// 7: where a job runs.
    JobNetwork(JobNetworkResponse),
    /// 8: what may be asked of the cluster.
    ClusterInfo(ClusterInfoResponse),
    /// 17: the same of several clusters.
    MultiClusterInfo(MultiClusterInfoResponse),
    /// 201: heard.
    SetLoadBalancerNodes(SetLoadBalancerNodesResponse),
    /// 202: what became of the reload.
    ConfigReload(ConfigReloadResponse),
    /// 203: the plugin's own figures, unasked.
    Metrics(Metrics),
    /// -1: why a request failed. Ends a stream.
    Error(ErrorResponse),
    /// Any other number: from a plugin that speaks a later API. A client passes over it.
    Unknown(UnknownResponse),
}

impl Response {
    /// The wire's `messageType`.
    #[must_use]
    pub fn message_type(&self) -> i64 {
        self.known_type().map_or_else(|unknown| unknown.message_type, ResponseType::number)
    }

    /// The request that is answered. 0 where there is none, or where several are: Heartbeat, Metrics, Job Status, Job
    /// Resource Util.
    #[must_use]
    pub fn request_id(&self) -> RequestId {
        match self {
            Self::Heartbeat | Self::JobStatus(_) | Self::JobResourceUtil(_) | Self::Metrics(_) => {
                RequestId(0)
            }
            Self::Bootstrap(body) => body.request_id,
            Self::JobState(body) => body.request_id,
            Self::ControlJob(body) => body.request_id,
            Self::JobOutput(body) => body.request_id,
            Self::JobNetwork(body) => body.request_id,
            Self::ClusterInfo(body) => body.request_id,
            Self::MultiClusterInfo(body) => body.request_id,
            Self::SetLoadBalancerNodes(body) => body.request_id,
            Self::ConfigReload(body) => body.request_id,
            Self::Error(body) => body.request_id,
            Self::Unknown(body) => body.request_id,
        }
    }

    /// Whether the response takes a number of the plugin's counter. Heartbeat, Metrics and Error do not.
    #[must_use]
    pub fn counts_response_id(&self) -> bool {
        self.known_type().map_or(true, ResponseType::counts_response_id)
    }

    /// Compact JSON, as a plugin sends it.
    ///
    /// `response_id` is the plugin's counter: it starts at 0 and grows by one with each response that
    /// [counts](Self::counts_response_id). The others are written with 0, whatever is given.
    #[must_use]
    pub fn to_json(&self, response_id: u64) -> Vec<u8> {
        let mut json = Vec::with_capacity(SHORT);
        self.write_json(response_id, &mut json);
        json
    }

    /// Writes the response as a plugin does, as a frame: the bytes to write in one piece.
    ///
    /// # Errors
    /// [`FrameError::TooLarge`] if the payload has more than `limit` bytes.
    pub fn to_frame(&self, response_id: u64, limit: usize) -> Result<Bytes, FrameError> {
        let mut frame = empty_frame(SHORT);
        self.write_json(response_id, &mut frame);
        finish_frame(frame, limit)
    }

    fn write_json(&self, response_id: u64, out: &mut Vec<u8>) {
        let response_id = if self.counts_response_id() { response_id } else { 0 };
        write_message(out, self.message_type(), self.request_id(), Some(response_id), self);
    }

    /// Reads a payload as a client does, accepting what plugins built with either public SDK send. Gives the `responseId`
    /// too.
    ///
    /// Plugins may number their responses a little out of order. A message of a type that is not known here is no error.
    ///
    /// # Errors
    /// The payload is no JSON object, or a field is missing or wrong.
    pub fn from_json(payload: &[u8]) -> Result<(u64, Self), ResponseError> {
        let entries = parse_payload(payload).map_err(ResponseError::unreadable)?;
        let mut object = ObjectReader::new(entries, &Path::Root);
        let mut request_id = None;
        read(&mut object, &mut request_id).map_err(|error| ResponseError { request_id, kind: error.into() })
    }

    fn known_type(&self) -> Result<ResponseType, &UnknownResponse> {
        Ok(match self {
            Self::Heartbeat => ResponseType::Heartbeat,
            Self::Bootstrap(_) => ResponseType::Bootstrap,
            Self::JobState(_) => ResponseType::JobState,
            Self::JobStatus(_) => ResponseType::JobStatus,
            Self::ControlJob(_) => ResponseType::ControlJob,
            Self::JobOutput(_) => ResponseType::JobOutput,
            Self::JobResourceUtil(_) => ResponseType::JobResourceUtil,
            Self::JobNetwork(_) => ResponseType::JobNetwork,
            Self::ClusterInfo(_) => ResponseType::ClusterInfo,
            Self::MultiClusterInfo(_) => ResponseType::MultiClusterInfo,
            Self::SetLoadBalancerNodes(_) => ResponseType::SetLoadBalancerNodes,
            Self::ConfigReload(_) => ResponseType::ConfigReload,
            Self::Metrics(_) => ResponseType::Metrics,
            Self::Error(_) => ResponseType::Error,
            Self::Unknown(unknown) => return Err(unknown),
        })
    }
}

/// Reads a whole response; leaves the id in `known_id` as soon as it is known, so that an error can tell it.
fn read(
    object: &mut ObjectReader<'_>,
    known_id: &mut Option<RequestId>,
) -> Result<(u64, Response), FieldError> {
    *known_id = object.optional("requestId")?;
    let request_id = known_id.unwrap_or_default();
    let response_id = object.or_default("responseId")?;
    let message_type: i64 = object.required("messageType")?;
    let response = match ResponseType::from_number(message_type) {
        None => Response::Unknown(UnknownResponse::read(message_type, request_id, object)),
        Some(ResponseType::Heartbeat) => Response::Heartbeat,
        Some(ResponseType::Bootstrap) => Response::Bootstrap(BootstrapResponse::read(request_id, object)?),
        Some(ResponseType::JobState) => Response::JobState(JobStateResponse::read(request_id, object)?),
        Some(ResponseType::JobStatus) => Response::JobStatus(JobStatusResponse::read(object)?),
        Some(ResponseType::ControlJob) => Response::ControlJob(ControlJobResponse::read(request_id, object)?),
        Some(ResponseType::JobOutput) => Response::JobOutput(JobOutputResponse::read(request_id, object)?),
        Some(ResponseType::JobResourceUtil) => {
            Response::JobResourceUtil(JobResourceUtilResponse::read(object)?)
        }
        Some(ResponseType::JobNetwork) => Response::JobNetwork(JobNetworkResponse::read(request_id, object)?),
        Some(ResponseType::ClusterInfo) => {
            Response::ClusterInfo(ClusterInfoResponse::read(request_id, object)?)
        }
        Some(ResponseType::MultiClusterInfo) => {
            Response::MultiClusterInfo(MultiClusterInfoResponse::read(request_id, object)?)
        }
        Some(ResponseType::SetLoadBalancerNodes) => {
            Response::SetLoadBalancerNodes(SetLoadBalancerNodesResponse { request_id })
        }
        Some(ResponseType::ConfigReload) => {
            Response::ConfigReload(ConfigReloadResponse::read(request_id, object)?)
        }
        Some(ResponseType::Metrics) => Response::Metrics(Metrics::read(object)?),
        Some(ResponseType::Error) => Response::Error(ErrorResponse::read(request_id, object)?),
    };
    Ok((response_id, response))
}

impl WriteObject for Response {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        match self {
            Self::Heartbeat | Self::SetLoadBalancerNodes(_) => Ok(()),
            Self::Bootstrap(body) => body.write(out),
            Self::JobState(body) => body.write(out),
            Self::JobStatus(body) => body.write(out),
            Self::ControlJob(body) => body.write(out),
            Self::JobOutput(body) => body.write(out),
            Self::JobResourceUtil(body) => body.write(out),
            Self::JobNetwork(body) => body.write(out),
            Self::ClusterInfo(body) => body.write(out),
            Self::MultiClusterInfo(body) => body.write(out),
            Self::ConfigReload(body) => body.write(out),
            Self::Metrics(body) => body.write(out),
            Self::Error(body) => body.write(out),
            Self::Unknown(body) => body.write(out),
        }
    }
}
