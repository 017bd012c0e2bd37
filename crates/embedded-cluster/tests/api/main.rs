//! The cluster as its clients meet it: over HTTPS.

#![expect(clippy::unwrap_used, reason = "what a test's helper cannot have is the test's failure")]

mod conformance;
mod faults;
mod limits;
mod support;
mod websockets;
