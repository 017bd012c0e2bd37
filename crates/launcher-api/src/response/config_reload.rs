//! Config Reload (202, API 3.6): what became of the reload.

use serde::ser::SerializeMap;

use crate::field_error::FieldError;
use crate::ids::RequestId;
use crate::wire::{ObjectReader, ObjectWriter, WriteObject};

/// The wire's `errorType` of a success.
const SUCCESS: i64 = 0;

/// Answers Config Reload. A failed reload is told here, not by an Error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigReloadResponse {
    /// The request that is answered.
    pub request_id: RequestId,
    /// Why the old configuration stays in force; `None` if the new one is.
    pub error: Option<ReloadError>,
}

/// Why a reload failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReloadError {
    /// At which step.
    pub kind: ReloadErrorKind,
    /// For the administrator: which file and line, what to do.
    pub message: String,
}

/// The step at which a reload failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReloadErrorKind {
    /// -1: some other.
    Unknown,
    /// 1: a file can't be read.
    Load,
    /// 2: a file is wrong.
    Validate,
    /// 3: the new state can't be written.
    Save,
}

impl ReloadErrorKind {
    /// The wire's `errorType`.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Unknown => -1,
            Self::Load => 1,
            Self::Validate => 2,
            Self::Save => 3,
        }
    }

    /// The kind with this number; a number that is not known is [`Unknown`](Self::Unknown), and 0 is no failure.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            SUCCESS => None,
            1 => Some(Self::Load),
            2 => Some(Self::Validate),
            3 => Some(Self::Save),
            _ => Some(Self::Unknown),
        }
    }
}

impl ConfigReloadResponse {
    pub(super) fn read(request_id: RequestId, object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let kind = ReloadErrorKind::from_number(object.or_default("errorType")?);
        let message = object.or_default("errorMessage")?;
        Ok(Self { request_id, error: kind.map(|kind| ReloadError { kind, message }) })
    }
}

impl WriteObject for ConfigReloadResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        let (number, message) = match &self.error {
            Some(error) => (error.kind.number(), error.message.as_str()),
            None => (SUCCESS, ""),
        };
        out.always("errorType", &number)?;
        out.always("errorMessage", message)
    }
}
