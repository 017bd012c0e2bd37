//! Several clusters that are told one scratch path: what each keeps there, templates among it, is then the others' as well.

use std::path::Path;

use super::{
    CONFIG_FILE_NAME, ConfigWarning, Origin, Surroundings, Written, config_directory, template_folder,
};

/// Warns of a scratch path in a configuration file that, by `launcher.conf`, several clusters read.
pub(super) fn warning(
    config_file: &Path,
    written: &Written,
    surroundings: &Surroundings,
) -> Option<ConfigWarning> {
    let origin = written.origin("scratch-path").filter(|origin| matches!(origin, Origin::File(_)))?;
    // What is wrong with the path of launcher.conf is told elsewhere.
    let launcher = template_folder::launcher_conf(written, surroundings, &mut Vec::new());
    let usual = config_directory(surroundings).join(CONFIG_FILE_NAME);
    let clusters = launcher.clusters.iter().filter(|cluster| cluster.is_ours());
    let readers = clusters.filter(|cluster| cluster.config_file.as_deref().unwrap_or(&usual) == config_file);
    let names: Vec<&str> = readers.map(|cluster| cluster.name.as_str()).collect();
    (names.len() > 1)
        .then(|| ConfigWarning::ScratchPathShared { origin: origin.clone(), names: names.join("', '") })
}
