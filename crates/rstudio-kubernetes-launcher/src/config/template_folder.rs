//! Where the templates of a cluster are, and who reads them with which data, for the commands that work on them: nothing else of
//! the configuration need be there or right.

use std::path::{Path, PathBuf};

use kubernetes_backend::templates::TemplateFolder;

use super::launcher_conf::{self, LauncherConf};
use super::settings::server_user;
use super::{
    CONFIG_FILE_NAME, ConfigError, ConfigErrors, Entry, Origin, Surroundings, Written, config_directory, file,
};
use crate::command_line::CommandLine;
use crate::option::{
    jobs::{TEMPLATE_EXEC_TIMEOUT, TEMPLATE_VERSION},
    process::{CONFIG_FILE, LAUNCHER_CONFIG_FILE, SCRATCH_PATH},
    protocol::PLUGIN_NAME,
};

/// The cluster whose templates are meant.
#[derive(Debug)]
pub(crate) struct ChosenTemplates {
    /// Where they are, and how they are read.
    pub(crate) folder: TemplateFolder,
    /// The user that reads them; `None` to stay who one is.
    pub(crate) server_user: Option<String>,
    /// The profiles, which may name data for them.
    pub(crate) profiles_path: PathBuf,
    /// The cluster's name.
    cluster: String,
    /// Its configuration file, which may be missing.
    config_file: PathBuf,
}

impl ChosenTemplates {
    /// A command line that means this cluster, whatever else it says.
    pub(crate) fn complete(&self, line: &mut CommandLine) {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let mut said = vec![("plugin-name", self.cluster.clone()), ("scratch-path", path(&self.folder.path))];
        if self.config_file.exists() {
            said.push(("config-file", path(&self.config_file)));
        }
        for (name, text) in said {
            if line.written.origin(name).is_none() {
                line.written.add(name, Entry { text, origin: Origin::CommandLine });
            }
        }
    }
}

/// The folder: `--scratch-path`; else that of the configuration file; else the one that the Launcher would give, which follows
/// from `launcher.conf`. `--plugin-name` chooses among several clusters.
///
/// # Errors
/// What is wrong with the command line or the file, or that there are several clusters and none is named.
pub(crate) fn template_folder(
    line: CommandLine,
    surroundings: &Surroundings,
) -> Result<ChosenTemplates, ConfigErrors> {
    let CommandLine { mut written, mut errors, .. } = line;
    let launcher = launcher_conf(&written, surroundings, &mut errors);
    let cluster = chosen_cluster(&launcher, &written, &mut errors);
    let config_file = CONFIG_FILE.read(&written, &mut errors);
    let config_file = config_file
        .or_else(|| launcher.clusters.iter().find(|one| one.name == cluster)?.config_file.clone())
        .unwrap_or_else(|| config_directory(surroundings).join(CONFIG_FILE_NAME));
    let mut of_file = Vec::new();
    if let Ok(bytes) = std::fs::read(&config_file) {
        file::read(&config_file, &bytes, &mut written, &mut of_file);
    }
    let folder = TemplateFolder {
        path: SCRATCH_PATH
            .read(&written, &mut errors)
            .unwrap_or_else(|| default_scratch_path(&launcher).join(&cluster)),
        version: TEMPLATE_VERSION.read(&written, &mut errors),
        exec_limit: TEMPLATE_EXEC_TIMEOUT.read(&written, &mut errors),
    };
    let server_user = server_user(&written, surroundings, &mut errors);
    let profiles_path = super::profiles_path(&written, surroundings, &mut errors);
    if errors.is_empty() {
        Ok(ChosenTemplates { folder, server_user, profiles_path, cluster, config_file })
    } else {
        Err(ConfigErrors::new(errors))
    }
}

fn default_scratch_path(launcher: &LauncherConf) -> &Path {
    launcher.scratch_path.as_deref().unwrap_or(Path::new("/var/lib/rstudio-launcher"))
}

pub(super) fn launcher_conf(
    written: &Written,
    surroundings: &Surroundings,
    errors: &mut Vec<ConfigError>,
) -> LauncherConf {
    let named: Option<PathBuf> = LAUNCHER_CONFIG_FILE.read(written, errors);
    let path = named.unwrap_or_else(|| config_directory(surroundings).join("launcher.conf"));
    std::fs::read_to_string(path).map(|text| launcher_conf::read(&text)).unwrap_or_default()
}

fn chosen_cluster(launcher: &LauncherConf, written: &Written, errors: &mut Vec<ConfigError>) -> String {
    let named = PLUGIN_NAME.read(written, errors);
    let is_said = written.origin("plugin-name").is_some() || written.origin("scratch-path").is_some();
    let ours: Vec<&str> =
        launcher.clusters.iter().filter(|one| one.is_ours()).map(|one| one.name.as_str()).collect();
    match ours[..] {
        [only] if !is_said => only.to_owned(),
        [_, _, ..] if !is_said => {
            errors.push(ConfigError::SeveralClusters { names: ours.join("', '") });
            named
        }
        _ => named,
    }
}
