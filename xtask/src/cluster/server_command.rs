//! How a job serves one line over HTTP: on the embedded cluster it is a process of this machine.

#[derive(Clone, Copy)]
pub(crate) enum ServerCommand {
    /// This program's own `serve-text`.
    ThisProgram,
    /// BusyBox's `nc`.
    BusyBox,
}

impl ServerCommand {
    /// A command that answers HTTP on `port` with `hello from the job`.
    pub(crate) fn on_port(self, port: u16) -> String {
        match self {
            ServerCommand::ThisProgram => {
                let program = std::env::current_exe().unwrap_or_default();
                format!("'{}' serve-text {port} 'hello from the job'", program.display())
            }
            ServerCommand::BusyBox => format!(
                "while :; do printf 'HTTP/1.0 200 OK\\r\\n\\r\\nhello from the job' | nc -l -p {port}; done"
            ),
        }
    }
}
