//! A plugin without a cluster: some jobs stand in its table, and those that are submitted play a line of script.
//! `launchway` can be tried with it, and its own tests run against it.
//!
//! ```text
//! cargo build -p launchway --example scripted-plugin
//! launchway --plugin target/debug/examples/scripted-plugin ps --all
//! launchway --plugin target/debug/examples/scripted-plugin run -- echo hello
//! ```
//!
//! A job's program is one of `echo WORDS`, `cat` (its standard input), `complain WORDS` (on standard error), `exit CODE`,
//! `wait` (runs until it is stopped or killed), `stubborn` (until it is killed), `pend` (never starts), `lose` (Failed) and `crash` (ends this plugin).
//!
//! Flags: `--refuse-bootstrap`, `--old` (tells version 2.0.0), `--garbage` (writes no frames). All others are passed over.

mod known;
mod plugin;
mod script;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use launcher_api::Request;
use launcher_api::frame::{FrameDecoder, MAX_MESSAGE_SIZE};

use crate::plugin::Plugin;

fn main() -> ExitCode {
    let flags: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| flags.iter().any(|flag| flag == name);
    let mut stderr = io::stderr();
    // Standard error is free for text; nobody may read it.
    let _unread = writeln!(stderr, "scripted plugin started with {}", flags.join(" "));
    if has("--garbage") {
        let _unread = io::stdout().write_all(b"Hello, this is a web server\n");
        return ExitCode::from(3);
    }
    let mut plugin = Plugin::new(&flags);
    match serve(&mut plugin) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _unread = writeln!(stderr, "ERROR {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers requests until standard input ends.
fn serve(plugin: &mut Plugin) -> Result<(), Box<dyn std::error::Error>> {
    let mut decoder = FrameDecoder::new(MAX_MESSAGE_SIZE);
    let mut input = io::stdin().lock();
    let mut bytes = [0; 4096];
    loop {
        while let Some(payload) = decoder.next_frame()? {
            match Request::from_json(&payload) {
                Ok(request) => plugin.answer(request)?,
                Err(error) => plugin.refuse_unreadable(&error)?,
            }
        }
        match input.read(&mut bytes)? {
            0 => return Ok(decoder.finish()?),
            count => decoder.push(&bytes[..count]),
        }
    }
}
