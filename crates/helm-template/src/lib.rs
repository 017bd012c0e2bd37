#![doc = include_str!("../README.md")]

pub mod batch;
mod bytes;
pub mod data;
mod declare;
#[cfg(feature = "diagnostics")]
pub mod diagnostic;
mod error;
mod functions;
mod growth;
mod json;
mod mode;
mod number;
mod object;
mod regexp;
mod templates;
mod time;
mod toml;
mod unicode;
pub mod world;
pub mod yaml;
mod yaml_value;

pub use declare::{Declaration, Example, Param, Shape};
pub use error::Error;
pub use functions::{Family, helm_families, sprig_families};
pub use go_text_template::{self, Limits, Value};
pub use mode::{Mode, UnknownMode};
pub use templates::Templates;
pub use world::{System, World};
