//! The wire of the Launcher Plugin API.
