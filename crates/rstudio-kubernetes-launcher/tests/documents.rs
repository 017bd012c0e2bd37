//! The documents that follow from the options, and the messages that follow from what is wrong around the program.
//!
//! `UPDATE_DOCS=1 cargo test -p rstudio-kubernetes-launcher --test documents` writes the pages in `docs`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use rstudio_kubernetes_launcher::document::{completion, help, reference, sample};
use rstudio_kubernetes_launcher::profiles;

/// Compares a page in the project's `docs` with what it should be, or writes it.
fn check(page: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/{page} is not what the options say: run\n    UPDATE_DOCS=1 cargo test -p rstudio-kubernetes-launcher \
         --test documents"
    );
}

#[test]
fn the_reference_page_says_what_the_options_say() {
    check("configuration.md", &reference::text());
}

#[test]
fn the_sample_file_says_what_the_options_say() {
    check("launcher.kubernetes.conf.sample", &sample::configuration());
}

#[test]
fn the_sample_of_profiles_says_what_the_keys_say() {
    check("launcher.kubernetes.profiles.conf.sample", &sample::profiles());
}

#[test]
fn the_sample_of_profiles_is_a_profiles_file_also_with_every_line_uncommented() {
    let sample = sample::profiles();
    let uncommented: String = sample
        .lines()
        .map(|line| line.strip_prefix(';').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    for text in [&sample, &uncommented] {
        let read = profiles::parse(Path::new("sample"), text.as_bytes());
        assert!(read.is_ok(), "{read:?}");
    }
    assert!(uncommented.contains("\ndefault-container-image="), "{uncommented}");
}

#[test]
fn the_help_teaches() {
    insta::assert_snapshot!("help", help::text());
}

#[test]
fn no_line_of_the_help_is_wider_than_a_page() {
    for line in help::text().lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

#[test]
fn bash_completes_every_option() {
    let script = completion::script(completion::Shell::Bash);
    let asked = format!("{script}\ncomplete -p rstudio-kubernetes-launcher");
    let shell = std::process::Command::new("bash").args(["--norc", "-c", &asked]).output();
    match shell {
        Ok(output) => {
            let known = String::from_utf8(output.stdout).unwrap();
            for option in rstudio_kubernetes_launcher::option::all() {
                assert!(known.contains(&format!("--{}", option.definition().name)), "{known}");
            }
        }
        Err(error) => eprintln!("skipped: there is no bash here ({error})"),
    }
}
