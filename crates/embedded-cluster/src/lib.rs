#![doc = include_str!("../README.md")]

mod api;
mod auth;
mod builder;
mod cluster;
mod faults;
mod furnishing;
mod identifiers;
mod json_syntax;
mod kind;
mod kubeconfig;
mod node;
mod pki;
mod registry;
mod release;
mod schema;
mod seed;
mod status_error;
mod store;
mod time;

pub use self::{
    builder::{Builder, ParseReleaseError, StartError},
    cluster::EmbeddedCluster,
    faults::{Effect, FaultId, Faults, Matching, Times},
    node::{Node, NodeError},
    pki::PkiError,
};
