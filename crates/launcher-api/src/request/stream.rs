//! What the three streams have in common: they are opened, and they are canceled.

use serde::ser::SerializeMap;

use super::Caller;
use super::target::write_job;
use crate::field_error::FieldError;
use crate::requester::{JobSelector, Requester};
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// Opens a stream, or ends the one that was opened with the same message and request id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamRequest<Open> {
    /// Opens a stream; its messages answer this request.
    Open(Open),
    /// Ends a stream. Never answered, also if there is none.
    Cancel(CancelStream),
}

/// What a client says beside the id when it cancels a stream.
///
/// The request id alone tells which stream is meant. One of the public SDKs looks streams up by their job, so a client
/// should repeat it. On reading, whatever is missing or wrong here is taken for `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelStream {
    /// As in the request that opened the stream.
    pub who: Caller,
    /// As in the request that opened the stream.
    pub job: JobSelector,
}

impl<Open: ReadObject> ReadObject for StreamRequest<Open> {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        if object.or_default("cancel")? {
            CancelStream::read(object).map(Self::Cancel)
        } else {
            Open::read(object).map(Self::Open)
        }
    }
}

impl<Open: WriteObject> WriteObject for StreamRequest<Open> {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        match self {
            Self::Open(open) => {
                open.write(out)?;
                out.always("cancel", &false)
            }
            Self::Cancel(cancel) => {
                cancel.write(out)?;
                out.always("cancel", &true)
            }
        }
    }
}

impl ReadObject for CancelStream {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let who = Caller::read(object).unwrap_or_else(|_| Caller::new(Requester::Everyone));
        let job = object.required("jobId").unwrap_or(JobSelector::All);
        Ok(Self { who, job })
    }
}

impl WriteObject for CancelStream {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        self.who.write(out)?;
        write_job(self.job.as_str(), out)
    }
}
