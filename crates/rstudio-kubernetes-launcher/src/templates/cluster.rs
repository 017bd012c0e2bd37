//! `--validate-templates --cluster`: the API server is asked, too.

use std::process::ExitCode;

use kubernetes_backend::KubernetesSettings;
use kubernetes_backend::templates::validation::{self, Validation};

use super::report::Answered;
use super::server_user::become_it;
use super::{TROUBLE, validate};
use crate::command_line::{CommandLine, Report};
use crate::config::{self, ChosenTemplates, Loaded, Surroundings};
use crate::report::{self, Notice};
use crate::{host, start};

/// Exits as without a cluster, and with 2 if that can't be asked.
pub(super) fn run(chosen: &ChosenTemplates, report: Report, mut line: CommandLine) -> ExitCode {
    chosen.complete(&mut line);
    let Loaded { mut settings, warnings, .. } = match config::load(line, &Surroundings::of_process()) {
        Ok(loaded) => loaded,
        Err(errors) => return super::wrong_configuration(&errors),
    };
    let notices: Vec<Notice> =
        warnings.iter().map(|warning| Notice::warning(warning, warning.help())).collect();
    report::print(&notices);
    // As the plugin does: no template is read and no byte sent as root.
    let settled = become_it(settings.process.server_user.as_deref())
        .and_then(|account| start::check_token(&settings.connection.token, &start::reader(account)));
    if let Err(error) = settled {
        report::print(&[error]);
        return ExitCode::from(TROUBLE);
    }
    let mut outcome = validate::outcome(&chosen.folder, std::mem::take(&mut settings.profiles));
    let failure = match outcome.validation {
        Err(_) => None,
        Ok(validation) => {
            let (validation, answered) = ask(validation, &host::kubernetes_settings(settings));
            outcome.validation = Ok(validation);
            outcome.answered.insert(answered).failure().map(str::to_owned)
        }
    };
    let code = validate::tell(&chosen.folder, &outcome, report);
    match failure {
        None => code,
        Some(failure) => super::trouble(&format!("the cluster cannot be asked: {failure}"), None),
    }
}

fn ask(validation: Validation, settings: &KubernetesSettings) -> (Validation, Answered) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return (validation, Answered::Not(format!("no threads can be made: {error}"))),
    };
    match runtime.block_on(validation::ask(&validation, settings)) {
        Ok(answers) => {
            let (validation, asked) = validation.with(answers);
            (validation, Answered::By(asked))
        }
        Err(error) => (validation, Answered::Not(host::Causes(&error).to_string())),
    }
}
