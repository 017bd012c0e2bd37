//! The client: a plugin that was started and bootstrapped, and how it ends.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use launcher_api::message_type::RequestType;
use launcher_api::request::Bootstrap;
use launcher_api::response::Metrics;
use launcher_api::{ApiVersion, RequestBody, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::process::{EXIT_PATIENCE, PluginProcess};
use crate::session::{Answer, Order, Session, Shared};
use crate::stream::Ends;
use crate::{
    Asked, ClientError, ClientOptions, EndedBy, Gone, PluginCommand, PluginExit, ProtocolFault, StartError,
    Tap,
};

/// Orders that wait for the session's task before those who give them wait.
const ORDER_QUEUE: usize = 256;

/// A running plugin, driven as a Launcher would.
///
/// All methods take `&self`: put it into an [`Arc`] to ask from several tasks at once. Dropped without
/// [`close`](Self::close), it kills the plugin.
///
/// Streams and answers share one connection, as they do in a Launcher. When the reader of a stream does not keep up,
/// the plugin is held back and so is every answer behind: read streams in tasks of their own, or see
/// [`ClientOptions::reader_patience`].
#[derive(Debug)]
pub struct PluginClient {
    orders: mpsc::Sender<Order>,
    shared: Arc<Shared>,
    options: ClientOptions,
    version: ApiVersion,
    session: JoinHandle<()>,
    process: Option<PluginProcess>,
}

impl PluginClient {
    /// Starts a plugin and bootstraps it.
    ///
    /// # Errors
    /// [`StartError`], with the plugin's last words if it had any.
    pub async fn start(command: &PluginCommand) -> Result<Self, StartError> {
        Self::start_with(command, ClientOptions::default()).await
    }

    /// As [`start`](Self::start), with options. The heartbeat is the command's.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_with(command: &PluginCommand, options: ClientOptions) -> Result<Self, StartError> {
        let options = ClientOptions { heartbeat: command.heartbeat_interval(), ..options };
        let (process, stdin, stdout) = PluginProcess::start(command)?;
        let mut client = Self::connect(stdout, stdin, options);
        client.process = Some(process);
        match client.bootstrap().await {
            Ok(version) => {
                client.version = version;
                Ok(client)
            }
            Err(source) => Err(client.give_up_start(command.program.clone(), source).await),
        }
    }

    /// Bootstraps a plugin that speaks over any pair of byte streams: `input` is what it writes, `output` what it reads.
    ///
    /// # Errors
    /// [`ClientError::Plugin`] if it refuses, [`ClientError::Version`] if it speaks another major version.
    pub async fn over<R, W>(input: R, output: W, options: ClientOptions) -> Result<Self, ClientError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let mut client = Self::connect(input, output, options);
        client.version = client.bootstrap().await?;
        Ok(client)
    }

    /// The version that the plugin told in its answer to Bootstrap.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The options that this client was made with.
    pub fn options(&self) -> &ClientOptions {
        &self.options
    }

    /// The plugin's process id; `None` if it is no process of this client or has ended.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().and_then(PluginProcess::pid)
    }

    /// The last lines of the plugin's standard error, oldest first; empty if it is inherited.
    pub fn stderr_tail(&self) -> Vec<String> {
        self.process.as_ref().map(PluginProcess::stderr_tail).unwrap_or_default()
    }

    /// A view of all messages that go over the wire from now on.
    pub fn tap(&self) -> Tap {
        Tap::new(self.shared.tap.subscribe(), self.shared.gone.subscribe())
    }

    /// What the plugin did wrong so far that no request was told of, and the gaps of streams; the first 64.
    pub fn faults(&self) -> Vec<ProtocolFault> {
        self.shared.faults.borrow().clone()
    }

    /// The plugin's last metrics, and news of them; `None` until the first.
    pub fn metrics(&self) -> watch::Receiver<Option<Metrics>> {
        self.shared.metrics.subscribe()
    }

    /// Waits until the connection is over, and tells how.
    pub async fn gone(&self) -> Gone {
        let mut gone = self.shared.gone.subscribe();
        let why = gone.wait_for(Option::is_some).await.map(|why| why.clone());
        why.ok().flatten().unwrap_or(Gone::ClosedHere)
    }

    /// Sends a message as it is: any bytes, to which only the length is added. What it leads to is seen by
    /// [`tap`](Self::tap).
    ///
    /// # Errors
    /// [`ClientError::TooLarge`] and [`ClientError::Gone`].
    pub async fn raw(&self, payload: impl Into<Bytes>) -> Result<(), ClientError> {
        let (sent, answer) = oneshot::channel();
        let order = Order::Raw { payload: payload.into(), sent };
        self.give(order, Asked::Message).await?;
        answer.await.unwrap_or_else(|_| Err(self.gone_error(Asked::Message)))
    }

    /// Ends the plugin as section 10.9 of the API says: cancels the streams, closes its input, waits
    /// [`EXIT_PATIENCE`], then SIGTERM, then SIGKILL.
    ///
    /// # Errors
    /// [`ClientError::Wait`] or [`ClientError::Signal`] when the operating system refuses.
    pub async fn close(mut self) -> Result<PluginExit, ClientError> {
        // If the session has ended already there is nothing left to close.
        let _ended_already = self.orders.send(Order::Close).await;
        match self.process.take() {
            Some(mut process) => process.end().await,
            None => {
                let ended_by = match timeout(EXIT_PATIENCE, &mut self.session).await {
                    Ok(_) => EndedBy::Itself,
                    Err(_) => EndedBy::Kill,
                };
                Ok(PluginExit { status: None, ended_by, stderr: Vec::new() })
            }
        }
    }

    /// Gives the plugin some time to exit by itself, without being asked to, and then kills it. For a plugin that
    /// has failed: it is likely to be ending, and its exit status tells why.
    ///
    /// # Errors
    /// As [`close`](Self::close).
    pub async fn kill_after(mut self, patience: Duration) -> Result<PluginExit, ClientError> {
        match self.process.take() {
            Some(mut process) => process.kill_after(patience).await,
            None => Ok(PluginExit { status: None, ended_by: EndedBy::Kill, stderr: Vec::new() }),
        }
    }

    /// Kills the plugin at once.
    ///
    /// # Errors
    /// As [`close`](Self::close).
    pub async fn kill(self) -> Result<PluginExit, ClientError> {
        self.kill_after(Duration::ZERO).await
    }

    fn connect<R, W>(input: R, output: W, options: ClientOptions) -> Self
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let (orders, receiver) = mpsc::channel(ORDER_QUEUE);
        let shared = Arc::new(Shared {
            tap: broadcast::Sender::new(options.tap_queue),
            faults: watch::Sender::default(),
            metrics: watch::Sender::default(),
            gone: watch::Sender::default(),
        });
        let session = Session::new(input, output, receiver, Arc::clone(&shared), options.clone());
        let session = tokio::spawn(session.run());
        Self { orders, shared, version: options.version, options, session, process: None }
    }

    async fn bootstrap(&self) -> Result<ApiVersion, ClientError> {
        let ours = self.options.version;
        let body = RequestBody::Bootstrap(Bootstrap { version: ours });
        let version = match self.ask_within(body, self.options.bootstrap_timeout).await? {
            Response::Bootstrap(answer) => answer.version,
            other => {
                let why = format!("a message of type {} came instead", other.message_type());
                return Err(ClientError::Unfitting { what: RequestType::Bootstrap.into(), why });
            }
        };
        if !version.is_compatible_with(ours) {
            return Err(ClientError::Version { plugin: version, ours });
        }
        self.give(Order::Bootstrapped, RequestType::Bootstrap.into()).await?;
        Ok(version)
    }

    async fn give_up_start(self, program: PathBuf, source: ClientError) -> StartError {
        let exit = match &source {
            // It is alive: it may end as usual.
            ClientError::Plugin { .. } | ClientError::Version { .. } => self.close().await,
            _ => self.kill_after(Duration::from_secs(1)).await,
        };
        StartError::Bootstrap { program, source, exit: exit.ok() }
    }

    /// Sends a request and waits for its one answer.
    pub(crate) async fn ask(&self, body: RequestBody) -> Result<Response, ClientError> {
        self.ask_within(body, self.options.request_timeout).await
    }

    async fn ask_within(&self, body: RequestBody, patience: Duration) -> Result<Response, ClientError> {
        let what = body.message_type().into();
        let (answer, answered) = oneshot::channel();
        let asking = async {
            self.give(Order::Ask { body, answer: Answer(answer) }, what).await?;
            answered.await.unwrap_or_else(|_| Err(self.gone_error(what)))
        };
        match timeout(patience, asking).await {
            Ok(result) => result,
            Err(_) => Err(ClientError::Timeout { what, after: patience }),
        }
    }

    /// Opens a stream. Whatever goes wrong after this is told by the stream itself.
    pub(crate) async fn open<S>(&self, body: RequestBody, ends: Ends<S>) -> Result<S, ClientError> {
        let what = body.message_type().into();
        self.give(Order::Open { body, sink: ends.sink, reader: ends.reader }, what).await?;
        Ok(ends.stream)
    }

    async fn give(&self, order: Order, what: Asked) -> Result<(), ClientError> {
        self.orders.send(order).await.map_err(|_| self.gone_error(what))
    }

    fn gone_error(&self, what: Asked) -> ClientError {
        let why = self.shared.gone.borrow().clone().unwrap_or(Gone::ClosedHere);
        ClientError::Gone { what, why }
    }
}
