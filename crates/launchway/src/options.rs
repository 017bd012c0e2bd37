//! How a client behaves towards a plugin.

use std::time::Duration;

use launcher_api::frame::MAX_MESSAGE_SIZE;
use launcher_api::{API_VERSION, ApiVersion};

/// How a client behaves. The default is what a Launcher does.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The version told in Bootstrap. Default: [`API_VERSION`].
    pub version: ApiVersion,
    /// How often heartbeats go both ways; three missing ones are the plugin's death. `None`: none are sent and none
    /// are missed. Default: 5 s. [`PluginClient::start`](crate::PluginClient::start) takes what its command says.
    pub heartbeat: Option<Duration>,
    /// How long an answer may take. Default: 120 s, a Launcher's `request-timeout-seconds`.
    pub request_timeout: Duration,
    /// How long the answer to Bootstrap may take. Default: 120 s, a Launcher's `bootstrap-timeout-seconds`.
    pub bootstrap_timeout: Duration,
    /// Who asks, told for the plugin's log beside the user acted for. `None`: that user.
    pub request_username: Option<String>,
    /// Messages that wait for the reader of one stream before the plugin is held back. Default: 256.
    pub stream_queue: usize,
    /// How long the reader of a stream with a full queue may hold everything back before that stream is canceled.
    /// `None`: for ever. Default: 30 s.
    pub reader_patience: Option<Duration>,
    /// Messages that a [`Tap`](crate::Tap) may be behind. Default: 4096.
    pub tap_queue: usize,
    /// The largest message in bytes, either way. Default: [`MAX_MESSAGE_SIZE`].
    pub max_message_size: usize,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            version: API_VERSION,
            heartbeat: Some(Duration::from_secs(5)),
            request_timeout: Duration::from_secs(120),
            bootstrap_timeout: Duration::from_secs(120),
            request_username: None,
            stream_queue: 256,
            reader_patience: Some(Duration::from_secs(30)),
            tap_queue: 4096,
            max_message_size: MAX_MESSAGE_SIZE,
        }
    }
}
