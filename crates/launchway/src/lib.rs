//! Drives a Launcher plugin.
