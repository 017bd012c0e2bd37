//! Launcher jobs as Kubernetes objects, and back.
//!
//! Three layers, each in folders of its own:
//! - pure, job → objects: [`objects`], and back: [`readback`];
//! - pure, objects → state: [`observed`] says what is read, [`status`] what it amounts to;
//! - I/O: [`client`] and what is built on it.

pub mod annotation;
pub mod client;
pub mod lifecycle;
pub mod names;
pub mod objects;
pub mod observed;
pub mod quantity;
pub mod readback;
pub mod settings;
pub mod status;
pub mod stdin;

pub use settings::{
    CertificateAuthority, KubernetesSettings, ProfileLoader, Profiles, Secret, SetupError, TokenSource,
};
