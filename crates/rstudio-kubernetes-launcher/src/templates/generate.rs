//! `--generate-templates`: writes the templates that are not there.

use std::process::ExitCode;

use nix::sys::stat::{Mode, umask};

use kubernetes_backend::templates::{ObjectKind, TemplateFolder};

pub(super) fn run(folder: &TemplateFolder) -> ExitCode {
    // Whoever runs this: the server user has to read the templates, and they hold no secret.
    umask(Mode::from_bits_truncate(0o022));
    let written = match folder.write_missing() {
        Ok(written) => written,
        Err((path, error)) => {
            let help = "run this as a user that may write there, or name another folder with --scratch-path";
            return super::trouble(
                &format!("cannot write {}: {error}", path.display()),
                Some(help.to_owned()),
            );
        }
    };
    for kind in ObjectKind::ALL {
        let path = folder.path.join(kind.file());
        let what = if written.contains(&path) { "written" } else { "is there already, and stays as it is" };
        super::print(&format!("{}: {what}\n", path.display()));
    }
    ExitCode::SUCCESS
}
