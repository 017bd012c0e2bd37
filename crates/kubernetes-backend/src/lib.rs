#![doc = include_str!("../README.md")]

pub mod annotation;
mod backend;
mod chance;
pub mod client;
pub mod cluster_info;
pub mod control;
mod deeds;
pub mod diagnose;
mod field_path;
pub mod index;
pub mod lifecycle;
pub mod metrics;
pub mod names;
mod nearest;
pub mod network;
pub mod objects;
pub mod observed;
pub mod output;
pub mod pods;
pub mod profiles;
pub mod quantity;
pub mod readback;
mod rules;
mod schema;
pub mod settings;
pub mod status;
pub mod stdin;
pub mod streams;
pub mod submit;
pub mod templates;
pub mod watch;

pub use backend::KubernetesBackend;
pub use diagnose::{Finding, Severity};
pub use field_path::FieldPath;
pub use nearest::nearest;
pub use profiles::Profiles;
pub use settings::{
    CertificateAuthority, KubernetesSettings, ProfileLoader, Secret, SetupError, TemplateSource, TokenSource,
};
