//! The folder outside the tree where heavy builds are kept.

pub(crate) use local_kubernetes::cache_folder as folder;
