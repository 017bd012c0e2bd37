//! What an image's name decides. There are no images here: every container sees the host's files.
//!
//! - A malformed name is `InvalidImageName`.
//! - A name whose tag is `missing`, or whose registry ends in `.invalid`, cannot be pulled: `ErrImagePull` and
//!   `ImagePullBackOff` in turn; under pull policy `Never` it is `ErrImageNeverPull`.
//! - Every other image is "present" and contains the host's file system. It has no entrypoint: a container without
//!   `command` runs its `args` as the command, and one without both cannot be started. Which programs it has is told in
//!   [`Programs`](crate::node::process::Programs).

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::node::pod_spec::{ContainerSpec, PullPolicy};

/// What stands in the way of a container's image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ImageProblem {
    /// The name is none.
    InvalidName {
        /// What is wrong with it.
        message: String,
    },
    /// It is not there, and may not be pulled.
    NeverPulled,
    /// Its registry does not give it.
    NotPulled {
        /// The registry's answer.
        message: String,
    },
}

/// Whether a container's image can be had.
pub(super) fn check(container: &ContainerSpec) -> Result<(), ImageProblem> {
    let image = container.image.as_str();
    if let Some(fault) = name_fault(image) {
        let message = format!(
            "Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": invalid reference format{fault}"
        );
        return Err(ImageProblem::InvalidName { message });
    }
    let (repository, tag) = split_tag(image);
    if tag != "missing" && !registry(repository).is_some_and(|registry| registry.ends_with(".invalid")) {
        return Ok(());
    }
    if container.pull_policy() == PullPolicy::Never {
        return Err(ImageProblem::NeverPulled);
    }
    let message = format!(
        "failed to pull and unpack image \"{image}\": failed to resolve image: {}: not found",
        match registry(repository) {
            Some(_) => format!("{repository}:{tag}"),
            None => format!("docker.io/library/{repository}:{tag}"),
        }
    );
    Err(ImageProblem::NotPulled { message })
}

/// The whole name of an image, as a runtime tells it: with its registry and its tag.
pub(super) fn whole_name(image: &str) -> String {
    let (repository, tag) = split_tag(image);
    let place = match (registry(repository), repository.contains('/')) {
        (Some(_), _) => "",
        (None, true) => "docker.io/",
        (None, false) => "docker.io/library/",
    };
    if image.contains('@') { format!("{place}{image}") } else { format!("{place}{repository}:{tag}") }
}

/// What stands for an image's digest: made from its name, always the same.
pub(super) fn digest(image: &str) -> String {
    let part = |number: u8| {
        let mut hasher = DefaultHasher::new();
        (number, image).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    };
    format!("sha256:{}", (0..4).map(part).collect::<String>())
}

/// The image's name and tag; `latest` if it has none.
fn split_tag(image: &str) -> (&str, &str) {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        // A colon before a slash belongs to the registry's port.
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (image, "latest"),
    }
}

/// The part before the first slash, if it names a host.
fn registry(repository: &str) -> Option<&str> {
    let (first, _) = repository.split_once('/')?;
    let host = first.split(':').next().unwrap_or(first);
    (first.contains(['.', ':']) || first == "localhost").then_some(host)
}

/// What makes a name no reference; empty text when there is no more to say.
fn name_fault(image: &str) -> Option<String> {
    let (repository, tag) = split_tag(image);
    let path = match registry(repository) {
        Some(_) => repository.split_once('/').map_or(repository, |(_, path)| path),
        None => repository,
    };
    if path.chars().any(|c| c.is_ascii_uppercase()) {
        return Some(format!(": repository name (library/{path}) must be lowercase"));
    }
    let component = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'))
    };
    let tag_is_good = tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    (!path.split('/').all(component) || !tag_is_good).then(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(image: &str, policy: Option<PullPolicy>) -> &'static str {
        let container =
            ContainerSpec { image: image.to_owned(), image_pull_policy: policy, ..Default::default() };
        match check(&container) {
            Ok(()) => "present",
            Err(ImageProblem::InvalidName { .. }) => "InvalidImageName",
            Err(ImageProblem::NeverPulled) => "ErrImageNeverPull",
            Err(ImageProblem::NotPulled { .. }) => "ErrImagePull",
        }
    }

    #[test]
    fn a_runtime_tells_whole_names() {
        for (image, whole) in [
            ("busybox", "docker.io/library/busybox:latest"),
            ("a/b:1", "docker.io/a/b:1"),
            ("localhost:5000/a", "localhost:5000/a:latest"),
            ("ghcr.io/a@sha256:01", "ghcr.io/a@sha256:01"),
        ] {
            assert_eq!(whole_name(image), whole);
        }
        assert_eq!(digest("a").len(), "sha256:".len() + 64);
        assert_ne!(digest("a"), digest("b"));
    }

    #[test]
    fn an_image_name_decides_whether_its_container_can_start() {
        for (image, policy, expected) in [
            ("busybox", None, "present"),
            ("busybox:local", Some(PullPolicy::Never), "present"),
            ("localhost:5000/a/b:1.2", None, "present"),
            ("ghcr.io/a/b@sha256:0123", None, "present"),
            ("r-base:missing", None, "ErrImagePull"),
            ("registry.invalid/x:1", None, "ErrImagePull"),
            ("r-base:missing", Some(PullPolicy::Never), "ErrImageNeverPull"),
            ("Bad Name", None, "InvalidImageName"),
            ("UPPER/case", None, "InvalidImageName"),
            ("", None, "InvalidImageName"),
            ("a:b c", None, "InvalidImageName"),
        ] {
            assert_eq!(outcome(image, policy), expected, "{image:?}");
        }
    }
}
