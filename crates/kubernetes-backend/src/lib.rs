//! Launcher jobs as Kubernetes objects, and back.
//!
//! Three layers, each in folders of its own:
//! - pure, job → objects: [`objects`], and back: [`readback`];
//! - pure, objects → state: [`observed`] says what is read, [`status`] what it amounts to;
//! - I/O: [`client`] and what is built on it.

pub mod annotation;
mod backend;
mod chance;
pub mod client;
pub mod cluster_info;
pub mod control;
mod deeds;
pub mod diagnose;
pub mod index;
pub mod lifecycle;
pub mod metrics;
pub mod names;
pub mod network;
pub mod objects;
pub mod observed;
pub mod output;
pub mod pods;
pub mod quantity;
pub mod readback;
pub mod settings;
pub mod status;
pub mod stdin;
pub mod streams;
pub mod submit;
pub mod watch;

pub use backend::KubernetesBackend;
pub use diagnose::{Finding, Severity};
pub use settings::{
    CertificateAuthority, KubernetesSettings, ProfileLoader, Profiles, Secret, SetupError, TokenSource,
};
