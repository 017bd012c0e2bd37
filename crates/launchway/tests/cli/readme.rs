//! The README's tour shows real output.

use crate::desk::{Desk, hide_times};

/// A command of the tour and what is said to come of it.
struct Shown {
    command: String,
    output: String,
}

/// The commands of `console` blocks that are nothing but this program, perhaps followed by `; echo $?`.
fn shown(readme: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    let mut in_console = false;
    // Output belongs to the command before it, unless that one is not run here.
    let mut belongs = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            in_console = line == "```console";
            belongs = false;
        } else if let (true, Some(command)) = (in_console, line.strip_prefix("$ ")) {
            belongs = command.starts_with("launchway ") && !command.contains('|');
            if belongs {
                let command = command.strip_prefix("launchway ").unwrap_or(command);
                shown.push(Shown { command: command.to_owned(), output: String::new() });
            }
        } else if let (true, Some(last)) = (in_console && belongs, shown.last_mut()) {
            last.output.push_str(line);
            last.output.push('\n');
        }
    }
    shown
}

/// The file that the tour writes with `cat > NAME <<'END'`.
fn written<'r>(readme: &'r str, name: &str) -> &'r str {
    let (_, after) = readme.split_once(&format!("cat > {name} <<'END'\n")).unwrap();
    after.split_once("END\n").unwrap().0
}

#[test]
fn every_command_of_the_tour_does_what_is_shown() {
    let desk = Desk::new();
    let readme = include_str!("../../README.md");
    desk.write("job.tpl", written(readme, "job.tpl"));
    let tour = shown(readme);
    assert!(tour.len() > 10, "only {} commands were found", tour.len());
    for Shown { command, output } in tour {
        let (line, tells_code) = match command.strip_suffix("; echo $?") {
            Some(line) => (line, true),
            None => (command.as_str(), false),
        };
        let outcome = desk.run(line, "");
        let mut real = format!("{}{}", outcome.stdout, outcome.stderr);
        if let (true, Some(code)) = (tells_code, outcome.code) {
            real.push_str(&format!("{code}\n"));
        }
        let told = hide_times(&output.replace("target/debug/examples/scripted-plugin", "PLUGIN"));
        assert_eq!(real, told, "launchway {command}");
    }
}
