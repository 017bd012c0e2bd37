//! embedded-cluster
