//! What templates of an administrator see of the machine.

use std::ffi::OsString;
use std::net::IpAddr;
use std::time::Duration;

use helm_template::System;
use helm_template::world::{Environment, Moment, ProgramResult, ProgramRules, Unanswered, World};

/// The variables that programs of `exec` see, if they are set. The plugin's environment is not theirs: it may hold secrets.
const PASSED_ON: [&str; 9] =
    ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"];

/// The machine, seen by a template: clock, chance, names of hosts, groups of users, and programs under rules. No cluster, and
/// no environment.
#[derive(Clone, Debug)]
pub(super) struct PluginWorld {
    programs: ProgramRules,
}

impl PluginWorld {
    pub(super) fn new(exec_limit: Duration) -> Self {
        let variable = |name: &str| Some((OsString::from(name), std::env::var_os(name)?));
        let environment = Environment::Only(PASSED_ON.into_iter().filter_map(variable).collect());
        Self { programs: ProgramRules { time_limit: Some(exec_limit), environment } }
    }
}

impl World for PluginWorld {
    fn now(&self) -> Moment {
        System.now()
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unanswered> {
        System.fill_random(bytes)
    }

    fn local_zone(&self) -> String {
        System.local_zone()
    }

    fn addresses(&self, host: &str) -> Vec<IpAddr> {
        System.addresses(host)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> ProgramResult {
        self.programs.run(program, arguments)
    }

    fn groups(&self, user: &str) -> Result<Vec<String>, Unanswered> {
        // As the product's document says: whatever that command knows, from whichever directory service.
        let result = self.programs.run("groups", &[user]);
        if result.exit_code != 0 {
            let told = String::from_utf8_lossy(&result.stderr).trim().to_owned();
            return Err(Unanswered::new(if told.is_empty() {
                result.error.unwrap_or_default()
            } else {
                told
            }));
        }
        let text = String::from_utf8_lossy(&result.stdout).into_owned();
        // `user : group group`
        let groups = text.rsplit_once(" : ").map_or(text.as_str(), |(_, groups)| groups);
        Ok(groups.split_whitespace().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_those_that_the_command_tells() {
        let world = PluginWorld::new(Duration::from_secs(60));
        assert!(world.groups("root").expect("groups").contains(&"root".to_owned()));
        let error = world.groups("nobody-of-this-name").expect_err("unknown");
        assert!(error.to_string().contains("nobody-of-this-name"), "{error}");
    }

    #[test]
    fn programs_do_not_see_the_environment_of_the_plugin() {
        let world = PluginWorld::new(Duration::from_secs(60));
        let seen = String::from_utf8_lossy(&world.run("env", &[]).stdout).into_owned();
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "cargo sets it for tests");
        assert!(!seen.contains("CARGO_MANIFEST_DIR"), "{seen}");
        assert!(seen.contains("PATH="), "{seen}");
    }
}
