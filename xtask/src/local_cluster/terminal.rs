//! Progress for the person who waits: a line a step, with its time.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use local_kubernetes::Progress;

/// Writes to stderr: stdout is for what was asked for.
pub(crate) struct Terminal {
    live: bool,
    shown_seconds: u64,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        Terminal { live: std::io::stderr().is_terminal(), shown_seconds: 0 }
    }

    fn write(&self, text: &str) {
        // A closed stderr is nobody to tell.
        let mut out = std::io::stderr().lock();
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
    }
}

impl Progress for Terminal {
    fn begins(&mut self, step: &str) {
        self.shown_seconds = 0;
        if self.live {
            self.write(step);
        }
    }

    fn goes_on(&mut self, step: &str, since: Duration) {
        if self.live && since.as_secs() > self.shown_seconds {
            self.shown_seconds = since.as_secs();
            self.write(&format!("\r{step:<40} {:>7} s ", since.as_secs()));
        }
    }

    fn ends(&mut self, step: &str, took: Duration) {
        let start = if self.live { "\r" } else { "" };
        self.write(&format!("{start}{step:<40} {:>7.1} s\n", took.as_secs_f64()));
    }
}
