#![doc = include_str!("../README.md")]

pub mod frame;
pub mod job;
pub mod message_type;
pub mod request;
pub mod response;

mod error_code;
mod field_error;
mod ids;
mod requester;
mod time;
mod version;
mod wire;

pub use error_code::ErrorCode;
pub use field_error::{FieldError, FieldProblem};
pub use ids::{ClusterName, JobId, RequestId, Username};
pub use job::{Job, JobStatus};
pub use request::{Request, RequestBody, RequestError};
pub use requester::{JobSelector, Requester};
pub use response::{Response, ResponseError};
pub use time::{JobTime, ParseTimeError};
pub use version::{API_VERSION, ApiVersion};
pub use wire::PayloadError;
