//! Variables whose values lie in Secrets: settings of a job named `secret`, of the form `secretName:key:ENV_NAME`.

use launcher_api::Job;

use super::BuildError;

/// Whether all are of that form.
pub(super) fn check(job: &Job) -> Result<(), BuildError> {
    let values = job.config.iter().filter(|config| config.name == "secret");
    let mut values = values.filter_map(|config| config.value.as_deref()).filter(|value| !value.is_empty());
    let is_whole = |value: &str| {
        let mut parts = value.splitn(3, ':').map(str::trim);
        (0..3).all(|_| parts.next().is_some_and(|part| !part.is_empty()))
    };
    if values.all(is_whole) { Ok(()) } else { Err(BuildError::Secret) }
}
