//! launcher-plugin
