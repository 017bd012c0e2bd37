//! Everything that one plugin has said, sorted by whom it answers, and what it said that it must not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Message types of responses, as they stand on the wire.
mod kind {
    pub(super) const ERROR: i64 = -1;
    pub(super) const HEARTBEAT: i64 = 0;
    pub(super) const JOB_STATUS: i64 = 3;
    pub(super) const JOB_OUTPUT: i64 = 5;
    pub(super) const RESOURCE_UTIL: i64 = 6;
    pub(super) const METRICS: i64 = 203;
}

/// What a stream has brought so far.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    next_sequence: u64,
    /// Output, all pieces joined.
    pub text: String,
    /// The stream kinds of its pieces.
    pub kinds: BTreeSet<String>,
    /// Resource samples.
    pub samples: Vec<Value>,
    /// States, in the order told.
    pub states: Vec<State>,
    pub complete: bool,
    /// The Error that ended it.
    pub error: Option<Value>,
}

/// One state of one job, as a status stream told it.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub job: String,
    pub status: String,
    pub message: String,
}

/// All that one plugin has said.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Streams by the id of their request.
    pub streams: BTreeMap<u64, Stream>,
    /// Ids that were asked and wait for one answer.
    pub awaited: BTreeSet<u64>,
    pub answers: BTreeMap<u64, Value>,
    /// Frames that answer no request of ours: heartbeats, metrics, and answers to frames written by hand.
    pub unclaimed: Vec<Value>,
    /// What broke the protocol.
    pub faults: Vec<String>,
    /// The plugin's output has ended.
    pub ended: bool,
    next_response: u64,
}

impl Heard {
    /// Opens the books of a stream.
    pub(crate) fn expect_stream(&mut self, id: u64) {
        self.streams.insert(id, Stream { next_sequence: 1, ..Stream::default() });
    }

    /// Sorts one frame.
    pub(crate) fn take(&mut self, frame: Value) {
        let kind = frame["messageType"].as_i64().unwrap_or(i64::MIN);
        self.check_response_id(kind, &frame);
        let id = frame["requestId"].as_u64().unwrap_or(u64::MAX);
        match kind {
            kind::JOB_STATUS | kind::RESOURCE_UTIL => self.take_shared(kind, &frame),
            kind::JOB_OUTPUT if self.streams.contains_key(&id) => self.take_output(id, &frame),
            kind::ERROR if self.streams.contains_key(&id) => {
                if let Some(stream) = self.streams.get_mut(&id) {
                    stream.error = Some(frame);
                }
            }
            _ if self.awaited.remove(&id) => {
                self.answers.insert(id, frame);
            }
            _ => {
                if self.answers.contains_key(&id) && id != 0 {
                    self.faults.push(format!("request {id} was answered twice: {frame}"));
                }
                self.unclaimed.push(frame);
            }
        }
    }

    fn check_response_id(&mut self, kind: i64, frame: &Value) {
        let Some(id) = frame["responseId"].as_u64() else {
            self.faults.push(format!("a response has no responseId: {frame}"));
            return;
        };
        let uncounted = matches!(kind, kind::ERROR | kind::HEARTBEAT | kind::METRICS);
        let expected = if uncounted { 0 } else { self.next_response };
        if id != expected {
            self.faults.push(format!("responseId is {id}, expected {expected}: type {kind}"));
        }
        if !uncounted {
            self.next_response = id + 1;
        }
    }

    fn take_shared(&mut self, kind: i64, frame: &Value) {
        if frame["requestId"] != 0 {
            self.faults.push(format!("a shared stream's requestId must be 0: {frame}"));
        }
        let sequences = frame["sequences"].as_array().cloned().unwrap_or_default();
        if sequences.is_empty() {
            self.faults.push(format!("a message without sequences: {frame}"));
        }
        for sequence in sequences {
            let id = sequence["requestId"].as_u64().unwrap_or(u64::MAX);
            let Some(stream) = self.streams.get_mut(&id) else {
                self.unclaimed.push(frame.clone());
                continue;
            };
            stream.step(id, sequence["seqId"].as_u64(), &mut self.faults);
            if kind == kind::JOB_STATUS {
                let text = |key: &str| frame[key].as_str().unwrap_or("").to_owned();
                stream.states.push(State {
                    job: text("id"),
                    status: text("status"),
                    message: text("statusMessage"),
                });
            } else if frame["complete"] == true {
                stream.complete = true;
            } else {
                stream.samples.push(frame.clone());
            }
        }
    }

    fn take_output(&mut self, id: u64, frame: &Value) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        stream.step(id, frame["seqId"].as_u64(), &mut self.faults);
        if let Some(text) = frame["output"].as_str() {
            stream.text.push_str(text);
            stream.kinds.insert(frame["outputType"].as_str().unwrap_or("?").to_owned());
        }
        match frame["complete"].as_bool() {
            Some(complete) => stream.complete = complete,
            None => self.faults.push(format!("an output message without complete, stream {id}")),
        }
    }
}

impl Stream {
    fn step(&mut self, id: u64, sequence: Option<u64>, faults: &mut Vec<String>) {
        if sequence != Some(self.next_sequence) {
            faults.push(format!("stream {id}: seqId {sequence:?}, expected {}", self.next_sequence));
        }
        self.next_sequence = sequence.unwrap_or(self.next_sequence) + 1;
        if self.complete || self.error.is_some() {
            faults.push(format!("stream {id} went on after its end"));
        }
    }

    /// The newest state told of a job.
    pub(crate) fn latest(&self, job: &str) -> Option<&State> {
        self.states.iter().rev().find(|state| state.job == job)
    }

    /// The states told of a job, repeats left out.
    pub(crate) fn history(&self, job: &str) -> Vec<&str> {
        let mut all: Vec<&str> =
            self.states.iter().filter(|state| state.job == job).map(|state| state.status.as_str()).collect();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_gap_in_a_stream_and_a_wrong_response_id_are_faults() {
        let mut heard = Heard::default();
        heard.expect_stream(4);
        heard.take(json!({"messageType": 5, "requestId": 4, "responseId": 0, "seqId": 1, "output": "a", "outputType": "mixed", "complete": false}));
        assert!(heard.faults.is_empty(), "{:?}", heard.faults);
        heard.take(json!({"messageType": 5, "requestId": 4, "responseId": 2, "seqId": 3, "complete": true}));
        assert_eq!(heard.faults.len(), 2, "{:?}", heard.faults);
        assert_eq!(heard.streams[&4].text, "a");
    }

    #[test]
    fn an_answer_goes_to_whoever_asked_and_the_rest_is_unclaimed() {
        let mut heard = Heard::default();
        heard.awaited.insert(1);
        heard.take(json!({"messageType": 8, "requestId": 1, "responseId": 0}));
        heard.take(json!({"messageType": 0, "requestId": 0, "responseId": 0}));
        assert!(heard.answers.contains_key(&1));
        assert_eq!(heard.unclaimed.len(), 1);
    }
}
