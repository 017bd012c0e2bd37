//! The Kubernetes Job Launcher plugin.

fn main() {}
