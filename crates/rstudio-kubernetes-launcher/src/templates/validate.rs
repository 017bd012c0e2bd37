//! `--validate-templates`: whether the templates give what the Launcher and Kubernetes need.

use std::process::ExitCode;

use kubernetes_backend::Profiles;
use kubernetes_backend::templates::TemplateFolder;
use kubernetes_backend::templates::validation::validate;

use super::TROUBLE;
use super::report::{self, Outcome, Rendered};
use super::server_user::become_it;
use crate::command_line::Report;
use crate::config::{ChosenTemplates, ConfigError, ConfigErrors};
use crate::profiles;

/// Exits with 0 if there is no problem, with 1 if there is one.
pub(super) fn run(chosen: &ChosenTemplates, report: Report) -> ExitCode {
    // As the plugin does, the file with the profiles is read first, the files that it names as the server user.
    let profiles = match profiles::load_without_groups(&chosen.profiles_path) {
        Ok(file) => file.profiles,
        Err(errors) => {
            let errors = errors.into_iter().map(ConfigError::Profile).collect();
            return super::wrong_configuration(&ConfigErrors::new(errors));
        }
    };
    if let Err(error) = become_it(chosen.server_user.as_deref()) {
        crate::report::print(&[error]);
        return ExitCode::from(TROUBLE);
    }
    tell(&chosen.folder, &outcome(&chosen.folder, profiles), report)
}

/// What comes of a validation without a cluster, by the present user.
pub(super) fn outcome(folder: &TemplateFolder, profiles: Profiles) -> Outcome {
    let (profiles, unusable_data) = profiles::files::with_template_data(profiles);
    Outcome { validation: validate(folder, &profiles), unusable_data, answered: None }
}

/// Prints the outcome, and gives its exit status.
pub(super) fn tell(folder: &TemplateFolder, outcome: &Outcome, report: Report) -> ExitCode {
    let text = match report {
        Report::Json => report::json(folder, outcome),
        Report::Problems => report::text(folder, outcome, Rendered::Hidden),
        Report::Verbose => report::text(folder, outcome, Rendered::Shown),
    };
    super::print(&text);
    if outcome.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
