//! The whole plugin: its tasks, its input, and its end.

use std::sync::Arc;
use std::time::Duration;

use launcher_api::frame::FrameDecoder;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::backend::Backend;
use crate::context::Context;
use crate::outbox::lanes;
use crate::removal::Removal;
use crate::session::Session;
use crate::table::owner::table;
use crate::writer::Writer;
use crate::{PluginOptions, ServeError};

/// How long requests may take to end when the plugin does.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the Launcher may take to read what is written at the end.
const FLUSH: Duration = Duration::from_secs(1);
/// Bytes read at once.
const READ: usize = 64 * 1024;
/// Expired jobs that wait to be taken over.
const EXPIRED: usize = 16;

/// Serves a Launcher over any pair of byte streams, until the input ends or `shutdown` resolves.
///
/// Then nothing more is read, streams are canceled, requests in flight get five seconds, and the output is flushed.
/// Jobs go on running. The tasks of the plugin end with this future, also if it is dropped.
///
/// # Errors
/// The input is not a sequence of frames or ends inside one, it can't be read, the output can't be written, or a part of
/// the plugin failed. Bad messages, errors of the backend and refused versions are no errors: they are answered.
pub async fn serve<B, I, O>(
    backend: Arc<B>,
    options: PluginOptions,
    input: I,
    output: O,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError>
where
    B: Backend,
    I: AsyncRead + Unpin,
    O: AsyncWrite + Unpin + Send + 'static,
{
    let (outbox, ordered, lanes) = lanes();
    let (expired, expired_jobs) = mpsc::channel(EXPIRED);
    let (jobs, owner) = table(options.job_expiry, options.clock.clone(), ordered, expired);

    let mut parts = Parts::default();
    let writer = Writer::new(output, options.max_message_size, options.heartbeat_interval);
    parts.writer.spawn(writer.run(lanes));
    parts.inner.spawn(async {
        owner.run().await;
        "job table"
    });
    let remover = Arc::clone(&backend);
    parts.inner.spawn(async {
        Removal::default().run(remover, expired_jobs).await;
        "removal of expired jobs"
    });

    let decoder = FrameDecoder::new(options.max_message_size);
    let mut session = Session::new(Context { backend, options: Arc::new(options), jobs, outbox });
    let end = tokio::select! {
        end = read_requests(&mut session, decoder, input) => end,
        failure = parts.fail() => return Err(failure),
        () = shutdown => {
            tracing::info!("the plugin is asked to end");
            Ok(())
        }
    };
    session.close(PATIENCE).await;
    parts.finish().await;
    end
}

/// Handles requests until the input ends.
async fn read_requests<B: Backend>(
    session: &mut Session<B>,
    mut decoder: FrameDecoder,
    mut input: impl AsyncRead + Unpin,
) -> Result<(), ServeError> {
    let mut buffer = vec![0; READ];
    loop {
        while session.has_room()
            && let Some(payload) = decoder.next_frame().map_err(ServeError::Frame)?
        {
            session.handle(payload).await;
        }
        tokio::select! {
            read = input.read(&mut buffer), if session.has_room() => match read.map_err(ServeError::Read)? {
                0 => {
                    tracing::info!("the Launcher has closed the input");
                    return decoder.finish().map_err(ServeError::Frame);
                }
                count => decoder.push(&buffer[..count]),
            },
            () = session.proceed() => {}
        }
    }
}

/// The tasks that live as long as the plugin.
#[derive(Debug, Default)]
struct Parts {
    writer: JoinSet<std::io::Result<()>>,
    /// Each ends with its name.
    inner: JoinSet<&'static str>,
}

impl Parts {
    /// Resolves when one of them ends, which none does while the plugin is well.
    async fn fail(&mut self) -> ServeError {
        tokio::select! {
            Some(written) = self.writer.join_next() => match written {
                Ok(Err(error)) => ServeError::Write(error),
                Ok(Ok(())) | Err(_) => ServeError::Stopped { part: "writer" },
            },
            Some(part) = self.inner.join_next() => ServeError::Stopped { part: part.unwrap_or("inner part") },
            else => ServeError::Stopped { part: "tasks" },
        }
    }

    /// Lets the writer write what is queued, when nobody is left to queue more.
    async fn finish(mut self) {
        match timeout(FLUSH, self.writer.join_next()).await {
            Ok(Some(Ok(Err(error)))) => tracing::debug!("the last messages were not written: {error}"),
            Ok(_) => tracing::info!("the plugin has ended"),
            Err(_) => tracing::warn!("the last messages were not written: the Launcher does not read"),
        }
    }
}
