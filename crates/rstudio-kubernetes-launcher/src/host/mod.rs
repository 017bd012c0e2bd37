//! The running plugin: threads, the backend, signals, and the talk over stdin and stdout.

mod signals;
mod stdio;

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use kubernetes_backend::profiles::SystemDirectory;
use kubernetes_backend::{KubernetesBackend, KubernetesSettings, SetupError, Severity, TokenSource};
use launcher_api::ClusterName;
use launcher_api::response::{ReloadError, ReloadErrorKind};
use launcher_plugin::{Backend as _, PluginOptions, ServeError};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::config::{ProcessSettings, Settings, Token};
use crate::profiles::{self, ProfileError};
use signals::{Ending, Hangups};

/// Why the plugin ended with an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HostError {
    /// The threads cannot be made.
    #[error("cannot start the plugin's threads")]
    Threads(#[source] io::Error),
    /// The signals cannot be waited for.
    #[error("cannot wait for signals")]
    Signals(#[source] io::Error),
    /// Stdin or stdout is of no use.
    #[error("cannot use stdin and stdout for the talk with the Launcher")]
    Stdio(#[source] io::Error),
    /// The backend refuses its settings.
    #[error("cannot set up the connection to the Kubernetes API")]
    Setup(#[source] SetupError),
    /// The talk broke.
    #[error("the talk with the Launcher ended")]
    Serve(#[source] ServeError),
}

impl HostError {
    /// What to do.
    #[must_use]
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            Self::Setup(_) => {
                Some("see api-url and certificate-authority in the configuration file".to_owned())
            }
            Self::Threads(_) | Self::Signals(_) | Self::Stdio(_) | Self::Serve(_) => None,
        }
    }
}

/// An error with all of its causes in one line.
pub(crate) struct Causes<'a>(pub(crate) &'a dyn Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// Serves the Launcher until it has gone, or until a signal ends the plugin.
///
/// # Errors
/// What could not be started, or what broke the talk.
pub(crate) fn run(settings: Settings) -> Result<(), HostError> {
    let runtime = runtime(&settings.process).map_err(HostError::Threads)?;
    let outcome = runtime.block_on(serve(settings));
    // A read of a stdin that is no pipe cannot be given up: do not wait for it.
    runtime.shutdown_background();
    outcome
}

/// A thread for every CPU waits for the network, as more would only wait for each other; the rest of the pool is made
/// when something blocks, and ends when it is idle.
fn runtime(process: &ProcessSettings) -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(process.workers)
        .max_blocking_threads(process.blocking_threads)
        .thread_name("launcher")
        .enable_all()
        .build()
}

async fn serve(settings: Settings) -> Result<(), HostError> {
    let ending = Ending::install().map_err(HostError::Signals)?;
    let hangups = Hangups::install().map_err(HostError::Signals)?;
    let options = plugin_options(&settings);
    let backend = KubernetesBackend::new(kubernetes_settings(settings)).map_err(HostError::Setup)?;
    let backend = Arc::new(backend);
    let (answered, first_answer) = oneshot::channel();
    let input = stdio::input().map_err(HostError::Stdio)?;
    let output = stdio::output(answered).map_err(HostError::Stdio)?;
    let mut tasks = JoinSet::new();
    tasks.spawn(diagnose(Arc::clone(&backend), first_answer));
    tasks.spawn(reload_on_hangup(Arc::clone(&backend), hangups));
    tracing::info!(version = env!("CARGO_PKG_VERSION"), cluster = %options.name, "the plugin starts");
    launcher_plugin::serve(backend, options, input, output, ending.wait()).await.map_err(HostError::Serve)?;
    tracing::info!("the plugin ends");
    Ok(())
}

/// Looks for what will keep jobs from running, once Bootstrap has been answered: nothing may delay that.
async fn diagnose(backend: Arc<KubernetesBackend>, first_answer: oneshot::Receiver<()>) {
    // Err: the talk ended before the first answer.
    if first_answer.await.is_ok() {
        for finding in backend.diagnose().await {
            match finding.severity {
                Severity::Fine => tracing::info!("{finding}"),
                Severity::Warning => tracing::warn!("{finding}"),
                Severity::Problem => tracing::error!("{finding}"),
            }
        }
    }
}

async fn reload_on_hangup(backend: Arc<KubernetesBackend>, mut hangups: Hangups) {
    while hangups.next().await.is_some() {
        match backend.reload().await {
            Ok(()) => tracing::info!("profiles and templates were read again after the signal HUP"),
            Err(error) => {
                tracing::error!("profiles and templates stay as they were: {error}");
            }
        }
    }
}

fn plugin_options(settings: &Settings) -> PluginOptions {
    PluginOptions {
        heartbeat_interval: settings.heartbeat_interval,
        metrics_interval: settings.metrics_interval,
        metrics_forced: settings.metrics_requested,
        job_expiry: settings.job_expiry,
        max_message_size: settings.max_message_size as usize,
        ..PluginOptions::new(settings.plugin_name.as_str())
    }
}

/// What the backend is told of all that is configured.
pub(crate) fn kubernetes_settings(settings: Settings) -> KubernetesSettings {
    let profiles_path = settings.profiles_path;
    let templates = settings.templates.clone();
    KubernetesSettings {
        api_url: settings.connection.api_url.to_string(),
        token: match settings.connection.token {
            Token::File { path, .. } | Token::InCluster(path) => TokenSource::File(path),
            Token::Inline(secret) => TokenSource::Inline(secret),
        },
        namespace: settings.namespace,
        certificate_authority: settings.connection.certificate_authority,
        verify_certificates: settings.connection.verify_certificates,
        watch_timeout: settings.watch_timeout,
        fetch_limit: settings.fetch_limit,
        shared_process_namespace: settings.shared_process_namespace,
        cluster_name: ClusterName::from(settings.plugin_name),
        scratch_path: settings.process.scratch_path,
        templates: settings.templates,
        profiles: settings.profiles,
        profile_loader: Some(Arc::new(move || {
            let read = || -> Result<_, Vec<ProfileError>> {
                let file = profiles::load(&profiles_path, &SystemDirectory)?;
                let (profiles, warnings) = profiles::files::complete(file.profiles, &templates)?;
                Ok((profiles, file.warnings.into_iter().chain(warnings)))
            };
            let (profiles, warnings) = read().map_err(|mistakes| reload_error(&mistakes))?;
            for warning in warnings {
                tracing::warn!("{warning}");
            }
            Ok(profiles)
        })),
        job_expiry: settings.job_expiry,
    }
}

/// All mistakes of a profiles file as the answer to a reload.
fn reload_error(mistakes: &[ProfileError]) -> ReloadError {
    let unreadable = mistakes.iter().any(ProfileError::is_unreadable);
    let lines: Vec<String> = mistakes.iter().map(ProfileError::in_one_line).collect();
    ReloadError {
        kind: if unreadable { ReloadErrorKind::Load } else { ReloadErrorKind::Validate },
        message: lines.join("; "),
    }
}
