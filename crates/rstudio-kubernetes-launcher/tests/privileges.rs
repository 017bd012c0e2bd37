//! From root to the server user, on a machine that the test makes up: no test needs root.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rstudio_kubernetes_launcher::config::ProcessSettings;
use rstudio_kubernetes_launcher::privileges::{
    Account, Plan, PrivilegeError, Standing, System, become_user, settle,
};

/// A machine with one user, `rstudio-server`, that writes down what is asked of it.
#[derive(Default)]
struct MadeUp {
    done: RefCell<Vec<String>>,
    stays_root: bool,
    forbids: bool,
}

impl System for MadeUp {
    fn account(&self, name: &str) -> io::Result<Option<Account>> {
        Ok((name == "rstudio-server").then(|| Account { name: name.to_owned(), uid: 998, gid: 997 }))
    }

    fn give(&self, file: &File, account: &Account) -> io::Result<()> {
        let path = std::fs::read_link(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(file)))?;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        self.done.borrow_mut().push(format!("give {name} to {}:{}", account.uid, account.gid));
        Ok(())
    }

    fn give_up_root(&self, account: &Account) -> io::Result<()> {
        if self.forbids {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.done.borrow_mut().push(format!("become {}", account.name));
        Ok(())
    }

    fn could_be_root(&self) -> bool {
        self.stays_root
    }
}

struct Machine {
    folder: tempfile::TempDir,
    process: ProcessSettings,
}

impl Machine {
    fn new(server_user: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = ProcessSettings {
            server_user: server_user.map(str::to_owned),
            scratch_path: folder.path().join("lib/scratch"),
            workers: 1,
            blocking_threads: 1,
        };
        Self { folder, process }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log/launcher/x.log")
    }

    fn settle(&self, system: &MadeUp) -> Result<Standing, PrivilegeError> {
        settle(system, Plan { process: &self.process, log_file: Some(&self.log()) })
    }

    /// Message and help, with the folder's name made the same in every run.
    fn message(&self, error: &PrivilegeError) -> String {
        let help = error.help().unwrap_or_default();
        format!("{error}\nhelp: {help}").replace(self.folder.path().to_str().unwrap(), "[DIR]")
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

#[test]
fn folders_and_log_are_given_away_before_root_is_given_up() {
    let (machine, system) = (Machine::new(Some("rstudio-server")), MadeUp::default());
    let standing = machine.settle(&system).unwrap();
    assert_eq!(
        *system.done.borrow(),
        [
            "give scratch to 998:997",
            "give launcher to 998:997",
            "give x.log to 998:997",
            "become rstudio-server"
        ]
    );
    assert!(standing.warnings.is_empty(), "{:?}", standing.warnings);
    assert_eq!(standing.account.unwrap().uid, 998);
    assert_eq!(mode(&machine.process.scratch_path), 0o755);
    assert_eq!(mode(&machine.log()), 0o600);
}

#[test]
fn whoever_stays_the_same_user_gives_nothing_away() {
    let (machine, system) = (Machine::new(None), MadeUp::default());
    let standing = machine.settle(&system).unwrap();
    assert!(system.done.borrow().is_empty());
    assert_eq!(standing.account, None);
    assert!(machine.process.scratch_path.is_dir());
}

#[test]
fn a_user_that_does_not_exist_is_named() {
    let machine = Machine::new(Some("nobody-here"));
    let error = machine.settle(&MadeUp::default()).unwrap_err();
    insta::assert_snapshot!(machine.message(&error), @r"
    the server-user 'nobody-here' does not exist on this machine
    help: make it with 'useradd --system nobody-here', or set server-user to the user that the Launcher runs as
    ");
    assert!(!machine.process.scratch_path.exists());
}

#[test]
fn a_file_in_place_of_the_scratch_path_is_named_for_every_user() {
    for user in [Some("rstudio-server"), None] {
        let machine = Machine::new(user);
        std::fs::create_dir(machine.folder.path().join("lib")).unwrap();
        std::fs::write(&machine.process.scratch_path, "").unwrap();
        let error = machine.settle(&MadeUp::default()).unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(machine.message(&error), @r"
    the scratch-path '[DIR]/lib/scratch' is not a directory
    help: remove what is there, or set scratch-path elsewhere
    ");
        }
    }
}

#[test]
fn a_directory_of_the_systems_is_never_given_away() {
    let mut machine = Machine::new(Some("rstudio-server"));
    machine.process.scratch_path = PathBuf::from("/tmp");
    let system = MadeUp::default();
    let error = machine.settle(&system).unwrap_err();
    insta::assert_snapshot!(machine.message(&error), @r"
    the scratch-path '/tmp' belongs to the system and cannot be given to 'rstudio-server'
    help: set scratch-path to a directory of the plugin's own, such as /var/lib/rstudio-launcher/Kubernetes
    ");
    assert!(system.done.borrow().is_empty());
}

#[test]
fn a_kernel_that_refuses_is_told_with_what_to_do() {
    let machine = Machine::new(Some("rstudio-server"));
    let error = machine.settle(&MadeUp { forbids: true, ..MadeUp::default() }).unwrap_err();
    insta::assert_snapshot!(machine.message(&error), @r"
    cannot become the server-user 'rstudio-server': permission denied
    help: in a container, allow the capabilities SETUID and SETGID, or start the plugin as that user
    ");
}

#[test]
fn root_within_reach_ends_the_program() {
    let machine = Machine::new(Some("rstudio-server"));
    let error = machine.settle(&MadeUp { stays_root: true, ..MadeUp::default() }).unwrap_err();
    insta::assert_snapshot!(machine.message(&error), @r"
    became the server-user 'rstudio-server', but could still become root again
    help: in a container, allow the capabilities SETUID and SETGID, or start the plugin as that user
    ");
}

#[test]
fn a_log_that_cannot_be_made_does_not_keep_the_plugin_from_starting() {
    let (machine, system) = (Machine::new(Some("rstudio-server")), MadeUp::default());
    std::fs::write(machine.folder.path().join("log"), "").unwrap();
    let standing = machine.settle(&system).unwrap();
    assert_eq!(*system.done.borrow(), ["give scratch to 998:997", "become rstudio-server"]);
    let warning = standing.warnings[0].to_string();
    let warning = warning.replace(machine.folder.path().to_str().unwrap(), "[DIR]");
    insta::assert_snapshot!(warning, @"cannot prepare the logging-dir '[DIR]/log/launcher': Not a directory (os error 20)");
}

#[test]
fn a_command_that_only_reads_becomes_the_user_and_gives_nothing_away() {
    let system = MadeUp::default();
    let standing = become_user(&system, "rstudio-server").unwrap();
    assert_eq!(standing.account.unwrap().uid, 998);
    assert_eq!(*system.done.borrow(), ["become rstudio-server"]);
    for (system, user) in [
        (MadeUp::default(), "nobody-here"),
        (MadeUp { forbids: true, ..MadeUp::default() }, "rstudio-server"),
        (MadeUp { stays_root: true, ..MadeUp::default() }, "rstudio-server"),
    ] {
        assert!(become_user(&system, user).is_err(), "{user}");
    }
}
