//! Stdin and stdout as the talk with the Launcher needs them.
//!
//! A Launcher gives pipes, which are waited for without a thread. Anything else (a file, a terminal) goes through
//! tokio's threads.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::unix::pipe;
use tokio::sync::oneshot;

/// Bytes from the Launcher.
pub(super) type Input = Box<dyn AsyncRead + Send + Unpin>;
/// Bytes to the Launcher.
type Output = Box<dyn AsyncWrite + Send + Unpin>;

/// Stdin.
pub(super) fn input() -> io::Result<Input> {
    Ok(match pipe::Receiver::from_owned_fd(copy(io::stdin())?) {
        Ok(pipe) => Box::new(pipe),
        // Not a pipe.
        Err(_) => Box::new(tokio::io::stdin()),
    })
}

/// Stdout; `answered` is told when the first bytes have been written.
pub(super) fn output(answered: oneshot::Sender<()>) -> io::Result<Noticing> {
    let inner: Output = match pipe::Sender::from_owned_fd(copy(io::stdout())?) {
        Ok(pipe) => Box::new(pipe),
        // Not a pipe.
        Err(_) => Box::new(tokio::io::stdout()),
    };
    Ok(Noticing { inner, answered: Some(answered) })
}

fn copy(stream: impl AsFd) -> io::Result<OwnedFd> {
    stream.as_fd().try_clone_to_owned()
}

/// A writer that tells when the first bytes have gone out.
pub(super) struct Noticing {
    inner: Output,
    answered: Option<oneshot::Sender<()>>,
}

impl AsyncWrite for Noticing {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        if let Poll::Ready(Ok(_)) = written
            && let Some(answered) = self.answered.take()
        {
            // Err: nobody wants to know.
            let _ = answered.send(());
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
