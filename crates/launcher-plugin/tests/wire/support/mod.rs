//! A Launcher and a backend that do what a test says.

mod backend;
mod hook;
mod launcher;
mod sources;

pub(crate) use backend::{FakeBackend, job, state};
pub(crate) use launcher::{Launcher, Setup, begin, bootstrap};
pub(crate) use sources::{chunk, endless, source};
