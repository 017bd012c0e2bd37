//! Signals (plugin API 1.7): TERM and INT end the plugin in order, HUP reads the profiles again. PIPE is ignored by
//! every Rust program.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// TERM and INT; from here on neither ends the process by itself.
pub(super) struct Ending {
    terminate: Signal,
    interrupt: Signal,
}

impl Ending {
    pub(super) fn install() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// The first of them.
    pub(super) async fn wait(mut self) {
        let name = tokio::select! {
            _ = self.terminate.recv() => "TERM",
            _ = self.interrupt.recv() => "INT",
        };
        tracing::info!("the signal {name} ends the plugin");
    }
}

/// HUP; from here on it does not end the process.
pub(super) struct Hangups(Signal);

impl Hangups {
    pub(super) fn install() -> io::Result<Self> {
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// The next one; `None` if there can be no more.
    pub(super) async fn next(&mut self) -> Option<()> {
        self.0.recv().await
    }
}
