#![doc = include_str!("../README.md")]

mod client;
mod command;
mod error;
mod options;
mod process;
mod requests;
mod session;
mod stream;
mod wire_event;

pub use client::PluginClient;
pub use command::{PluginCommand, StderrTo};
pub use error::{Asked, ClientError, Gone, ProtocolFault, StartError};
pub use options::ClientOptions;
pub use process::{EXIT_PATIENCE, EndedBy, PluginExit, PluginProcess, TERMINATE_PATIENCE};
pub use stream::{OutputChunk, OutputStream, ResourceStream, StatusStream};
pub use wire_event::{Direction, Missed, Tap, WireEvent};
