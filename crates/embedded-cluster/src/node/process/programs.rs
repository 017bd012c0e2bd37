//! Which programs an image has.
//!
//! Every image has the host's, but one whose name ends in `bare` (`embedded:bare`, `docker.io/library/bare:local`): it
//! stands for an image without a shell. It has one program, which is also its entrypoint:
//!
//! | | |
//! | --- | --- |
//! | `/bare sleep SECONDS` | ends after that time, or by SIGTERM |
//! | `/bare ignore SECONDS` | the same; it takes SIGKILL |
//! | `/bare handle SECONDS` | the same; on SIGTERM prints `bye` and exits with code 5 |
//! | `/bare print TEXT…` | prints the texts |
//! | `/bare cat` | copies its input to its output |
//!
//! Underneath, the host's shell does it; nobody inside can ask for that.

use nix::errno::Errno;

use super::spawn::SpawnError;

/// The only program of a bare image.
const BARE: &str = "/bare";

/// What it does, as a script: its words are the script's arguments.
const SCRIPT: &str = r#"
case "$1" in
  sleep) exec sleep "$2" ;;
  ignore) trap '' TERM; exec sleep "$2" ;;
  handle) trap 'echo bye; exit 5' TERM; sleep "$2" & wait $! ;;
  print) shift; printf '%s\n' "$*" ;;
  cat) exec cat ;;
  *) echo "bare: cannot $1" >&2; exit 2 ;;
esac"#;

/// The programs of one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::node) enum Programs {
    /// All that the host has.
    Host,
    /// `/bare` and nothing else.
    Bare,
}

impl Programs {
    /// What an image has, by its name.
    pub(in crate::node) fn of_image(image: &str) -> Self {
        let last = image.rsplit('/').next().unwrap_or(image);
        let (name, tag) = last.split_once(':').unwrap_or((last, ""));
        if name == "bare" || tag == "bare" { Self::Bare } else { Self::Host }
    }

    /// The words of a container that names no command.
    pub(in crate::node) fn entrypoint(self) -> Option<&'static str> {
        match self {
            Self::Host => None,
            Self::Bare => Some(BARE),
        }
    }

    /// The program and arguments to really start.
    ///
    /// # Errors
    /// The image does not have the program; in the words of a runtime.
    pub(in crate::node) fn resolve(
        self,
        program: String,
        arguments: Vec<String>,
    ) -> Result<(String, Vec<String>), SpawnError> {
        match self {
            Self::Host => Ok((program, arguments)),
            Self::Bare if program == BARE => {
                let mut words = vec!["-c".to_owned(), SCRIPT.to_owned(), BARE.to_owned()];
                words.extend(arguments);
                Ok(("/bin/sh".to_owned(), words))
            }
            Self::Bare if program.contains('/') => {
                Err(SpawnError::NoSuchFile { program, source: Errno::ENOENT.into() })
            }
            Self::Bare => Err(SpawnError::NotInPath { program }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Programs;

    #[test]
    fn an_image_called_bare_has_one_program() {
        assert_eq!(Programs::of_image("embedded:bare"), Programs::Bare);
        assert_eq!(Programs::of_image("docker.io/library/bare:local"), Programs::Bare);
        assert_eq!(Programs::of_image("localhost:5000/barely:1"), Programs::Host);
        let resolve = |program: &str| Programs::Bare.resolve(program.to_owned(), Vec::new());
        assert!(resolve("/bare").is_ok());
        assert!(resolve("sh").unwrap_err().to_string().contains("executable file not found in $PATH"));
        assert!(resolve("/bin/sh").unwrap_err().to_string().contains("no such file or directory"));
    }
}
