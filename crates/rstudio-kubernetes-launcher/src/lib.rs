//! The plugin program: its options, its configuration files, its user, its log, and the wiring of the rest.
//!
//! [`program::run`] is the whole program. What a stranger may want from here are the options ([`option`]), the two forms
//! of configuration ([`config`]) and the documents that follow from them ([`document`]).

pub mod api_url;
pub mod certificate;
mod colour;
pub mod command_line;
pub mod config;
pub mod document;
mod host;
pub mod logging;
mod nearest;
pub mod option;
pub mod privileges;
pub mod profiles;
pub mod program;
pub mod report;
mod start;
pub mod templates;
pub mod token_file;
