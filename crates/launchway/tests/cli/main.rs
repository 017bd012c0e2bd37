//! The program as a user meets it: each file of `cases` holds command lines, and its snapshot what came of them.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod cluster;
mod desk;
mod readme;
mod signals;

use desk::Desk;

/// The commands of a case: `$ launchway …`, followed by `< ` lines for its standard input.
fn commands(case: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in case.lines() {
        if let Some(command) = line.strip_prefix("$ launchway") {
            commands.push((command.trim().to_owned(), String::new()));
        } else if let (Some(text), Some((_, stdin))) = (line.strip_prefix("< "), commands.last_mut()) {
            stdin.push_str(text);
            stdin.push('\n');
        }
    }
    commands
}

fn check(case: &str) {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/cases");
    let text = std::fs::read_to_string(format!("{directory}/{case}.txt")).unwrap();
    let desk = Desk::new();
    let commands = commands(&text);
    assert!(!commands.is_empty(), "{case} has no commands");
    let transcript: Vec<String> =
        commands.iter().map(|(command, stdin)| desk.run(command, stdin).transcript(command)).collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(case, transcript.join("\n"));
    });
}

macro_rules! cases {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )*

        #[test]
        fn every_case_is_run() {
            let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/cases");
            let mut files: Vec<String> = std::fs::read_dir(directory)
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap().replace(".txt", ""))
                .collect();
            files.sort();
            let mut run = vec![$(stringify!($name)),*];
            run.sort_unstable();
            assert_eq!(files, run);
        }
    };
}

cases! {
    controlling_jobs
    help
    information
    listing_jobs
    plugins_that_fail
    raw_messages
    reading_output
    running_jobs
    settings
    states_of_jobs
    submitting_jobs
    wrong_command_lines
}

#[test]
fn each_shell_is_told_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let script = Desk::new().run(&format!("completions {shell}"), "").stdout;
        for command in ["run", "submit", "ps", "status", "logs", "stop", "top", "cluster", "raw"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
}
