//! The program as a user meets it: each file of `cases` holds command lines, and its snapshot what came of them.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod cluster;
mod desk;
mod readme;
mod signals;
mod template;

use desk::Desk;

/// What a case holds, line by line: `$ launchway …`, followed by `< ` lines for its standard input; `> FILE`, followed by
/// `| ` lines that are written to it before the next command. Other lines are for the reader.
enum Item {
    Command { line: String, stdin: String },
    File { name: String, text: String },
}

fn items(case: &str) -> Vec<Item> {
    let mut items = Vec::new();
    for line in case.lines() {
        if let Some(command) = line.strip_prefix("$ launchway") {
            items.push(Item::Command { line: command.trim().to_owned(), stdin: String::new() });
        } else if let Some(name) = line.strip_prefix("> ") {
            items.push(Item::File { name: name.to_owned(), text: String::new() });
        } else if let (Some(more), Some(Item::Command { stdin: text, .. })) =
            (line.strip_prefix("< "), items.last_mut())
        {
            text.push_str(more);
            text.push('\n');
        } else if let (Some(more), Some(Item::File { text, .. })) =
            (line.strip_prefix("| "), items.last_mut())
        {
            text.push_str(more);
            text.push('\n');
        }
    }
    items
}

fn check(case: &str) {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/cases");
    let text = std::fs::read_to_string(format!("{directory}/{case}.txt")).unwrap();
    let desk = Desk::new();
    let mut transcripts: Vec<String> = Vec::new();
    for item in items(&text) {
        match item {
            Item::Command { line, stdin } => transcripts.push(desk.run(&line, &stdin).transcript(&line)),
            Item::File { name, text } => desk.write(&name, &text),
        }
    }
    assert!(!transcripts.is_empty(), "{case} has no commands");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(case, transcripts.join("\n"));
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
    templates
    templates_that_fail
    wrong_command_lines
}

#[test]
fn each_shell_is_told_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let script = Desk::new().run(&format!("completions {shell}"), "").stdout;
        for command in ["run", "submit", "ps", "status", "logs", "stop", "top", "cluster", "template", "raw"]
        {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
}
