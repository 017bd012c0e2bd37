//! Configuration: as written ([`Written`]) and as meant ([`Settings`]). Only the second leaves this module.
//!
//! Order of strength: configuration file, command line, what Kubernetes tells its pods, built-in default.

mod connection;
mod error;
mod file;
mod launcher_conf;
mod location;
mod origin;
mod settings;
mod shared_scratch;
mod surroundings;
mod template_folder;
mod warning;
mod written;

use std::io;
use std::path::PathBuf;

pub use connection::{Connection, Token};
pub use error::{ConfigError, ConfigErrors, InClusterAuthorityError};
pub use location::{CONFIG_FILE_NAME, PROFILES_FILE_NAME, config_directory};
pub use origin::{FileLine, Origin};
pub use settings::{LogSettings, ProcessSettings, Settings};
pub use surroundings::Surroundings;
pub(crate) use template_folder::{ChosenTemplates, template_folder};
pub use warning::ConfigWarning;
pub use written::{Entry, Written};

use crate::command_line::CommandLine;
use crate::option::jobs::PROFILE_CONFIG;
use crate::option::process::CONFIG_FILE;
use crate::profiles::{self, ProfilesFile};

/// A configuration that can be worked with, and what is odd about it.
#[derive(Debug)]
pub struct Loaded {
    /// What is meant.
    pub settings: Settings,
    /// Oddities, in the order in which they were met.
    pub warnings: Vec<ConfigWarning>,
    /// Facts worth a line in a debug log: every option written, where, and which are ignored.
    pub notes: Vec<String>,
}

/// Reads the configuration file that belongs to a command line, and the profiles, and checks all of them.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn load(line: CommandLine, surroundings: &Surroundings) -> Result<Loaded, ConfigErrors> {
    let Gathered { written, config_file, errors, warnings } = gather(line, surroundings);
    let reading = Reading { written: &written, surroundings, config_file, errors, warnings };
    let (settings, warnings) = reading.settings()?;
    Ok(Loaded { settings, warnings, notes: notes(&written) })
}

/// Reads the profiles that belong to a command line, whatever else the configuration says. Returns their file, too.
///
/// # Errors
/// Everything that is wrong with the profiles, or keeps their file from being known.
pub fn load_profiles(
    line: CommandLine,
    surroundings: &Surroundings,
) -> Result<(PathBuf, ProfilesFile), ConfigErrors> {
    let Gathered { written, mut errors, .. } = gather(line, surroundings);
    let path = profiles_path(&written, surroundings, &mut errors);
    if !errors.is_empty() {
        return Err(ConfigErrors::new(errors));
    }
    let read = profiles::load(&path, &**surroundings.directory());
    let file = read.map_err(|all| ConfigErrors::new(all.into_iter().map(ConfigError::Profile).collect()))?;
    Ok((path, file))
}

fn profiles_path(written: &Written, surroundings: &Surroundings, errors: &mut Vec<ConfigError>) -> PathBuf {
    let named = PROFILE_CONFIG.read(written, errors);
    named.unwrap_or_else(|| config_directory(surroundings).join(PROFILES_FILE_NAME))
}

/// All that is written.
struct Gathered {
    written: Written,
    config_file: PathBuf,
    errors: Vec<ConfigError>,
    warnings: Vec<ConfigWarning>,
}

fn gather(line: CommandLine, surroundings: &Surroundings) -> Gathered {
    let CommandLine { mut written, mut warnings, mut errors, .. } = line;
    let named = CONFIG_FILE.read(&written, &mut errors);
    let is_named = named.is_some();
    let path = named.unwrap_or_else(|| config_directory(surroundings).join(CONFIG_FILE_NAME));
    match std::fs::read(&path) {
        Ok(bytes) => file::read(&path, &bytes, &mut written, &mut errors),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if is_named {
                warnings.push(ConfigWarning::ConfigFileMissing { path: path.clone() });
            }
        }
        Err(cause) => errors.push(ConfigError::FileUnreadable { path: path.clone(), cause }),
    }
    Gathered { written, config_file: path, errors, warnings }
}

/// Configuration being turned from what is written into what is meant.
struct Reading<'a> {
    written: &'a Written,
    surroundings: &'a Surroundings,
    config_file: PathBuf,
    errors: Vec<ConfigError>,
    warnings: Vec<ConfigWarning>,
}

fn notes(written: &Written) -> Vec<String> {
    use crate::option::{Support, Visibility, find};
    let mut notes = Vec::new();
    for (name, entry) in written.entries() {
        let Some(definition) = find(name).map(crate::option::AnyOption::definition) else { continue };
        let value = match definition.visibility {
            Visibility::Shown => entry.text.as_str(),
            Visibility::Secret => "••••••",
        };
        let ignored = match definition.support {
            Support::Ignored(why) => format!(", ignored: {why}"),
            Support::Served => String::new(),
        };
        notes.push(format!("{name}={value} ({}{ignored})", entry.origin));
    }
    notes
}
