//! Where the configuration files are (plugin API 1.4).

use std::path::{Path, PathBuf};

use super::Surroundings;

/// The plugin's own configuration file, inside the configuration directory.
pub const CONFIG_FILE_NAME: &str = "launcher.kubernetes.conf";
/// The profiles file, inside the configuration directory.
pub const PROFILES_FILE_NAME: &str = "launcher.kubernetes.profiles.conf";

/// The configuration directory: `$RSTUDIO_CONFIG_DIR` if set, with environment variables in it expanded; else the
/// first directory of `$XDG_CONFIG_DIRS` that has a subdirectory `rstudio`; else `/etc/rstudio`.
#[must_use]
pub fn config_directory(surroundings: &Surroundings) -> PathBuf {
    if let Some(directory) = surroundings.variable("RSTUDIO_CONFIG_DIR") {
        return PathBuf::from(expand(directory, surroundings));
    }
    let searched = surroundings.variable("XDG_CONFIG_DIRS").unwrap_or_default();
    searched
        .split(':')
        .filter(|directory| !directory.is_empty())
        .map(|directory| Path::new(directory).join("rstudio"))
        .find(|directory| directory.is_dir())
        .unwrap_or_else(|| PathBuf::from("/etc/rstudio"))
}

/// Replaces `$NAME` and `${NAME}`; a variable that is not set counts as empty, any other `$` stays.
fn expand(text: &str, surroundings: &Surroundings) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        expanded.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, tail) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some(braced) => braced,
            None => after.split_at(
                after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len()),
            ),
        };
        if name.is_empty() {
            expanded.push('$');
        } else {
            expanded.push_str(surroundings.variable(name).unwrap_or_default());
        }
        rest = tail;
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugins_own_variable_comes_first_and_is_expanded() {
        let surroundings = Surroundings::of([
            ("RSTUDIO_CONFIG_DIR", "$BASE/conf/${STAGE}x$"),
            ("BASE", "/srv"),
            ("STAGE", "test"),
            ("XDG_CONFIG_DIRS", "/tmp"),
        ]);
        assert_eq!(config_directory(&surroundings), Path::new("/srv/conf/testx$"));
    }

    #[test]
    fn the_first_existing_rstudio_directory_of_the_search_path_comes_second() {
        let folder = tempfile::tempdir().unwrap();
        let (empty, full) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::create_dir_all(&empty).unwrap();
        std::fs::create_dir_all(full.join("rstudio")).unwrap();
        let search = format!(":{}::{}", empty.display(), full.display());
        let surroundings = Surroundings::of([("RSTUDIO_CONFIG_DIR", ""), ("XDG_CONFIG_DIRS", &search)]);
        assert_eq!(config_directory(&surroundings), full.join("rstudio"));
    }

    #[test]
    fn without_either_it_is_the_products_directory() {
        assert_eq!(config_directory(&Surroundings::of([])), Path::new("/etc/rstudio"));
    }
}
