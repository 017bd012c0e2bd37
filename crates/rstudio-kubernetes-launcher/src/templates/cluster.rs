//! `--validate-templates --cluster`: the API server is asked, too.

use std::process::ExitCode;

use kubernetes_backend::KubernetesSettings;
use kubernetes_backend::templates::validation::{self, Validation, validate};

use super::report::{Answered, Outcome};
use super::{TROUBLE, validate as command};
use crate::command_line::{CommandLine, Report};
use crate::config::{self, ChosenTemplates, Loaded, Surroundings};
use crate::report::{self, Notice};
use crate::{host, start};

/// Exits as without a cluster, and with 2 if that can't be asked.
pub(super) fn run(chosen: &ChosenTemplates, report: Report, mut line: CommandLine) -> ExitCode {
    chosen.complete(&mut line);
    let Loaded { settings, warnings, .. } = match config::load(line, &Surroundings::of_process()) {
        Ok(loaded) => loaded,
        Err(errors) => return super::wrong_configuration(&errors),
    };
    let mut notices: Vec<Notice> =
        warnings.iter().map(|warning| Notice::warning(warning, warning.help())).collect();
    // As the plugin does: no template is read and no byte sent as root.
    let settled = start::settle(&settings, None, &mut notices);
    report::print(&notices);
    if let Err(error) = settled {
        report::print(&[error]);
        return ExitCode::from(TROUBLE);
    }
    let folder = &chosen.folder;
    match validate(folder) {
        Err(errors) => command::tell(folder, &Outcome::NotLoaded(errors), report),
        Ok(validation) => {
            let (validation, answered) = ask(validation, &host::kubernetes_settings(settings));
            let failure = answered.failure().map(str::to_owned);
            let code = command::tell(folder, &Outcome::Asked(validation, answered), report);
            match failure {
                None => code,
                Some(failure) => super::trouble(&format!("the cluster cannot be asked: {failure}"), None),
            }
        }
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
