//! The settings file: the plugin to drive, so that it need not be repeated on every command line.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The name under which the file is looked for.
const FILE: &str = "launchway.toml";

/// What a settings file holds; every key is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// The plugin's program. A relative path with a `/` starts at the file's directory.
    pub(crate) plugin: Option<PathBuf>,
    /// Its arguments.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// Variables added to its environment.
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// The user to act for.
    pub(crate) user: Option<String>,
}

/// Settings and the file that they came from; no file is like an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) settings: Settings,
    pub(crate) file: Option<PathBuf>,
}

/// A settings file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// It cannot be read.
    #[error("cannot read the settings file '{}'", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// It is no settings file.
    #[error("{}{}: {why}", path.display(), line.map_or(String::new(), |line| format!(":{line}")))]
    Parse { path: PathBuf, line: Option<usize>, why: String },
}

/// Where files are looked for when none is named: the working directory, then the user's configuration.
pub(crate) fn search_path() -> Vec<PathBuf> {
    let configuration = std::env::var_os("XDG_CONFIG_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".config")));
    let mut paths = vec![PathBuf::from(FILE)];
    paths.extend(configuration.map(|directory| directory.join("launchway").join(FILE)));
    paths
}

impl Found {
    /// Reads the file named, which must exist, or the first that exists of the search path.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self, SettingsError> {
        if let Some(path) = named {
            let text = std::fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
            return Ok(Self { settings: parse(path, &text)?, file: Some(path.to_owned()) });
        }
        for path in search_path() {
            match std::fs::read_to_string(&path) {
                Ok(text) => return Ok(Self { settings: parse(&path, &text)?, file: Some(path) }),
                Err(source) if source.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(unreadable(&path, source)),
            }
        }
        Ok(Self::default())
    }
}

fn unreadable(path: &Path, source: io::Error) -> SettingsError {
    SettingsError::Read { path: path.to_owned(), source }
}

fn parse(path: &Path, text: &str) -> Result<Settings, SettingsError> {
    let mut settings: Settings = toml::from_str(text).map_err(|error| SettingsError::Parse {
        path: path.to_owned(),
        line: error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1),
        why: error.message().to_owned(),
    })?;
    if let (Some(plugin), Some(directory)) = (&mut settings.plugin, path.parent())
        && plugin.components().count() > 1
    {
        *plugin = directory.join(&plugin);
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<Settings, String> {
        parse(Path::new("/etc/lab/launchway.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_names_the_plugin_its_arguments_and_the_user() {
        let read = settings(
            "plugin = \"bin/launcher\"\nargs = [\"--unprivileged=1\"]\nuser = \"mara\"\n[env]\nRUST_LOG = \"debug\"\n",
        );
        let expected = Settings {
            plugin: Some("/etc/lab/bin/launcher".into()),
            args: vec!["--unprivileged=1".to_owned()],
            env: BTreeMap::from([("RUST_LOG".to_owned(), "debug".to_owned())]),
            user: Some("mara".to_owned()),
        };
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn a_bare_name_is_left_to_the_search_in_path_and_an_absolute_path_stays() {
        let plugin = |text| settings(text).unwrap().plugin;
        assert_eq!(plugin("plugin = 'launcher'"), Some("launcher".into()));
        assert_eq!(plugin("plugin = '/opt/launcher'"), Some("/opt/launcher".into()));
        assert_eq!(plugin("plugin = './launcher'"), Some("/etc/lab/./launcher".into()));
    }

    #[test]
    fn a_mistake_is_reported_with_file_and_line() {
        insta::assert_snapshot!(settings("user = 'x'\nplugins = 'y'\n").unwrap_err(), @"/etc/lab/launchway.toml:2: unknown field `plugins`, expected one of `plugin`, `args`, `env`, `user`");
        insta::assert_snapshot!(settings("\nuser = 3\n").unwrap_err(), @"/etc/lab/launchway.toml:2: invalid type: integer `3`, expected a string");
        insta::assert_snapshot!(settings("user = \n").unwrap_err(), @"/etc/lab/launchway.toml:1: string values must be quoted, expected literal string");
    }
}
