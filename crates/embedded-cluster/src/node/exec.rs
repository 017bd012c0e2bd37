//! Exec: a command beside a container's main process.
//!
//! # How a script finds the main process
//!
//! On a real cluster a script that is exec'd to send a signal looks for the process whose parent is 0 in its own
//! cgroup. Here there is neither a PID namespace nor a cgroup: `/proc` is the host's, `/proc/self/cgroup` is the same
//! for everything, and the parent of both the main process and the exec'd one is the embedded cluster's own process.
//! So the script goes by the environment (`/proc/PID/environ`):
//!
//! | variable | main process and its children | exec'd process and its children |
//! | --- | --- | --- |
//! | `HOSTNAME` | the pod's name | the same |
//! | `CONTAINER_ID` | 64 hexadecimal digits | the same |
//! | `CONTAINER_NAME` | the container's name | not set |
//!
//! Every main process and every exec'd process leads a session and process group of its own. The main process is the
//! one whose environment has the pod's `HOSTNAME` and the container's `CONTAINER_NAME`, whose session is its own pid
//! (field 6 of `/proc/PID/stat`), and whose parent is not such a process. An exec'd process, the script itself
//! included, never is: it has no `CONTAINER_NAME`.
//!
//! What an exec'd command leaves running stays until the container ends, as on a real node.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::ChildStdin;
use tokio::sync::{mpsc, oneshot};

use super::connectivity::Connectivity;
use super::kubelet::runtime::LiveContainer;
use super::kubelet::{CONTAINER_NAME, new_id};
use super::process::spawn::Input;
use super::process::{ProcessSpec, exit_code};
use super::tasks::Tasks;
use super::{ExecQuery, RemoteIo, RemoteOutcome};

/// How much is read at once, in bytes.
const READ_SIZE: usize = 32 * 1024;
/// Pieces that may wait for a slow client, in each direction.
const WAITING_PIECES: usize = 2;
/// How the text of a command that cannot be started begins.
const NOT_STARTED: &str = "Internal error occurred: error executing command in container: failed to exec in container: failed to start exec";

/// Starts a command in a running container.
pub(super) fn open(
    container: &Arc<LiveContainer>,
    query: &ExecQuery,
    connectivity: Connectivity,
    tasks: &Tasks,
) -> RemoteIo {
    let (outcome, result) = oneshot::channel();
    let mut io = RemoteIo { stdin: None, stdout: None, stderr: None, outcome: result };
    let Some((program, arguments)) = query.command.split_first() else {
        return failed(io, query, outcome, "args must not be empty");
    };
    let resolved = container.programs.resolve(program.clone(), arguments.to_vec());
    let (program, arguments) = match resolved {
        Ok(resolved) => resolved,
        Err(error) => {
            let why = format!("unable to start container process: {error}");
            return failed(io, query, outcome, &why);
        }
    };
    let environment = container.environment.iter().filter(|(name, _)| name != CONTAINER_NAME);
    let spec = ProcessSpec {
        program,
        arguments,
        environment: environment.cloned().collect(),
        working_directory: container.working_directory.clone(),
        input: if query.stdin { Input::Pipe } else { Input::Empty },
        identity: container.identity,
    };
    let mut process = match spec.spawn() {
        Ok(process) => process,
        Err(error) => {
            let why = format!("unable to start container process: {error}");
            return failed(io, query, outcome, &why);
        }
    };
    let session = container.leftovers.add(process.pid);
    if let Some(stdin) = process.stdin.take() {
        let (sender, pieces) = mpsc::channel(WAITING_PIECES);
        tasks.spawn(write(stdin, pieces));
        io.stdin = Some(sender);
    }
    let (stdout, stdout_end) = mpsc::channel(WAITING_PIECES);
    let (stderr, stderr_end) = mpsc::channel(WAITING_PIECES);
    io.stdout = query.stdout.then_some(stdout_end);
    io.stderr = query.stderr.then_some(stderr_end);
    let outputs = (process.stdout.take(), process.stderr.take());
    tasks.spawn(async move {
        let copied = async { tokio::join!(copy(outputs.0, stdout), copy(outputs.1, stderr)) };
        let ended = async {
            let status = process.wait().await;
            drop(session);
            status
        };
        tokio::select! {
            (status, _) = async { tokio::join!(ended, copied) } => {
                let outcome_is = match status.map_or(255, exit_code) {
                    0 => RemoteOutcome::Success,
                    code => RemoteOutcome::ExitCode(code),
                };
                // The client may be gone.
                let _ = outcome.send(outcome_is);
            }
            // Without an outcome, as when a kubelet dies; the command goes on.
            () = connectivity.cut() => drop(outcome),
        }
    });
    io
}

/// The streams are open all the same, and end at once.
fn failed(
    mut io: RemoteIo,
    query: &ExecQuery,
    outcome: oneshot::Sender<RemoteOutcome>,
    why: &str,
) -> RemoteIo {
    let ended = || mpsc::channel(1).1;
    io.stdout = query.streams.stdout.then(ended);
    io.stderr = query.streams.stderr.then(ended);
    let exec = new_id();
    let text = format!("{NOT_STARTED} \"{exec}\": OCI runtime exec failed: exec failed: {why}");
    // Its receiver is in `io`.
    let _ = outcome.send(RemoteOutcome::NotStarted(text));
    io
}

/// Reads an output to its end; a client that does not want it, or is gone, is not waited for.
async fn copy(output: Option<impl AsyncRead + Unpin>, to: mpsc::Sender<Bytes>) {
    let Some(mut output) = output else { return };
    let mut buffer = BytesMut::with_capacity(READ_SIZE);
    loop {
        buffer.reserve(READ_SIZE);
        match output.read_buf(&mut buffer).await {
            Ok(0) | Err(_) => return,
            // An error means that nobody reads: the output is dropped, not the command.
            Ok(_) => drop(to.send(buffer.split().freeze()).await),
        }
    }
}

async fn write(mut stdin: ChildStdin, mut pieces: mpsc::Receiver<Bytes>) {
    while let Some(bytes) = pieces.recv().await {
        if stdin.write_all(&bytes).await.is_err() {
            return;
        }
    }
}
