//! Bad days, on the embedded cluster.
