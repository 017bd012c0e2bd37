//! The files that profiles name. They are read as the server user, so not with the profiles at start.

use kubernetes_backend::{Profiles, TemplateSource};

use super::{ProfileError, overrides, template_data};
use crate::config::ConfigWarning;

/// Profiles with all that they need, and what is odd about it.
pub type Complete = (Profiles, Vec<ConfigWarning>);

/// Profiles with the data for templates and nothing else, and why some of it can't be had.
pub fn with_template_data(profiles: Profiles) -> (Profiles, Vec<ProfileError>) {
    let mut errors = Vec::new();
    let data = template_data::read(&profiles, &mut errors);
    (profiles.with_template_data(data), errors)
}

/// Profiles with the data for templates, and with the values of their overrides, unless an administrator's templates make the
/// objects: those are not overridden.
///
/// # Errors
/// Every file that cannot be read or does not hold what it should, with the line that names it.
pub fn complete(profiles: Profiles, templates: &TemplateSource) -> Result<Complete, Vec<ProfileError>> {
    let mut errors = Vec::new();
    let data = template_data::read(&profiles, &mut errors);
    let mut warnings = Vec::new();
    let values = match templates {
        TemplateSource::BuiltIn => overrides::read(&profiles, &mut errors, &mut warnings),
        TemplateSource::Folder(_) => {
            warnings.extend(overrides::ignored(&profiles));
            overrides::FileValues::new()
        }
    };
    if errors.is_empty() {
        return Ok((profiles.with_template_data(data).with_override_values(values), warnings));
    }
    errors.sort_by(|one, other| one.place().cmp(&other.place()));
    Err(errors)
}
