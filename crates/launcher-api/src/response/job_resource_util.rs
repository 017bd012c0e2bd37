//! Job Resource Util (6): what a job uses, for all who watch.

use serde::ser::SerializeMap;

use super::StreamSequence;
use crate::field_error::FieldError;
use crate::wire::{ObjectReader, ObjectWriter, ReadObject, WriteObject};

/// A message of a resource stream.
#[derive(Clone, Debug, PartialEq)]
pub struct JobResourceUtilResponse {
    /// Whom this answers; never empty.
    pub sequences: Vec<StreamSequence>,
    /// What the message brings.
    pub data: ResourceUtil,
}

/// What a message of a resource stream brings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ResourceUtil {
    /// A sample.
    Sample(ResourceUse),
    /// The end: the job is over, or can't be measured any more.
    Complete,
}

/// What a job uses at one moment. `None` is not known and left out, as is what is no finite number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ResourceUse {
    /// Percent of one CPU.
    pub cpu_percent: Option<f64>,
    /// Seconds of CPU so far.
    pub cpu_time: Option<f64>,
    /// Virtual memory in MB.
    pub virtual_memory: Option<f64>,
    /// Resident memory in MB.
    pub resident_memory: Option<f64>,
}

impl JobResourceUtilResponse {
    pub(super) fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        let sequences = object.required("sequences")?;
        let data = if object.or_default("complete")? {
            ResourceUtil::Complete
        } else {
            ResourceUtil::Sample(ResourceUse::read(object)?)
        };
        Ok(Self { sequences, data })
    }
}

impl WriteObject for JobResourceUtilResponse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        out.always("sequences", &self.sequences)?;
        match &self.data {
            ResourceUtil::Sample(sample) => {
                sample.write(out)?;
                out.always("complete", &false)
            }
            ResourceUtil::Complete => out.always("complete", &true),
        }
    }
}

impl ReadObject for ResourceUse {
    fn read(object: &mut ObjectReader<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            cpu_percent: object.optional("cpuPercent")?,
            cpu_time: object.optional("cpuTime")?,
            virtual_memory: object.optional("virtualMemory")?,
            resident_memory: object.optional("residentMemory")?,
        })
    }
}

impl WriteObject for ResourceUse {
    fn write<M: SerializeMap>(&self, out: &mut ObjectWriter<M>) -> Result<(), M::Error> {
        for (key, value) in [
            ("cpuPercent", self.cpu_percent),
            ("cpuTime", self.cpu_time),
            ("virtualMemory", self.virtual_memory),
            ("residentMemory", self.resident_memory),
        ] {
            out.option(key, value.filter(|number| number.is_finite()).as_ref())?;
        }
        Ok(())
    }
}
